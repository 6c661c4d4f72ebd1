//! The events of threads that an embedder's subscriber gets. This test is a process of its own, because a process has one
//! subscriber for all threads.

use std::fmt::{Debug, Write};
use std::num::NonZeroUsize;
use std::sync::Mutex;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use weft_parallel::{Component, Config, Engine, Error, Linker, Val};

/// `main` starts a child, which waits; wakes it; waits until it has been woken; and traps. Before that it asks for one thread
/// and one page more than it can have.
const PROGRAM: &str = r#"(component
    (core module $state
        (memory (export "memory") 1 2 shared)
        (table (export "table") shared 1 1 (ref null (shared func))))
    (core instance $state (instantiate $state))
    (alias core export $state "table" (core table $table))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect $start $table))
    (core instance $thread (export "spawn" (func $spawn)))
    (core module $main
        (type $start (shared (func (param i32))))
        (type $void (shared (func)))
        (type $binary (shared (func (param i32 i32) (result i32))))
        (import "state" "memory" (memory 1 2 shared))
        (import "state" "table" (table $table shared 1 1 (ref null (shared func))))
        (import "thread" "spawn" (func $spawn (type $binary)))
        (func $child (type $start) (param i32)
            (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
            (i32.atomic.store (i32.const 12) (i32.const 1))
            (drop (memory.atomic.notify (i32.const 12) (i32.const 1))))
        (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
        (func (export "main") (type $void)
            (drop (call $spawn (i32.const 0) (i32.const 0)))
            (drop (call $spawn (i32.const 0) (i32.const 0)))
            (drop (memory.grow (i32.const 2)))
            (loop $until_it_waits
                ;; Lets the child run.
                (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const 0)))
                (br_if $until_it_waits (i32.eqz (memory.atomic.notify (i32.const 8) (i32.const 1)))))
            (drop (memory.atomic.wait32 (i32.const 12) (i32.const 0) (i64.const -1)))
            unreachable))
    (core instance $main (instantiate $main (with "state" (instance $state)) (with "thread" (instance $thread))))
    (func (export "main") (canon lift (core func $main "main"))))"#;

/// What was logged, a line for each event and for each new span.
#[derive(Default)]
struct Log(Mutex<Vec<String>>);

static LOG: Log = Log(Mutex::new(Vec::new()));

struct Keep;

