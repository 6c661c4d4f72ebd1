//! Calls that wait for the disk, or that take as long as a program likes.
//!
//! They are made on threads of the host that are there for such calls, so that other guest threads use the worker
//! meanwhile; and on a duplicate of the host's descriptor, so that a program that ends need not wait. Ordinary reads and
//! writes are not among them: handing one over costs many times what it does.

use crate::errno::Result;
use std::os::fd::{BorrowedFd, OwnedFd};

/// Makes a call of the host's on such a thread.
pub(crate) async fn on_another_thread<T: Send + 'static>(
    fd: BorrowedFd<'_>,
    call: impl FnOnce(&OwnedFd) -> rustix::io::Result<T> + Send + 'static,
) -> Result<T> {
    let fd = fd.try_clone_to_owned()?;
    Ok(blocking::unblock(move || call(&fd)).await?)
}
