//! When a worker may take a task from the slot of another worker.
//!
//! **Problem.** A task in a slot runs next on its worker, for example a child that its parent is about to join. If
//! another worker takes it at once, the task moves to another core for nothing. If no worker takes it, the task may
//! wait behind one that computes. **Here,** a worker watches the slot for a while. It takes the task if the slot does
//! not change although the owner's thread runs on, or if that thread has not run for a long time.

use super::shared::Remote;
use super::slot::Look;
use crate::sync::spin_loop;
use crate::sync::time::Instant;
use std::cell::Cell;
use std::time::Duration;

/// How long the thread of the slot's worker must run on before another worker takes the task.
const SETTLE_TIME: Duration = Duration::from_micros(5);

/// The same for a task that was woken to stay [here](super::worker::wake_here): about as long as it takes to wake
/// another core. If this is shorter, two threads that contend for a mutex spend most of their time moving its cache
/// line between cores.
pub(super) const STAY_TIME: Duration = Duration::from_micros(50);

/// How long one look at a slot takes at most.
const LOOK_TIME: Duration = Duration::from_micros(20);

/// If the thread of the slot's worker does not run, another worker takes the task after this time.
const PATIENCE: Duration = Duration::from_millis(50);

/// What a worker has seen in other workers' slots.
#[derive(Default)]
pub(super) struct Settling {
    /// A worker whose thread did not run, the task in its slot, and when that was first seen.
    unsettled: Cell<Option<(usize, Look, Instant)>>,
    /// The last look at a slot whose contents were woken to stay.
    staying: Cell<Option<Staying>>,
}

/// A look at a slot (`None` if it was empty), and how long its worker's thread had run by then.
#[derive(Clone, Copy)]
struct Staying {
    worker: usize,
    look: Option<Look>,
    since: Instant,
    ran: Option<Duration>,
}

impl Settling {
    /// Whether the slot of another worker has not changed since an earlier look, and that worker's thread has run on
    /// for [`STAY_TIME`] meanwhile or [`PATIENCE`] has passed. This does not wait: the watcher looks again later.
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

    /// Whether the slot of another worker does not change although that worker's thread runs on. This watches for up to
    /// [`LOOK_TIME`].
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
        // The thread does not run: the system has preempted it, or it is in a host function that blocks.
        match self.unsettled.get() {
            Some((worker, look, since)) if (worker, look) == (other, seen) => since.elapsed() >= PATIENCE,
            _ => {
                self.unsettled.set(Some((other, seen, start)));
                false
            }
        }
    }
}

/// Waits some tens of nanoseconds between two looks at what another core writes.
pub(super) fn pause() {
    (0..32).for_each(|_| spin_loop());
}
