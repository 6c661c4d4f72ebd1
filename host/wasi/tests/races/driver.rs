//! Guest threads that make the calls that Rust code chooses.
//!
//! Problem: races between WASI calls need guest threads that run, wait and end like those of any program, but the
//! conditions on bytes, files and orders are hard to express in WebAssembly. Solution: each guest thread asks the host
//! what to call, makes the call, and passes the result to the host. The answers come from a *script*, an async block.
//! The host function that the guest calls polls the script, on the worker that runs the guest thread. A script awaits
//! only its own thread's calls, so there is no other executor and no waker.
//!
//! Rejected: an OS thread that tells the guest thread over a channel what to do (calls would seldom race, as each would
//! cost two switches between threads).

use crate::functions::{FUNCTIONS, signature};
use std::future::{Future, poll_fn};
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, mpsc};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use weft_parallel::{Caller, Component, Config, Engine, Error, Instance, Linker, Val};
use weft_wasi::{WasiCtx, WasiCtxBuilder};

/// More than there are processors, so that a thread can be interrupted anywhere.
const WORKERS: NonZeroUsize = NonZeroUsize::new(4).unwrap();
/// The size of memory in the beginning and in the end, in pages.
const PAGES: u32 = 32;
const MAX_PAGES: u32 = 512;
/// The size in bytes of memory in the beginning.
pub const MEMORY: u32 = PAGES << 16;
/// The most parameters that a function has.
const PARAMETERS: usize = 9;
/// No program here takes nearly as long, so one that does hangs.
const HANGS: Duration = Duration::from_secs(60);

/// A function that a guest can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function(usize);

impl Function {
    /// How many functions there are.
    pub const COUNT: usize = FUNCTIONS.len() + 1;
    /// The instruction `memory.grow`, by a number of pages.
    const GROW: Function = Function(FUNCTIONS.len());

    pub fn named(name: &str) -> Self {
        let index = FUNCTIONS.iter().position(|(known, _)| *known == name);
        Function(index.unwrap_or_else(|| panic!("preview 1 has no `{name}`")))
    }
}

enum Request {
    Call(Function, [u64; PARAMETERS]),
    Write(u32, Vec<u8>),
    Read(u32, usize),
}

enum Answer {
    Result(u32),
    Done,
    Bytes(Vec<u8>),
}

#[derive(Default)]
struct Cell {
    request: Option<Request>,
    answer: Option<Answer>,
}

/// A script's guest thread.
#[derive(Clone)]
pub struct Thread {
    number: u32,
    cell: Arc<Mutex<Cell>>,
}

impl Thread {
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Calls a function. Returns its error code, which is 0 if there is none.
    pub async fn call(&self, function: Function, arguments: &[u64]) -> u32 {
        let mut all = [0; PARAMETERS];
        all[..arguments.len()].copy_from_slice(arguments);
        match self.ask(Request::Call(function, all)).await {
            Answer::Result(result) => result,
            _ => unreachable!("a call has a result"),
        }
    }

    /// Grows memory, and gives its size before in pages, or -1.
    pub async fn grow(&self, pages: u32) -> i32 {
        self.call(Function::GROW, &[pages.into()]).await.cast_signed()
    }

    /// Writes to memory.
    pub async fn store(&self, address: u32, bytes: impl Into<Vec<u8>>) {
        self.ask(Request::Write(address, bytes.into())).await;
    }

    /// Reads memory.
    pub async fn load(&self, address: u32, length: usize) -> Vec<u8> {
        match self.ask(Request::Read(address, length)).await {
            Answer::Bytes(bytes) => bytes,
            _ => unreachable!("a load has bytes"),
        }
    }

    async fn ask(&self, request: Request) -> Answer {
        // There may be an answer to what a script asked before it began: nothing.
        *lock(&self.cell) = Cell {
            request: Some(request),
            answer: None,
        };
        poll_fn(|_| match lock(&self.cell).answer.take() {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        })
        .await
    }
}

