//! Whether the calling OS thread runs tasks, of any scheduler.
//!
//! A task must not block its worker, whichever engine it asks to wait for. So this is known of the thread, and is no question to
//! one scheduler.
//!
//! Which worker it is, is known here too, for those who keep something for each worker of the scheduler that polls them.

use crate::sync::thread_local;
use std::cell::Cell;

thread_local! {
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
    static INDEX: Cell<Option<usize>> = const { Cell::new(None) };
}

/// To be called by each thread of a scheduler's, before it runs tasks.
pub(crate) fn mark_as_worker(index: usize) {
    IS_WORKER.with(|is_worker| is_worker.set(true));
    INDEX.with(|own| own.set(Some(index)));
}

/// Which worker of its scheduler the calling thread is, if it is one.
pub(crate) fn worker_index() -> Option<usize> {
    // A thread that is ending runs no task any more.
    INDEX.try_with(Cell::get).unwrap_or(None)
}

/// Makes the calling thread one that must not block as long as `body` runs, which polls a guest thread.
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

/// Whether the calling thread runs tasks, of any scheduler, or a guest thread.
pub fn on_worker() -> bool {
    // A thread that is ending runs no task any more.
    IS_WORKER.try_with(Cell::get).unwrap_or(false)
}
