//! The thread tables of a program: which threads there are, and which of them are suspended.
//!
//! Each component instance whose built-ins look threads up has a table of its own, with its own indices ([`IDX-04`]).
//! All other component instances share one table, in which nothing looks a thread up. Indices are assigned as the
//! specification's table assigns them: the index freed last is used first, and never 0 ([`Table.add`]).
//!
//! **Fibers.** A call of another component instance has an implicit thread in that instance's table. This thread runs
//! on the fiber of its caller. So it does not count as a further thread of the program, and waking it wakes the
//! caller's fiber.
//!
//! **States.** A thread is active or suspended ([thread state]). An active thread runs, can run, or waits for something
//! other than being resumed. Only the scheduler knows which, and resuming does not depend on it. A suspended thread has
//! either never run and consists only of a [`Start`], or its fiber is parked in a built-in.
//!
//! One lock guards all tables. So if two threads resume a third one, exactly one succeeds. And `suspend-then-resume`
//! changes both states at once: otherwise its target could run, and find that the thread that it wants to resume is not
//! suspended yet.
//!
//! **No lost wake-up.** A thread that resumes another changes its state first and then wakes it. The parked thread
//! looks at its state each time it is polled, so any other wake-up changes nothing.
//!
//! **Deadlock.** Only a thread of the program resumes another. So if all threads are suspended, or wait for an
//! exclusive lock that a suspended one holds, none will ever continue. If the host waits for one of their calls, or for
//! such a lock, it would wait for ever. Then the suspended thread at the end of that chain traps ([blocking calls]).
//! The tables compare the counts each time that a thread is suspended, waits for a lock or ends. A thread that waits
//! for anything else, such as a notification, counts as active: the host may cause it.
//!
//! Rejected: a lock for each thread (two locks need an order, and a count beside them); changing states by
//! compare-exchange (`suspend-then-resume` changes two states); a lock for each table (a deadlock depends on all tables
//! at one moment).
//!
//! [`IDX-04`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#component-instance-state
//! [`Table.add`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#table-state
//! [thread state]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#thread-state
//! [blocking calls]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#canon-lift

use super::instance_locks::Locks;
use super::start::Start;
use super::states::{Entry, ResumeError, Resumed, State, Status, Table};
use super::thread_id::{MAX_INDEX, ThreadId};
use crate::limits::budget::Budget;
use crate::limits::room::NoRoom;
use crate::sync::{Mutex, MutexGuard, PoisonError};
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::{Poll, Waker};
use weft_lower::plan::ThreadTableIndex;

/// The size of a table's entry in bytes, including the table's spare capacity.
const ENTRY_COST: u64 = 128;

/// The thread tables of a program. See the module.
pub(crate) struct ThreadTables {
    /// The greatest number of threads at once.
    limit: u32,
    max_index: u32,
    budget: Arc<Budget>,
    state: Mutex<State>,
    /// Notified when the last thread has left.
    empty: event_listener::Event,
}

/// Why there is no new thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoThread {
    #[error(
        "no room for another thread: the program has reached its limit of threads; raise `--max-threads`, \
         `Config::max_threads` or `InstanceLimits::max_threads`"
    )]
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

/// No thread is left that could resume the thread that the call waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "deadlock detected: the call waits for this thread, and all threads are suspended or wait for a component instance"
)]
pub(crate) struct Deadlock;

/// How many threads with fibers of their own live now, lived at once at most, and were added in total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThreadCounts {
    pub(crate) live: u32,
    pub(crate) peak: u32,
    pub(crate) started: u64,
}

impl ThreadTables {
    /// Makes tables without threads, and the locks of the homes. The tables' entries are charged to `budget`.
    pub(crate) fn new(tables: usize, homes: usize, limit: u32, max_index: u32, budget: &Arc<Budget>) -> Self {
        ThreadTables {
            limit,
            max_index,
            budget: Arc::clone(budget),
            state: Mutex::new(State {
                tables: (0..tables).map(|_| Table::default()).collect(),
                live: 0,
                peak: 0,
                started: 0,
                suspended: 0,
                calls: Vec::new(),
                locks: Locks::new(homes),
                closed: false,
            }),
            empty: event_listener::Event::new(),
        }
    }

