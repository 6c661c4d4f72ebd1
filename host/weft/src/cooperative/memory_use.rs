//! What the instances on the cooperative runtime used of their memory limits. Each counts when its store is dropped.

use std::sync::{Mutex, MutexGuard, PoisonError};
use weft_parallel::{MemoryRefusals, StoreAccount};

/// The sums over an engine's instances.
#[derive(Default)]
pub(crate) struct MemoryUse(Mutex<Sums>);

#[derive(Default)]
struct Sums {
    peak: u64,
    refusals: MemoryRefusals,
}

impl MemoryUse {
    /// Adds a store that is dropped.
    pub(crate) fn add(&self, account: &StoreAccount) {
        let mut sums = self.lock();
        sums.peak = sums.peak.max(account.peak());
        sums.refusals.add(account.refusals());
    }

    /// The most bytes that one instance has used at once.
    pub(crate) fn peak(&self) -> u64 {
        self.lock().peak
    }

    /// How often instances did not get memory.
    pub(crate) fn refusals(&self) -> MemoryRefusals {
        self.lock().refusals
    }

    /// The sums are consistent whenever the lock is free.
    fn lock(&self) -> MutexGuard<'_, Sums> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
