//! The scheduler: no wake-up is lost, no task runs twice, no worker sleeps with work queued, and the ticker ticks while a worker
//! is awake.

use super::model::{Model, Turn, pass_some_time};
use super::shared::Shared;
use super::slot::Slot;
use super::tenants::{Task, Tenant};
use super::ticker::{Next, TICK};
use super::{Turns, yield_now};
use crate::sync::thread as parking;
use shuttle::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use shuttle::thread;
use std::sync::Arc;

/// Tasks come from outside, at any moment. Each of them runs once, and no worker sleeps for ever while one is queued.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_from_outside_run(workers: usize, tasks: usize) {
    Model::run(workers, Turns::ByCost, tasks, |model| {
        for _ in 0..tasks {
            model.spawn(async {});
        }
    });
}

/// A task spawns others and computes until they have run, so that its worker cannot run them. Another one takes them, out of
/// the slot and out of the queue.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_busy_workers_tasks_are_taken(workers: usize, turns: Turns, children: usize) {
    Model::run(workers, turns, children + 1, |model| {
        let of_parent = model.clone();
        model.spawn(async move {
            let ran = Arc::new(AtomicU32::new(0));
            for _ in 0..children {
                pass_some_time();
                let ran = Arc::clone(&ran);
                of_parent.spawn(async move {
                    ran.fetch_add(1, Ordering::SeqCst);
                });
            }
            while (ran.load(Ordering::SeqCst) as usize) < children {
                thread::yield_now();
            }
        });
    });
}

/// A task spawns another and computes until that one has run, again and again. So its slot is empty at each spawn, and the watcher may
/// resign at that moment.
///
/// # Panics
///
/// The claim does not hold.
pub fn each_task_of_a_busy_worker_is_taken(workers: usize, children: usize) {
    Model::run(workers, Turns::ByCost, children + 1, |model| {
        let of_parent = model.clone();
        model.spawn(async move {
            for _ in 0..children {
                let ran = Arc::new(AtomicBool::new(false));
                let of_child = Arc::clone(&ran);
                pass_some_time();
                of_parent.spawn(async move { of_child.store(true, Ordering::SeqCst) });
                while !ran.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
            }
        });
    });
}

/// A task spawns another and waits for it, so that a watcher sees slots that are soon empty again. Then it spawns one, and computes until
/// that one has run. The watcher may resign between the look at it that finds it there and the put of the last task.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_task_is_taken_although_the_watcher_resigns(workers: usize, rounds: usize) {
    Model::run(workers, Turns::ByCost, 1 + 2 * rounds, |model| {
        let of_parent = model.clone();
        model.spawn(async move {
            for _ in 0..rounds {
                let joined = Arc::new(Turn::default());
                let of_child = Arc::clone(&joined);
                of_parent.spawn(async move { of_child.pass() });
                joined.of(1).await;
                pass_some_time();
                let ran = Arc::new(AtomicBool::new(false));
                let of_child = Arc::clone(&ran);
                of_parent.spawn(async move { of_child.store(true, Ordering::SeqCst) });
                while !ran.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
            }
        });
    });
}

/// A task spawns one and yields to it. The new task computes until the first one continues, so another worker must take
/// one of the two.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_task_that_yields_to_a_busy_one_goes_on() {
    Model::run(2, Turns::ByCost, 2, |model| {
        let of_first = model.clone();
        model.spawn(async move {
            let goes_on = Arc::new(AtomicBool::new(false));
            let of_second = Arc::clone(&goes_on);
            pass_some_time();
            of_first.spawn(async move {
                while !of_second.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
            });
            yield_now().await;
            goes_on.store(true, Ordering::SeqCst);
        });
    });
}

/// A task spawns another, and a third one comes from outside. Each computes until all have begun. Whichever worker takes the third one,
/// another one watches the slot with the second.
///
/// # Panics
///
/// The claim does not hold.
pub fn work_from_outside_leaves_a_watcher() {
    Model::run(3, Turns::ByCost, 3, |model| {
        let begun = Arc::new(AtomicU32::new(0));
        let task = move || {
            let begun = Arc::clone(&begun);
            async move {
                begun.fetch_add(1, Ordering::SeqCst);
                while begun.load(Ordering::SeqCst) < 3 {
                    thread::yield_now();
                }
            }
        };
        let (first, second) = (task(), task());
        let of_first = model.clone();
        model.spawn(async move {
            pass_some_time();
            of_first.spawn(second);
            first.await;
        });
        pass_some_time();
        model.spawn(task());
    });
}

/// As many tasks as there are workers. Each computes until all have begun, so every worker must run one. The tasks come
/// from outside, or from the first of them.
///
/// # Panics
///
/// The claim does not hold.
pub fn no_worker_sleeps_with_work_queued(workers: usize, from_outside: bool) {
    Model::run(workers, Turns::ByCost, workers, |model| {
        let begun = Arc::new(AtomicU32::new(0));
        let task = move || {
            let begun = Arc::clone(&begun);
            async move {
                begun.fetch_add(1, Ordering::SeqCst);
                while (begun.load(Ordering::SeqCst) as usize) < workers {
                    thread::yield_now();
                }
            }
        };
        if from_outside {
            (0..workers).for_each(|_| model.spawn(task()));
        } else {
            let of_first = model.clone();
            model.spawn(async move {
                (1..workers).for_each(|_| of_first.spawn(task()));
                task().await;
            });
        }
    });
}

