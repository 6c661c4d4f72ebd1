//! The synchronization primitives of the handle tables.
//!
//! The model checker (`host/models`) compiles the tables a second time, with its own primitives instead of this file.

pub(crate) use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, atomic};

use atomic::{AtomicUsize, Ordering};

/// A number that few other threads share, and none that started shortly before or after.
pub(crate) fn thread_number() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    std::thread_local! {
        static NUMBER: usize = THREADS.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
