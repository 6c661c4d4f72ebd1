//! Helpers for the tests: components with the usual wiring, a host that controls interleavings, and a watchdog.
//!
//! Most tests care about a few functions of one core module. [`Program`] puts them into a component that has a shared memory,
//! a shared table, every thread built-in and the host functions of [`Host`].
//!
//! Gates control interleavings. A gate is a channel that guest threads and the test send to and receive from; a guest
//! thread that receives is suspended in a host call. Nothing here depends on time.

use std::num::NonZeroUsize;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::built_ins::{BuiltIn, built_ins};
use weft_parallel::{Caller, Component, Config, Engine, Error, Exit, Func, Instance, Interruption, Linker, Trap, Val};

/// The numbers of workers that concurrent tests run with.
pub const WORKERS: [usize; 3] = [1, 2, 8];

/// Runs a test, and fails it where it would hang.
pub fn watched(test: impl FnOnce() + Send + 'static) {
    let (finished, on_finished) = channel::<()>();
    let thread = std::thread::spawn(move || {
        let _finished = finished;
        test();
    });
    match on_finished.recv_timeout(Duration::from_secs(60)) {
        Err(RecvTimeoutError::Timeout) => panic!("the test hangs"),
        _ => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
    }
}

/// Waits until `condition` holds. The watchdog ends it if that is never.
pub fn until(condition: impl Fn() -> bool) {
    while !condition() {
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// The wiring around a core module.
pub struct Program<'a> {
    /// The functions, element and data segments of the module. The names that it can use are those of [`Program::text`].
    pub code: &'a str,
    /// The lifted functions, with their component-level types.
    pub exports: &'a [(&'a str, &'a str)],
    /// Further functions of the module `host`, with their core types.
    pub imports: &'a [(&'a str, &'a str)],
    /// The limits of the memory in pages.
    pub memory: &'a str,
}

impl Default for Program<'_> {
    fn default() -> Self {
        Program {
            code: "",
            exports: &[],
            imports: &[],
            memory: "1 16",
        }
    }
}

/// The host functions of every program.
const HOST: &[(&str, &str)] = &[
    ("log", "(param i32)"),
    ("send", "(param i32 i32)"),
    ("receive", "(param i32) (result i32)"),
    ("yield", ""),
    ("exit", "(param i32)"),
    ("exit_async", "(param i32)"),
    ("panic", ""),
    ("panic_async", ""),
    ("refuse", ""),
];

/// The types of shared functions that programs use.
const TYPES: &str = "(type $void (shared (func)))
    (type $start (shared (func (param i32))))
    (type $get (shared (func (result i32))))
    (type $unary (shared (func (param i32) (result i32))))
    (type $binary (shared (func (param i32 i32) (result i32))))
    (type $ternary (shared (func (param i32 i32 i32) (result i32))))";

/// Counts the threads that are done, in the memory's first four bytes. The last page of these is the caller's.
const JOINING: &str = "(func $finish (type $void)
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
    (func $join (type $start) (param $threads i32) (local $seen i32)
        (loop $again
            (local.set $seen (i32.atomic.load (i32.const 0)))
            (if (i32.ne (local.get $seen) (local.get $threads)) (then
                (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
                (br $again)))))";

impl Program<'_> {
    /// The component. The module's names are: the memory, the table `$table` of eight elements, the functions of [`HOST`] and
    /// [`built_ins`], [`TYPES`], and `$finish` and `$join`, which wait for a number of threads.
    pub fn text(&self) -> String {
        let memory = self.memory;
        let host: Vec<(&str, &str)> = HOST.iter().chain(self.imports).copied().collect();
        let host_exports = lines(&host, |(name, ty)| {
            format!("(type ${name} (shared (func {ty}))) (export \"{name}\" (func (type ${name})))")
        });
        let import = |module: &str, name: &str, ty: &str| {
            format!("(type (shared (func {ty}))) (import \"{module}\" \"{name}\" (func ${name} (type $t_{name})))")
                .replace("(type (shared", &format!("(type $t_{name} (shared"))
        };
        let host_imports = lines(&host, |(name, ty)| import("host", name, ty));
        let built_ins = built_ins();
        let thread_imports = lines(&built_ins, |BuiltIn { name, ty, .. }| import("thread", name, ty));
        let definitions = lines(&built_ins, |BuiltIn { name, definition, .. }| {
            format!("(core func ${name} (canon {definition}))")
        });
        let thread_exports = lines(&built_ins, |BuiltIn { name, .. }| {
            format!("(export \"{name}\" (func ${name}))")
        });
        let lifts = lines(self.exports, |(name, ty)| {
            format!("(func (export \"{name}\") {ty} (canon lift (core func $main \"{name}\")))")
        });
        let code = self.code;
        format!(
            r#"(component
                (core module $state
                    (memory (export "memory") {memory} shared)
                    (table (export "table") shared 8 8 (ref null (shared func))))
                (core instance $state (instantiate $state))
                (alias core export $state "memory" (core memory $memory))
                (alias core export $state "table" (core table $table))
                (import "host" (core module $host (import "env" "memory" (memory {memory} shared)) {host_exports}))
                (core instance $env (export "memory" (memory $memory)))
                (core instance $host (instantiate $host (with "env" (instance $env))))
                (core type $start (shared (func (param i32))))
                {definitions}
                (core instance $thread {thread_exports})
                (core module $main
                    {TYPES}
                    (import "state" "memory" (memory {memory} shared))
                    (import "state" "table" (table $table shared 8 8 (ref null (shared func))))
                    {host_imports}
                    {thread_imports}
                    {JOINING}
                    {code})
                (core instance $main (instantiate $main
                    (with "state" (instance $state))
                    (with "host" (instance $host))
                    (with "thread" (instance $thread))))
                {lifts})"#
        )
    }
}

