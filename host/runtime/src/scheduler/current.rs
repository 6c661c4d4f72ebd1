//! Whether the calling OS thread runs tasks, of any scheduler.
//!
//! A task must not block its worker, whichever engine it asks to wait for. So this is known of the thread, and is no question to
//! one scheduler.

use crate::sync::thread_local;
use std::cell::Cell;

thread_local! {
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
}

/// To be called by each thread of a scheduler's, before it runs tasks.
pub(crate) fn mark_as_worker() {
    IS_WORKER.with(|is_worker| is_worker.set(true));
}

/// Whether the calling thread is a worker, of any scheduler.
pub(crate) fn on_worker() -> bool {
    // A thread that is ending runs no task any more.
    IS_WORKER.try_with(Cell::get).unwrap_or(false)
}
