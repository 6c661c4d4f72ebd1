//! Stacks of calls, and a library that allocates memory meanwhile: each has memory of its own.

use weft_adapt::Note;
use weft_parallel::{Component, Engine, Instance, Linker};

use crate::support::{WORKERS, engine, watched};

/// A library whose allocator grows the memory twice and takes both parts for adjacent, as wasi-libc's does. If they are not, it traps.
///
/// `grow` waits until `held` calls have begun, and then allocates. In the middle, it waits until `until` calls have begun, or one waits for the
/// allocator. `growing` waits until `grow` is in the middle, and `hold` until so many calls have begun.
fn library(allocator: &str) -> String {
    format!(
        r#"(module
            (import "$root" "[thread-available-parallelism]" (func (result i32)))
            (memory (export "memory") 2 2000 shared)
            (global $sp (mut i32) (i32.const 65536))
            ;; Addresses: the allocator's lock, events, calls of `growing` and `hold`, threads that wait for the lock, what `grow` waits for.
            (global $lock i32 (i32.const 0))
            (global $events i32 (i32.const 4))
            (global $held i32 (i32.const 8))
            (global $blocked i32 (i32.const 12))
            (global $growing i32 (i32.const 16))
            (func $event
                (drop (i32.atomic.rmw.add (global.get $events) (i32.const 1)))
                (drop (memory.atomic.notify (global.get $events) (i32.const -1))))
            (func $await_event (param $seen i32)
                (drop (memory.atomic.wait32 (global.get $events) (local.get $seen) (i64.const -1))))
            (func $allocate (export "{allocator}") (param $size i32) (result i32)
                (local $pages i32) (local $first i32) (local $seen i32)
                (local.set $pages (i32.shr_u (local.get $size) (i32.const 16)))
                (block $locked
                    (loop $again
                        (local.set $seen (i32.atomic.load (global.get $events)))
                        (br_if $locked (i32.eqz
                            (i32.atomic.rmw.cmpxchg (global.get $lock) (i32.const 0) (i32.const 1))))
                        (drop (i32.atomic.rmw.add (global.get $blocked) (i32.const 1)))
                        (call $event)
                        (local.set $seen (i32.atomic.load (global.get $events)))
                        (if (i32.atomic.load (global.get $lock)) (then (call $await_event (local.get $seen))))
                        (br $again)))
                (local.set $first (memory.grow (local.get $pages)))
                (if (i32.atomic.load (global.get $growing))
                    (then
                        (call $event)
                        (loop $again
                            (local.set $seen (i32.atomic.load (global.get $events)))
                            (if (i32.and
                                    (i32.lt_u (i32.atomic.load (global.get $held)) (i32.atomic.load (global.get $growing)))
                                    (i32.eqz (i32.atomic.load (global.get $blocked))))
                                (then (call $await_event (local.get $seen)) (br $again))))))
                (if (i32.ne (memory.grow (i32.const 1)) (i32.add (local.get $first) (local.get $pages)))
                    (then unreachable))
                (i32.atomic.store (global.get $lock) (i32.const 0))
                (call $event)
                (i32.shl (local.get $first) (i32.const 16)))
            (func (export "grow") (param $until i32) (param $held i32) (local $seen i32)
                (loop $again
                    (local.set $seen (i32.atomic.load (global.get $events)))
                    (if (i32.lt_u (i32.atomic.load (global.get $held)) (local.get $held))
                        (then (call $await_event (local.get $seen)) (br $again))))
                (i32.atomic.store (global.get $blocked) (i32.const 0))
                (i32.atomic.store (global.get $growing) (local.get $until))
                (drop (call $allocate (i32.const 100000)))
                (i32.atomic.store (global.get $growing) (i32.const 0)))
            (func (export "growing") (local $seen i32)
                (drop (i32.atomic.rmw.add (global.get $held) (i32.const 1)))
                (call $event)
                (loop $again
                    (local.set $seen (i32.atomic.load (global.get $events)))
                    (if (i32.eqz (i32.atomic.load (global.get $growing)))
                        (then (call $await_event (local.get $seen)) (br $again)))))
            (func (export "hold") (param $until i32) (result i32) (local $seen i32)
                (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
                (i32.store (global.get $sp) (global.get $sp))
                (drop (i32.atomic.rmw.add (global.get $held) (i32.const 1)))
                (call $event)
                (loop $again
                    (local.set $seen (i32.atomic.load (global.get $events)))
                    (if (i32.lt_u (i32.atomic.load (global.get $held)) (local.get $until))
                        (then (call $await_event (local.get $seen)) (br $again))))
                (i32.eq (i32.load (global.get $sp)) (global.get $sp))
                (global.set $sp (i32.add (global.get $sp) (i32.const 16))))
            (func (export "pages") (result i32) (memory.size)))"#
    )
}