type Script = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A guest thread as its host functions see it.
struct Slot {
    script: Mutex<Script>,
    cell: Arc<Mutex<Cell>>,
    arguments: Mutex<[u64; PARAMETERS]>,
}

struct Host {
    wasi: WasiCtx,
    slots: Vec<Slot>,
    /// How many scripts still run, and the wakers of those that wait for their end.
    running: AtomicUsize,
    waiting: Mutex<Vec<Waker>>,
}

/// A program that has a guest thread for each script.
#[derive(Default)]
pub struct Program {
    slots: Vec<Slot>,
}

impl Program {
    /// Adds a thread.
    pub fn thread<F: Future<Output = ()> + Send + 'static>(&mut self, script: impl FnOnce(Thread) -> F) -> &mut Self {
        let cell = Arc::new(Mutex::new(Cell::default()));
        let number = self.slots.len() as u32;
        let thread = Thread {
            number,
            cell: Arc::clone(&cell),
        };
        self.slots.push(Slot {
            script: Mutex::new(Box::pin(script(thread))),
            cell,
            arguments: Mutex::default(),
        });
        self
    }

    /// Runs all threads until all scripts have come to their end, or the program has come to its.
    ///
    /// # Panics
    ///
    /// The program hangs.
    pub fn run(self, wasi: &mut WasiCtxBuilder) -> Result<(), Error> {
        let instance = self.instantiate(wasi.build().expect("a context"));
        let threads = Val::S32(instance.host().slots.len() as i32);
        let go = instance.get_func(&["go"]).expect("exported");
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let result = go.call(&[threads]).map(drop);
            instance.end().expect("not on a worker");
            // Nobody listens any more if it took too long.
            let _ = sender.send(result);
        });
        receiver.recv_timeout(HANGS).expect("the program ends")
    }

    fn instantiate(self, wasi: WasiCtx) -> Instance<Host> {
        let running = AtomicUsize::new(self.slots.len());
        let host = Host {
            wasi,
            slots: self.slots,
            running,
            waiting: Mutex::default(),
        };
        let (linker, component) = &*GUEST;
        linker.instantiate(component, host).expect("the types are right")
    }
}

static GUEST: LazyLock<(Linker<Host>, Component)> = LazyLock::new(|| {
    let engine = Engine::new(Config::new().workers(WORKERS)).expect("an engine");
    let module = wat::parse_str(module()).expect("a valid text");
    let component = weft_adapt::adapt(&module).expect("it follows the wasi-threads ABI");
    let component = Component::new(&engine, &component).expect("a valid component");
    let mut linker = Linker::new(&engine);
    weft_wasi::add_to_linker(&mut linker, |host: &Host| &host.wasi).expect("an empty linker");
    let mut driver = linker.module("driver");
    let step = |caller: Caller<'_, Host>, slot: u32, result: u32| step(&caller, slot, result);
    driver.func_wrap("step", step).expect("a new name");
    let argument = |caller: Caller<'_, Host>, slot: u32, index: u32| -> u64 {
        lock(&caller.data().host().slots[slot as usize].arguments)[index as usize]
    };
    driver.func_wrap("argument", argument).expect("a new name");
    driver
        .func_wrap_async("join", |caller, (): ()| Box::new(join(caller)))
        .expect("a new name");
    (linker, component)
});

/// Waits until all scripts have come to their ends.
async fn join(caller: Caller<'_, Host>) {
    let host = caller.data().host();
    poll_fn(|context| {
        let mut waiting = lock(&host.waiting);
        match host.running.load(SeqCst) {
            0 => Poll::Ready(()),
            _ => {
                waiting.push(context.waker().clone());
                Poll::Pending
            }
        }
    })
    .await;
}

