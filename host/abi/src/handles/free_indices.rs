//! The free indices of a handle table.
//!
//! **Problem.** The specification assigns the index that was freed last. A single list behind a lock would make threads
//! wait for each other at each handle. **Here,** there is one list, in the specification's order, until two threads use
//! it at the same moment. From then on, the table is parallel: threads have lists of their own, and take half of
//! another list before they make the table longer. A program that does not use handles in parallel cannot observe the
//! difference.
//!
//! **Rejected:** lists by guest thread (a program whose threads take turns would see another order than the
//! specification's).

use super::HandleError;
use crate::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use crate::sync::{Mutex, MutexGuard, PoisonError, thread_number};

/// How many lists of free indices there are.
const LISTS: usize = 8;

/// A list of free indices on cache lines of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Free(Mutex<Vec<u32>>);

/// See the module.
#[derive(Debug)]
pub(super) struct FreeIndices {
    /// The least index that was never given out.
    fresh: AtomicU32,
    largest: u32,
    lists: [Free; LISTS],
    /// Whether threads have lists of their own.
    parallel: AtomicBool,
}

impl FreeIndices {
    /// The indices from 1 to `largest`.
    pub(super) fn new(largest: u32) -> FreeIndices {
        FreeIndices {
            fresh: AtomicU32::new(1),
            largest,
            lists: std::array::from_fn(|_| Free::default()),
            parallel: AtomicBool::new(false),
        }
    }

    pub(super) const fn largest(&self) -> u32 {
        self.largest
    }

    /// Takes an index that no handle has.
    pub(super) fn take(&self) -> Result<u32, HandleError> {
        if let Some(index) = self.take_listed() {
            return Ok(index);
        }
        let next = |fresh: u32| (fresh <= self.largest).then_some(fresh + 1);
        let fresh = self.fresh.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        fresh.or_else(|_| {
            // Another thread held a list during the first look. While this holds all locks, no index moves between
            // lists.
            let mut all = Vec::from_iter(self.lists.iter().map(|list| lock(&list.0)));
            all.iter_mut().find_map(|list| list.pop()).ok_or(HandleError::Full)
        })
    }

    fn take_listed(&self) -> Option<u32> {
        if let Some(mut only) = self.only_list() {
            return only.pop();
        }
        let position = list_of_thread();
        let mut own = lock(&self.lists[position].0);
        if let Some(index) = own.pop() {
            return Some(index);
        }
        // Take half of another list, unless another thread holds it now.
        let others = (1..LISTS).map(|distance| &self.lists[(position + distance) % LISTS]);
        for other in others {
            let Ok(mut other) = other.0.try_lock() else {
                continue;
            };
            let rest = other.len() / 2;
            own.extend(other.drain(rest..));
            if let Some(index) = own.pop() {
                return Some(index);
            }
        }
        None
    }

    /// Gives back an index whose handle was removed.
    pub(super) fn give(&self, index: u32) {
        match self.only_list() {
            Some(mut only) => only.push(index),
            None => lock(&self.lists[list_of_thread()].0).push(index),
        }
    }

    /// The table's single list, if two threads have never used it at the same moment.
    fn only_list(&self) -> Option<MutexGuard<'_, Vec<u32>>> {
        if self.parallel.load(Ordering::Relaxed) {
            return None;
        }
        match self.lists[0].0.try_lock() {
            Ok(list) => Some(list),
            Err(_) => {
                self.parallel.store(true, Ordering::Relaxed);
                None
            }
        }
    }
}

/// Which list of free indices a thread uses.
fn list_of_thread() -> usize {
    thread_number() % LISTS
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No lock is held across code that can panic halfway.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
