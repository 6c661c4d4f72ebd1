//! The threads that wait at an address: `memory.atomic.wait32`, `wait64` and `notify` for fibers.
//!
//! **Problem.** Wasmtime's own wait parks the OS thread, and with it every guest thread that the worker could run.
//! **Here**, a wait is a future that stands in a queue of its address; a notification takes the oldest out and wakes it.
//!
//! **Who notifies looks before it locks.** A waiter raises the [count](super::waiter_counts) of its address, then compares the value, and
//! stands in the queue if it is the expected one. A notifier has stored the new value, then looks at the count, and takes no
//! lock where it is zero. Between the two steps of each is a sequentially consistent fence, and such fences have one order. If
//! the notifier's comes first, the waiter compares with the new value and does not wait. If the waiter's comes first, the
//! notifier sees what the waiter added to the count. So it never happens that the one sees the old value and the other a
//! count without it. Counts change only under the lock of their queues, and fall only for a waiter that leaves its queue, is
//! taken out of it, or has not entered it. So a notifier that sees a count that has fallen since comes behind the one for
//! whom, or the reason for which, it fell.
//!
//! Who sees a count takes the lock and looks into the queue. A waiter compares and enters under the lock, so a
//! notifier finds it there. A waiter that is woken for any other reason looks whether it still stands in the queue: only a
//! notification takes it out. So there are no spurious wake-ups, and dropping a waiting thread is just leaving the queue.
//!
//! Locks of queues do not share cache lines, and a wait or a notification of one thread allocates nothing once its address has
//! a queue.
//!
//! **Rejected:** a channel for each wait (an allocation and two more atomic operations); one lock for all addresses
//! (threads of different mutexes would meet at it); a count for each queue (a table of queues that can be read without a lock); a waiter
//! that spins before it suspends. Of 800,000 sections of two threads that fight for a mutex without spinning themselves, fewer than
//! a hundred wait: who is woken [stays](wake_here) on the worker of the one who holds the mutex. Threads that take turns do so on one
//! worker, and there a waiter would spin in vain: 1 us for each of the 20,000 turns of the benchmark would take three times as long.
//!
//! Semantics: [wait and notify](https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md#wait-and-notify-operators).

use super::waiter_counts::{CountIndex, Counts};
use crate::scheduler::{wake_here, yield_now};
use crate::sync::atomic::{AtomicU32, Ordering, fence};
use crate::sync::{Mutex, MutexGuard, OnceLock, PoisonError, Timer};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use weft_lower::plan::MemoryIndex;

/// Where threads wait: a memory and an address in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Location {
    pub memory: MemoryIndex,
    pub address: u64,
}

/// How a wait ended, as the instruction's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WaitResult {
    Notified = 0,
    NotEqual = 1,
    TimedOut = 2,
}

/// All waiting threads of a program.
pub(crate) struct Waiters<C> {
    /// Made for the first thread that waits: most instances have none.
    shards: OnceLock<Box<[Line<Mutex<Shard>>]>>,
    counts: C,
}

/// Something that has its cache lines for itself: processors fetch them in pairs.
#[derive(Default)]
#[repr(align(128))]
struct Line<T>(T);

/// How many locks the addresses share.
const SHARDS: usize = 64;

/// How many empty queues a shard keeps, so that a wait that recurs does not allocate.
const EMPTY_QUEUES: usize = 16;

#[derive(Default)]
struct Shard {
    queues: FxHashMap<Location, VecDeque<Entry>>,
    next_ticket: u64,
}

struct Entry {
    /// Grows along the queue.
    ticket: u64,
    waker: Waker,
}

impl<C: Counts> Waiters<C> {
    pub(crate) fn new(counts: C) -> Self {
        Waiters {
            shards: OnceLock::new(),
            counts,
        }
    }

    fn count(&self, location: Location) -> &AtomicU32 {
        self.counts.count(CountIndex::of(location.address))
    }

