//! The threads that wait at an address: `memory.atomic.wait32`, `wait64` and `notify` for fibers.
//!
//! **Problem.** Wasmtime's own wait parks the OS thread, and with it every guest thread that the worker could run.
//! **Here**, a wait is a future that stands in a queue of its address; a notification takes the oldest out and wakes it.
//!
//! The value is compared under the lock of the queue. A notifier stores the new value first and takes the same
//! lock then, so it finds the waiter, or the waiter finds the value. A waiter that is woken for any other reason looks
//! whether it still stands in the queue: only a notification takes it out. So there are no spurious wake-ups, and
//! dropping a waiting thread is just leaving the queue.
//!
//! **Rejected:** a channel for each wait (an allocation and two more atomic operations); one lock for all addresses
//! (threads of different mutexes would meet at it).
//!
//! Semantics: [wait and notify](https://github.com/WebAssembly/threads/blob/main/proposals/threads/Overview.md#wait-and-notify-operators).

use crate::scheduler::yield_now;
use crate::sync::{Mutex, MutexGuard, PoisonError, Timer};
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
pub(crate) struct Waiters {
    shards: Vec<Mutex<Shard>>,
}

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

impl Waiters {
    pub(crate) fn new() -> Self {
        Waiters {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
        }
    }

    fn shard(&self, location: Location) -> MutexGuard<'_, Shard> {
        // Addresses that are waited on are aligned to four bytes.
        let shard = (location.address / 4) as usize % SHARDS;
        self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut shard = self.shard(location);
        let Some(queue) = shard.queues.get_mut(&location) else {
            return 0;
        };
        let count = queue.len().min(count as usize);
        if count == 1 {
            // No allocation for the common case.
            let entry = queue.pop_front();
            shard.forget_if_empty(location);
            drop(shard);
            entry.into_iter().for_each(|entry| entry.waker.wake());
        } else {
            let entries = queue.drain(..count).collect::<Vec<_>>();
            shard.forget_if_empty(location);
            drop(shard);
            entries.into_iter().for_each(|entry| entry.waker.wake());
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

struct Wait<'a, F> {
    waiters: &'a Waiters,
    location: Location,
    differs: F,
    /// Set when it stands in the queue.
    ticket: Option<u64>,
}

impl<F> Wait<'_, F> {
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
        shard.forget_if_empty(self.location);
        true
    }
}

impl<F: Fn() -> bool> Future for &mut Wait<'_, F> {
    type Output = WaitResult;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<WaitResult> {
        let wait = &mut **self;
        let mut shard = wait.waiters.shard(wait.location);
        match wait.ticket {
            None if (wait.differs)() => Poll::Ready(WaitResult::NotEqual),
            None => {
                let ticket = shard.next_ticket;
                shard.next_ticket += 1;
                wait.ticket = Some(ticket);
                shard.queues.entry(wait.location).or_default().push_back(Entry {
                    ticket,
                    waker: cx.waker().clone(),
                });
                Poll::Pending
            }
            Some(ticket) if shard.position(wait.location, ticket).is_some() => Poll::Pending,
            Some(_) => {
                wait.ticket = None;
                Poll::Ready(WaitResult::Notified)
            }
        }
    }
}

impl<F> Drop for Wait<'_, F> {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(all(test, not(modelled)))]
mod tests {
    use super::*;
    use futures_lite::future::{block_on, poll_once};
    use std::pin::pin;

    const HERE: Location = Location {
        memory: MemoryIndex(0),
        address: 8,
    };

    #[test]
    fn a_value_that_differs_ends_the_wait_at_once() {
        let waiters = Waiters::new();
        assert_eq!(block_on(waiters.wait(HERE, || true, None)), WaitResult::NotEqual);
        assert_eq!(waiters.notify(HERE, 1), 0);
    }

    #[test]
    fn those_that_waited_longest_are_notified_first() {
        let waiters = Waiters::new();
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
        let waiters = Waiters::new();
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

    #[test]
    fn a_timeout_leaves_the_queue() {
        let waiters = Waiters::new();
        let timeout = Some(Duration::from_millis(1));
        assert_eq!(block_on(waiters.wait(HERE, || false, timeout)), WaitResult::TimedOut);
        assert_eq!(waiters.notify(HERE, 1), 0);
    }

    #[test]
    fn a_wake_up_that_is_no_notification_is_not_seen() {
        let waiters = Waiters::new();
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
