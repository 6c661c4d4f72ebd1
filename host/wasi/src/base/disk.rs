//! Calls that wait for the disk, or that take as long as a program likes.
//!
//! They are made on threads of the host that are there for such calls, so that other guest threads use the worker
//! meanwhile; and they share the host's open file, so that a program that ends need not wait. (A duplicate would do that
//! too, but where a process has all the files open that it may, there is none to be had.) Ordinary reads and writes are
//! not among them: handing one over costs many times what it does.
//!
//! Each of them holds a thread of the host's, and what it writes, until it is over, even if the program is over before. So
//! a program makes only so many at once, and those that wait for their turn have copied nothing yet.

use crate::base::errno::Result;
use async_lock::{Semaphore, SemaphoreGuardArc};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

/// Where the calls of one program take turns.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Semaphore>);

/// The right to make one call.
pub(crate) struct Turn {
    _held: SemaphoreGuardArc,
}

impl Disk {
    /// For `limit` calls at once.
    pub(crate) fn new(limit: usize) -> Self {
        Disk(Arc::new(Semaphore::new(limit)))
    }

    /// Waits for a turn.
    pub(crate) async fn turn(&self) -> Turn {
        Turn {
            _held: self.0.acquire_arc().await,
        }
    }
}

impl Turn {
    /// Makes a call of the host's on another thread. The turn ends with it.
    pub(crate) async fn call<T: Send + 'static>(
        self,
        file: Arc<impl AsFd + Send + Sync + ?Sized + 'static>,
        call: impl FnOnce(BorrowedFd<'_>) -> rustix::io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let made = weft::unblock(move || {
            let outcome = call(file.as_fd());
            drop(self);
            outcome
        });
        Ok(made.await?)
    }
}
