//! How much processor time all threads of an instance have used together.
//!
//! **Problem.** When an instance reaches its limit of processor time, it must end soon, even if its threads compute and
//! never yield. **Here,** each run of a limited instance's thread on a worker is a [`Slice`]: it begins when the worker
//! polls the thread, and ends when the thread waits, yields or is interrupted. At its end, a slice adds its time to the
//! instance's [`Meter`]. The engine keeps a list of the current slices, and at each of the scheduler's ticks adds up
//! what they have used so far. So nothing polls: there are ticks anyway while a worker is awake, and instances without
//! such a limit cost nothing.
//!
//! The time is the OS thread's processor time. Time during which the system runs something else does not count.
//!
//! **Rejected:** counting ticks (a thread that waits before each tick would never be charged); wall-clock time; a
//! system timer for each thread (its signal would have to find the instance).

use crate::scheduler::Clock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// The processor time that the threads of one instance have used, and may use.
pub(crate) struct Meter {
    limit: Duration,
    /// In nanoseconds.
    used: AtomicU64,
    /// Called when the time is used up. It ends the instance.
    exhausted: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

/// The current slices of an engine's workers: at most one per worker.
#[derive(Default)]
pub(crate) struct Slices {
    running: Mutex<Vec<Running>>,
}

struct Running {
    meter: Arc<Meter>,
    clock: Clock,
    since: Duration,
}

/// A run of a thread. It ends when this is dropped, on the OS thread that began it.
pub(crate) struct Slice<'a> {
    slices: &'a Slices,
    clock: Clock,
}

/// The processor time that an instance of another runtime has used, and its limit. That runtime measures the time.
#[doc(hidden)]
pub struct ProcessorTime {
    meter: Arc<Meter>,
    slices: Slices,
}

impl ProcessorTime {
    /// Calls `exhausted` when the instance has used this much time.
    pub fn new(limit: Duration, exhausted: impl Fn() + Send + Sync + 'static) -> Self {
        let meter = Arc::new(Meter::new(limit));
        meter.when_exhausted(exhausted);
        ProcessorTime {
            meter,
            slices: Slices::default(),
        }
    }

    /// Runs something for the instance on the calling OS thread.
    pub fn during<R>(&self, run: impl FnOnce() -> R) -> R {
        let _slice = self.slices.begin(&self.meter);
        run()
    }

    /// Looks whether the time has been used, from any thread.
    pub fn check(&self) {
        self.slices.check();
    }
}

impl Meter {
    pub(crate) fn new(limit: Duration) -> Self {
        Meter {
            limit,
            used: AtomicU64::new(0),
            exhausted: OnceLock::new(),
        }
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Sets the function that is called when the time is used up.
    pub(crate) fn when_exhausted(&self, exhausted: impl Fn() + Send + Sync + 'static) {
        // An instance sets it once.
        let _ = self.exhausted.set(Box::new(exhausted));
    }

    fn used(&self) -> Duration {
        Duration::from_nanos(self.used.load(Ordering::Relaxed))
    }

    fn add(&self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.used.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Ends the instance if `used` is more than it may use.
    fn check(&self, used: Duration) {
        if used >= self.limit
            && let Some(exhausted) = self.exhausted.get()
        {
            exhausted();
        }
    }
}

impl Slices {
    /// Begins a slice: the calling OS thread is about to run a thread of the meter's instance.
    pub(crate) fn begin(&self, meter: &Arc<Meter>) -> Slice<'_> {
        let clock = Clock::of_this_thread();
        // If the clock cannot be read, no time has passed.
        let since = clock.now().unwrap_or(Duration::ZERO);
        self.running().push(Running {
            meter: Arc::clone(meter),
            clock,
            since,
        });
        Slice { slices: self, clock }
    }

    /// Ends the instances that have used up their time. A tick calls this.
    pub(crate) fn check(&self) {
        let mut totals: Vec<(Arc<Meter>, Duration)> = Vec::new();
        for running in &*self.running() {
            let time = running.time();
            match totals.iter_mut().find(|(meter, _)| Arc::ptr_eq(meter, &running.meter)) {
                Some((_, total)) => *total += time,
                None => totals.push((Arc::clone(&running.meter), time)),
            }
        }
        // Called without the lock, because ending an instance may drop its threads.
        for (meter, running) in totals {
            meter.check(meter.used() + running);
        }
    }

    /// Whether no slice is in progress.
    pub(crate) fn is_empty(&self) -> bool {
        self.running().is_empty()
    }

    /// The list is consistent whenever the lock is free, even if a holder panicked.
    fn running(&self) -> MutexGuard<'_, Vec<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn time(&self) -> Duration {
        let now = self.clock.now().unwrap_or(self.since);
        now.saturating_sub(self.since)
    }
}

impl Drop for Slice<'_> {
    fn drop(&mut self) {
        let mut running = self.slices.running();
        // An OS thread runs one slice at a time. A host function may run a slice of another engine, but that engine has
        // its own list.
        let Some(position) = running.iter().rposition(|running| running.clock == self.clock) else {
            return;
        };
        let over = running.swap_remove(position);
        // Added under the lock, so that a tick counts this time once.
        over.meter.add(over.time());
        drop(running);
        over.meter.check(over.meter.used());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    /// A meter that counts how often it was found to be exhausted.
    fn meter(limit: Duration) -> (Arc<Meter>, Arc<AtomicU32>) {
        let (meter, count) = (Arc::new(Meter::new(limit)), Arc::new(AtomicU32::new(0)));
        let counted = Arc::clone(&count);
        meter.when_exhausted(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        (meter, count)
    }

    /// Uses processor time until `is_enough`.
    fn compute(mut is_enough: impl FnMut() -> bool) {
        while !is_enough() {
            std::hint::black_box((0..1000).sum::<u64>());
        }
    }

    #[test]
    fn a_tick_counts_slices_that_are_not_over() {
        let slices = Slices::default();
        let (meter, exhausted) = meter(Duration::from_millis(1));
        let slice = slices.begin(&meter);
        compute(|| {
            slices.check();
            exhausted.load(Ordering::Relaxed) > 0
        });
        assert_eq!(meter.used(), Duration::ZERO, "the slice is not over");
        drop(slice);
        assert!(meter.used() >= Duration::from_millis(1));
        assert!(slices.running().is_empty());
    }

    #[test]
    fn short_slices_add_up_without_a_tick() {
        let slices = Slices::default();
        let (meter, exhausted) = meter(Duration::from_millis(1));
        compute(|| {
            drop(slices.begin(&meter));
            exhausted.load(Ordering::Relaxed) > 0
        });
        assert!(meter.used() >= Duration::from_millis(1));
    }

    #[test]
    fn the_slices_of_several_threads_add_up() {
        let slices = Slices::default();
        let (meter, exhausted) = meter(Duration::from_millis(2));
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let _slice = slices.begin(&meter);
                    compute(|| {
                        slices.check();
                        exhausted.load(Ordering::Relaxed) > 0
                    });
                });
            }
        });
        assert!(meter.used() >= Duration::from_millis(2));
    }

    #[test]
    fn what_waits_is_not_charged() {
        let slices = Slices::default();
        let (meter, exhausted) = meter(Duration::from_secs(3600));
        drop(slices.begin(&meter));
        slices.check();
        assert_eq!(exhausted.load(Ordering::Relaxed), 0);
    }
}
