//! When a worker may take a task from the slot of another worker.
//!
//! **Problem.** A task in a slot runs next on its worker, as a child does that its parent is about to join. Another worker that takes
//! it at once moves it to another core for nothing, and one that leaves it there keeps it waiting behind a task that computes. **Here,**
//! a worker looks at the slot for a while. It takes the task if the slot stays as it is although the thread of its worker runs on, or
//! if that thread does not run for long.

use super::shared::Remote;
use super::slot::Look;
use crate::sync::spin_loop;
use crate::sync::time::Instant;
use std::cell::Cell;
use std::time::Duration;

/// How long the thread of a slot's worker runs on before another worker takes the task.
const SETTLE_TIME: Duration = Duration::from_micros(5);

/// How long it runs on before another takes a task that it woke to stay [here](super::worker::wake_here): about as long as it takes to wake another
/// core. With less, two threads that fight for a mutex spend most of their time in getting the cache line that it is in.
pub(super) const STAY_TIME: Duration = Duration::from_micros(50);

/// How long one look at a slot takes at most.
const LOOK_TIME: Duration = Duration::from_micros(20);

/// How long a task stays in a slot whose worker's thread does not run before another worker takes it all the same.
const PATIENCE: Duration = Duration::from_millis(50);

/// What a worker has seen in the slots of others.
#[derive(Default)]
pub(super) struct Settling {
    /// A task in the slot of a worker whose thread did not run, and since when.
    unsettled: Cell<Option<(usize, Look, Instant)>>,
    /// The slot of a worker whose task woke what is there.
    staying: Cell<Option<Staying>>,
}

/// A look at a slot, none if it was empty, and how long its worker's thread had run by then.
#[derive(Clone, Copy)]
struct Staying {
    worker: usize,
    look: Option<Look>,
    since: Instant,
    ran: Option<Duration>,
}

impl Settling {
    /// Whether the slot of another worker has been so since an earlier look, and that worker's thread has run on for long enough. This
    /// does not wait for it: the watcher comes again.
    pub(super) fn has_stayed(&self, other: usize, remote: &Remote, seen: Option<Look>) -> bool {
        let clock = &remote.clock;
        match self.staying.get() {
            Some(Staying {
                worker,
                look,
                since,
                ran,
            }) if (worker, look) == (other, seen) => {
                let running = clock.now().zip(ran).map(|(now, ran)| now.saturating_sub(ran));
                running.is_some_and(|running| running >= STAY_TIME) || since.elapsed() >= PATIENCE
            }
            _ => {
                self.staying.set(Some(Staying {
                    worker: other,
                    look: seen,
                    since: Instant::now(),
                    ran: clock.now(),
                }));
                false
            }
        }
    }

    /// Whether the slot of another worker stays as it is although that worker's thread runs on.
    pub(super) fn has_settled(&self, other: usize, remote: &Remote, seen: Look) -> bool {
        let Remote { slot, clock, .. } = remote;
        let start = Instant::now();
        let ran = clock.now();
        while start.elapsed() < LOOK_TIME {
            pause();
            if slot.look() != Some(seen) {
                return false;
            }
            let running = clock.now().zip(ran).map(|(now, ran)| now.saturating_sub(ran));
            if running.is_some_and(|running| running >= SETTLE_TIME) {
                return true;
            }
        }
        // It does not run: the system has preempted it, or it is in a host function that blocks.
        match self.unsettled.get() {
            Some((worker, look, since)) if (worker, look) == (other, seen) => since.elapsed() >= PATIENCE,
            _ => {
                self.unsettled.set(Some((other, seen, start)));
                false
            }
        }
    }
}

/// Some ten nanoseconds between two looks at what another core writes.
pub(super) fn pause() {
    (0..32).for_each(|_| spin_loop());
}
