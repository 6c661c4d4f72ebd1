//! Calls that wait for the disk, or that take as long as a program likes.
//!
//! They are made on threads of the host that are there for such calls, so that other guest threads use the worker
//! meanwhile; and they share the host's open file, so that a program that ends need not wait. (A duplicate would do that
//! too, but where a process has all the files open that it may, there is none to be had.) Ordinary reads and writes are
//! not among them: handing one over costs many times what it does.

use crate::errno::Result;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

/// Makes a call of the host's on such a thread.
pub(crate) async fn on_another_thread<T: Send + 'static>(
    file: Arc<impl AsFd + Send + Sync + ?Sized + 'static>,
    call: impl FnOnce(BorrowedFd<'_>) -> rustix::io::Result<T> + Send + 'static,
) -> Result<T> {
    Ok(blocking::unblock(move || call(file.as_fd())).await?)
}
