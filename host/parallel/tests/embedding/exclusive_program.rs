//! The component of the tests in `exclusive.rs`: parallel threads that call component instances that are not shared.

use crate::support::{WORKERS, component, engine, watched};
use async_lock::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use weft_parallel::{Error, Func, Instance, Linker, Val};

/// What the host functions work on.
pub struct Host {
    /// Where `meet` waits for other threads.
    pub barrier: Barrier,
    /// What `call` calls, by its argument.
    pub targets: OnceLock<Vec<Func<Arc<Host>>>>,
    /// Opened by the test, for `wait`.
    pub gate: (async_channel::Sender<()>, async_channel::Receiver<()>),
    /// How many threads are in `wait`.
    pub waiting: AtomicU32,
}

impl Host {
    fn new(meeting: usize) -> Arc<Self> {
        Arc::new(Host {
            barrier: Barrier::new(meeting),
            targets: OnceLock::new(),
            gate: async_channel::unbounded(),
            waiting: AtomicU32::new(0),
        })
    }
}

/// A component without threads: a counter, strings, and calls of the host. All of its state is unshared.
const PLAIN: &str = r#"
  (component $Plain
    (import "yield" (func $yield))
    (import "meet" (func $meet))
    (import "wait" (func $wait))
    (import "call" (func $call (param "target" u32) (result u32)))
    (core func $yield (canon lower (func $yield)))
    (core func $meet (canon lower (func $meet)))
    (core func $wait (canon lower (func $wait)))
    (core func $call (canon lower (func $call)))
    (core func $get (canon context.get i32 0))
    (core func $set (canon context.set i32 0))
    (core module $m
      (import "" "yield" (func $yield))
      (import "" "meet" (func $meet))
      (import "" "wait" (func $wait))
      (import "" "call" (func $call (param i32) (result i32)))
      (import "" "get" (func $get (result i32)))
      (import "" "set" (func $set (param i32)))
      (memory (export "memory") 1 8)
      (table 2 funcref)
      (data (i32.const 0) "\0a\00\00\00")
      (elem (i32.const 0) $ten)
      (global $started (mut i32) (i32.const 0))
      (global $end (mut i32) (i32.const 1024))
      (global $posted (mut i32) (i32.const 0))
      (func $ten (result i32) (i32.const 10))
      ;; The segments are there, and what this writes is seen by all calls.
      (func $begin
        (global.set $started (call_indirect (result i32) (i32.const 0)))
        (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (global.get $started))))
      (start $begin)
      ;; Another call between the load and the store would be lost.
      (func (export "count") (result i32) (local $count i32)
        (local.set $count (i32.load (i32.const 0)))
        (call $yield)
        (i32.store (i32.const 0) (i32.add (local.get $count) (i32.const 1)))
        (i32.load (i32.const 0)))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $at i32)
        (if (call $get) (then unreachable))
        (call $set (i32.const 5))
        (local.set $at (global.get $end))
        (global.set $end (i32.add (global.get $end) (local.get 3)))
        (loop $grow
          (if (i32.gt_u (global.get $end) (i32.mul (memory.size) (i32.const 65536)))
            (then (drop (memory.grow (i32.const 1))) (br $grow))))
        (local.get $at))
      ;; The text with an exclamation mark. The context slot is empty, and `post-return` sees what is left in it.
      (func (export "exclaim") (param $at i32) (param $length i32) (result i32)
        (if (call $get) (then unreachable))
        (call $set (i32.const 77))
        (i32.store8 (i32.add (local.get $at) (local.get $length)) (i32.const 33))
        (i32.store (i32.const 16) (local.get $at))
        (i32.store (i32.const 20) (i32.add (local.get $length) (i32.const 1)))
        (i32.const 16))
      (func (export "post") (param i32)
        (if (i32.ne (call $get) (i32.const 77)) (then unreachable))
        (global.set $end (i32.const 1024))
        (global.set $posted (i32.add (global.get $posted) (i32.const 1))))
      (func (export "posted") (result i32) (global.get $posted))
      (func (export "meet-and-call") (param $target i32) (result i32)
        (call $meet) (call $call (local.get $target)))
      (func (export "call") (param $target i32) (result i32) (call $call (local.get $target)))
      (func (export "wait") (call $wait))
      (func $traps (export "trap") unreachable)
      (func (export "spin") (call $meet) (loop $forever (br $forever)))
      (func (export "take") (param i32 i32)))
    (core instance $m (instantiate $m (with "" (instance
      (export "yield" (func $yield)) (export "meet" (func $meet)) (export "wait" (func $wait))
      (export "call" (func $call)) (export "get" (func $get)) (export "set" (func $set))))))
    (func (export "count") (result u32) (canon lift (core func $m "count")))
    (func (export "exclaim") (param "text" string) (result string)
      (canon lift (core func $m "exclaim") (memory $m "memory") (realloc (func $m "realloc")) (post-return (func $m "post"))))
    (func (export "posted") (result u32) (canon lift (core func $m "posted")))
    (func (export "meet-and-call") (param "target" u32) (result u32) (canon lift (core func $m "meet-and-call")))
    (func (export "call") (param "target" u32) (result u32) (canon lift (core func $m "call")))
    (func (export "wait") (canon lift (core func $m "wait")))
    (func (export "trap") (canon lift (core func $m "trap")))
    (func (export "spin") (canon lift (core func $m "spin")))
    (func (export "take") (param "text" string)
      (canon lift (core func $m "take") (memory $m "memory") (realloc (func $m "realloc")))))"#;

