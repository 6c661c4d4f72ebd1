//! How much of the host a program may use.

/// Limits on a program's use of host resources. Limits on its memory are elsewhere, such as in the engine's configuration.
///
/// ```
/// # use weft_wasi::{Limits, WasiCtxBuilder};
/// let mut limits = Limits::default();
/// limits.descriptors = 64;
/// WasiCtxBuilder::new().limits(limits);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How many descriptors a program can have at once, including standard streams, preopened directories, those of WASI 0.2, and closed
    /// ones that a call still uses. At the limit, opening another one returns `mfile`. The system's limit for this process applies too. A
    /// program with more than 16 descriptors cannot take the last sixteenth of those, so that other programs of the process can have
    /// some. The default is 16,384.
    pub descriptors: usize,
    /// How many names a path can have, counted from the preopened directory. If the program opened the directory of the path by another
    /// path, the names of that path count too. A symbolic link counts as one name. A call with a longer path returns `nametoolong`. The
    /// default is 1,024.
    pub directory_depth: u32,
    /// How many bytes one call reads or writes. If a call asks for more, it transfers fewer bytes, as every program must expect. Each
    /// call in progress copies up to this many bytes. The default is 4 MiB, and the minimum is 1.
    pub transfer: usize,
    /// How many calls wait for the disk at once, each on an OS thread: `fd_sync`, `fd_datasync`, `fd_allocate`, and writes to a file that
    /// was opened with `sync`, `dsync` or `rsync`, which copy up to `transfer` bytes. Name lookups count too. Further calls wait for their
    /// turn, and copy nothing before. The default is 32, and the minimum is 1.
    pub disk_calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            descriptors: 1 << 14,
            directory_depth: 1 << 10,
            transfer: 4 << 20,
            disk_calls: 32,
        }
    }
}
