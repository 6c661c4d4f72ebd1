//! Which thread goes first: `thread.suspend-then-promote` and `thread.yield-then-promote`.
//!
//! Problem: a promoted thread is ready, and stands in one of the scheduler's queues, where no particular task can be got at.
//! So the others act: a thread of the same instance that comes up before the promoted one goes to the back of the queue
//! instead of running.
//!
//! It does so once for each promotion. A thread that was promoted while it waits for something does not come up at all, and
//! the others must not go round for ever. And, but for the deterministic profile, it does so once between two of its runs,
//! so that two threads which promote each other do not starve the others. On several workers all this is a hint anyway, since other
//! threads run at the same time.
//!
//! Rejected: queues that tasks can be taken out of (a lock for each, on the path of every spawn).

use super::thread_id::{NUMBER_BITS, ThreadId};
use std::sync::atomic::{AtomicU64, Ordering};

/// The part of a pending promotion that says which thread is promoted.
const THREAD: u64 = (1 << NUMBER_BITS) - 1;

/// See the module.
pub(crate) struct Precedence {
    /// The promotion that is pending: its number in the upper bits, and the thread's number, or 0, in the lower ones. Threads are
    /// those whose fibers are promoted.
    pending: AtomicU64,
    deterministic: bool,
}

/// What a thread remembers of the promotions of others.
#[derive(Default)]
pub(crate) struct GaveWay {
    /// The promotion that it gave way to last.
    to: u64,
    /// Whether that was after its last run.
    now: bool,
}

impl Precedence {
    pub(crate) fn new(deterministic: bool) -> Self {
        Precedence {
            pending: AtomicU64::new(0),
            deterministic,
        }
    }

    /// Has a thread go first.
    pub(crate) fn promote(&self, thread: ThreadId) {
        // The count wraps around: a thread takes two promotions for one only if they are a million apart.
        let next = |last: u64| Some(((last >> NUMBER_BITS) + 1) << NUMBER_BITS | thread.number());
        // It cannot fail.
        let _ = self.pending.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
    }

    /// Whether a thread that comes up to run has to go to the back of the queue.
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

    /// Of two threads, the one in another table has the same index.
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
