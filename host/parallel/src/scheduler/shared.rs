//! What the workers of one scheduler share, and how it ends.
//!
//! When the scheduler is dropped, each worker finishes its current run and leaves. The last worker to leave closes the
//! scheduler: it drops the tasks that are in the queues and slots. A task that waits is in none of them; only its
//! wakers refer to it. When it is woken, or when its last waker is dropped, async-task schedules it. A thread that
//! schedules a task after closing drops the task at once. It does so through the common queue, and only one thread
//! drops tasks at a time. So if each future of a chain wakes the next one when it is dropped, the drops do not recurse.
//!
//! The ticker runs until the last worker has left, because a worker's current run may end only when it is interrupted.
//!
//! Rejected: a list of the tasks that wait, to drop them too (each wait would take a lock, for a case that does not
//! occur: a guest thread keeps its engine alive, and thereby the scheduler).

use super::accounts::Account;
use super::clock::ThreadClock;
use super::sleepers::Sleepers;
use super::slot::Slot;
use super::steals::decided;
use super::tenants::{Common, Task};
use super::ticker::{Next, Tick, Ticker};
use super::turns::Turns;
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use crossbeam_deque::{Stealer, Worker as Queue};
use std::num::Wrapping;
use std::sync::Arc;
use std::time::Duration;

/// See the module.
pub(super) struct Shared {
    pub(super) common: Common,
    pub(super) sleepers: Sleepers,
    pub(super) ticker: Ticker,
    pub(super) turns: Turns,
    pub(super) remotes: Box<[Remote]>,
    /// Workers leave after the task that they run.
    stopping: AtomicBool,
    /// How many workers live, plus one for the scheduler itself. At zero, no task will run again.
    lives: AtomicUsize,
    /// How many times [`Shared::discard_queued`] was called since the call that now drops tasks began. 0 if none does.
    discarding: AtomicUsize,
}

/// What the other workers see of one worker. The alignment keeps any two of these off the same cache line.
#[repr(align(128))]
pub(super) struct Remote {
    pub(super) slot: Slot,
    pub(super) clock: ThreadClock,
    pub(super) account: Account,
    pub(super) queue: Stealer<Task>,
    /// See [`Queues::woken`].
    pub(super) woken: Stealer<Task>,
}

/// A worker's ends of its queues.
pub(super) struct Queues {
    pub(super) tasks: Queue<Task>,
    /// The tasks that the running task woke here. Other workers take them under the same conditions as the task in the
    /// slot.
    pub(super) woken: Queue<Task>,
}

impl Shared {
    /// Also returns the workers' ends of their queues.
    pub(super) fn new(workers: usize, turns: Turns) -> (Self, Vec<Queues>) {
        let of_worker = |_| Queues {
            tasks: Queue::new_fifo(),
            woken: Queue::new_fifo(),
        };
        let queues: Vec<_> = (0..workers).map(of_worker).collect();
        let remote = |queues: &Queues| Remote {
            slot: Slot::default(),
            clock: ThreadClock::default(),
            account: Account::default(),
            queue: queues.tasks.stealer(),
            woken: queues.woken.stealer(),
        };
        let shared = Shared {
            common: Common::new(turns),
            sleepers: Sleepers::new(workers),
            ticker: Ticker::default(),
            turns,
            remotes: queues.iter().map(remote).collect(),
            stopping: AtomicBool::new(false),
            lives: AtomicUsize::new(1),
            discarding: AtomicUsize::new(0),
        };
        (shared, queues)
    }

    /// Queues a task that was made runnable by a thread that is not a worker of this scheduler.
    pub(super) fn inject(&self, task: Task) {
        self.common.push(task);
        // The thread that ends the last life looks at the queues after that, so one of the two threads sees the other.
        fence(Ordering::SeqCst);
        if self.is_closed() {
            self.discard_queued();
        } else {
            self.sleepers.notify();
            self.ticker.hurry();
        }
    }

    /// Whether a queue has a task. Slots, and tasks woken behind them, do not count.
    pub(super) fn has_queued(&self) -> bool {
        !self.common.is_empty() || self.remotes.iter().any(|r| !r.queue.is_empty())
    }

    /// Whether a task is in a slot, or was woken behind one.
    pub(super) fn has_slotted(&self) -> bool {
        let has_slotted = |r: &Remote| r.slot.look().is_some() || !r.woken.is_empty();
        self.remotes.iter().any(has_slotted)
    }

    /// The body of the ticker's thread.
    pub(super) fn run_ticker(&self, period: Duration, tick: &dyn Fn(Tick) -> Next) {
        let is_awaited = || self.has_queued() || self.has_slotted() || self.is_stopping();
        self.ticker.run(&self.sleepers, period, is_awaited, tick);
    }

    /// How often tasks were put in slots. If two calls return the same, no slot was used between them.
    pub(super) fn slot_puts(&self) -> Wrapping<u32> {
        self.remotes.iter().map(|r| r.slot.puts()).sum()
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lives.load(Ordering::SeqCst) == 0
    }

    /// Makes the workers leave, and ends the scheduler's own life. The caller must then unpark the workers.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.end_life();
    }

    fn end_life(&self) {
        if self.lives.fetch_sub(1, Ordering::SeqCst) == 1 {
            fence(Ordering::SeqCst);
            self.discard_queued();
            self.ticker.stop();
        }
    }

    /// A share in the scheduler's life for one worker.
    pub(super) fn share_life(this: &Arc<Self>) -> LifeShare {
        this.lives.fetch_add(1, Ordering::SeqCst);
        LifeShare(Arc::clone(this))
    }

    /// Drops the tasks that are queued or in slots. If another call is doing so already, that call drops these too.
    fn discard_queued(&self) {
        let mut calls = self.discarding.fetch_add(1, Ordering::SeqCst) + 1;
        if calls > 1 {
            return;
        }
        loop {
            while let Some(task) = self.take_any() {
                drop(task);
            }
            match self
                .discarding
                .compare_exchange(calls, 0, Ordering::SeqCst, Ordering::SeqCst)
            {
                Ok(_) => return,
                Err(more) => calls = more,
            }
        }
    }

    fn take_any(&self) -> Option<Task> {
        let of_remote = |r: &Remote| {
            let queues = || decided(|| r.woken.steal()).or_else(|| decided(|| r.queue.steal()));
            r.slot.take().or_else(queues)
        };
        self.common.pop().or_else(|| self.remotes.iter().find_map(of_remote))
    }
}

/// See [`Shared::share_life`].
pub(super) struct LifeShare(Arc<Shared>);

impl LifeShare {
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }
}

impl Drop for LifeShare {
    fn drop(&mut self) {
        self.0.end_life();
    }
}
