//! The embedder: its state, and what it defines for the program.

use std::sync::{Mutex, OnceLock};
use weft::{Engine, Linker, Resource, ResourceType, ThreadContext, Val};
use weft_wasi::{MemoryOutputPipe, WasiCtx, WasiCtxBuilder};

/// What the host's resource type is told apart by.
pub struct Counter;

/// The embedder's state.
pub struct Host {
    pub wasi: WasiCtx,
    pub output: MemoryOutputPipe,
    pub lines: Mutex<Vec<String>>,
    pub counters: Mutex<Vec<u32>>,
    pub dropped: Mutex<Vec<u32>>,
    /// Called first by each host function, with the function's name.
    first: OnceLock<Box<First>>,
}

type First = dyn Fn(&'static str) + Send + Sync;

impl Host {
    pub fn new() -> Self {
        let output = MemoryOutputPipe::new(4096);
        let wasi = WasiCtxBuilder::new().arg("program").stdout(output.clone()).build();
        Host {
            wasi: wasi.expect("a context"),
            output,
            lines: Mutex::default(),
            counters: Mutex::default(),
            dropped: Mutex::default(),
            first: OnceLock::new(),
        }
    }

    /// A host whose functions do this first.
    pub fn doing(first: impl Fn(&'static str) + Send + Sync + 'static) -> Self {
        let host = Host::new();
        host.does(first);
        host
    }

    pub fn does(&self, first: impl Fn(&'static str) + Send + Sync + 'static) {
        assert!(self.first.set(Box::new(first)).is_ok());
    }

    fn enter(&self, function: &'static str) {
        if let Some(first) = self.first.get() {
            first(function);
        }
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().expect("no panic").clone()
    }

    pub fn output(&self) -> String {
        String::from_utf8(self.output.contents()).expect("text")
    }

    fn add(&self, counter: u32, n: u32) -> u32 {
        let mut counters = self.counters.lock().expect("no panic");
        counters[counter as usize] += n;
        counters[counter as usize]
    }
}

pub fn linker(engine: &Engine) -> Linker<Host> {
    type Thread<'a> = ThreadContext<'a, Host>;
    let mut linker = Linker::new(engine);
    weft_wasi::add_to_linker(&mut linker, |host: &Host| &host.wasi).expect("an empty linker");
    // A later version, which the program's is compatible with.
    let mut host = linker.instance("example:door/host@1.2.0").expect("an empty linker");
    let defined = host.func_wrap("log", |thread: Thread<'_>, (line,): (String,)| {
        thread.host().enter("log");
        thread.data().host().lines.lock().expect("no panic").push(line);
        Ok(())
    });
    let defined = defined.and_then(|host| {
        host.func_wrap_async("slow-add", |thread: Thread<'_>, (a, b): (u32, u32)| {
            thread.host().enter("slow-add");
            Box::new(async move {
                weft::yield_now().await;
                thread.host().enter("slow-add's future");
                Ok((a + b,))
            })
        })
    });
    let defined = defined.and_then(|host| {
        host.func_new_blocking("lookup", |caller, arguments| {
            caller.host().enter("lookup");
            let [Val::String(key)] = arguments else {
                panic!("a key: {arguments:?}")
            };
            let found = caller.host().lines().into_iter().find(|line| line.contains(key));
            Ok(Some(Val::Option(found.map(|line| Box::new(Val::String(line))))))
        })
    });
    let defined = defined.and_then(|host| {
        host.resource("counter", ResourceType::host::<Counter>(), |thread, rep| {
            thread.host().enter("counter's destructor");
            thread.host().dropped.lock().expect("no panic").push(rep);
            Ok(())
        })
    });
    let defined = defined.and_then(|host| {
        host.func_wrap("[constructor]counter", |thread: Thread<'_>, (start,): (u32,)| {
            thread.host().enter("counter's constructor");
            let mut counters = thread.host().counters.lock().expect("no panic");
            counters.push(start);
            Ok((Resource::<Counter>::new_own(counters.len() as u32 - 1),))
        })
    });
    let defined = defined.and_then(|host| {
        host.func_wrap(
            "[method]counter.add",
            |thread: Thread<'_>, (counter, n): (Resource<Counter>, u32)| Ok((thread.host().add(counter.rep(), n),)),
        )
    });
    defined.expect("new names");
    linker
}
