//! The state of a program's threads, which [`thread_table`](super::thread_table) changes under one lock.

use super::instance_locks::Locks;
use super::start::Start;
use super::thread_id::ThreadId;
use std::sync::Arc;
use std::task::Waker;

/// See the module.
pub(super) struct State {
    /// By [`ThreadTableIndex`].
    pub(super) tables: Vec<Table>,
    /// How many threads have a fiber of their own, or will get one.
    pub(super) live: u32,
    /// The greatest value that `live` has had.
    pub(super) peak: u32,
    /// How many such threads were added in total.
    pub(super) started: u64,
    /// How many of those fibers are suspended.
    pub(super) suspended: u32,
    /// The threads of the host's calls in progress.
    pub(super) calls: Vec<ThreadId>,
    pub(super) locks: Locks,
    /// Whether the program has ended.
    pub(super) closed: bool,
}

/// The threads of one component instance.
#[derive(Default)]
pub(super) struct Table {
    /// By index less one.
    pub(super) threads: Vec<Option<Entry>>,
    pub(super) free: Vec<u32>,
}

pub(super) struct Entry {
    pub(super) status: Status,
    /// The thread on whose fiber this one runs: itself, unless this is the thread of a call from another component
    /// instance.
    pub(super) fiber: ThreadId,
    /// How to reach the fiber, once it has run.
    pub(super) waker: Option<Waker>,
    /// What the program calls the thread.
    pub(super) name: Option<Arc<str>>,
}

pub(super) enum Status {
    Active,
    /// Suspended, and has never run.
    New(Start),
    /// Suspended, and has run.
    Parked,
    /// Was parked, and will trap when it is polled.
    Deadlocked,
}

/// Why a thread cannot be resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ResumeError {
    #[error("unknown handle index {0}")]
    Unknown(u32),
    #[error("cannot resume thread which is not suspended")]
    NotSuspended,
}

/// What remains to be done for a thread that was resumed.
#[must_use]
pub(crate) enum Resumed {
    /// The thread has never run: start it.
    New(Start),
    /// The thread was parked: wake it.
    Parked(Option<Waker>),
}

impl State {
    pub(super) fn entry(&mut self, thread: ThreadId) -> Option<&mut Entry> {
        let position = (thread.index as usize).checked_sub(1)?;
        self.tables[thread.table.index()].threads.get_mut(position)?.as_mut()
    }

    pub(super) fn resume(&mut self, thread: ThreadId) -> Result<Resumed, ResumeError> {
        let entry = self.entry(thread).ok_or(ResumeError::Unknown(thread.index))?;
        let resumed = match entry.status {
            Status::New(start) => Resumed::New(start),
            Status::Parked => Resumed::Parked(entry.waker.clone()),
            Status::Active | Status::Deadlocked => return Err(ResumeError::NotSuspended),
        };
        entry.status = Status::Active;
        self.suspended -= 1;
        Ok(resumed)
    }

    pub(super) fn suspend(&mut self, thread: ThreadId) {
        if let Some(entry) = self.entry(thread) {
            entry.status = Status::Parked;
            self.suspended += 1;
        }
    }

    pub(super) fn remove(&mut self, thread: ThreadId) -> Option<Entry> {
        let table = &mut self.tables[thread.table.index()];
        let entry = table.threads[thread.index as usize - 1].take();
        table.free.push(thread.index);
        if entry.as_ref().is_some_and(|entry| entry.fiber == thread) {
            self.live -= 1;
            if let Some(position) = self.calls.iter().position(|call| *call == thread) {
                self.calls.remove(position);
                self.locks.ended(thread);
            }
        }
        entry
    }

    /// If all threads are suspended or wait for locks, makes the suspended thread that a call waits for trap. Returns
    /// the waker to call for that.
    pub(super) fn find_deadlock(&mut self) -> Option<Waker> {
        if self.suspended + self.locks.stuck < self.live || self.locks.between > 0 {
            return None;
        }
        let call = self.calls.first().copied().or_else(|| self.locks.awaited_by_host())?;
        let awaited = self.locks.awaited_by(call);
        let mut entries = self
            .tables
            .iter_mut()
            .flat_map(|table| table.threads.iter_mut().flatten());
        // The thread may be suspended in a call of another component instance.
        let entry = entries.find(|entry| entry.fiber == awaited && matches!(entry.status, Status::Parked))?;
        entry.status = Status::Deadlocked;
        let waker = entry.waker.clone();
        self.suspended -= 1;
        waker
    }
}
