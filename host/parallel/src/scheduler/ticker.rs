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
//! If two threads compute on two cores, each tick takes some of their time. So when no task has waited for
//! [`LONE_TICKS`] in a row, and the function has no other reason to be called ([`Next`]), the ticker ticks slowly, once in
//! [`SLOW`]. A thread that makes a task runnable [hurries](Ticker::hurry) it. The thread publishes the task and then
//! reads `slow`; the ticker sets `slow` and then looks for tasks. So one of the two sees the other, and a task that waits
//! is noticed within one interval.
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

/// After how many ticks at which no task waited the ticker ticks slowly.
const LONE_TICKS: u32 = 8;

/// How many intervals a slow tick takes, and how long it takes at most.
const SLOW: (u32, Duration) = (8, Duration::from_millis(8));

/// When the next tick must come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// After one interval.
    OnTime,
    /// After one interval if a task waits, and otherwise later.
    Later,
}

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
    /// Whether the ticker ticks slowly.
    slow: AtomicBool,
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

    /// Makes a slow ticker tick at its usual rate again. A thread calls this after it has made a task runnable.
    pub(super) fn hurry(&self) {
        if self.slow.load(Ordering::SeqCst) && self.slow.swap(false, Ordering::SeqCst) {
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
        tick: &dyn Fn(Tick) -> Next,
    ) {
        let (mut quiet, mut lone) = (0, 0);
        while !self.is_stopped() {
            if lone < LONE_TICKS {
                thread::park_timeout(period);
            } else if !self.tarry(period, &is_awaited) {
                lone = 0;
                continue;
            }
            if !sleepers.all_asleep() {
                quiet = 0;
                self.ticks.fetch_add(1, Ordering::Relaxed);
                let reason = match is_awaited() {
                    true => Tick::Contended,
                    false => Tick::Lone,
                };
                lone = match (tick(reason), reason) {
                    (Next::Later, Tick::Lone) => lone.saturating_add(1),
                    (Next::OnTime, Tick::Lone) | (_, Tick::Contended) => 0,
                };
            } else if quiet < QUIET_TICKS {
                (quiet, lone) = (quiet + 1, 0);
            } else {
                (quiet, lone) = (0, 0);
                self.sleep(sleepers);
            }
        }
    }

    /// Waits for a slow tick. Returns false if a task began to wait meanwhile.
    fn tarry(&self, period: Duration, is_awaited: impl Fn() -> bool) -> bool {
        let (periods, most) = SLOW;
        self.slow.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if !is_awaited() && !self.is_stopped() {
            thread::park_timeout((period * periods).min(most).max(period));
        }
        self.slow.swap(false, Ordering::SeqCst) && !is_awaited()
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
    pub(super) fn is_slow(&self) -> bool {
        self.slow.load(Ordering::SeqCst)
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
