//! The counters of guest threads.
//!
//! **Problem.** If workers share a counter, its cache line moves between them at each switch. **Here**, each worker has
//! a cache line of its own, which only it writes. So counting is an addition in the worker's own cache. A reader adds
//! the lines up.
//!
//! Guest threads wait in many places. So waits are not counted there, but derived from what [`GuestThread`] and
//! [`Seat`] see: if a thread stops without yielding, it waits; if it continues and had not yielded, it was woken.
//!
//! [`GuestThread`]: crate::lifecycle
//! [`Seat`]: crate::lifecycle

use crate::scheduler::worker_index;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most workers that have a line of their own.
const MAX_LINES: usize = 16;

/// See the module.
pub(crate) struct Counters {
    /// Made when the first worker counts: many instances run on no worker.
    of_workers: OnceLock<Box<[OwnLine]>>,
    workers: usize,
    /// The line of all other OS threads.
    of_others: Line,
}

#[derive(Default)]
struct Line([AtomicU64; COUNTS]);

/// The alignment keeps two lines off the same cache line.
#[derive(Default)]
#[repr(align(64))]
struct OwnLine(Line);

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Count {
    /// An OS thread starts or continues a guest thread.
    Run,
    /// That was the thread's first run.
    FirstRun,
    /// A thread stops: it waits or has yielded.
    Stop,
    /// A thread yields, by itself or because it was interrupted.
    Yield,
    /// A thread yields because it was interrupted.
    Preemption,
}

const COUNTS: usize = Count::Preemption as usize + 1;

/// The line of the calling OS thread.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    line: &'a Line,
    is_own: bool,
}

/// The sums of all lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) waits: u64,
    pub(crate) wake_ups: u64,
    pub(crate) switches: u64,
    pub(crate) preemptions: u64,
}

impl Counters {
    pub(crate) fn new(workers: usize) -> Self {
        Counters {
            of_workers: OnceLock::new(),
            workers: workers.min(MAX_LINES),
            of_others: Line::default(),
        }
    }

    /// The line of the calling OS thread. It must be a worker of the engine whose instance this counts for, or no worker.
    pub(crate) fn here(&self) -> Here<'_> {
        let of_workers = || {
            self.of_workers
                .get_or_init(|| (0..self.workers).map(|_| OwnLine::default()).collect())
        };
        let own = worker_index().and_then(|worker| of_workers().get(worker));
        Here {
            line: own.map_or(&self.of_others, |own| &own.0),
            is_own: own.is_some(),
        }
    }

    /// If threads run meanwhile, the numbers may be of slightly different moments.
    pub(crate) fn sum(&self) -> Counted {
        let of_workers = || self.of_workers.get().into_iter().flatten();
        let lines = || of_workers().map(|own| &own.0).chain([&self.of_others]);
        let sum = |count: Count| {
            let of_line = |line: &Line| line.0[count as usize].load(Ordering::Relaxed);
            lines().map(of_line).fold(0, u64::wrapping_add)
        };
        let yields = sum(Count::Yield);
        Counted {
            waits: sum(Count::Stop).saturating_sub(yields),
            wake_ups: sum(Count::Run)
                .saturating_sub(sum(Count::FirstRun))
                .saturating_sub(yields),
            switches: sum(Count::Run),
            preemptions: sum(Count::Preemption),
        }
    }
}

impl Here<'_> {
    pub(crate) fn count(self, count: Count) {
        let number = &self.line.0[count as usize];
        match self.is_own {
            // No other thread writes it.
            true => number.store(number.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed),
            false => {
                number.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_and_wake_ups_are_what_is_no_yield() {
        let counters = Counters::new(2);
        let count = |what: &[Count]| what.iter().for_each(|count| counters.here().count(*count));
        count(&[Count::Run, Count::FirstRun, Count::Stop]);
        count(&[Count::Run, Count::Yield, Count::Preemption, Count::Stop]);
        count(&[Count::Run, Count::Stop]);
        let counted = Counted {
            waits: 2,
            wake_ups: 1,
            switches: 3,
            preemptions: 1,
        };
        assert_eq!(counters.sum(), counted);
    }

    #[test]
    fn no_count_of_several_threads_is_lost() {
        let counters = Counters::new(1);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..10_000).for_each(|_| counters.here().count(Count::Run)));
            }
        });
        assert_eq!(counters.sum().switches, 40_000);
    }
}
