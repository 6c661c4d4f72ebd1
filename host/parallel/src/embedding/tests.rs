//! Runs guest threads on a scheduler that chooses at random. This tests that everything that decides their order goes
//! through [`Scheduler`].

use crate::Linker;
use crate::engine::component::Component;
use crate::engine::config::Config;
use crate::engine::handle::Engine;
use crate::scheduler::{BoxFuture, Scheduler, Tenant, mark_as_worker};
use crate::watchdog::ends;
use async_task::Runnable;
use std::num::NonZeroUsize;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;
use weft_abi::Val;

/// Runs one task at a time. Unless a task has handed over to another, the seed decides which one runs next.
struct Lots(Arc<Tasks>);

#[derive(Default)]
struct Tasks {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    ready: Vec<Runnable>,
    /// The next task that becomes runnable is the successor.
    handed_over: bool,
    successor: Option<Runnable>,
    closed: bool,
}

impl Lots {
    fn new(seed: u64) -> Arc<Self> {
        let tasks = Arc::new(Tasks::default());
        let of_thread = Arc::clone(&tasks);
        std::thread::spawn(move || {
            mark_as_worker(0);
            let mut seed = seed;
            while let Some(task) = of_thread.draw(&mut seed) {
                task.run();
            }
        });
        Arc::new(Lots(tasks))
    }
}

impl Drop for Lots {
    fn drop(&mut self) {
        self.0.state().closed = true;
        self.0.changed.notify_one();
    }
}

impl Tasks {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic under the lock")
    }

    fn schedule(&self, task: Runnable) {
        let mut state = self.state();
        match std::mem::take(&mut state.handed_over) {
            true => state.successor = Some(task),
            false => state.ready.push(task),
        }
        self.changed.notify_one();
    }

    /// Picks the task that runs next. `None` if the scheduler is gone.
    fn draw(&self, seed: &mut u64) -> Option<Runnable> {
        let mut state = self.state();
        while !state.closed {
            if let Some(successor) = state.successor.take() {
                return Some(successor);
            }
            if !state.ready.is_empty() {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let lot = (*seed >> 33) as usize % state.ready.len();
                return Some(state.ready.swap_remove(lot));
            }
            state = self.changed.wait(state).expect("no panic under the lock");
        }
        None
    }
}

impl Scheduler for Lots {
    fn spawn(&self, _: Tenant, future: BoxFuture) {
        let tasks = Arc::clone(&self.0);
        let (task, handle) = async_task::spawn(future, move |task| tasks.schedule(task));
        handle.detach();
        task.schedule();
    }

    fn workers(&self) -> NonZeroUsize {
        NonZeroUsize::MIN
    }

    fn hand_over(&self) {
        self.0.state().handed_over = true;
    }

    fn processor_time(&self, _: Tenant) -> Duration {
        Duration::ZERO
    }

    fn total_processor_time(&self) -> Duration {
        Duration::ZERO
    }

    fn forget(&self, _: Tenant) {}
}

/// Thread 5 is made and suspended, 1 to 4 are spawned, and the call yields to 5. Each writes its digit, in base 8.
const PROGRAM: &str = r#"(component
    (core module $state
        (memory (export "memory") 1 1 shared)
        (table (export "table") shared 1 1 (ref null (shared func))))
    (core instance $state (instantiate $state))
    (alias core export $state "table" (core table $table))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect $start $table))
    (core func $new (canon thread.new-indirect $start $table))
    (core func $yield (canon thread.yield))
    (core func $yield_then_resume (canon thread.yield-then-resume))
    (core module $main
        (type $start (shared (func (param i32))))
        (type $make (shared (func (param i32 i32) (result i32))))
        (type $yield (shared (func (result i32))))
        (type $resume (shared (func (param i32) (result i32))))
        (import "state" "memory" (memory 1 1 shared))
        (import "state" "table" (table $table shared 1 1 (ref null (shared func))))
        (import "thread" "spawn" (func $spawn (type $make)))
        (import "thread" "new" (func $new (type $make)))
        (import "thread" "yield" (func $yield (type $yield)))
        (import "thread" "yield_then_resume" (func $yield_then_resume (type $resume)))
        (func $write (type $start) (param $digit i32)
            (i64.store (i32.const 8)
                (i64.add (i64.mul (i64.load (i32.const 8)) (i64.const 8)) (i64.extend_i32_u (local.get $digit)))))
        (func $thread (type $start) (param $digit i32)
            (call $write (local.get $digit))
            (drop (call $yield))
            (call $write (local.get $digit))
            (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
            (drop (memory.atomic.notify (i32.const 0) (i32.const -1))))
        (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $thread))
        (func (export "run") (result i64) (local $fifth i32) (local $seen i32)
            (local.set $fifth (call $new (i32.const 0) (i32.const 5)))
            (drop (call $spawn (i32.const 0) (i32.const 1)))
            (drop (call $spawn (i32.const 0) (i32.const 2)))
            (drop (call $spawn (i32.const 0) (i32.const 3)))
            (drop (call $spawn (i32.const 0) (i32.const 4)))
            (drop (call $yield_then_resume (local.get $fifth)))
            (loop $again
                (local.set $seen (i32.atomic.load (i32.const 0)))
                (if (i32.ne (local.get $seen) (i32.const 5)) (then
                    (drop (memory.atomic.wait32 (i32.const 0) (local.get $seen) (i64.const -1)))
                    (br $again))))
            (i64.load (i32.const 8))))
    (core instance $main (instantiate $main
        (with "state" (instance $state))
        (with "thread" (instance
            (export "spawn" (func $spawn))
            (export "new" (func $new))
            (export "yield" (func $yield))
            (export "yield_then_resume" (func $yield_then_resume))))))
    (func (export "run") (result u64) (canon lift (core func $main "run"))))"#;

fn order(seed: u64) -> String {
    let engine = Engine::with_scheduler(&Config::new(), Lots::new(seed)).expect("an engine");
    let component = Component::new(&engine, PROGRAM.as_bytes()).expect("valid");
    let instance = Linker::new(&engine).instantiate(&component, ()).expect("no imports");
    let run = instance.get_func(&["run"]).expect("exported");
    match run.call(&[]).expect("no trap") {
        Some(Val::U64(order)) => format!("{order:o}"),
        other => panic!("not an order: {other:?}"),
    }
}

#[test]
fn the_same_lots_give_the_same_order_and_a_switch_goes_before_them() {
    ends(|| {
        let orders = Vec::from_iter((0..20).map(order));
        for (seed, first) in (0..).zip(&orders) {
            assert_eq!(order(seed), *first, "seed {seed}");
            assert!(first.starts_with('5'), "the call yields to thread 5: {first}");
        }
        let different = std::collections::BTreeSet::from_iter(&orders);
        assert!(different.len() > 10, "{different:?}");
    });
}