    /// The lock of an address. All addresses of a count have the same one.
    fn shard(&self, location: Location) -> MutexGuard<'_, Shard> {
        let shards = self
            .shards
            .get_or_init(|| (0..SHARDS).map(|_| Line::default()).collect());
        let shard = CountIndex::of(location.address).index() % SHARDS;
        shards[shard].0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until notified, unless `differs` says that the value is not the expected one.
    pub(crate) async fn wait(
        &self,
        location: Location,
        differs: impl Fn() -> bool + Send,
        timeout: Option<Duration>,
    ) -> WaitResult {
        let mut wait = Wait {
            waiters: self,
            location,
            differs,
            ticket: None,
        };
        match timeout {
            None => (&mut wait).await,
            // Nothing to wait for, but the comparison, and others' turn.
            Some(Duration::ZERO) => {
                if (wait.differs)() {
                    return WaitResult::NotEqual;
                }
                yield_now().await;
                WaitResult::TimedOut
            }
            Some(timeout) => {
                let notified = async { Some((&mut wait).await) };
                let timer = async {
                    Timer::after(timeout).await;
                    None
                };
                match futures_lite::future::or(notified, timer).await {
                    Some(result) => result,
                    None if wait.leave() => WaitResult::TimedOut,
                    None => WaitResult::Notified,
                }
            }
        }
    }

    /// Wakes up to `count` threads, those that have waited longest, and gives their number.
    pub(crate) fn notify(&self, location: Location, count: u32) -> u32 {
        fence(Ordering::SeqCst);
        match self.count(location).load(Ordering::SeqCst) {
            0 => 0,
            _ => self.notify_queue(location, count),
        }
    }

    fn notify_queue(&self, location: Location, count: u32) -> u32 {
        let mut shard = self.shard(location);
        let Some(queue) = shard.queues.get_mut(&location) else {
            return 0;
        };
        let count = queue.len().min(count as usize);
        self.count(location).fetch_sub(count as u32, Ordering::SeqCst);
        // No thread is woken under the lock, because a woken thread may take it. And no allocation for the common case.
        if count == 1 {
            let entry = queue.pop_front();
            shard.forget_if_empty(location);
            drop(shard);
            wake_here(|| entry.into_iter().for_each(|entry| entry.waker.wake()));
        } else {
            let entries = queue.drain(..count).collect::<Vec<_>>();
            shard.forget_if_empty(location);
            drop(shard);
            wake_here(|| entries.into_iter().for_each(|entry| entry.waker.wake()));
        }
        count as u32
    }
}

impl Shard {
    fn forget_if_empty(&mut self, location: Location) {
        if self.queues.len() > EMPTY_QUEUES && self.queues.get(&location).is_some_and(VecDeque::is_empty) {
            self.queues.remove(&location);
        }
    }

    fn position(&self, location: Location, ticket: u64) -> Option<usize> {
        let queue = self.queues.get(&location)?;
        queue.binary_search_by_key(&ticket, |entry| entry.ticket).ok()
    }
}

struct Wait<'a, F, C: Counts> {
    waiters: &'a Waiters<C>,
    location: Location,
    differs: F,
    /// Set when it stands in the queue.
    ticket: Option<u64>,
}

impl<F, C: Counts> Wait<'_, F, C> {
    /// Leaves the queue. Gives whether it still stood there.
    fn leave(&mut self) -> bool {
        let Some(ticket) = self.ticket.take() else {
            return false;
        };
        let mut shard = self.waiters.shard(self.location);
        let Some(position) = shard.position(self.location, ticket) else {
            return false;
        };
        if let Some(queue) = shard.queues.get_mut(&self.location) {
            queue.remove(position);
        }
        self.waiters.count(self.location).fetch_sub(1, Ordering::SeqCst);
        shard.forget_if_empty(self.location);
        true
    }
}

impl<F: Fn() -> bool, C: Counts> Wait<'_, F, C> {
    /// Enters the queue, unless the value is not the expected one.
    fn enter(&mut self, cx: &Context<'_>) -> Poll<WaitResult> {
        if (self.differs)() {
            return Poll::Ready(WaitResult::NotEqual);
        }
        let waiters = self.waiters;
        let mut shard = waiters.shard(self.location);
        let count = waiters.count(self.location);
        count.fetch_add(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if (self.differs)() {
            count.fetch_sub(1, Ordering::SeqCst);
            return Poll::Ready(WaitResult::NotEqual);
        }
        let ticket = shard.next_ticket;
        shard.next_ticket += 1;
        self.ticket = Some(ticket);
        let waker = cx.waker().clone();
        let queue = shard.queues.entry(self.location).or_default();
        queue.push_back(Entry { ticket, waker });
        Poll::Pending
    }
}

impl<F: Fn() -> bool, C: Counts> Future for &mut Wait<'_, F, C> {
    type Output = WaitResult;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<WaitResult> {
        let wait = &mut **self;
        let Some(ticket) = wait.ticket else {
            return wait.enter(cx);
        };
        let still_stands = wait.waiters.shard(wait.location).position(wait.location, ticket);
        if still_stands.is_some() {
            return Poll::Pending;
        }
        wait.ticket = None;
        Poll::Ready(WaitResult::Notified)
    }
}

