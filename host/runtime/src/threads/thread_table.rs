//! An instance's thread table: which threads there are, and which of them are suspended.
//!
//! Indices are given as the specification's table gives them: the one freed last first, and never 0 ([`Table.add`]).
//!
//! **States.** A thread is active or suspended ([thread state]). An active one runs, or can run, or waits for something other
//! than to be resumed; which of these, only the scheduler knows, and resuming does not depend on it. A suspended one either
//! has never run, and is then no more than a [`Start`]; or its fiber is parked in a built-in.
//!
//! All changes are made under one lock. So of two threads that resume a third one exactly one does, and
//! `suspend-then-resume` changes both states at once: otherwise its target could run, and find that the thread which it
//! wants to resume is not suspended yet.
//!
//! **No lost wake-up.** Who resumes a thread changes its state first, and wakes it then; and the parked thread looks at
//! its state each time that it is polled. Whatever else wakes it changes nothing.
//!
//! **Deadlock.** Only a thread of the instance resumes another. So if all are suspended, none will ever continue, and where one
//! of them is that of a call, the call would wait for ever: then that one traps ([blocking calls]). This is found by counting
//! each time that a thread is suspended or ends. A thread that waits for anything else, such as a notification,
//! counts as active: the host may bring it about.
//!
//! Rejected: a lock for each thread (two would have to be taken in an order, and a count be kept beside them); states that
//! are changed by compare-exchange (`suspend-then-resume` changes two).
//!
//! [`Table.add`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#table-state
//! [thread state]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#thread-state
//! [blocking calls]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#canon-lift

use super::start::Start;
use crate::limits::budget::Budget;
use crate::limits::room::NoRoom;
use crate::sync::{Mutex, MutexGuard, PoisonError};
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::{Poll, Waker};

/// The greatest index of a thread.
pub(crate) const MAX_INDEX: u32 = (1 << 28) - 1;

/// What an entry of the table takes, in bytes, with the table's spare room.
const ENTRY_COST: u64 = 128;

/// The threads that are alive.
pub(crate) struct ThreadTable {
    /// How many threads there may be at once.
    limit: u32,
    max_index: u32,
    budget: Arc<Budget>,
    state: Mutex<State>,
    /// Notified when the last thread is gone.
    empty: event_listener::Event,
}

#[derive(Default)]
struct State {
    /// By index less one.
    threads: Vec<Option<Entry>>,
    free: Vec<u32>,
    live: u32,
    /// How many of those that are alive are suspended.
    suspended: u32,
    /// The thread of the call in progress.
    implicit: Option<u32>,
    /// Whether the instance has ended.
    closed: bool,
}

struct Entry {
    status: Status,
    /// How to reach the thread, once it has run.
    waker: Option<Waker>,
}

enum Status {
    Active,
    /// Suspended, and has never run.
    New(Start),
    /// Suspended, and has run.
    Parked,
    /// No longer parked, but to trap.
    Deadlocked,
}

/// Why there is no new thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoThread {
    #[error("no room for another thread: the program has as many threads as its limit allows")]
    Limit,
    #[error("no room for another thread: its index would be above {MAX_INDEX}")]
    Index,
    #[error("no room for another thread: {0}")]
    Room(NoRoom),
    #[error("the program has ended")]
    Ended,
}

impl From<NoRoom> for NoThread {
    fn from(error: NoRoom) -> Self {
        NoThread::Room(error)
    }
}

/// Why a thread cannot be resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ResumeError {
    #[error("unknown handle index {0}")]
    Unknown(u32),
    #[error("cannot resume thread which is not suspended")]
    NotSuspended,
}

/// No thread is left that could resume the one of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("deadlock detected: all threads are suspended, and the call waits for this one")]
pub(crate) struct Deadlock;

/// What has to be done for a thread that was resumed.
#[must_use]
pub(crate) enum Resumed {
    /// It has never run: start it.
    New(Start),
    /// It was parked: wake it.
    Parked(Option<Waker>),
}

impl ThreadTable {
    /// A table whose places are charged to `budget`.
    pub(crate) fn new(limit: u32, max_index: u32, budget: &Arc<Budget>) -> Self {
        ThreadTable {
            limit,
            max_index,
            budget: Arc::clone(budget),
            state: Mutex::default(),
            empty: event_listener::Event::new(),
        }
    }

    /// Enters a new thread that is about to run.
    pub(crate) fn add(&self) -> Result<u32, NoThread> {
        self.enter(&mut self.lock(), Status::Active)
    }

    /// Enters the thread of a call. There is one at most.
    pub(crate) fn add_implicit(&self) -> Result<u32, NoThread> {
        let mut state = self.lock();
        let index = self.enter(&mut state, Status::Active)?;
        state.implicit = Some(index);
        Ok(index)
    }

    /// Enters a new thread that is suspended.
    pub(crate) fn add_suspended(&self, start: Start) -> Result<u32, NoThread> {
        let mut state = self.lock();
        let index = self.enter(&mut state, Status::New(start))?;
        state.suspended += 1;
        Ok(index)
    }

