//! The exclusive locks of component instances: which fiber holds each, and which fibers wait for it.
//!
//! **Problem.** Only a thread of the program resumes a suspended one. If every thread is suspended or waits for a lock
//! that a suspended one holds, none of them can continue, and a call that waits for them would hang. **Before**, each
//! lock was a mutex beside the thread tables. A thread that waited for the mutex counted as active, so such a call
//! hung. **Here**, the locks are part of the thread tables' state, so both kinds of waiting are counted under one
//! mutex.
//!
//! **Exactness.** A deadlock must be reported only if there is one, so the count of stuck fibers must never be too
//! high. A fiber is stuck from the moment when it finds the lock taken, until the code that releases the lock says
//! otherwise, which it does before it wakes the fiber. A call of the host has no fiber before its thread enters a table
//! and after its thread has left. If such a call holds a lock or may take one, it makes progress by itself;
//! [`Locks::between`] counts these calls.
//!
//! **Order.** A released lock is free, and the first waiter may take it. If another call takes it before, the next
//! release hands the lock directly to that waiter. So a thread that makes many short calls does not switch tasks for
//! each of them, and no waiter starves.
//!
//! [`call_chain`](super::call_chain) refuses a call that would close a cycle of locks before the call waits. A search that follows the
//! holders of locks therefore ends at a suspended thread.
//!
//! **Rejected:** counting the fibers that wait for a mutex (a fiber that owns the mutex but has not run yet would still
//! count, so a deadlock would be reported where there is none); always handing a lock directly to the first waiter (a
//! switch of tasks for each call).

use super::thread_id::ThreadId;
use std::collections::VecDeque;
use std::task::Waker;
use weft_lower::plan::HomeIndex;

/// See the module. Part of the thread tables' state.
pub(super) struct Locks {
    /// By [`HomeIndex`].
    locks: Vec<Lock>,
    /// How many fibers wait for a lock that they cannot take now.
    pub(super) stuck: u32,
    /// How many calls of the host without a thread hold a lock or may take one now.
    pub(super) between: u32,
    /// The ticket of the newest wait. Tickets identify waits.
    tickets: u64,
}

#[derive(Default)]
struct Lock {
    holder: Option<Party>,
    waits: VecDeque<Wait>,
}

/// The holder of a lock, or a waiter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Party {
    /// A call by the host before its thread is in a table, or after the thread has left.
    Host,
    /// The fiber of a thread.
    Fiber(ThreadId),
}

struct Wait {
    ticket: u64,
    who: Party,
    waker: Waker,
    /// Whether the lock was released for this wait. Another call may still take the lock first.
    may_take: bool,
    /// Whether another call took the lock first. If so, the next release hands the lock to this wait.
    passed_over: bool,
}

impl Locks {
    pub(super) fn new(count: usize) -> Self {
        Locks {
            locks: (0..count).map(|_| Lock::default()).collect(),
            stuck: 0,
            between: 0,
            tickets: 0,
        }
    }

    /// Takes a lock, if it is free.
    pub(super) fn take(&mut self, home: HomeIndex, who: Party) -> bool {
        let lock = &mut self.locks[home.index()];
        let is_free = lock.holder.is_none();
        if is_free {
            self.hold(home, who);
        }
        is_free
    }

    fn hold(&mut self, home: HomeIndex, who: Party) {
        self.locks[home.index()].holder = Some(who);
        if who == Party::Host {
            self.between += 1;
        }
    }

    /// Begins to wait for a lock that is taken. Returns the ticket of the wait.
    pub(super) fn queue(&mut self, home: HomeIndex, who: Party, waker: &Waker) -> u64 {
        self.tickets += 1;
        self.locks[home.index()].waits.push_back(Wait {
            ticket: self.tickets,
            who,
            waker: waker.clone(),
            may_take: false,
            passed_over: false,
        });
        if let Party::Fiber(_) = who {
            self.stuck += 1;
        }
        self.tickets
    }