/// Two tasks wake each other some times. No wake-up is lost, whether it goes through a slot or the common queue.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_that_wake_each_other_go_on(workers: usize, turns: Turns, rounds: u32) {
    Model::run(workers, turns, 2, |model| {
        let turn = Arc::new(Turn::default());
        for parity in 0..2 {
            let turn = Arc::clone(&turn);
            model.spawn(async move {
                for _ in 0..rounds {
                    turn.of(parity).await;
                    turn.pass();
                }
            });
        }
    });
}

/// Tasks yield to each other: each of them continues.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_that_yield_go_on(workers: usize, tasks: usize) {
    Model::run(workers, Turns::ByCost, tasks, |model| {
        for _ in 0..tasks {
            model.spawn(async {
                yield_now().await;
                yield_now().await;
            });
        }
    });
}

/// One tenant's tasks yield until another tenant's task has run, which comes from outside at any moment. It runs behind a batch of the
/// others and their next turn at most.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_tenants_task_is_picked_soon(tasks: usize) {
    Model::run(1, Turns::ByCost, tasks + 1, |model| {
        let (runs, stop) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        for _ in 0..tasks {
            let (runs, stop) = (Arc::clone(&runs), Arc::clone(&stop));
            model.spawn_for(Tenant::instance(1), async move {
                // An unfair schedule may not let the other task come at all.
                for _ in 0..20 {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    runs.fetch_add(1, Ordering::SeqCst);
                    yield_now().await;
                }
            });
        }
        pass_some_time();
        let (seen, is_pushed) = (Arc::clone(&runs), Arc::new(AtomicU32::new(u32::MAX)));
        let pushed = Arc::clone(&is_pushed);
        model.spawn_for(Tenant::instance(2), async move {
            let before = pushed.load(Ordering::SeqCst);
            let waited = seen.load(Ordering::SeqCst).saturating_sub(before);
            // Some of the others are in the worker's own queue, and the next turn may be theirs. Without turns, they would run 20 times each.
            assert!(waited as usize <= tasks + 1, "{waited} runs went before it");
            stop.store(true, Ordering::SeqCst);
        });
        is_pushed.store(runs.load(Ordering::SeqCst), Ordering::SeqCst);
    });
}

/// The worker of a slot puts tasks in and takes them out, while thieves steal: exactly one of them gets each task.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_task_in_a_slot_has_one_taker(thieves: usize, puts: u32) {
    let slot = Arc::new(Slot::default());
    let ran = Arc::new(AtomicU32::new(0));
    let over = Arc::new(AtomicBool::new(false));
    let thieves = Vec::from_iter((0..thieves).map(|_| {
        let (slot, over) = (Arc::clone(&slot), Arc::clone(&over));
        thread::spawn(move || {
            while !over.load(Ordering::SeqCst) {
                if let Some(seen) = slot.look()
                    && let Some(task) = slot.steal(seen)
                {
                    task.run();
                }
                thread::yield_now();
            }
        })
    }));
    for _ in 0..puts {
        let counted = Arc::clone(&ran);
        let future = async move {
            counted.fetch_add(1, Ordering::SeqCst);
        };
        let builder = async_task::Builder::new().metadata(Tenant::HOST);
        let (task, handle) = builder.spawn(|_| future, |_: Task| ());
        handle.detach();
        if let Some(previous) = slot.take() {
            previous.run();
        }
        slot.put(task, false);
    }
    if let Some(last) = slot.take() {
        last.run();
    }
    over.store(true, Ordering::SeqCst);
    for thief in thieves {
        if let Err(panic) = thief.join() {
            std::panic::resume_unwind(panic);
        }
    }
    assert_eq!(ran.load(Ordering::SeqCst), puts);
}

/// A worker wakes up at any moment, and waits for a tick. The ticker, which may be about to sleep, ticks.
///
/// # Panics
///
/// The claim does not hold.
pub fn the_ticker_ticks_while_a_worker_is_awake() {
    let (shared, _queues) = Shared::new(1, Turns::ByCost);
    let shared = Arc::new(shared);
    let ticked = Arc::new(AtomicU32::new(0));
    shared.sleepers.enter(0, false);
    let (thread, ticker) = {
        let (shared, ticked) = (Arc::clone(&shared), Arc::clone(&ticked));
        parking::spawn(move || {
            shared.ticker.register(&parking::current());
            shared.run_ticker(TICK, &|_| {
                ticked.fetch_add(1, Ordering::SeqCst);
                Next::Later
            });
        })
    };
    shared.ticker.register(&thread);
    for _ in 0..2 {
        pass_some_time();
        shared.sleepers.leave(0);
        shared.ticker.wake();
        let before = ticked.load(Ordering::SeqCst);
        while ticked.load(Ordering::SeqCst) == before {
            // If the ticker sleeps now, this spins until the checker's limit of steps.
            thread::yield_now();
        }
        shared.sleepers.enter(0, false);
    }
    shared.ticker.stop();
    if let Err(panic) = ticker.join() {
        std::panic::resume_unwind(panic);
    }
}
