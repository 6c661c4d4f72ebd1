//! How long a worker's thread has run.
//!
//! Problem: a task that was just spawned is taken by another worker when it stays in its slot. But "stays" has to mean that
//! the spawner had its chance to go on, not that time passed while the system ran something else in its place. Some
//! programs store a child's index after spawning it, and hang if the child has come to its end before (Zig's standard
//! library does so); a child that never starts before its parent has run on for some microseconds cannot do that.
//!
//! So the time that counts is the processor time of the spawner's thread, which on Linux any thread of the process may
//! read. Elsewhere it is the time on the wall, which is wrong only when the spawner is preempted at that very place.

use std::sync::OnceLock;
use std::time::Duration;

/// The processor time of one worker's thread.
#[derive(Default)]
pub(super) struct ThreadClock(OnceLock<Clock>);

#[cfg(target_os = "linux")]
mod system {
    use nix::time::{ClockId, clock_gettime};
    use std::time::Duration;

    /// The clock of one OS thread. Any thread of the process can read it.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Clock(ClockId);

    impl Clock {
        pub(crate) fn of_this_thread() -> Self {
            thread_local! {
                static CLOCK: Clock = Clock::new();
            }
            CLOCK.with(|clock| *clock)
        }

        fn new() -> Self {
            // The kernel's numbering of clocks: the complement of the thread's id, and that it is a thread's and counts
            // what the scheduler counted.
            const PER_THREAD: i32 = 4;
            const SCHEDULED: i32 = 2;
            let thread = rustix::thread::gettid().as_raw_nonzero().get();
            Clock(ClockId::from_raw((!thread << 3) | PER_THREAD | SCHEDULED))
        }

        /// How long the thread has run. None if it has ended.
        pub(crate) fn now(&self) -> Option<Duration> {
            clock_gettime(self.0).ok().map(Duration::from)
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::time::{Duration, Instant};

    /// The clock of one OS thread. Any thread of the process can read it.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Clock(Instant);

    impl Clock {
        pub(crate) fn of_this_thread() -> Self {
            thread_local! {
                static CLOCK: Clock = Clock(Instant::now());
            }
            CLOCK.with(|clock| *clock)
        }

        /// How long the thread has run.
        pub(crate) fn now(&self) -> Option<Duration> {
            Some(self.0.elapsed())
        }
    }
}

pub(crate) use system::Clock;

impl ThreadClock {
    /// Makes it the clock of the calling thread.
    pub(super) fn register(&self) {
        self.0.get_or_init(Clock::of_this_thread);
    }

    /// How long the thread has run, if that can be told: not before it is registered, and not after it has ended.
    pub(super) fn now(&self) -> Option<Duration> {
        self.0.get()?.now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Instant;

    #[test]
    fn time_passes_for_a_thread_that_runs_and_not_for_one_that_waits() {
        let clock = ThreadClock::default();
        let ((ready, is_ready), (go, may_go)) = (channel(), channel());
        std::thread::scope(|scope| {
            let clock = &clock;
            scope.spawn(move || {
                clock.register();
                let start = Instant::now();
                while start.elapsed() < Duration::from_millis(5) {}
                ready.send(()).ok();
                may_go.recv().ok();
            });
            is_ready.recv().ok();
            let ran = clock.now();
            assert!(ran > Some(Duration::ZERO));
            if cfg!(target_os = "linux") {
                // On its way into the wait it may run a little still.
                let waits = (0..1000).any(|_| {
                    let before = clock.now();
                    std::thread::sleep(Duration::from_millis(1));
                    clock.now() == before
                });
                assert!(waits);
            }
            go.send(()).ok();
        });
    }
}
