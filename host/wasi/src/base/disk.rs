//! Calls that wait for the disk, or that take as long as a program likes.
//!
//! Threads of the host make them, so that other guest threads can use the worker meanwhile. A call shares the host's open file, so
//! that a program that ends need not wait for it. (A duplicate would do that too, but a process that has as many open files as it
//! may cannot make one.) Ordinary reads and writes run on the worker, because handing a call over takes many times as long.
//!
//! Each call holds a thread of the host, and the bytes that it writes, until it returns, even if the program ends before. So a
//! program makes only a limited number of calls at once. A call that waits for its permit has copied nothing yet.

use crate::base::errno::Result;
use async_lock::{Semaphore, SemaphoreGuardArc};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

/// Limits how many calls a program makes at once.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Semaphore>);

/// The right to make one call.
pub(crate) struct Permit {
    _held: SemaphoreGuardArc,
}

impl Disk {
    /// For `limit` calls at once.
    pub(crate) fn new(limit: usize) -> Self {
        Disk(Arc::new(Semaphore::new(limit)))
    }

    /// Waits for a permit.
    pub(crate) async fn acquire(&self) -> Permit {
        Permit {
            _held: self.0.acquire_arc().await,
        }
    }
}

impl Permit {
    /// Makes a call of the host's on another thread. The permit ends with it.
    pub(crate) async fn call<T: Send + 'static>(
        self,
        file: Arc<impl AsFd + Send + Sync + ?Sized + 'static>,
        call: impl FnOnce(BorrowedFd<'_>) -> rustix::io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let made = weft_parallel::unblock(move || {
            let outcome = call(file.as_fd());
            drop(self);
            outcome
        });
        Ok(made.await?)
    }
}
