//! The threads that wait at an address: `memory.atomic.wait32`, `wait64` and `notify` for fibers.
//!
//! **Problem.** Wasmtime's own wait parks the OS thread, and with it every guest thread that the worker could run.
//! **Here**, a wait is a future with an entry in its address's queue; a notification removes the oldest entry and wakes
//! its thread.
//!
//! **A notifier reads the count before it locks.** A waiter raises the [count](super::waiter_counts) of its address,
//! then compares the value, and enters the queue if the value is the expected one. A notifier stores the new value,
//! then reads the count, and takes no lock if the count is zero. Each executes a sequentially consistent fence between
//! its two steps, and all such fences have one order. If the notifier's fence comes first, the waiter reads the new
//! value and does not wait. If the waiter's comes first, the notifier sees the raised count. So it is impossible that
//! the waiter sees the old value and the notifier misses the waiter. A count changes only under the lock of its queues.
//! It falls only when a waiter leaves its queue, is taken out of it, or does not enter it. So if a notifier reads a
//! count that has fallen again, that waiter no longer needs the notification.
//!
//! If the count is not zero, the notifier takes the lock and looks into the queue. A waiter compares and enters under
//! the lock, so the notifier finds it there. A waiter that is woken for any other reason checks whether it is still in
//! the queue: only a notification removes it. So there are no spurious wake-ups, and a waiting thread that is dropped
//! just leaves the queue.
//!
//! The queues' locks do not share cache lines. Once an address has a queue, a wait there or a notification of one
//! thread allocates nothing.
//!
//! **Rejected:** a channel for each wait (an allocation and two more atomic operations); one lock for all addresses
//! (threads of different mutexes would contend for it); a count for each queue (needs a table of queues that can be
//! read without a lock); a waiter that spins before it suspends. When two threads that do not spin themselves contend
//! for a mutex, fewer than a hundred of 800,000 critical sections wait: a woken thread [stays](wake_here) on the worker
//! of the thread that holds the mutex. Threads that take turns do so on one worker, where a waiter would spin in vain:
//! a spin of 1 us in each of the benchmark's 20,000 turns would make it take three times as long.
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

/// A value with cache lines of its own. The alignment is two lines, because processors fetch lines in pairs.
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
    /// Tickets increase along the queue.
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

    /// Locks the shard of an address. All addresses with the same count have the same shard.
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
            // Only compares the value, and lets other threads run.
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

    /// Wakes up to `count` threads, those that have waited longest, and returns how many.
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
        // Threads are woken after the lock is released, because a woken thread may take it. The common case does not
        // allocate.
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
    /// Set while the wait is in the queue.
    ticket: Option<u64>,
}

impl<F, C: Counts> Wait<'_, F, C> {
    /// Leaves the queue. Returns whether the wait was still in it.
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

    /// If a count stayed raised, every later notification there would take the lock.
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