/// A component that lifts what it has lowered: its memory and `realloc` are between those of its caller and its callee.
pub const RELIFT: &str = r#"
  (component $Relift
    (import "take" (func $take (param "text" string)))
    (core module $libc
      (memory (export "memory") 1)
      (global $reallocs (mut i32) (i32.const 0))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (global.set $reallocs (i32.add (global.get $reallocs) (i32.const 1)))
        (i32.const 64))
      (func (export "reallocs") (result i32) (global.get $reallocs)))
    (core instance $libc (instantiate $libc))
    (core func $take (canon lower (func $take) (memory $libc "memory")))
    (func (export "take") (param "text" string)
      (canon lift (core func $take) (memory $libc "memory") (realloc (func $libc "realloc"))))
    (func (export "reallocs") (result u32) (canon lift (core func $libc "reallocs"))))"#;

/// The type of an instance of [`PLAIN`].
const PLAIN_TYPE: &str = r#"
      (export "count" (func (result u32)))
      (export "exclaim" (func (param "text" string) (result string)))
      (export "posted" (func (result u32)))
      (export "meet-and-call" (func (param "target" u32) (result u32)))
      (export "call" (func (param "target" u32) (result u32)))
      (export "wait" (func))
      (export "trap" (func))
      (export "spin" (func))"#;

