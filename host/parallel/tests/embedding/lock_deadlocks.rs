//! Threads that wait for a component instance that a suspended thread has entered. That is a deadlock only if no other thread
//! is left.

use crate::support::{WORKERS, component, engine, trap, watched};
use weft_parallel::{Error, Instance, Linker, Val};

/// An instance whose state is not shared. `touch` goes through all instances behind it, and `hold` suspends the caller in this one.
fn plain(name: &str, next: bool) -> String {
    let [import, lower, core, call, argument] = match next {
        true => [
            "(import \"next\" (func $next))",
            "(core func $next (canon lower (func $next)))",
            "(import \"\" \"next\" (func $next))",
            "(call $next)",
            "(export \"next\" (func $next))",
        ],
        false => [""; 5],
    };
    format!(
        r#"(component ${name}
    (import "yield" (func $yield))
    {import}
    {lower}
    (core func $yield (canon lower (func $yield)))
    (core func $suspend (canon thread.suspend))
    (core module $m
      {core}
      (import "" "yield" (func $yield))
      (import "" "suspend" (func $suspend (result i32)))
      (global $touched (mut i32) (i32.const 0))
      ;; Another call between the two would be lost.
      (func (export "touch") (local $touched i32)
        (local.set $touched (global.get $touched))
        (call $yield)
        {call}
        (global.set $touched (i32.add (local.get $touched) (i32.const 1))))
      (func (export "hold") (drop (call $suspend)))
      (func (export "touched") (result i32) (global.get $touched)))
    (core instance $m (instantiate $m (with "" (instance
      {argument} (export "yield" (func $yield)) (export "suspend" (func $suspend))))))
    (func (export "touch") (canon lift (core func $m "touch")))
    (func (export "hold") (canon lift (core func $m "hold")))
    (func (export "touched") (result u32) (canon lift (core func $m "touched"))))"#
    )
}

/// What threads do, by its place in the table.
const TOUCHES_FIRST: u32 = 0;
const TOUCHES_LAST: u32 = 1;
const HOLDS_FIRST: u32 = 2;
const HOLDS_LAST: u32 = 3;
const SUSPENDS: u32 = 4;

