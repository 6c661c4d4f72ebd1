//! Tasks that a running one wakes so that they stay on its worker: they stay for a while, and run all the same.

use super::Turns;
use super::model::{Model, Turn, pass_some_time};
use super::settling::{STAY_TIME, Settling};
use super::shared::Shared;
use super::wake_here;
use crate::sync::time::Instant;
use shuttle::sync::atomic::{AtomicU32, Ordering};
use shuttle::thread;
use std::sync::Arc;

/// A task wakes others so that they stay on its worker. All of them compute until all have run, so each needs a worker of its own, also
/// if one of them is taken while the next is woken.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_that_were_woken_here_get_a_worker_each(workers: usize) {
    let others = workers - 1;
    Model::run(workers, Turns::ByCost, workers, |model| {
        let gates = Vec::from_iter((0..others).map(|_| Arc::new(Turn::default())));
        let begun = Arc::new(AtomicU32::new(0));
        let all_begin = |begun: Arc<AtomicU32>| {
            move || {
                while (begun.load(Ordering::SeqCst) as usize) < others {
                    thread::yield_now();
                }
            }
        };
        for gate in &gates {
            let (gate, begun) = (Arc::clone(gate), Arc::clone(&begun));
            let wait = all_begin(Arc::clone(&begun));
            model.spawn(async move {
                gate.of(1).await;
                begun.fetch_add(1, Ordering::SeqCst);
                wait();
            });
        }
        let wait = all_begin(begun);
        model.spawn(async move {
            for gate in gates {
                pass_some_time();
                wake_here(|| gate.pass());
            }
            wait();
        });
    });
}

/// A task wakes two others so that they stay on its worker, and ends. Each of them computes until both have begun, so another worker has
/// to take one.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_that_were_woken_here_and_left_get_a_worker_each() {
    Model::run(2, Turns::ByCost, 3, |model| {
        let gates = [(); 2].map(|()| Arc::new(Turn::default()));
        let begun = Arc::new(AtomicU32::new(0));
        for gate in gates.clone() {
            let begun = Arc::clone(&begun);
            model.spawn(async move {
                gate.of(1).await;
                begun.fetch_add(1, Ordering::SeqCst);
                while begun.load(Ordering::SeqCst) < 2 {
                    thread::yield_now();
                }
            });
        }
        model.spawn(async move {
            pass_some_time();
            gates.iter().for_each(|gate| wake_here(|| gate.pass()));
        });
    });
}

/// What a task has woken stays on its worker while that worker runs on for a while, and no longer.
///
/// # Panics
///
/// The claim does not hold.
pub fn what_was_woken_here_stays_for_a_while() {
    let (shared, _queues) = Shared::new(1, Turns::ByCost);
    let settling = Settling::default();
    let start = Instant::now();
    while !settling.has_stayed(0, &shared.remotes[0], None) {}
    let stayed = start.elapsed();
    assert!(STAY_TIME <= stayed && stayed <= 2 * STAY_TIME, "{stayed:?}");
}

/// A task wakes others so that they stay on its worker, and computes until they have run. Another worker takes them, out of the
/// slot and from behind it.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_that_were_woken_here_are_taken(workers: usize, others: usize) {
    Model::run(workers, Turns::ByCost, others + 1, |model| {
        let gates = Vec::from_iter((0..others).map(|_| Arc::new(Turn::default())));
        let ran = Arc::new(AtomicU32::new(0));
        for gate in &gates {
            let (gate, ran) = (Arc::clone(gate), Arc::clone(&ran));
            model.spawn(async move {
                gate.of(1).await;
                ran.fetch_add(1, Ordering::SeqCst);
            });
        }
        model.spawn(async move {
            for gate in gates {
                pass_some_time();
                wake_here(|| gate.pass());
            }
            while (ran.load(Ordering::SeqCst) as usize) < others {
                thread::yield_now();
            }
        });
    });
}