impl<F, C: Counts> Drop for Wait<'_, F, C> {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(all(test, not(modelled)))]
mod tests {
    use super::*;
    use crate::memory::waiter_counts::OwnCounts;
    use futures_lite::future::{block_on, poll_once};
    use std::pin::pin;
    use std::sync::atomic::AtomicBool;

    const HERE: Location = Location {
        memory: MemoryIndex(0),
        address: 8,
    };

    #[test]
    fn a_value_that_differs_ends_the_wait_at_once() {
        let waiters = Waiters::new(OwnCounts::default());
        assert_eq!(block_on(waiters.wait(HERE, || true, None)), WaitResult::NotEqual);
        assert_eq!(waiters.notify(HERE, 1), 0);
    }

    #[test]
    fn those_that_waited_longest_are_notified_first() {
        let waiters = Waiters::new(OwnCounts::default());
        let mut waits = (0..3)
            .map(|_| Box::pin(waiters.wait(HERE, || false, None)))
            .collect::<Vec<_>>();
        block_on(async {
            for wait in &mut waits {
                assert_eq!(poll_once(wait).await, None);
            }
            assert_eq!(waiters.notify(HERE, 2), 2);
            let results = [poll_once(&mut waits[0]).await, poll_once(&mut waits[1]).await];
            assert_eq!(results, [Some(WaitResult::Notified); 2]);
            assert_eq!(poll_once(&mut waits[2]).await, None);
        });
        assert_eq!(waiters.notify(HERE, u32::MAX), 1);
    }

    #[test]
    fn a_wait_that_is_dropped_takes_no_notification() {
        let waiters = Waiters::new(OwnCounts::default());
        let mut dropped = Box::pin(waiters.wait(HERE, || false, None));
        let mut kept = pin!(waiters.wait(HERE, || false, None));
        block_on(async {
            assert_eq!(poll_once(&mut dropped).await, None);
            assert_eq!(poll_once(&mut kept).await, None);
            drop(dropped);
            assert_eq!(waiters.notify(HERE, 1), 1);
            assert_eq!(poll_once(&mut kept).await, Some(WaitResult::Notified));
        });
    }

    /// Otherwise every later notification there would take the lock.
    #[test]
    fn every_end_of_a_wait_lowers_the_count() {
        let waiters = Waiters::new(OwnCounts::default());
        let count = || waiters.count(HERE).load(Ordering::SeqCst);
        let mut waits = (0..3)
            .map(|_| Box::pin(waiters.wait(HERE, || false, None)))
            .collect::<Vec<_>>();
        block_on(async {
            for wait in &mut waits {
                assert_eq!(poll_once(wait).await, None);
            }
            assert_eq!(count(), 3);
            drop(waits.pop());
            assert_eq!(count(), 2);
            waiters.notify(HERE, 1);
            assert_eq!(count(), 1);
            waiters.notify(HERE, u32::MAX);
            assert_eq!(count(), 0);
            // The value changes between the first comparison and the second.
            let compared = AtomicBool::new(false);
            let changes = || compared.swap(true, Ordering::SeqCst);
            assert_eq!(waiters.wait(HERE, changes, None).await, WaitResult::NotEqual);
            assert_eq!(count(), 0);
        });
        let timeout = Some(Duration::from_millis(1));
        assert_eq!(block_on(waiters.wait(HERE, || false, timeout)), WaitResult::TimedOut);
        assert_eq!(count(), 0);
    }

    #[test]
    fn a_timeout_leaves_the_queue() {
        let waiters = Waiters::new(OwnCounts::default());
        let timeout = Some(Duration::from_millis(1));
        assert_eq!(block_on(waiters.wait(HERE, || false, timeout)), WaitResult::TimedOut);
        assert_eq!(waiters.notify(HERE, 1), 0);
    }

    #[test]
    fn a_wake_up_that_is_no_notification_is_not_seen() {
        let waiters = Waiters::new(OwnCounts::default());
        let mut wait = pin!(waiters.wait(HERE, || false, None));
        block_on(async {
            assert_eq!(poll_once(&mut wait).await, None);
            assert_eq!(poll_once(&mut wait).await, None);
            let elsewhere = Location { address: 12, ..HERE };
            assert_eq!(waiters.notify(elsewhere, 1), 0);
            assert_eq!(waiters.notify(HERE, 1), 1);
            assert_eq!(poll_once(&mut wait).await, Some(WaitResult::Notified));
        });
    }
}