    fn enter(&self, state: &mut State, status: Status) -> Result<u32, NoThread> {
        if state.closed {
            return Err(NoThread::Ended);
        }
        if state.live >= self.limit {
            return Err(NoThread::Limit);
        }
        let entry = Some(Entry { status, waker: None });
        let index = match state.free.pop() {
            Some(index) => {
                state.threads[index as usize - 1] = entry;
                index
            }
            None if state.threads.len() >= self.max_index as usize => return Err(NoThread::Index),
            None => {
                // Places are used again, and never given back.
                self.budget.take_at_once(ENTRY_COST).map_err(NoRoom::from)?;
                state.threads.push(entry);
                state.threads.len() as u32
            }
        };
        state.live += 1;
        Ok(index)
    }

    /// Makes a thread known that runs for the first time, so that others can wake it.
    pub(crate) fn started(&self, index: u32, waker: &Waker) {
        if let Some(entry) = self.lock().entry(index) {
            entry.waker = Some(waker.clone());
        }
    }

    /// Makes a suspended thread active. No other thread can resume it before this returns, nor afterwards.
    pub(crate) fn resume(&self, index: u32) -> Result<Resumed, ResumeError> {
        self.lock().resume(index)
    }

    /// Makes an active thread suspended: it has to wait for [`Self::resumption`] then.
    pub(crate) fn suspend(&self, index: u32) {
        let mut state = self.lock();
        state.suspend(index);
        let deadlocked = state.find_deadlock();
        drop(state);
        deadlocked.into_iter().for_each(Waker::wake);
    }

    /// Makes `target` active and thread `index` suspended, in one step.
    pub(crate) fn switch(&self, index: u32, target: u32) -> Result<Resumed, ResumeError> {
        let mut state = self.lock();
        let resumed = state.resume(target)?;
        state.suspend(index);
        Ok(resumed)
    }

    /// Whether a thread is suspended.
    pub(crate) fn is_suspended(&self, index: u32) -> Result<bool, ResumeError> {
        let mut state = self.lock();
        let entry = state.entry(index).ok_or(ResumeError::Unknown(index))?;
        Ok(matches!(entry.status, Status::New(_) | Status::Parked))
    }

    /// Waits until a thread that is suspended has been resumed, or can never be.
    pub(crate) fn resumption(&self, index: u32) -> impl Future<Output = Result<(), Deadlock>> {
        poll_fn(move |_| match self.lock().entry(index).map(|entry| &entry.status) {
            Some(Status::New(_) | Status::Parked) => Poll::Pending,
            Some(Status::Deadlocked) => Poll::Ready(Err(Deadlock)),
            Some(Status::Active) | None => Poll::Ready(Ok(())),
        })
    }

    /// Removes a thread that has ended.
    pub(crate) fn remove(&self, index: u32) {
        let mut state = self.lock();
        let entry = state.remove(index);
        let deadlocked = state.find_deadlock();
        let empty = state.live == 0;
        drop(state);
        drop(entry);
        deadlocked.into_iter().for_each(Waker::wake);
        if empty {
            self.empty.notify(usize::MAX);
        }
    }

    /// Lets no thread in any more, removes those that have never run, and has every other polled once more.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let mut wakers = Vec::new();
        for index in 1..=state.threads.len() as u32 {
            match state.entry(index) {
                Some(Entry {
                    status: Status::New(_), ..
                }) => {
                    state.suspended -= 1;
                    state.remove(index);
                }
                Some(entry) => wakers.extend(entry.waker.clone()),
                None => {}
            }
        }
        let empty = state.live == 0;
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        if empty {
            self.empty.notify(usize::MAX);
        }
    }

    /// Waits until there is no thread.
    pub(crate) async fn empty(&self) {
        loop {
            let listener = self.empty.listen();
            if self.lock().live == 0 {
                return;
            }
            listener.await;
        }
    }

    /// The table is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn entry(&mut self, index: u32) -> Option<&mut Entry> {
        let position = (index as usize).checked_sub(1)?;
        self.threads.get_mut(position)?.as_mut()
    }

    fn resume(&mut self, index: u32) -> Result<Resumed, ResumeError> {
        let entry = self.entry(index).ok_or(ResumeError::Unknown(index))?;
        let resumed = match entry.status {
            Status::New(start) => Resumed::New(start),
            Status::Parked => Resumed::Parked(entry.waker.clone()),
            Status::Active | Status::Deadlocked => return Err(ResumeError::NotSuspended),
        };
        entry.status = Status::Active;
        self.suspended -= 1;
        Ok(resumed)
    }

    fn suspend(&mut self, index: u32) {
        if let Some(entry) = self.entry(index) {
            entry.status = Status::Parked;
            self.suspended += 1;
        }
    }

    fn remove(&mut self, index: u32) -> Option<Entry> {
        let entry = self.threads[index as usize - 1].take();
        self.free.push(index);
        self.live -= 1;
        self.implicit = self.implicit.filter(|implicit| *implicit != index);
        entry
    }

    /// Has the call's thread trap, by waking it, if all are suspended.
    fn find_deadlock(&mut self) -> Option<Waker> {
        if self.suspended < self.live {
            return None;
        }
        let implicit = self.implicit?;
        let entry = self.entry(implicit)?;
        entry.status = Status::Deadlocked;
        let waker = entry.waker.clone();
        self.suspended -= 1;
        waker
    }
}