fn instantiate(engine: &Engine, library: &str) -> Instance<()> {
    let binary = weft_lower::to_binary(library.as_bytes()).expect("a module");
    let adapted = weft_adapt::adapt(&binary).expect("a library");
    let component = Component::new(engine, &adapted).expect("a valid component");
    Linker::new(engine).instantiate(&component, ()).expect("an instance")
}

fn call(instance: &Instance<()>, name: &str) {
    let func = instance.get_typed_func::<(), ()>(&[name]).expect("exported");
    func.call(()).expect("no trap");
}

fn hold(instance: &Instance<()>, until: i32) {
    let hold = instance.get_typed_func::<(i32,), (i32,)>(&["hold"]).expect("exported");
    assert_eq!(hold.call((until,)).expect("no trap"), (1,));
}

fn pages(instance: &Instance<()>) -> i32 {
    let pages = instance.get_typed_func::<(), (i32,)>(&["pages"]).expect("exported");
    pages.call(()).expect("no trap").0
}

/// One call is in `grow`, and sixteen others have stacks. When `grow` is in the middle of its allocation, one of them ends and two begin.
#[test]
fn a_stack_is_not_made_in_the_middle_of_an_allocation() {
    const HELD: i32 = 16;
    watched(|| {
        for workers in WORKERS {
            let instance = &instantiate(&engine(workers), &library("malloc"));
            std::thread::scope(|scope| {
                scope.spawn(move || {
                    let grow = instance.get_typed_func::<(i32, i32), ()>(&["grow"]).expect("exported");
                    grow.call((HELD + 2, HELD)).expect("no trap");
                });
                let growing = scope.spawn(move || call(instance, "growing"));
                for _ in 1..HELD {
                    scope.spawn(move || hold(instance, HELD + 2));
                }
                // Its stack is free again, and one of the two has it.
                growing.join().expect("no panic");
                for _ in 0..2 {
                    scope.spawn(move || hold(instance, HELD + 2));
                }
            });
        }
    });
}

/// A library that allocates, and exports no allocator: the memory grows for stacks once, at the start, and calls wait for them.
#[test]
fn calls_wait_if_the_number_of_stacks_is_fixed() {
    /// With the main thread's.
    const STACKS: i32 = 65;
    const PAGES: i32 = 2 + 64 * 2;
    watched(|| {
        let library = library("allocate");
        let module = weft_lower::to_binary(library.as_bytes()).expect("a module");
        let notes = weft_adapt::notes(&module).expect("a library");
        assert_eq!(notes, [Note::FewStacks { count: 64 }]);
        for workers in WORKERS {
            let instance = &instantiate(&engine(workers), &library);
            assert_eq!(pages(instance), PAGES);
            std::thread::scope(|scope| {
                for _ in 0..2 * STACKS {
                    scope.spawn(move || hold(instance, STACKS));
                }
            });
            assert_eq!(pages(instance), PAGES);
        }
    });
}
