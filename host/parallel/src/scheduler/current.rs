//! Whether the calling OS thread is a worker of any scheduler, and which one.
//!
//! A task must not block its worker, even on another engine than its own. So a thread-local records this for all
//! schedulers of the process.
//!
//! Code that keeps something per worker also finds the worker's index here.

use crate::sync::thread_local;
use std::cell::Cell;

thread_local! {
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
    static INDEX: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Marks the calling thread as a worker. Each worker's thread calls this before it runs tasks.
pub(crate) fn mark_as_worker(index: usize) {
    IS_WORKER.with(|is_worker| is_worker.set(true));
    INDEX.with(|own| own.set(Some(index)));
}

/// The index of the calling thread in its scheduler, if it is a worker.
pub(crate) fn worker_index() -> Option<usize> {
    // A thread whose thread-locals are destroyed runs no more tasks.
    INDEX.try_with(Cell::get).unwrap_or(None)
}

/// Marks the calling thread as one that must not block while `body` runs. `body` polls a guest thread.
pub(crate) fn as_worker<R>(body: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IS_WORKER.with(|is_worker| is_worker.set(self.0));
        }
    }
    let _restore = Restore(IS_WORKER.with(|is_worker| is_worker.replace(true)));
    body()
}

/// Whether the calling thread is a worker of any scheduler, or polls a guest thread.
pub fn on_worker() -> bool {
    // A thread whose thread-locals are destroyed runs no more tasks.
    IS_WORKER.try_with(Cell::get).unwrap_or(false)
}
