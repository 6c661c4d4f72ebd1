//! The system's resources that this process uses, as Linux counts them.

use crate::machine::resident_memory;
use anyhow::{Context, Result};
use std::fmt;
use std::fs::{read_dir, read_to_string};

/// See the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of memory.
    pub resident: u64,
    /// Memory mappings.
    pub mappings: usize,
    /// Open descriptors.
    pub descriptors: usize,
    /// OS threads.
    pub threads: usize,
}

impl Usage {
    /// What there is at the moment.
    ///
    /// # Errors
    ///
    /// The system does not tell, as only Linux does.
    pub fn now() -> Result<Self> {
        let count = |folder| Ok::<_, std::io::Error>(read_dir(folder)?.count());
        let maps = read_to_string("/proc/self/maps").context("cannot read the mappings of this process")?;
        Ok(Usage {
            resident: resident_memory()?,
            mappings: maps.lines().count(),
            descriptors: count("/proc/self/fd").context("cannot read the descriptors of this process")?,
            threads: count("/proc/self/task").context("cannot read the threads of this process")?,
        })
    }
}

/// By how much the memory may grow while programs run: what the allocator keeps for the next ones.
const MEMORY_SLACK: u64 = 8 << 20;

/// By how many mappings: the allocator has some for each OS thread, and divides them.
const MAPPING_SLACK: usize = 64;

impl Usage {
    /// Whether a later usage does not exceed this one, apart from memory and mappings that later programs reuse.
    pub fn is_flat(&self, later: &Usage) -> bool {
        later.resident <= self.resident + MEMORY_SLACK
            && later.mappings <= self.mappings + MAPPING_SLACK
            && later.descriptors <= self.descriptors
            && later.threads <= self.threads
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = self.resident as f64 / 1e6;
        write!(
            f,
            "{megabytes:>8.1} MB {:>8} mappings {:>5} descriptors {:>4} OS threads",
            self.mappings, self.descriptors, self.threads
        )
    }
}
