//! The embedder's configuration, as far as another context is made from it.
//!
//! **Problem.** One context must serve both runtimes, but Wasmtime's WASI, which the cooperative runtime uses, needs a
//! context of its own. [`WasiCtx`](crate::WasiCtx) holds opened files as weft's descriptors. **Here** is what it does
//! not hold: the standard streams, the directories by their paths, and how many sockets there are.
//! [`cooperative`](crate::cooperative) reads it.
//!
//! **Rejected:** using the directories' descriptors (Wasmtime's builder opens a directory by its path).

use crate::base::perms::{DirPerms, FilePerms};
use crate::base::random::HostRandom;
use crate::base::stdio::Stdio;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// See the module.
#[derive(Default)]
pub(crate) struct Recipe {
    /// Empty until the context is built.
    pub(crate) stdio: Vec<Stdio>,
    pub(crate) directories: Vec<PreopenedDirectory>,
    /// How many sockets were handed in.
    pub(crate) sockets: usize,
    /// None: the system's.
    pub(crate) random: Option<Arc<dyn HostRandom>>,
    pub(crate) allows_procfs: bool,
}

/// A directory that a program has from the start.
pub(crate) struct PreopenedDirectory {
    pub(crate) host: PathBuf,
    pub(crate) guest: String,
    pub(crate) dirs: DirPerms,
    pub(crate) files: FilePerms,
}

impl Recipe {
    pub(crate) fn directory(&mut self, host: &Path, guest: &str, dirs: DirPerms, files: FilePerms) {
        self.directories.push(PreopenedDirectory {
            // The process may change its working directory before the path is used.
            host: std::path::absolute(host).unwrap_or_else(|_| host.to_owned()),
            guest: guest.to_owned(),
            dirs,
            files,
        });
    }

    /// Records where the standard streams lead.
    pub(crate) fn standard_streams(&mut self, stdio: [Stdio; 3]) -> [Stdio; 3] {
        self.stdio = stdio.to_vec();
        stdio
    }
}
