//! How long a worker's thread has run.
//!
//! Problem: if a task that was just spawned stays in its slot, another worker takes it. The task must stay there while
//! the spawner *runs*; time during which the system ran something else in the spawner's place must not count. Some
//! programs store a child's index after they spawn it, and hang if the child ended before (Zig's standard library does
//! so). If the child never starts before its parent has run on for some microseconds, such a program works.
//!
//! So a worker measures the processor time of the spawner's thread, which on Linux any thread of the process may read.
//! On other systems it measures wall-clock time, which is wrong only if the spawner is preempted at that very place.

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
            // How Linux numbers clocks: the complement of the thread's id, then a bit for a thread's clock, then the
            // kind of clock (here the time that the system's scheduler counted).
            const PER_THREAD: i32 = 4;
            const SCHEDULED: i32 = 2;
            let thread = rustix::thread::gettid().as_raw_nonzero().get();
            Clock(ClockId::from_raw((!thread << 3) | PER_THREAD | SCHEDULED))
        }

        /// How long the thread has run. `None` if the thread has ended.
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
    /// Makes this the clock of the calling thread.
    pub(super) fn register(&self) {
        self.0.get_or_init(Clock::of_this_thread);
    }

    /// How long the thread has run. `None` before the thread is registered and after it has ended.
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
                // The thread may still run a little before it blocks.
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
