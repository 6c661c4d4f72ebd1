//! Whether a file is one of procfs.
//!
//! **Problem.** Below `/proc`, a program finds the process that runs it: its memory, its environment, its open files. A
//! user who gives a program the directory `/` hardly wants that. **Before:** any file below a preopened directory.
//! **After:** weft refuses files on procfs, wherever it is mounted, unless the embedder allows them.
//!
//! weft asks for the file system's type of the opened file, so the path does not matter, nor whether another thread
//! exchanges a part of it. Only Linux has procfs.
//!
//! **Rejected:** looking for `/proc` in paths (symbolic links and other mounts lead there too); refusing all mounts, as
//! `openat2` can (would refuse ordinary directories).

use std::io;
use std::os::fd::AsFd;

/// Whether this file or directory is on procfs.
///
/// # Errors
///
/// The host does not tell.
#[cfg(target_os = "linux")]
pub fn is_procfs(file: impl AsFd) -> io::Result<bool> {
    Ok(rustix::io::retry_on_intr(|| rustix::fs::fstatfs(&file))?.f_type == rustix::fs::PROC_SUPER_MAGIC)
}

/// Whether this file or directory is on procfs, which this system does not have.
///
/// # Errors
///
/// None.
#[cfg(not(target_os = "linux"))]
pub fn is_procfs(_file: impl AsFd) -> io::Result<bool> {
    Ok(false)
}
