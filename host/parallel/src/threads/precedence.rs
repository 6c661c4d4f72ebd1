//! Which thread goes first: `thread.suspend-then-promote` and `thread.yield-then-promote`.
//!
//! Problem: a promoted thread is ready and is somewhere in the scheduler's queues, but no task can be taken out of the
//! middle of a queue. So the other threads make way: if a thread of the same instance comes up before the promoted one,
//! it goes to the back of the queue instead of running.
//!
//! A thread makes way once for each promotion: the promoted thread may be waiting and not come up at all, and the
//! others must not circle for ever. Except in the deterministic profile, a thread also makes way at most once between
//! two of its runs, so that two threads that promote each other do not starve the others. With several workers, a
//! promotion is only a hint, since other threads run at the same time.
//!
//! Rejected: queues from which any task can be removed (each needs a lock, which every spawn would take).

use super::thread_id::{NUMBER_BITS, ThreadId};
use std::sync::atomic::{AtomicU64, Ordering};

/// The bits of a pending promotion that identify the promoted thread.
const THREAD: u64 = (1 << NUMBER_BITS) - 1;

/// See the module.
pub(crate) struct Precedence {
    /// The last promotion: its number in the upper bits, and in the lower ones the number of the promoted thread's
    /// fiber, or 0 if that thread has come up since.
    pending: AtomicU64,
    deterministic: bool,
}

/// What a thread remembers of the promotions of others.
#[derive(Default)]
pub(crate) struct GaveWay {
    /// The promotion for which the thread last made way.
    to: u64,
    /// Whether that was after the thread's last run.
    now: bool,
}

impl Precedence {
    pub(crate) fn new(deterministic: bool) -> Self {
        Precedence {
            pending: AtomicU64::new(0),
            deterministic,
        }
    }

    /// Promotes a thread, so that it runs before the others.
    pub(crate) fn promote(&self, thread: ThreadId) {
        // The count wraps around: a thread mistakes two promotions for one only if they are a million apart.
        let next = |last: u64| Some(((last >> NUMBER_BITS) + 1) << NUMBER_BITS | thread.number());
        // `next` always returns `Some`, so this cannot fail.
        let _ = self.pending.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
    }

    /// Whether a thread that comes up to run must go to the back of the queue.
    pub(crate) fn is_for_other(&self, thread: ThreadId, gave_way: &mut GaveWay) -> bool {
        let pending = self.pending.load(Ordering::Relaxed);
        let other = match pending & THREAD {
            0 => false,
            promoted if promoted == thread.number() => {
                let none = pending & !THREAD;
                // If another promotion has come meanwhile, that one stays.
                let _ = self
                    .pending
                    .compare_exchange(pending, none, Ordering::Relaxed, Ordering::Relaxed);
                false
            }
            _ => gave_way.to != pending && (self.deterministic || !gave_way.now),
        };
        gave_way.now = other;
        if other {
            gave_way.to = pending;
        }
        other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_lower::plan::ThreadTableIndex;

    /// Some of these threads have the same index in different tables.
    fn thread(number: u32) -> ThreadId {
        ThreadId {
            table: ThreadTableIndex(number / 3),
            index: number % 3 + 1,
        }
    }

    #[test]
    fn others_give_way_until_the_promoted_thread_comes_up() {
        let precedence = Precedence::new(true);
        let mut threads: [GaveWay; 4] = Default::default();
        let mut comes_up = |index: u32| !precedence.is_for_other(thread(index), &mut threads[index as usize]);
        assert!(comes_up(1));
        precedence.promote(thread(3));
        assert!(!comes_up(1));
        assert!(!comes_up(2));
        assert!(comes_up(3));
        assert!(comes_up(1));
        assert!(comes_up(2));
    }

    #[test]
    fn a_thread_gives_way_once_for_each_promotion() {
        let precedence = Precedence::new(true);
        let mut gave_way = GaveWay::default();
        let mut comes_up = || !precedence.is_for_other(thread(1), &mut gave_way);
        for _ in 0..3 {
            precedence.promote(thread(2));
            assert_eq!([comes_up(), comes_up(), comes_up()], [false, true, true]);
        }
        precedence.promote(thread(2));
        assert!(!comes_up());
        precedence.promote(thread(2));
        assert!(!comes_up());
    }

    #[test]
    fn but_for_the_deterministic_profile_a_thread_gives_way_once_between_two_runs() {
        let precedence = Precedence::new(false);
        let mut gave_way = GaveWay::default();
        for _ in 0..3 {
            precedence.promote(thread(2));
            assert!(precedence.is_for_other(thread(1), &mut gave_way));
            precedence.promote(thread(2));
            assert!(!precedence.is_for_other(thread(1), &mut gave_way));
        }
    }
}
