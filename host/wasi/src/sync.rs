//! Waiting until the disk has what was written.
//!
//! That takes milliseconds, during which other guest threads are to use the worker: the host's call is made on a thread
//! that is there for such calls, on a duplicate of the host's descriptor, so that a program that ends need not wait.

use crate::descriptor::Descriptor;
use crate::errno::{Errno, Result};
use rustix::fs::{fdatasync, fsync};
use rustix::io::retry_on_intr;

/// What the disk is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sync {
    /// All of the file.
    All,
    /// The bytes, and what is needed to find them.
    Data,
}

pub(crate) async fn sync(descriptor: &Descriptor, what: Sync) -> Result<()> {
    let fd = match descriptor {
        Descriptor::Directory(directory) => directory.as_fd(),
        Descriptor::File(file) => file.as_fd(),
        _ => return Err(Errno::Inval),
    };
    let fd = fd.try_clone_to_owned()?;
    let done = blocking::unblock(move || {
        retry_on_intr(|| match what {
            Sync::All => fsync(&fd),
            Sync::Data => fdatasync(&fd),
        })
    });
    Ok(done.await?)
}
