//! The tasks that wait for something, so that they can be dropped with the scheduler.
//!
//! Problem: a task that waits is in no queue; only its wakers and its handle know of it. When the scheduler goes, its
//! future has to be dropped all the same. So the first time that a task waits, a waker of it is kept here until its future
//! is dropped. A task that runs to its end without waiting, as many do, is never entered: until it is first run it is in a
//! queue, where it is found. Each worker has a list of its own, so that the lock is rarely contended.
//!
//! Rejected: entering each task when it is spawned (two locks for each spawn).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// The tasks that first waited on one worker.
#[derive(Default)]
pub(super) struct Blocked(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    wakers: Vec<Option<Waker>>,
    free: Vec<EntryIndex>,
}

/// A place in the list.
#[derive(Clone, Copy)]
pub(super) struct EntryIndex(usize);

impl Blocked {
    pub(super) fn insert(&self, waker: Waker) -> EntryIndex {
        let mut entries = self.lock();
        if let Some(index) = entries.free.pop() {
            entries.wakers[index.0] = Some(waker);
            return index;
        }
        entries.wakers.push(Some(waker));
        EntryIndex(entries.wakers.len() - 1)
    }

    pub(super) fn remove(&self, index: EntryIndex) {
        let mut entries = self.lock();
        let waker = entries.wakers[index.0].take();
        entries.free.push(index);
        drop(entries);
        // Not under the lock: it may be the last reference to the task.
        drop(waker);
    }

    /// Wakes all of them. Their entries stay until the futures are dropped.
    pub(super) fn wake_all(&self) {
        let wakers: Vec<Waker> = self.lock().wakers.iter_mut().filter_map(Option::take).collect();
        wakers.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
