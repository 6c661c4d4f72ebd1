//! A thread that calls a function each millisecond while workers are awake.
//!
//! Problem: a guest thread that computes gives up its core only if it is interrupted, so some thread must interrupt
//! guest threads while they run. But a process whose threads are all blocked should use no processor time at all. So
//! the ticker goes to sleep when all workers have slept for [`QUIET_TICKS`] intervals, and the first worker that wakes
//! up wakes it. Without those intervals, a program that sleeps and wakes often would wake the ticker each time. A
//! worker that finds work without sleeping pays nothing.
//!
//! A yield costs the task some ten microseconds, including cache misses. So the ticker tells the function whether
//! another task waits to run ([`Tick`]). It counts the milliseconds in either case: with one load, a worker sees
//! whether a tick has passed since it last looked.
//!
//! Rejected: ticking always (a thousand wake-ups a second of an idle process); letting a worker tick (all workers may
//! be busy).

use super::sleepers::Sleepers;
use crate::sync::OnceLock;
use crate::sync::atomic::{AtomicBool, AtomicU32, Ordering, fence};
use crate::sync::thread::{self, Thread};
use std::num::Wrapping;
use std::time::Duration;

/// How often the ticker ticks, unless the embedder wants otherwise.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// How many intervals all workers must have slept before the ticker sleeps too.
const QUIET_TICKS: u32 = 16;

/// Whether there is a reason to interrupt tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tick {
    /// Tasks wait for a worker, or the scheduler is being dropped.
    Contended,
    /// Tasks run, and none waits.
    Lone,
}

/// The state of the ticker that other threads see.
#[derive(Default)]
pub(super) struct Ticker {
    thread: OnceLock<Thread>,
    asleep: AtomicBool,
    stopped: AtomicBool,
    ticks: AtomicU32,
}

impl Ticker {
    /// Records the ticker's thread. Call this before any worker starts.
    pub(super) fn register(&self, thread: &Thread) {
        self.thread.get_or_init(|| thread.clone());
    }

    /// Wakes the ticker if it sleeps. A worker calls this after it has left the sleepers.
    pub(super) fn wake(&self) {
        fence(Ordering::SeqCst);
        if self.asleep.load(Ordering::SeqCst) && self.asleep.swap(false, Ordering::SeqCst) {
            self.unpark();
        }
    }

    /// Ends the ticker's thread.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.unpark();
    }

    /// The body of the ticker's thread. `is_awaited` tells whether a task waits for a worker.
    pub(super) fn run(
        &self,
        sleepers: &Sleepers,
        period: Duration,
        is_awaited: impl Fn() -> bool,
        tick: &dyn Fn(Tick),
    ) {
        let mut quiet = 0;
        while !self.is_stopped() {
            thread::park_timeout(period);
            if !sleepers.all_asleep() {
                quiet = 0;
                self.ticks.fetch_add(1, Ordering::Relaxed);
                tick(match is_awaited() {
                    true => Tick::Contended,
                    false => Tick::Lone,
                });
            } else if quiet < QUIET_TICKS {
                quiet += 1;
            } else {
                quiet = 0;
                self.sleep(sleepers);
            }
        }
    }

    /// How many milliseconds were counted. If two calls return the same, no tick came between them. The count rises
    /// before `tick` is called.
    pub(super) fn ticks(&self) -> Wrapping<u32> {
        Wrapping(self.ticks.load(Ordering::Relaxed))
    }

    fn sleep(&self, sleepers: &Sleepers) {
        // A worker leaves the sleepers and then reads `asleep`. The ticker sets `asleep` and then looks at the
        // sleepers, so one sees the other.
        self.asleep.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        while self.asleep.load(Ordering::SeqCst) && sleepers.all_asleep() && !self.is_stopped() {
            thread::park();
        }
        self.asleep.store(false, Ordering::SeqCst);
    }

    #[cfg(test)]
    pub(super) fn is_asleep(&self) -> bool {
        self.asleep.load(Ordering::SeqCst)
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    fn unpark(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }
}