/// Threads that call the first and the last of the instances, for ever or so often.
const THREADS: &str = r#"(component $Threads
    (import "touch-first" (func $touch-first))
    (import "touch-last" (func $touch-last))
    (import "hold-first" (func $hold-first))
    (import "hold-last" (func $hold-last))
    (core module $libc (table (export "table") shared 5 5 (ref null (shared func))))
    (core instance $libc (instantiate $libc))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect shared $start (core table $libc "table")))
    (core func $index (canon thread.index))
    (core func $suspend (canon thread.suspend))
    (core func $resume (canon thread.resume-later))
    (core func $new (canon thread.new-indirect $start (core table $libc "table")))
    (core func $switch (canon thread.suspend-then-resume))
    (core func $touch-first (canon lower (func $touch-first)))
    (core func $touch-last (canon lower (func $touch-last)))
    (core func $hold-first (canon lower (func $hold-first)))
    (core func $hold-last (canon lower (func $hold-last)))
    (core module $m
      (type $void (shared (func)))
      (type $start (shared (func (param i32))))
      (type $get (shared (func (result i32))))
      (type $unary (shared (func (param i32) (result i32))))
      (type $binary (shared (func (param i32 i32) (result i32))))
      (import "libc" "table" (table $table shared 5 5 (ref null (shared func))))
      (import "" "spawn" (func $spawn (type $binary)))
      (import "" "index" (func $index (type $get)))
      (import "" "suspend" (func $suspend (type $get)))
      (import "" "resume" (func $resume (type $start)))
      (import "" "new" (func $new (type $binary)))
      (import "" "switch" (func $switch (type $unary)))
      (import "" "touch-first" (func $touch-first (type $void)))
      (import "" "touch-last" (func $touch-last (type $void)))
      (import "" "hold-first" (func $hold-first (type $void)))
      (import "" "hold-last" (func $hold-last (type $void)))
      (global $left (shared mut i32) (i32.const 0))
      (global $parent (shared mut i32) (i32.const 0))
      ;; The last thread that is done resumes the parent.
      (func $finish (type $void)
        (if (i32.eq (global.atomic.rmw.sub seq_cst $left (i32.const 1)) (i32.const 1))
          (then (call $resume (global.atomic.get seq_cst $parent)))))
      (func $touches-first (type $start)
        (loop $again
          (call $touch-first)
          (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
          (br_if $again (local.get 0)))
        (call $finish))
      (func $touches-last (type $start)
        (loop $again
          (call $touch-last)
          (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
          (br_if $again (local.get 0)))
        (call $finish))
      (func $holds-first (type $start) (call $hold-first))
      (func $holds-last (type $start) (call $hold-last))
      (func $suspends (type $start) (drop (call $suspend)))
      (elem (table $table) (i32.const 0) (ref null (shared func))
        (ref.func $touches-first) (ref.func $touches-last) (ref.func $holds-first) (ref.func $holds-last) (ref.func $suspends))
      (func (export "spawn") (type $binary) (call $spawn (local.get 0) (local.get 1)))
      (func (export "do") (param $function i32) (param $argument i32)
        (call_indirect $table (type $start) (local.get $argument) (local.get $function)))
      ;; Starts threads that touch the first and the last instance, and is suspended until they are done. The last thread starts in the
      ;; same step, so none resumes this one too early.
      (func (export "run") (param $threads i32) (param $rounds i32)
        (global.atomic.set seq_cst $parent (call $index))
        (global.atomic.set seq_cst $left (i32.add (local.get $threads) (i32.const 1)))
        (loop $again
          (drop (call $spawn (i32.and (local.get $threads) (i32.const 1)) (local.get $rounds)))
          (local.set $threads (i32.sub (local.get $threads) (i32.const 1)))
          (br_if $again (local.get $threads)))
        (drop (call $switch (call $new (i32.const 0) (local.get $rounds))))))
    (core instance $m (instantiate $m
      (with "libc" (instance $libc))
      (with "" (instance
        (export "spawn" (func $spawn)) (export "index" (func $index)) (export "suspend" (func $suspend))
        (export "resume" (func $resume)) (export "new" (func $new)) (export "switch" (func $switch)) (export "touch-first" (func $touch-first)) (export "touch-last" (func $touch-last))
        (export "hold-first" (func $hold-first)) (export "hold-last" (func $hold-last))))))
    (func (export "spawn") (param "function" u32) (param "argument" u32) (result u32) (canon lift (core func $m "spawn")))
    (func (export "run") (param "threads" u32) (param "rounds" u32) (canon lift (core func $m "run")))
    (func (export "do") (param "function" u32) (param "argument" u32) (canon lift (core func $m "do"))))"#;

/// For ever, or nearly so.
const ENDLESS: u32 = 0;

/// So many instances in a row, each of which calls the one behind it, and the threads that call the first and the last.
fn program(instances: usize) -> String {
    let (front, last) = (plain("Front", true), plain("Last", false));
    let made: String = (1..instances)
        .map(|number| {
            let next = number - 1;
            format!(
                "(instance $i{number} (instantiate $Front (with \"yield\" (func $yield)) (with \"next\" (func $i{next} \"touch\"))))\n"
            )
        })
        .collect();
    let first = instances - 1;
    format!(
        r#"(component
  (import "yield" (func $yield))
  {front}
  {last}
  {THREADS}
  (instance $i0 (instantiate $Last (with "yield" (func $yield))))
  {made}
  (instance $threads (instantiate $Threads
    (with "touch-first" (func $i{first} "touch")) (with "touch-last" (func $i0 "touch"))
    (with "hold-first" (func $i{first} "hold")) (with "hold-last" (func $i0 "hold"))))
  (export "touch" (func $i{first} "touch"))
  (export "hold" (func $i{first} "hold"))
  (export "touched-first" (func $i{first} "touched"))
  (export "touched-last" (func $i0 "touched"))
  (export "spawn" (func $threads "spawn"))
  (export "run" (func $threads "run"))
  (export "do" (func $threads "do")))"#
    )
}

fn start(instances: usize, workers: usize) -> Instance<()> {
    let engine = engine(workers);
    let mut linker = Linker::<()>::new(&engine);
    let mut root = linker.root();
    let defined = root.func_new_async("yield", |_, _| {
        Box::new(async {
            weft_parallel::yield_now().await;
            Ok(None)
        })
    });
    defined.expect("a new name");
    let instance = linker.instantiate(&component(&engine, &program(instances)), ());
    instance.expect("an instance")
}

fn call(instance: &Instance<()>, name: &str, arguments: &[u32]) -> Result<Option<Val>, Error> {
    let arguments: Vec<_> = arguments.iter().map(|argument| Val::U32(*argument)).collect();
    instance.get_func(&[name]).expect("exported").call(&arguments)
}