fn lines<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    items.iter().map(|item| line(item) + "\n").collect()
}

/// What the host functions work on.
pub struct Host {
    gates: Vec<(async_channel::Sender<i32>, async_channel::Receiver<i32>)>,
    log: Mutex<Vec<(u32, i32)>>,
}

impl Host {
    pub fn new() -> Arc<Self> {
        Arc::new(Host {
            gates: (0..8).map(|_| async_channel::unbounded()).collect(),
            log: Mutex::default(),
        })
    }

    fn gate(&self, gate: i32) -> &(async_channel::Sender<i32>, async_channel::Receiver<i32>) {
        let number = usize::try_from(gate).expect("a gate's number");
        self.gates.get(number).expect("a gate's number")
    }

    /// Lets one receiver through `gate`.
    pub fn send(&self, gate: i32, value: i32) {
        self.gate(gate).0.try_send(value).expect("gates are unbounded and open");
    }

    /// Waits on the test's thread for what a guest thread sends to `gate`.
    pub fn receive(&self, gate: i32) -> i32 {
        self.gate(gate).1.recv_blocking().expect("gates are open")
    }

    /// Waits for what a guest thread sends to `gate`.
    pub async fn receive_async(&self, gate: i32) -> i32 {
        self.gate(gate).1.recv().await.expect("gates are open")
    }

    /// What was logged, with the thread that logged it.
    pub fn log(&self) -> Vec<(u32, i32)> {
        self.log.lock().expect("no panic under the lock").clone()
    }

    /// The values that were logged, in ascending order.
    pub fn sorted_values(&self) -> Vec<i32> {
        let mut values: Vec<i32> = self.log().into_iter().map(|(_, value)| value).collect();
        values.sort_unstable();
        values
    }
}

/// A linker with the functions of [`HOST`].
pub fn linker(engine: &Engine) -> Linker<Arc<Host>> {
    let mut linker = Linker::new(engine);
    let mut host = linker.module("host");
    define(&mut host).expect("an empty linker");
    linker
}

type HostCaller<'a> = Caller<'a, Arc<Host>>;

fn define(module: &mut weft_parallel::HostModule<'_, Arc<Host>>) -> wasmtime::Result<()> {
    module.func_wrap("log", |caller: HostCaller<'_>, value: i32| {
        let thread = caller.data();
        let mut log = thread.host().log.lock().expect("no panic under the lock");
        log.push((thread.index(), value));
    })?;
    module.func_wrap("send", |caller: HostCaller<'_>, gate: i32, value: i32| {
        caller.data().host().send(gate, value);
    })?;
    module.func_wrap_async("receive", |caller: HostCaller<'_>, (gate,): (i32,)| {
        let receiver = caller.data().host().gate(gate).1.clone();
        Box::new(async move { receiver.recv().await.expect("gates are open") })
    })?;
    module.func_wrap_async(
        "yield",
        |_: HostCaller<'_>, (): ()| Box::new(weft_parallel::yield_now()),
    )?;
    module.func_wrap("exit", |_: HostCaller<'_>, code: i32| -> wasmtime::Result<()> {
        Err(Exit(code).into())
    })?;
    module.func_wrap_async("exit_async", |_: HostCaller<'_>, (code,): (i32,)| {
        Box::new(async move {
            weft_parallel::yield_now().await;
            Err::<(), wasmtime::Error>(Exit(code).into())
        })
    })?;
    module.func_wrap("panic", |_: HostCaller<'_>| -> () {
        panic!("a host function's own fault")
    })?;
    module.func_wrap_async("panic_async", |_: HostCaller<'_>, (): ()| Box::new(panic_later()))?;
    module.func_wrap("refuse", |_: HostCaller<'_>| -> wasmtime::Result<()> {
        Err(wasmtime::Error::msg("the host function refuses"))
    })?;
    Ok(())
}