    /// Takes the lock, if it has been handed over, or was released and is still free.
    pub(super) fn take_queued(&mut self, home: HomeIndex, ticket: u64, waker: &Waker) -> bool {
        let lock = &mut self.locks[home.index()];
        let Some(position) = lock.waits.iter().position(|wait| wait.ticket == ticket) else {
            return true;
        };
        let wait = &mut lock.waits[position];
        wait.waker.clone_from(waker);
        if !wait.may_take {
            return false;
        }
        if lock.holder.is_some() {
            (wait.may_take, wait.passed_over) = (false, true);
            match wait.who {
                Party::Fiber(_) => self.stuck += 1,
                Party::Host => self.between -= 1,
            }
            return false;
        }
        if let Some(wait) = self.remove(home, position) {
            self.hold(home, wait.who);
        }
        true
    }

    /// Ends a wait.
    fn remove(&mut self, home: HomeIndex, position: usize) -> Option<Wait> {
        let wait = self.locks[home.index()].waits.remove(position)?;
        match (wait.who, wait.may_take) {
            (Party::Fiber(_), false) => self.stuck -= 1,
            (Party::Host, true) => self.between -= 1,
            (Party::Fiber(_), true) | (Party::Host, false) => {}
        }
        Some(wait)
    }

    /// Gives up a wait, or the lock if it has been handed over. Returns the waiter to wake.
    pub(super) fn give_up(&mut self, home: HomeIndex, ticket: u64) -> Option<Waker> {
        let lock = &self.locks[home.index()];
        match lock.waits.iter().position(|wait| wait.ticket == ticket) {
            None => self.release(home),
            Some(position) => {
                self.remove(home, position);
                self.pass_on(home)
            }
        }
    }

    /// Releases a lock. Returns the waiter to wake.
    pub(super) fn release(&mut self, home: HomeIndex) -> Option<Waker> {
        if self.locks[home.index()].holder.take() == Some(Party::Host) {
            self.between -= 1;
        }
        self.pass_on(home)
    }

    /// Lets the first waiter take a free lock. Returns the waiter to wake.
    fn pass_on(&mut self, home: HomeIndex) -> Option<Waker> {
        let lock = &mut self.locks[home.index()];
        if lock.holder.is_some() {
            return None;
        }
        let first = lock.waits.front_mut()?;
        if first.passed_over {
            let first = self.remove(home, 0)?;
            self.hold(home, first.who);
            return Some(first.waker);
        }
        if !first.may_take {
            first.may_take = true;
            match first.who {
                Party::Fiber(_) => self.stuck -= 1,
                Party::Host => self.between += 1,
            }
        }
        Some(first.waker.clone())
    }

    /// The thread of the call that holds the lock has begun.
    pub(super) fn begin(&mut self, home: HomeIndex, thread: ThreadId) {
        let holder = self.locks[home.index()].holder.replace(Party::Fiber(thread));
        if holder == Some(Party::Host) {
            self.between -= 1;
        }
    }

    /// The thread of a host call has left its table. The call still holds its locks.
    pub(super) fn ended(&mut self, thread: ThreadId) {
        for lock in &mut self.locks {
            if lock.holder == Some(Party::Fiber(thread)) {
                lock.holder = Some(Party::Host);
                self.between += 1;
            }
        }
    }

    /// The fiber that must make progress before `fiber` can: follows each lock that is waited for to its holder.
    /// Returns `fiber` itself if it waits for no lock.
    pub(super) fn awaited_by(&self, fiber: ThreadId) -> ThreadId {
        let mut last = fiber;
        // At most one step per lock: there are no cycles, because the call that would close one is refused.
        for _ in &self.locks {
            let is_wait = |wait: &Wait| wait.who == Party::Fiber(last);
            let lock = self.locks.iter().find(|lock| lock.waits.iter().any(is_wait));
            match lock.and_then(|lock| lock.holder) {
                Some(Party::Fiber(holder)) => last = holder,
                Some(Party::Host) | None => break,
            }
        }
        last
    }

    /// A fiber that holds a lock for which a call of the host waits.
    pub(super) fn awaited_by_host(&self) -> Option<ThreadId> {
        let waits = |lock: &&Lock| lock.waits.iter().any(|wait| wait.who == Party::Host);
        self.locks.iter().filter(waits).find_map(|lock| match lock.holder {
            Some(Party::Fiber(holder)) => Some(holder),
            Some(Party::Host) | None => None,
        })
    }
}
