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
    pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};

    /// All operations are sequentially consistent already.
    pub(crate) fn fence(_: Ordering) {}
}

/// Parking, of threads that [`spawn`](thread::spawn) starts.
///
/// **Problem.** The checker's `park` may return although nothing unparked the thread, as the real one may. A thread whose wake-up is lost
/// then goes on at such a moment, as long as another thread spins, and no schedule shows the loss. **Here**, a thread is parked until another
/// one unparks it.
pub(crate) mod thread {
    use shuttle::sync::{Condvar, Mutex, PoisonError};
    use shuttle::thread::JoinHandle;
    use std::cell::OnceCell;
    use std::sync::Arc;
    use std::time::Duration;

    /// A thread, for others to unpark.
    #[derive(Clone, Default)]
    pub(crate) struct Thread(Arc<Token>);

    /// Whether the thread was unparked and has not parked since.
    #[derive(Default)]
    struct Token {
        is_there: Mutex<bool>,
        appears: Condvar,
    }

    shuttle::thread_local! {
        static CURRENT: OnceCell<Thread> = const { OnceCell::new() };
    }

    /// Starts a thread that can park.
    pub(crate) fn spawn(body: impl FnOnce() + Send + 'static) -> (Thread, JoinHandle<()>) {
        let thread = Thread::default();
        let of_thread = thread.clone();
        let handle = shuttle::thread::spawn(move || {
            CURRENT.with(|current| current.get_or_init(|| of_thread).clone());
            body();
        });
        (thread, handle)
    }

    pub(crate) fn current() -> Thread {
        CURRENT.with(|current| current.get_or_init(Thread::default).clone())
    }

    pub(crate) fn park() {
        let Thread(token) = current();
        let mut is_there = token.is_there.lock().unwrap_or_else(PoisonError::into_inner);
        while !*is_there {
            is_there = token.appears.wait(is_there).unwrap_or_else(PoisonError::into_inner);
        }
        *is_there = false;
    }

    /// The timeout may come at any moment. An unpark before it is used up, as by the real one: else it would end the next `park`.
    pub(crate) fn park_timeout(_: Duration) {
        shuttle::thread::yield_now();
        let Thread(token) = current();
        *token.is_there.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }

    impl Thread {
        pub(crate) fn unpark(&self) {
            *self.0.is_there.lock().unwrap_or_else(PoisonError::into_inner) = true;
            self.0.appears.notify_one();
        }
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
