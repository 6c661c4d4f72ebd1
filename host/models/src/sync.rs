//! The checker's primitives, under the names of the runtime's `sync.rs`.

pub(crate) use shuttle::sync::{Mutex, MutexGuard};
pub(crate) use shuttle::thread_local;
pub(crate) use std::sync::{OnceLock, PoisonError};

/// The number of the thread in the model.
pub(crate) fn thread_number() -> usize {
    shuttle::current::me().into()
}

/// To spin decides nothing here: time passes by looking at the clock.
pub(crate) fn spin_loop() {}

/// A timer that may come at any moment.
pub(crate) struct Timer;

impl Timer {
    pub(crate) async fn after(_: std::time::Duration) {
        shuttle::future::yield_now().await;
    }
}

pub(crate) mod atomic {
    pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};

    /// All operations are sequentially consistent already.
    pub(crate) fn fence(_: Ordering) {}
}

pub(crate) mod thread {
    pub(crate) use shuttle::thread::{Thread, current, park};
    use std::time::Duration;

    /// The timeout may come at any moment. An unpark before it is used up, as by the real one: else it would end the next `park`.
    pub(crate) fn park_timeout(_: Duration) {
        shuttle::thread::yield_now();
        current().unpark();
        park();
    }
}

pub(crate) mod time {
    use std::cell::Cell;
    use std::time::Duration;

    /// How far a look at the clock moves it on.
    pub(crate) const STEP: Duration = Duration::from_micros(5);

    std::thread_local! {
        /// The checker runs all threads of a model on one thread of the system.
        static NOW: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) struct Instant(Duration);

    impl Instant {
        pub(crate) fn now() -> Self {
            Instant(NOW.replace(NOW.get() + STEP))
        }

        pub(crate) fn elapsed(&self) -> Duration {
            Instant::now().0 - self.0
        }

        pub(crate) fn since_start(&self) -> Duration {
            self.0
        }
    }
}
