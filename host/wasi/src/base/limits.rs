//! How much of the host a program may use.

/// How much of the host one program may use. What a program holds in its own memory is limited elsewhere.
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
    /// How many descriptors there may be at once, standard streams and preopened directories among them, those of WASI 0.2, and those that
    /// are closed while a call uses them. Opening one more is `mfile`. The host's own limit for this process holds as well, and a program with
    /// more than
    /// 16 descriptors cannot have the last sixteenth of those, so that other programs of the process find some.
    /// By default 16,384.
    pub descriptors: usize,
    /// How many names a path may have, those of the path that its directory was opened by included, all the way from
    /// the preopened directory. A longer one is `nametoolong`. A symbolic link counts as one. By default 1,024.
    pub directory_depth: u32,
    /// How many bytes one call reads or writes; one that asks for more is short, as every program must expect. Up to so
    /// many bytes are copied for each call that is under way. By default 4 MiB, and never less than 1.
    pub transfer: usize,
    /// How many calls wait for the disk at once, each on a thread of the host's: `fd_sync`, `fd_datasync`, `fd_allocate`
    /// and writing to a file that was opened with `sync`, `dsync` or `rsync`, which copies up to `transfer` bytes. Names
    /// that are looked up count too. Others wait for their turn, and copy nothing before. By default 32, and never less than 1.
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
