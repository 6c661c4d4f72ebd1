//! How often spawns started no thread, and why.
//!
//! **Problem.** A spawn that starts nothing only returns 0, and many programs then end without saying why. **Here,** each
//! instance counts such spawns by their reasons, so that `weft run` and embedders can name the limit. A spawn that memory
//! prevents is counted by the [`Budget`](crate::limits::budget::Budget), with everything else that does not get memory.
//!
//! **Rejected:** keeping only the last reason (a program that retries, or is about to end, hides the one that matters).

use super::thread_table::NoThread;
use crate::limits::room::NoRoom;
use crate::system::stack_slab::NoStack;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often a spawn (`thread.spawn-indirect` or `thread.spawn-ref`) returned 0 and started no thread.
///
/// [`MemoryRefusals`](crate::MemoryRefusals) counts those that the limit on memory prevented.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpawnRefusals {
    /// Because the program had as many threads as it may have: [`Config::max_threads`](crate::Config::max_threads).
    pub by_limit: u64,
    /// Because the system has no memory mappings or no memory for another thread.
    pub by_system: u64,
    /// Because no spawn starts a thread in the deterministic profile: [`Config::deterministic`](crate::Config::deterministic).
    pub by_profile: u64,
}

impl SpawnRefusals {
    /// Adds the refusals of another program.
    pub fn add(&mut self, other: SpawnRefusals) {
        self.by_limit += other.by_limit;
        self.by_system += other.by_system;
        self.by_profile += other.by_profile;
    }
}

/// Why a spawn started no thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SpawnRefusal {
    #[error("the engine is deterministic")]
    Profile,
    #[error(transparent)]
    NoThread(NoThread),
}

/// The counters of one instance.
#[derive(Default)]
pub(crate) struct RefusedSpawns {
    by_limit: AtomicU64,
    by_system: AtomicU64,
    by_profile: AtomicU64,
}

impl RefusedSpawns {
    pub(crate) fn count(&self, refusal: SpawnRefusal) {
        let counter = match refusal {
            SpawnRefusal::Profile => &self.by_profile,
            SpawnRefusal::NoThread(NoThread::Limit | NoThread::Index) => &self.by_limit,
            SpawnRefusal::NoThread(NoThread::Room(NoRoom::Mappings(_))) => &self.by_system,
            SpawnRefusal::NoThread(NoThread::Room(NoRoom::Stack(NoStack::Mappings(_) | NoStack::System(_)))) => {
                &self.by_system
            }
            // The budget counts these.
            SpawnRefusal::NoThread(NoThread::Room(NoRoom::Memory(_) | NoRoom::Stack(NoStack::Limit))) => return,
            // Nobody waits for threads of a program that has ended.
            SpawnRefusal::NoThread(NoThread::Ended) => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn sum(&self) -> SpawnRefusals {
        SpawnRefusals {
            by_limit: self.by_limit.load(Ordering::Relaxed),
            by_system: self.by_system.load(Ordering::Relaxed),
            by_profile: self.by_profile.load(Ordering::Relaxed),
        }
    }
}