/// A component whose parallel threads call three instances of [`PLAIN`]: `first`, `second` and `third`.
const THREADS: &str = r#"
  (component $Threads
    (import "first" (instance $first PLAIN_TYPE))
    (import "second" (instance $second PLAIN_TYPE))
    (import "third" (instance $third PLAIN_TYPE))
    (import "relifted" (func $relifted (param "text" string)))
    (core module $libc
      (memory (export "memory") 1 1 shared)
      (table (export "table") shared 10 10 (ref null (shared func)))
      (type $realloc (shared (func (param i32 i32 i32 i32) (result i32))))
      (func (export "realloc") (type $realloc)
        (i32.atomic.rmw.add (i32.const 8) (i32.and (i32.add (local.get 3) (i32.const 15)) (i32.const -8))))
      (data (i32.const 8) "\00\08\00\00")
      (data (i32.const 32) "hello"))
    (core instance $libc (instantiate $libc))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect shared $start (core table $libc "table")))
    (core func $index (canon thread.index))
    (core func $get (canon context.get i32 0))
    (core func $set (canon context.set i32 0))
    (core func $count (canon lower (func $first "count")))
    (core func $exclaim (canon lower (func $first "exclaim")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
    (core func $call-first (canon lower (func $first "meet-and-call")))
    (core func $call-second (canon lower (func $second "meet-and-call")))
    (core func $call-third (canon lower (func $third "meet-and-call")))
    (core func $reenter (canon lower (func $first "call")))
    (core func $wait (canon lower (func $first "wait")))
    (core func $trap (canon lower (func $second "trap")))
    (core func $spin (canon lower (func $first "spin")))
    (core func $relifted (canon lower (func $relifted) (memory (core memory $libc "memory"))))
    (core module $m
      (type $void (shared (func)))
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $unary (shared (func (param i32) (result i32))))
      (type $binary (shared (func (param i32 i32) (result i32))))
      (type $ternary (shared (func (param i32 i32 i32))))
      (type $run (func (param i32 i32) (result i32)))
      (import "libc" "memory" (memory 1 1 shared))
      (import "libc" "table" (table $table shared 10 10 (ref null (shared func))))
      (import "" "spawn" (func $spawn (type $binary)))
      (import "" "index" (func $index (type $get)))
      (import "" "get" (func $get (type $get)))
      (import "" "set" (func $set (type $start)))
      (import "" "count" (func $count (type $get)))
      (import "" "exclaim" (func $exclaim (type $ternary)))
      (import "" "call-first" (func $call-first (type $unary)))
      (import "" "call-second" (func $call-second (type $unary)))
      (import "" "call-third" (func $call-third (type $unary)))
      (import "" "reenter" (func $reenter (type $unary)))
      (import "" "wait" (func $wait (type $void)))
      (import "" "trap" (func $trap (type $void)))
      (import "" "spin" (func $spin (type $void)))
      (type $take (shared (func (param i32 i32))))
      (import "" "relifted" (func $relifted (type $take)))
      ;; 0: how many threads are done; 4: how many saw what they should not.
      (func $finish (type $void)
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
      (func $counts (type $start) (local $round i32)
        (loop $again
          (drop (call $count))
          (local.set $round (i32.add (local.get $round) (i32.const 1)))
          (br_if $again (i32.ne (local.get $round) (local.get 0))))
        (call $finish))
      ;; Each thread has a place for results. Its slot is what it was after the calls.
      (func $exclaims (type $start) (local $place i32) (local $round i32)
        (local.set $place (i32.add (i32.const 256) (i32.mul (call $index) (i32.const 8))))
        (call $set (local.get $place))
        (loop $again
          (i32.atomic.store (i32.const 8) (i32.const 2048))
          (call $exclaim (i32.const 32) (i32.const 5) (local.get $place))
          (if (i32.or
                (i32.ne (i32.load offset=4 (local.get $place)) (i32.const 6))
                (i32.ne (call $get) (local.get $place)))
            (then (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))))
          (local.set $round (i32.add (local.get $round) (i32.const 1)))
          (br_if $again (i32.ne (local.get $round) (local.get 0))))
        (call $finish))
      (func $calls-first (type $start) (drop (call $call-first (local.get 0))) (call $finish))
      (func $calls-second (type $start) (drop (call $call-second (local.get 0))) (call $finish))
      (func $calls-third (type $start) (drop (call $call-third (local.get 0))) (call $finish))
      (func $reenters (type $start) (drop (call $reenter (local.get 0))) (call $finish))
      (func $waits (type $start) (call $wait) (call $finish))
      (func $traps (type $start) (call $trap) (call $finish))
      (func $spins (type $start) (call $spin))
      (func $relifts (type $start) (call $relifted (i32.const 32) (i32.const 5)) (call $finish))
      (elem (table $table) (i32.const 0) (ref null (shared func))
        (ref.func $counts) (ref.func $exclaims) (ref.func $calls-first) (ref.func $calls-second) (ref.func $reenters)
        (ref.func $waits) (ref.func $traps) (ref.func $spins) (ref.func $relifts) (ref.func $calls-third))
      ;; Starts a thread.
      (func (export "spawn") (type $run) (call $spawn (local.get 0) (local.get 1)))
      ;; Waits for so many threads. How many saw what they should not.
      (func (export "join") (param $threads i32) (result i32) (local $seen i32)
        (loop $again
          (local.set $seen (i32.atomic.load (i32.const 0)))
          (if (i32.ne (local.get $seen) (local.get $threads)) (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
            (br $again))))
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (i32.load (i32.const 4)))
      ;; Starts threads and waits for them, with a call of its own in between.
      (func (export "run") (param $function i32) (param $threads i32) (param $argument i32) (result i32) (local $each i32)
        (loop $again
          (drop (call $spawn (local.get $function) (local.get $argument)))
          (local.set $each (i32.add (local.get $each) (i32.const 1)))
          (br_if $again (i32.ne (local.get $each) (local.get $threads))))
        (drop (call $count))
        (loop $wait
          (local.set $each (i32.atomic.load (i32.const 0)))
          (if (i32.ne (local.get $each) (local.get $threads)) (then
            (drop (memory.atomic.wait32 (i32.const 0) (local.get $each) (i64.const -1)))
            (br $wait))))
        (i32.atomic.store (i32.const 0) (i32.const 0))
        (i32.load (i32.const 4))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance
        (export "spawn" (func $spawn)) (export "index" (func $index)) (export "get" (func $get)) (export "set" (func $set))
        (export "count" (func $count)) (export "exclaim" (func $exclaim))
        (export "call-first" (func $call-first)) (export "call-second" (func $call-second))
        (export "call-third" (func $call-third)) (export "reenter" (func $reenter)) (export "wait" (func $wait)) (export "trap" (func $trap)) (export "spin" (func $spin))
        (export "relifted" (func $relifted))))))
    (func (export "spawn") (param "function" u32) (param "argument" u32) (result u32) (canon lift (core func $m "spawn")))
    (func (export "join") (param "threads" u32) (result u32) (canon lift (core func $m "join")))
    (func (export "run") (param "function" u32) (param "threads" u32) (param "argument" u32) (result u32)
      (canon lift (core func $m "run"))))"#;