impl Subscriber for Keep {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("weft::")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        LOG.add(span.metadata(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        LOG.add(event.metadata(), |line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Log {
    fn add(&self, metadata: &Metadata<'_>, record: impl FnOnce(&mut Line)) {
        let mut line = Line(format!("{} {}", metadata.level(), metadata.target()));
        if metadata.is_span() {
            line.0 += " ";
            line.0 += metadata.name();
        }
        record(&mut line);
        self.0.lock().expect("no panic under the lock").push(line.0);
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().expect("no panic under the lock").clone()
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let written = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
        written.expect("a string takes all");
    }
}

/// Two threads call a component that is not shared, where the first one waits for the host.
const EXCLUSIVE: &str = r#"(component
    (import "wait" (func $wait))
    (component $plain
        (import "wait" (func $wait))
        (core func $wait (canon lower (func $wait)))
        (core module $m (import "" "wait" (func $wait)) (func (export "f") (call $wait)))
        (core instance $m (instantiate $m (with "" (instance (export "wait" (func $wait))))))
        (func (export "f") (canon lift (core func $m "f"))))
    (instance $plain (instantiate $plain (with "wait" (func $wait))))
    (component $threads
        (import "f" (func $f))
        (core func $f (canon lower (func $f)))
        (core type $start (shared (func (param i32))))
        (core func $spawn (canon thread.spawn-ref shared $start))
        (core module $m
            (type $start (shared (func (param i32))))
            (type $void (shared (func)))
            (type $spawn (shared (func (param (ref null $start) i32) (result i32))))
            (type $main (func))
            (import "" "f" (func $f (type $void)))
            (import "" "spawn" (func $spawn (type $spawn)))
            (func $thread (type $start) (call $f))
            (elem declare func $thread)
            (func (export "main") (type $main)
                (drop (call $spawn (ref.func $thread) (i32.const 0)))
                (drop (call $spawn (ref.func $thread) (i32.const 0)))))
        (core instance $m (instantiate $m (with "" (instance (export "f" (func $f)) (export "spawn" (func $spawn))))))
        (func (export "main") (canon lift (core func $m "main"))))
    (instance $threads (instantiate $threads (with "f" (func $plain "f"))))
    (export "main" (func $threads "main")))"#;

/// Waits until something is logged.
fn logged(text: &str) -> bool {
    let is_there = || LOG.lines().iter().any(|line| line.contains(text));
    (0..10_000_000).any(|_| {
        std::thread::yield_now();
        is_there()
    })
}

fn which_threads_wait_to_enter_a_component_instance() {
    let (open, gate) = async_channel::unbounded::<()>();
    let engine = Engine::new(&Config::new()).expect("an engine");
    let component = Component::new(&engine, EXCLUSIVE.as_bytes()).expect("a valid component");
    let mut linker = Linker::<()>::new(&engine);
    let mut root = linker.root();
    let defined = root.func_new_async("wait", move |_, _| {
        let gate = gate.clone();
        Box::new(async move {
            gate.recv().await.expect("the gate is there");
            Ok(None)
        })
    });
    defined.expect("a new name");
    let instance = linker.instantiate(&component, ()).expect("an instance");
    instance
        .get_func(&["main"])
        .expect("a function")
        .call(&[])
        .expect("no trap");
    assert!(
        logged("TRACE weft::waits waits to enter instance="),
        "{:#?}",
        LOG.lines()
    );
    for _ in 0..2 {
        open.try_send(()).expect("the gate is there");
    }
    assert!(logged("TRACE weft::waits enters instance="), "{:#?}", LOG.lines());
    instance.end().expect("not a host function");
}

#[test]
fn a_subscriber_sees_what_threads_do() {
    tracing::subscriber::set_global_default(Keep).expect("the only subscriber");
    // The first one makes the first instance of the process.
    the_life_of_threads();
    which_threads_wait_to_enter_a_component_instance();
}

fn the_life_of_threads() {
    let mut config = Config::new();
    config.workers(NonZeroUsize::MIN).max_threads(2);
    let engine = Engine::new(&config).expect("an engine");
    let component = Component::new(&engine, PROGRAM.as_bytes()).expect("a valid component");
    let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
    let main = instance.get_func(&["main"]).expect("a function");
    let outcome: Result<Option<Val>, Error> = main.call(&[]);
    assert!(matches!(outcome, Err(Error::Trap(_))), "{outcome:?}");
    instance.end().expect("not a host function");

    let lines = LOG.lines();
    // One behind the other, with whatever is between them.
    let mut rest = lines.iter();
    for expected in [
        "DEBUG weft::scheduler workers started workers=1 asked=1",
        "INFO weft::lower read bytes=",
        "DEBUG weft::lower decode ",
        "INFO weft::lower lower bytes=",
        "DEBUG weft::lower check ",
        "DEBUG weft::lower unshare ",
        "DEBUG weft::lower flatten",
        "DEBUG weft::lower threadify ",
        "INFO weft::compile compile bytes=",
        "DEBUG weft::threads instantiated instance=1 thread=1",
        "DEBUG weft::threads ended instance=1 thread=1",
        "DEBUG weft::threads called instance=1 thread=1 function=\"main\"",
        "DEBUG weft::threads started instance=1 thread=1",
        "DEBUG weft::threads spawned instance=1 thread=2 by=1",
        "DEBUG weft::limits a spawn started no thread instance=1 thread=1 reason=no room for another thread",
        "DEBUG weft::limits a memory did not grow instance=1 thread=1 memory=0 pages=2 reason=it would exceed its declared maximum",
        "DEBUG weft::threads started instance=1 thread=2",
        "TRACE weft::waits waits instance=1 thread=2 memory=0 address=8 timeout=None",
        "TRACE weft::waits notifies instance=1 thread=1 memory=0 address=8 count=1 woken=1",
        "TRACE weft::waits waited instance=1 thread=2 memory=0 address=8 result=Notified",
        "DEBUG weft::threads ended instance=1 thread=2",
        "INFO weft::threads trapped instance=1 thread=1 reason=\"wasm trap: wasm `unreachable` instruction executed\"",
        "DEBUG weft::threads all threads end instance=1",
        "DEBUG weft::threads ended instance=1 thread=1",
    ] {
        assert!(rest.any(|line| line.starts_with(expected)), "{expected}: {lines:#?}");
    }
}
