//! The primitives that the handle tables are made of.
//!
//! The model checker (`host/models`) compiles the tables once more with primitives of its own in the place of this file.

pub(crate) use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, atomic};

use atomic::{AtomicUsize, Ordering};

/// A number that few other threads have, and none of those that began shortly before or after.
pub(crate) fn thread_number() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    std::thread_local! {
        static NUMBER: usize = THREADS.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
