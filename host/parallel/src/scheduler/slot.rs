//! A worker's slot for the one task that it runs next.
//!
//! Problem: a thread that spawns another and waits for it, or that wakes a thread that waits for it, should hand its
//! core over without a queue, a system call, or another core. But the task must not be stuck in the slot: when the
//! running thread continues to compute, an idle worker must be able to take it.
//!
//! The slot is one atomic pointer, null or a task. Its worker puts a task into the empty slot with a store and takes it
//! with a swap; any other worker steals it with a compare-exchange on the pointer that it saw. There is no ABA problem.
//! The pointer *is* the right to run the task: the worker that changes it from non-null to null owns the task. That
//! holds even if, between the look and the exchange, the task ran and was freed and another task came into the slot at
//! the same address. A thief never reads through the pointer before the exchange has succeeded.
//!
//! The count of puts tells whether a task was put in between two looks. The count and the `stays` flag are hints
//! whether to steal; soundness does not depend on them.
//!
//! Rejected: a thread-local slot (no other worker can run the task while the owner computes); pushing every task to the
//! deque (FIFO order loses the warm cache, and each push must consider waking a worker); a lock around the slot.

use super::tenants::Task;
use crate::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};
use std::num::Wrapping;
use std::ptr::{self, NonNull};

/// See the module.
#[derive(Default)]
pub(super) struct Slot {
    task: AtomicPtr<()>,
    puts: AtomicU32,
    /// Whether the task was woken to stay on this worker for a while.
    stays: AtomicBool,
}

/// What a slot held at one moment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    task: NonNull<()>,
    puts: u32,
    pub(super) stays: bool,
}

impl Slot {
    /// Puts a task in. If `stays`, other workers should leave it here for a while. Only the slot's worker may call
    /// this, and only when it has found the slot empty.
    pub(super) fn put(&self, task: Task, stays: bool) {
        self.stays.store(stays, Ordering::Relaxed);
        self.puts
            .store(self.puts.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
        // Sequentially consistent, because this store publishes the task: see `sleepers`.
        self.task.store(task.into_raw().as_ptr(), Ordering::SeqCst);
    }

    /// Takes the task out, from any thread.
    pub(super) fn take(&self) -> Option<Task> {
        // This load is cheaper than the read-modify-write, and when the slot's worker looks, the slot is often empty.
        if self.task.load(Ordering::Relaxed).is_null() {
            return None;
        }
        from_raw(self.task.swap(ptr::null_mut(), Ordering::AcqRel))
    }

    /// What the slot holds now.
    pub(super) fn look(&self) -> Option<Look> {
        let task = NonNull::new(self.task.load(Ordering::SeqCst))?;
        let puts = self.puts.load(Ordering::Relaxed);
        let stays = self.stays.load(Ordering::Relaxed);
        Some(Look { task, puts, stays })
    }

    /// How often a task was put in. If two calls return the same, the slot was not used between them.
    pub(super) fn puts(&self) -> Wrapping<u32> {
        Wrapping(self.puts.load(Ordering::Relaxed))
    }

    /// Takes the task out if the slot still holds the task of `seen`.
    pub(super) fn steal(&self, seen: Look) -> Option<Task> {
        let taken =
            self.task
                .compare_exchange(seen.task.as_ptr(), ptr::null_mut(), Ordering::AcqRel, Ordering::Relaxed);
        from_raw(taken.ok()?)
    }
}

/// Turns a pointer that was just exchanged out of a slot back into the task.
#[expect(unsafe_code, reason = "a task lives in an atomic pointer while it is in the slot")]
fn from_raw(task: *mut ()) -> Option<Task> {
    let task = NonNull::new(task)?;
    // SAFETY: every non-null pointer in a slot comes from `Runnable::into_raw` in `put`. The callers exchange it out of
    // the slot with an acquiring read-modify-write, so exactly one of them gets it, and sees the task as `put` did.
    Some(unsafe { Task::from_raw(task) })
}