pub const COUNTS: u32 = 0;
pub const EXCLAIMS: u32 = 1;
pub const CALLS_FIRST: u32 = 2;
pub const CALLS_SECOND: u32 = 3;
pub const REENTERS: u32 = 4;
pub const WAITS: u32 = 5;
pub const TRAPS: u32 = 6;
pub const SPINS: u32 = 7;
pub const RELIFTS: u32 = 8;
pub const CALLS_THIRD: u32 = 9;

/// Three instances of [`PLAIN`], and one of [`THREADS`] that calls them.
pub fn program() -> String {
    let threads = THREADS.replace("PLAIN_TYPE", PLAIN_TYPE);
    let with = "(with \"yield\" (func $yield)) (with \"meet\" (func $meet)) (with \"wait\" (func $wait)) (with \"call\" (func $call))";
    format!(
        r#"(component
  (import "yield" (func $yield))
  (import "meet" (func $meet))
  (import "wait" (func $wait))
  (import "call" (func $call (param "target" u32) (result u32)))
  {PLAIN}
  {threads}
  {RELIFT}
  (instance $first (instantiate $Plain {with}))
  (instance $second (instantiate $Plain {with}))
  (instance $third (instantiate $Plain {with}))
  (instance $relift (instantiate $Relift (with "take" (func $first "take"))))
  (instance $threads (instantiate $Threads
    (with "first" (instance $first)) (with "second" (instance $second)) (with "third" (instance $third))
    (with "relifted" (func $relift "take"))))
  (export "count" (func $first "count"))
  (export "count-second" (func $second "count"))
  (export "count-third" (func $third "count"))
  (export "posted" (func $first "posted"))
  (export "reallocs" (func $relift "reallocs"))
  (export "spawn" (func $threads "spawn"))
  (export "join" (func $threads "join"))
  (export "run" (func $threads "run")))"#
    )
}

pub fn linker(engine: &weft_parallel::Engine) -> Linker<Arc<Host>> {
    let mut linker = Linker::<Arc<Host>>::new(engine);
    let mut root = linker.root();
    let defined = root.func_new_async("yield", |_, _| {
        Box::new(async {
            weft_parallel::yield_now().await;
            Ok(None)
        })
    });
    defined.expect("a new name");
    let defined = root.func_new_async("meet", |thread, _| {
        let host = Arc::clone(thread.data().host());
        Box::new(async move {
            host.barrier.wait().await;
            Ok(None)
        })
    });
    defined.expect("a new name");
    let defined = root.func_new_async("wait", |thread, _| {
        let host = Arc::clone(thread.data().host());
        Box::new(async move {
            host.waiting.fetch_add(1, Ordering::SeqCst);
            host.gate.1.recv().await.expect("the gate is there");
            Ok(None)
        })
    });
    defined.expect("a new name");
    let defined = root.func_new_async("call", |thread, arguments| {
        let host = Arc::clone(thread.data().host());
        let [Val::U32(target)] = *arguments else {
            panic!("{arguments:?}")
        };
        let target = host.targets.get().expect("set")[target as usize].clone();
        Box::new(async move { Ok(target.call_async(&[]).await?) })
    });
    defined.expect("a new name");
    linker
}

pub fn start(workers: usize) -> (Instance<Arc<Host>>, Arc<Host>) {
    start_text(&program(), workers)
}

pub fn start_text(text: &str, workers: usize) -> (Instance<Arc<Host>>, Arc<Host>) {
    start_meeting(text, 2, workers)
}

/// `meet` waits until so many threads have called it.
pub fn start_meeting(text: &str, meeting: usize, workers: usize) -> (Instance<Arc<Host>>, Arc<Host>) {
    let engine = engine(workers);
    let host = Host::new(meeting);
    let instance = linker(&engine).instantiate(&component(&engine, text), Arc::clone(&host));
    (instance.expect("an instance"), host)
}

pub fn func(instance: &Instance<Arc<Host>>, name: &str) -> Func<Arc<Host>> {
    instance.get_func(&[name]).expect("exported")
}

pub fn call(instance: &Instance<Arc<Host>>, name: &str, arguments: &[u32]) -> Result<u32, Error> {
    let arguments: Vec<_> = arguments.iter().map(|argument| Val::U32(*argument)).collect();
    match func(instance, name).call(&arguments)? {
        Some(Val::U32(value)) => Ok(value),
        other => panic!("{other:?}"),
    }
}

pub fn for_each(rounds: u32, test: impl Fn(usize) + Send + 'static) {
    watched(move || {
        for workers in WORKERS {
            (0..rounds).for_each(|_| test(workers));
        }
    });
}
