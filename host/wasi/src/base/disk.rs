//! Calls that wait for the disk, or that a program can make arbitrarily long.
//!
//! Other threads of the host make these calls, so that other guest threads can use the worker meanwhile. A call holds a
//! reference to the host's open file, so a program that ends does not wait for it. (A duplicate would also work, but a
//! process at its limit of open files cannot create one.) Ordinary reads and writes run on the worker, because handing
//! a call over takes many times as long.
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
    /// Makes a host call on another thread. The permit ends with the call.
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
