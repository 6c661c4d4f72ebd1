//! How a call takes the lock of a home: at once or by a future. It holds the lock until the guard is dropped.
//! [`instance_locks`](super::instance_locks) decides which call gets a lock, and [`ThreadTables`] holds the state of
//! the locks.

use super::instance_locks::Party;
use super::thread_id::ThreadId;
use super::thread_table::ThreadTables;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use weft_lower::plan::HomeIndex;

impl ThreadTables {
    /// Takes the lock of a home, if no call holds it. `thread` makes the call; it is `None` if the host does.
    pub(crate) fn try_lock_home(self: &Arc<Self>, home: HomeIndex, thread: Option<ThreadId>) -> Option<LockGuard> {
        let who = self.party(thread);
        self.with_locks(|locks| (locks.take(home, who), None))
            .then(|| self.guard(home))
    }

    /// Waits for the lock of a home. `thread`, whose fiber polls this, makes the call; it is `None` if the host does.
    pub(crate) fn lock_home(self: &Arc<Self>, home: HomeIndex, thread: Option<ThreadId>) -> LockHome {
        LockHome {
            who: self.party(thread),
            tables: Arc::clone(self),
            home,
            ticket: None,
        }
    }

    fn party(&self, thread: Option<ThreadId>) -> Party {
        thread.map_or(Party::Host, |thread| Party::Fiber(self.fiber(thread)))
    }

    fn guard(self: &Arc<Self>, home: HomeIndex) -> LockGuard {
        LockGuard {
            tables: Arc::clone(self),
            home,
        }
    }
}

/// See [`ThreadTables::lock_home`]. The future can be dropped at any time.
pub(crate) struct LockHome {
    tables: Arc<ThreadTables>,
    home: HomeIndex,
    who: Party,
    /// Set while the future waits.
    ticket: Option<u64>,
}

impl Future for LockHome {
    type Output = LockGuard;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<LockGuard> {
        let LockHome { home, who, ticket, .. } = *self;
        let ticket = self.tables.with_locks(|locks| {
            let left = match ticket {
                Some(ticket) => (!locks.take_queued(home, ticket, cx.waker())).then_some(ticket),
                None => (!locks.take(home, who)).then(|| locks.queue(home, who, cx.waker())),
            };
            (left, None)
        });
        self.ticket = ticket;
        match ticket {
            Some(_) => Poll::Pending,
            None => Poll::Ready(self.tables.guard(home)),
        }
    }
}

impl Drop for LockHome {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.tables.with_locks(|locks| ((), locks.give_up(self.home, ticket)));
        }
    }
}

/// Holds the lock of a home.
pub(crate) struct LockGuard {
    tables: Arc<ThreadTables>,
    home: HomeIndex,
}

impl LockGuard {
    /// Records that `thread`, which is in a thread table, is the thread of the host's call that holds the lock.
    pub(crate) fn begin(&self, thread: ThreadId) {
        self.tables.with_locks(|locks| (locks.begin(self.home, thread), None));
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        self.tables.with_locks(|locks| ((), locks.release(self.home)));
    }
}