    /// Adds a new thread that is about to run.
    pub(crate) fn add(&self, table: ThreadTableIndex) -> Result<ThreadId, NoThread> {
        self.enter(&mut self.lock(), table, Status::Active)
    }

    /// Adds the thread of a call by the host.
    pub(crate) fn add_call(&self, table: ThreadTableIndex) -> Result<ThreadId, NoThread> {
        let mut state = self.lock();
        let thread = self.enter(&mut state, table, Status::Active)?;
        state.calls.push(thread);
        Ok(thread)
    }

    /// Adds a new, suspended thread.
    pub(crate) fn add_suspended(&self, table: ThreadTableIndex, start: Start) -> Result<ThreadId, NoThread> {
        let mut state = self.lock();
        let thread = self.enter(&mut state, table, Status::New(start))?;
        state.suspended += 1;
        Ok(thread)
    }

    /// Adds the thread of a call by `caller` to another component instance. The new thread runs on the fiber of
    /// `caller`.
    pub(crate) fn add_nested(&self, caller: ThreadId, table: ThreadTableIndex) -> Result<ThreadId, NoThread> {
        let mut state = self.lock();
        if state.closed {
            return Err(NoThread::Ended);
        }
        let caller = state.entry(caller).ok_or(NoThread::Ended)?;
        let entry = Entry {
            status: Status::Active,
            fiber: caller.fiber,
            waker: caller.waker.clone(),
            name: caller.name.clone(),
        };
        self.place(&mut state, table, |_| entry)
    }

    fn enter(&self, state: &mut State, table: ThreadTableIndex, status: Status) -> Result<ThreadId, NoThread> {
        if state.closed {
            return Err(NoThread::Ended);
        }
        if state.live >= self.limit {
            return Err(NoThread::Limit);
        }
        let new = |fiber| Entry {
            status,
            fiber,
            waker: None,
            name: None,
        };
        let thread = self.place(state, table, new)?;
        state.live += 1;
        state.peak = state.peak.max(state.live);
        state.started += 1;
        Ok(thread)
    }

    fn place(
        &self,
        state: &mut State,
        table: ThreadTableIndex,
        entry: impl FnOnce(ThreadId) -> Entry,
    ) -> Result<ThreadId, NoThread> {
        let Table { threads, free } = &mut state.tables[table.index()];
        let index = match free.pop() {
            Some(index) => index,
            None if threads.len() >= self.max_index as usize => return Err(NoThread::Index),
            None => {
                // Entries are reused, and their memory is never given back.
                self.budget.take_at_once(ENTRY_COST).map_err(NoRoom::from)?;
                threads.push(None);
                threads.len() as u32
            }
        };
        let thread = ThreadId { table, index };
        threads[index as usize - 1] = Some(entry(thread));
        Ok(thread)
    }

    /// Records the waker of a thread that runs for the first time, so that others can wake the thread.
    pub(crate) fn started(&self, thread: ThreadId, waker: &Waker) {
        if let Some(entry) = self.lock().entry(thread) {
            entry.waker = Some(waker.clone());
        }
    }

    /// Gives a thread a name, or takes it away.
    pub(crate) fn set_name(&self, thread: ThreadId, name: Option<Arc<str>>) {
        let mut state = self.lock();
        let old = state
            .entry(thread)
            .and_then(|entry| std::mem::replace(&mut entry.name, name));
        drop(state);
        drop(old);
    }

    /// The name of a thread, if it has one.
    pub(crate) fn name(&self, thread: ThreadId) -> Option<Arc<str>> {
        self.lock().entry(thread)?.name.clone()
    }

    /// Makes a suspended thread active. If this succeeds, no other thread can resume it until it is suspended again.
    pub(crate) fn resume(&self, thread: ThreadId) -> Result<Resumed, ResumeError> {
        self.lock().resume(thread)
    }