async fn panic_later() {
    weft_parallel::yield_now().await;
    panic!("a host function's own fault, later")
}

/// How the engines of the tests interrupt guests: `WEFT_TEST_INTERRUPTION=epochs` chooses epochs.
fn interruption() -> Interruption {
    match std::env::var("WEFT_TEST_INTERRUPTION").as_deref() {
        Ok("epochs") => Interruption::Epochs,
        Ok("signal") | Err(_) => Interruption::Signal,
        Ok(other) => panic!("WEFT_TEST_INTERRUPTION={other}"),
    }
}

/// The time slices of their threads: `WEFT_TEST_TIME_SLICE=20` makes them 20 microseconds long.
fn time_slice() -> Duration {
    match std::env::var("WEFT_TEST_TIME_SLICE") {
        Ok(time) => Duration::from_micros(time.parse().expect("a number of microseconds")),
        Err(_) => Duration::from_millis(1),
    }
}

/// Whether their code is inlined: `WEFT_TEST_INLINING=1`.
fn inlining() -> bool {
    std::env::var_os("WEFT_TEST_INLINING").is_some()
}

/// An engine with this many workers.
pub fn engine(workers: usize) -> Engine {
    engine_with(workers, |_| {})
}

/// An engine with this many workers and further choices.
pub fn engine_with(workers: usize, choose: impl FnOnce(&mut Config)) -> Engine {
    let mut config = Config::new();
    config.interruption(interruption()).time_slice(time_slice());
    config.compiler_inlining(inlining());
    config.workers(NonZeroUsize::new(workers).expect("workers"));
    choose(&mut config);
    Engine::new(&config).expect("an engine")
}

/// Compiles a component, which must be valid.
pub fn component(engine: &Engine, text: &str) -> Component {
    Component::new(engine, text.as_bytes()).unwrap_or_else(|error| panic!("{error:?}"))
}

/// An instance and the host state that it was given.
pub struct Running {
    pub instance: Instance<Arc<Host>>,
    pub host: Arc<Host>,
}

impl Running {
    /// An instance of `component` with the functions of [`HOST`].
    pub fn new(component: &Component) -> Self {
        let host = Host::new();
        let instance = linker(component.engine())
            .instantiate(component, host.clone())
            .expect("an instance");
        Running { instance, host }
    }

    /// An instance of a program with these functions.
    pub fn start(engine: &Engine, code: &str, exports: &[(&str, &str)]) -> Self {
        let program = Program {
            code,
            exports,
            ..Program::default()
        };
        Running::new(&component(engine, &program.text()))
    }

    pub fn func(&self, name: &str) -> Func<Arc<Host>> {
        self.instance.get_func(&[name]).expect("an exported function")
    }

    /// Calls an export on integers. One without a result gives 0.
    pub fn call(&self, name: &str, arguments: &[i32]) -> Result<i32, Error> {
        call(&self.func(name), arguments)
    }
}

/// Calls a function on integers. One without a result gives 0.
pub fn call(func: &Func<Arc<Host>>, arguments: &[i32]) -> Result<i32, Error> {
    let arguments: Vec<Val> = arguments.iter().map(|argument| Val::S32(*argument)).collect();
    match func.call(&arguments)? {
        None => Ok(0),
        Some(Val::S32(value)) => Ok(value),
        Some(other) => panic!("a result of an unexpected type: {other:?}"),
    }
}

/// The trap, which must be the outcome.
pub fn trap<R: std::fmt::Debug>(outcome: Result<R, Error>) -> Trap {
    match outcome {
        Err(Error::Trap(trap)) => trap,
        other => panic!("no trap: {other:?}"),
    }
}

/// The names of the functions in a trap's backtrace, innermost first.
pub fn functions(trap: &Trap) -> Vec<&str> {
    trap.backtrace().iter().map(|frame| frame.function.as_str()).collect()
}