fn spawn(instance: &Instance<()>, function: u32) {
    call(instance, "spawn", &[function, ENDLESS]).expect("no trap");
}

fn is_deadlock(outcome: Result<Option<Val>, Error>) {
    let trap = trap(outcome);
    assert!(trap.message().starts_with("deadlock detected"), "{trap}");
}

/// With one instance, with a row of two, and with one of three.
fn for_each(rounds: u32, test: impl Fn(usize, usize) + Send + 'static) {
    watched(move || {
        for workers in WORKERS {
            for instances in 1..=3 {
                (0..rounds).for_each(|_| test(instances, workers));
            }
        }
    });
}

/// A thread is suspended in the last instance. Another thread, and the one of the call, wait for that instance, and are in all others. Each
/// that comes later waits for those.
#[test]
fn a_call_that_waits_for_an_instance_in_which_a_thread_is_suspended_traps() {
    for_each(10, |instances, workers| {
        let instance = start(instances, workers);
        spawn(&instance, HOLDS_LAST);
        spawn(&instance, TOUCHES_FIRST);
        is_deadlock(call(&instance, "do", &[TOUCHES_FIRST, ENDLESS]));
    });
}

/// The thread of the call is suspended itself: nothing resumes it, because all others wait for the instance that it has entered.
#[test]
fn a_call_that_is_suspended_in_an_instance_for_which_all_others_wait_traps() {
    for_each(10, |instances, workers| {
        let calls: [(&str, &[u32]); 2] = [("hold", &[]), ("do", &[HOLDS_FIRST, 0])];
        for (name, arguments) in calls {
            let instance = start(instances, workers);
            spawn(&instance, TOUCHES_FIRST);
            spawn(&instance, TOUCHES_FIRST);
            is_deadlock(call(&instance, name, arguments));
        }
    });
}

/// The thread of the call is suspended outside of the instances. Some threads wait, and one is suspended in the last instance.
#[test]
fn a_call_that_is_suspended_while_all_others_wait_for_an_instance_traps() {
    for_each(10, |instances, workers| {
        let instance = start(instances, workers);
        spawn(&instance, TOUCHES_LAST);
        spawn(&instance, TOUCHES_FIRST);
        spawn(&instance, HOLDS_LAST);
        is_deadlock(call(&instance, "do", &[SUSPENDS, 0]));
    });
}

/// No call of the host is in progress until it calls the instance, and then it waits for ever.
#[test]
fn the_host_does_not_wait_for_an_instance_in_which_a_thread_is_suspended() {
    for_each(10, |instances, workers| {
        let instance = start(instances, workers);
        spawn(&instance, HOLDS_LAST);
        let outcome = std::iter::repeat_with(|| call(&instance, "touch", &[])).find(Result::is_err);
        is_deadlock(outcome.expect("the thread enters the instance"));
    });
}

/// The thread of the call is suspended, and the others wait for each other all the time: one of them runs at each moment.
#[test]
fn threads_that_take_turns_while_the_call_is_suspended_are_no_deadlock() {
    for_each(10, |instances, workers| {
        const ROUNDS: u32 = 20;
        let instance = start(instances, workers);
        for threads in [1, 5] {
            call(&instance, "run", &[threads, ROUNDS]).expect("no deadlock");
        }
        // Those with an even number, and the one that starts last, touch the first instance: of one thread that one, of five three.
        let [first, all] = [(1 + 3) * ROUNDS, (2 + 6) * ROUNDS];
        let touched = |name| call(&instance, name, &[]).expect("no trap");
        let at_first = if instances == 1 { all } else { first };
        assert_eq!(
            [touched("touched-first"), touched("touched-last")],
            [Some(Val::U32(at_first)), Some(Val::U32(all))]
        );
    });
}

/// The host calls the instance meanwhile, from threads of its own: between two of its steps, a call of the host has no guest thread.
#[test]
fn calls_of_the_host_that_take_turns_with_threads_are_no_deadlock() {
    for_each(5, |instances, workers| {
        const ROUNDS: u32 = 20;
        let instance = start(instances, workers);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    (0..ROUNDS).for_each(|_| assert_eq!(call(&instance, "touch", &[]).expect("no trap"), None))
                });
            }
            call(&instance, "run", &[3, ROUNDS]).expect("no deadlock");
        });
        assert_eq!(
            call(&instance, "touched-last", &[]).expect("no trap"),
            Some(Val::U32((2 + 4) * ROUNDS))
        );
    });
}
