//! What the workers of one scheduler share, and how it ends.
//!
//! When the scheduler is dropped each worker finishes the run it is in and leaves. The last of them to go drops all tasks:
//! those in the queues and slots are dropped there; those that wait are woken, which puts them in the common queue. From
//! then on the scheduler is closed. A task that is scheduled still, by a waker that someone has kept, is dropped at
//! once, by whoever schedules it. It is done through the common queue and by one thread at a time, so that a
//! chain of futures, each of which wakes the next when it is dropped, does not become a recursion.

use super::Runnable;
use super::blocked::Blocked;
use super::clock::ThreadClock;
use super::sleepers::Sleepers;
use super::slot::Slot;
use super::ticker::Ticker;
use crossbeam_deque::{Injector, Steal, Stealer, Worker as Queue};
use std::num::Wrapping;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};

/// See the module.
pub(super) struct Shared {
    pub(super) common: Injector<Runnable>,
    pub(super) sleepers: Sleepers,
    pub(super) ticker: Ticker,
    pub(super) remotes: Box<[Remote]>,
    /// Workers leave after the task that they run.
    stopping: AtomicBool,
    /// No worker will run a task again.
    closed: AtomicBool,
    /// How many workers live, and the scheduler itself, which counts as one.
    lives: AtomicUsize,
    /// How many calls want the queued tasks dropped.
    discarding: AtomicUsize,
}

/// What the other workers see of one worker. It is aligned so that two of them share no cache line.
#[repr(align(128))]
pub(super) struct Remote {
    pub(super) slot: Slot,
    pub(super) clock: ThreadClock,
    pub(super) queue: Stealer<Runnable>,
    pub(super) blocked: Blocked,
}

impl Shared {
    /// Also returns the workers' ends of their queues.
    pub(super) fn new(workers: usize) -> (Self, Vec<Queue<Runnable>>) {
        let queues: Vec<_> = (0..workers).map(|_| Queue::new_fifo()).collect();
        let remote = |queue: &Queue<Runnable>| Remote {
            slot: Slot::default(),
            clock: ThreadClock::default(),
            queue: queue.stealer(),
            blocked: Blocked::default(),
        };
        let shared = Shared {
            common: Injector::new(),
            sleepers: Sleepers::new(workers),
            ticker: Ticker::default(),
            remotes: queues.iter().map(remote).collect(),
            stopping: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            lives: AtomicUsize::new(1),
            discarding: AtomicUsize::new(0),
        };
        (shared, queues)
    }

    /// Queues a task that no worker of this scheduler makes runnable.
    pub(super) fn inject(&self, task: Runnable) {
        self.common.push(task);
        // Closing stores `closed` and then drops what is queued, so one of the two sees the other.
        fence(Ordering::SeqCst);
        if self.is_closed() {
            self.discard_queued();
        } else {
            self.sleepers.notify();
        }
    }

    /// Whether a queue has a task. The slots do not count.
    pub(super) fn has_queued(&self) -> bool {
        !self.common.is_empty() || self.remotes.iter().any(|r| !r.queue.is_empty())
    }

    pub(super) fn has_slotted(&self) -> bool {
        self.remotes.iter().any(|r| r.slot.look().is_some())
    }

    /// How often any slot was used: it differs if one was used between two calls.
    pub(super) fn slot_puts(&self) -> Wrapping<u32> {
        self.remotes.iter().map(|r| r.slot.puts()).sum()
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Makes the workers leave, and ends the scheduler's own life. The caller has to unpark them.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.end_life();
    }

    fn end_life(&self) {
        if self.lives.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.close();
        }
    }

    /// A share in the scheduler's life for one worker.
    pub(super) fn share_life(this: &Arc<Self>) -> Life {
        this.lives.fetch_add(1, Ordering::SeqCst);
        Life(Arc::clone(this))
    }

    fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        self.discard_queued();
        self.remotes.iter().for_each(|r| r.blocked.wake_all());
        self.ticker.stop();
    }

    /// Drops the tasks that are queued or in slots, unless another call does so: then that one drops these too.
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

    fn take_any(&self) -> Option<Runnable> {
        let of_remote = |r: &Remote| r.slot.take().or_else(|| decided(|| r.queue.steal()));
        decided(|| self.common.steal()).or_else(|| self.remotes.iter().find_map(of_remote))
    }
}

/// See [`Shared::share_life`].
pub(super) struct Life(Arc<Shared>);

impl Life {
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.0.end_life();
    }
}

/// Repeats a steal that lost a race until it is decided.
pub(super) fn decided<T>(mut steal: impl FnMut() -> Steal<T>) -> Option<T> {
    loop {
        match steal() {
            Steal::Success(task) => return Some(task),
            Steal::Empty => return None,
            Steal::Retry => std::hint::spin_loop(),
        }
    }
}
