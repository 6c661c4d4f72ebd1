//! Whether a file is one of procfs.
//!
//! **Problem.** Below `/proc` a program finds the process that runs it: its memory, its environment, its open files. A user
//! who gives a program the directory `/` hardly means that. **Before:** any file below a preopened directory. **After:** a file of
//! procfs is refused, wherever that is mounted, unless the embedder allows it.
//!
//! The file system's type is asked of what was opened, so it does not matter which path led there, or whether
//! another thread exchanges a part of it. Procfs is Linux's. Elsewhere nothing is of it.
//!
//! **Rejected:** looking for `/proc` in paths (symbolic links, other mounts); refusing all mounts (`openat2` can), which would
//! refuse ordinary directories.

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