    /// Makes an active thread suspended. The thread must then wait for [`Self::resumption`].
    pub(crate) fn suspend(&self, thread: ThreadId) {
        let mut state = self.lock();
        state.suspend(thread);
        let deadlocked = state.find_deadlock();
        drop(state);
        deadlocked.into_iter().for_each(Waker::wake);
    }

    /// Makes `target` active and `thread` suspended, in one step.
    pub(crate) fn switch(&self, thread: ThreadId, target: ThreadId) -> Result<Resumed, ResumeError> {
        let mut state = self.lock();
        let resumed = state.resume(target)?;
        state.suspend(thread);
        Ok(resumed)
    }

    /// The thread whose fiber a thread runs on, unless it is suspended.
    pub(crate) fn running_fiber(&self, thread: ThreadId) -> Result<Option<ThreadId>, ResumeError> {
        let mut state = self.lock();
        let entry = state.entry(thread).ok_or(ResumeError::Unknown(thread.index))?;
        Ok(match entry.status {
            Status::Active | Status::Deadlocked => Some(entry.fiber),
            Status::New(_) | Status::Parked => None,
        })
    }

    /// Waits until a suspended thread has been resumed, or never can be.
    pub(crate) fn resumption(&self, thread: ThreadId) -> impl Future<Output = Result<(), Deadlock>> {
        poll_fn(move |_| match self.lock().entry(thread).map(|entry| &entry.status) {
            Some(Status::New(_) | Status::Parked) => Poll::Pending,
            Some(Status::Deadlocked) => Poll::Ready(Err(Deadlock)),
            Some(Status::Active) | None => Poll::Ready(Ok(())),
        })
    }

    /// Removes a thread that has ended.
    pub(crate) fn remove(&self, thread: ThreadId) {
        let mut state = self.lock();
        let entry = state.remove(thread);
        let deadlocked = state.find_deadlock();
        let empty = state.live == 0;
        drop(state);
        drop(entry);
        deadlocked.into_iter().for_each(Waker::wake);
        if empty {
            self.empty.notify(usize::MAX);
        }
    }

    /// Refuses new threads from now on, removes the threads that have never run, and wakes all others.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let (mut new, mut wakers) = (Vec::new(), Vec::new());
        for entry in state.tables.iter().flat_map(|table| table.threads.iter().flatten()) {
            match entry.status {
                Status::New(_) => new.push(entry.fiber),
                Status::Active | Status::Parked | Status::Deadlocked => wakers.extend(entry.waker.clone()),
            }
        }
        for thread in new {
            state.suspended -= 1;
            state.remove(thread);
        }
        let empty = state.live == 0;
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        if empty {
            self.empty.notify(usize::MAX);
        }
    }

    /// The counts of threads with fibers of their own.
    pub(crate) fn counts(&self) -> ThreadCounts {
        let state = self.lock();
        ThreadCounts {
            live: state.live,
            peak: state.peak,
            started: state.started,
        }
    }

    /// Whether there is no thread.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().live == 0
    }

    /// Waits until there is no thread.
    pub(crate) async fn empty(&self) {
        loop {
            let listener = self.empty.listen();
            if self.is_empty() {
                return;
            }
            listener.await;
        }
    }

    /// The thread whose fiber a thread runs on.
    pub(super) fn fiber(&self, thread: ThreadId) -> ThreadId {
        self.lock().entry(thread).map_or(thread, |entry| entry.fiber)
    }

    /// Changes the holders and waiters of the locks. `change` returns the tasks to wake.
    pub(super) fn with_locks<R>(&self, change: impl FnOnce(&mut Locks) -> (R, Option<Waker>)) -> R {
        let mut state = self.lock();
        let (result, woken) = change(&mut state.locks);
        let deadlocked = state.find_deadlock();
        drop(state);
        woken.into_iter().chain(deadlocked).for_each(Waker::wake);
        result
    }

    /// The tables are consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