/// Says which function the thread calls next, or -1.
fn step(caller: &Caller<'_, Host>, slot: u32, result: u32) -> i32 {
    let memory = caller.data().memory().expect("the program has one");
    let host = caller.data().host();
    let slot = &host.slots[slot as usize];
    let mut script = lock(&slot.script);
    let mut answer = Answer::Result(result);
    loop {
        lock(&slot.cell).answer = Some(answer);
        if script.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            host.finished();
            return -1;
        }
        let request = lock(&slot.cell).request.take();
        answer = match request.expect("a script awaits its guest thread only") {
            Request::Call(function, arguments) => {
                *lock(&slot.arguments) = arguments;
                return function.0 as i32;
            }
            Request::Write(address, bytes) => {
                memory.write(address.into(), &bytes).expect("in bounds");
                Answer::Done
            }
            Request::Read(address, length) => {
                let mut bytes = vec![0; length];
                memory.read(address.into(), &mut bytes).expect("in bounds");
                Answer::Bytes(bytes)
            }
        };
    }
}

impl Host {
    fn finished(&self) {
        let waiting = lock(&self.waiting);
        if self.running.fetch_sub(1, SeqCst) == 1 {
            waiting.iter().for_each(Waker::wake_by_ref);
        }
    }
}

/// A test that has failed already poisons nothing else.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn module() -> String {
    let import = |(name, parameters): &(&str, &str)| {
        format!(
            "(import \"wasi_snapshot_preview1\" \"{name}\" (func ${name} {}))\n",
            signature(name, parameters)
        )
    };
    let imports: String = FUNCTIONS.iter().map(import).collect();
    let callers: String = FUNCTIONS
        .iter()
        .map(|(name, parameters)| caller(name, parameters))
        .collect();
    let table: String = FUNCTIONS.iter().map(|(name, _)| format!("$call-{name} ")).collect();
    format!(
        r#"(module
            (import "env" "memory" (memory {PAGES} {MAX_PAGES} shared))
            (import "wasi" "thread-spawn" (func $thread_spawn (param $slot i32) (result i32)))
            (import "driver" "step" (func $step (param $slot i32) (param $result i32) (result i32)))
            (import "driver" "argument" (func $argument (param $slot i32) (param $index i32) (result i64)))
            (import "driver" "join" (func $join))
            {imports}
            (type $caller (func (param $slot i32) (result i32)))
            (table funcref (elem {table} $call-memory.grow))
            {callers}
            (func $call-memory.grow (type $caller) (param $slot i32) (result i32)
                (memory.grow (i32.wrap_i64 (call $argument (local.get $slot) (i32.const 0)))))
            (func $run (param $slot i32) (local $function i32) (local $result i32)
                (loop $next
                    (local.set $function (call $step (local.get $slot) (local.get $result)))
                    (if (i32.ge_s (local.get $function) (i32.const 0))
                        (then
                            (local.set $result
                                (call_indirect (type $caller) (local.get $slot) (local.get $function)))
                            (br $next)))))
            (func (export "wasi_thread_start") (param $thread i32) (param $slot i32)
                (call $run (local.get $slot)))
            (func (export "go") (param $threads i32)
                (loop $next
                    (local.set $threads (i32.sub (local.get $threads) (i32.const 1)))
                    (if (local.get $threads)
                        (then
                            (if (i32.lt_s (call $thread_spawn (local.get $threads)) (i32.const 0))
                                (then (unreachable)))
                            (br $next))))
                (call $run (i32.const 0))
                (call $join)))"#
    )
}

/// A function that calls `name` with the arguments that the host has for the thread.
fn caller(name: &str, parameters: &str) -> String {
    let argument = |(index, ty)| {
        let argument = format!("(call $argument (local.get $slot) (i32.const {index}))");
        match ty {
            'i' => format!("(i32.wrap_i64 {argument})"),
            _ => argument,
        }
    };
    let arguments: String = parameters.chars().enumerate().map(argument).collect();
    let never = if name == "proc_exit" { "(unreachable)" } else { "" };
    format!("(func $call-{name} (type $caller) (param $slot i32) (result i32) (call ${name} {arguments}) {never})\n")
}
