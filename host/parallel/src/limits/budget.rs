//! A program's memory: one account for everything that its guest can make the host allocate.
//!
//! **Problem.** A program has many memories and tables, some of them once per thread, and the host keeps stacks and
//! records for it. A limit for each of these does not limit their sum. **Here**, all are charged to one [`Budget`],
//! whose total stays within the limit.
//!
//! - The [`StoreAccount`](super::store_account::StoreAccount) of a store charges unshared items: Wasmtime asks it
//!   before it creates or grows a memory, a table or a heap of garbage-collected objects. When a store is dropped, its
//!   account gives back what it charged.
//! - The host charges shared memories and tables when it grows them. They live as long as the program.
//! - *Before* a thread gets an index, it is charged [`THREAD`] and what instantiation takes in its store, so that there
//!   is room for it when it starts. This includes the engine's records of the run-time module's items, which each store
//!   has.
//! - Host functions charge what they allocate for a guest: [`MemoryAccount`](super::host_memory::MemoryAccount).
//!
//! The charge is for everything that the guest can touch without asking again: a memory is charged its whole size, even
//! while its pages are untouched. Address space that is only reserved is not charged.
//!
//! When the budget is exhausted, idle stores are dropped first ([`Budget::reclaim_by`]).
//!
//! **Rejected:** Wasmtime's `StoreLimits` (they limit each memory and table by itself); the process's resident size
//! (programs share the process, and a limit that is checked only afterwards is no limit).

use crate::limits::limiter::Limiter;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use wasmtime::SharedMemory;

/// The size in bytes of a page of a linear memory.
pub(crate) const PAGE: u64 = 65_536;

/// What each thread is charged, in bytes: what a blocked thread takes, with its store, its entry in the thread table
/// and its entry in a queue of waiters.
pub(crate) const THREAD: u64 = 16 << 10;

/// What each program may use beyond its limit, for its first thread and the host's records. So a program can start even
/// if its limit is just the size of its memory.
pub(super) const ALLOWANCE: u64 = 32 << 10;

/// See the module.
pub(crate) struct Budget {
    limit: u64,
    /// The most elements that each table may have.
    max_table_elements: u64,
    /// Asks the embedder's limiter.
    pub(crate) limiter: Limiter,
    /// Whether the first store is instantiated. From then on, the memories and tables of other stores are copies.
    pub(super) is_instantiated: AtomicBool,
    used: AtomicU64,
    /// The most that was used at once.
    peak: AtomicU64,
    refusals: RefusalCounts,
    reclaim: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

#[derive(Default)]
struct RefusalCounts {
    by_limit: AtomicU64,
    by_maximum: AtomicU64,
}

/// How often a program did not get memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryRefusals {
    /// Because of its limit ([`Config::max_memory`](crate::Config::max_memory)).
    pub by_limit: u64,
    /// Because a memory would have exceeded the maximum that it declares.
    pub by_maximum: u64,
}

impl MemoryRefusals {
    /// Adds the refusals of another program.
    pub fn add(&mut self, other: MemoryRefusals) {
        self.by_limit += other.by_limit;
        self.by_maximum += other.by_maximum;
    }
}

/// The budget does not allow a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the program needs {needed} more bytes of memory, but its limit is {limit} bytes in total: raise `--max-memory`, \
     `Config::max_memory` or `InstanceLimits::max_memory`"
)]
pub(crate) struct OverBudget {
    needed: u64,
    limit: u64,
}

/// A table would have more elements than the program's tables may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a table of the program needs {elements} elements, but the limit for each is {limit}: raise `InstanceLimits::max_table_elements`"
)]
pub(crate) struct TooManyElements {
    elements: u64,
    limit: u64,
}

impl Budget {
    /// Whether a table may have `elements` elements.
    pub(crate) fn check_elements(&self, elements: u64) -> Result<(), TooManyElements> {
        let limit = self.max_table_elements;
        match elements <= limit {
            true => Ok(()),
            false => Err(TooManyElements { elements, limit }),
        }
    }

    /// The budget of a program that may use `limit` bytes.
    pub(crate) fn new(limit: u64) -> Arc<Self> {
        Budget::with_tables(limit, u64::MAX, Limiter::default())
    }

    /// The budget of a program that may use `limit` bytes, with at most `max_table_elements` elements in each table, as
    /// far as `limiter` allows.
    pub(crate) fn with_tables(limit: u64, max_table_elements: u64, limiter: Limiter) -> Arc<Self> {
        Arc::new(Budget {
            limit,
            max_table_elements,
            limiter,
            is_instantiated: AtomicBool::new(false),
            used: AtomicU64::new(0),
            peak: AtomicU64::new(0),
            refusals: RefusalCounts::default(),
            reclaim: OnceLock::new(),
        })
    }

    /// In bytes.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// Sets the function that is called when the budget is exhausted. It may give bytes back.
    pub(crate) fn reclaim_by(&self, reclaim: impl Fn() + Send + Sync + 'static) {
        // A program sets it once.
        let _ = self.reclaim.set(Box::new(reclaim));
    }

    /// Charges bytes until [`Budget::give_back`].
    pub(crate) fn take(&self, bytes: u64) -> Result<(), OverBudget> {
        if self.fits(bytes) {
            return Ok(());
        }
        if let Some(reclaim) = self.reclaim.get() {
            reclaim();
        }
        self.take_at_once(bytes)
    }

    /// Charges bytes without reclaiming any.
    pub(crate) fn take_at_once(&self, bytes: u64) -> Result<(), OverBudget> {
        match self.fits(bytes) {
            true => Ok(()),
            false => Err(self.over(bytes)),
        }
    }

    /// Charges bytes if they fit.
    fn fits(&self, bytes: u64) -> bool {
        let limit = self.limit.saturating_add(ALLOWANCE);
        let taken = self.used.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |used| {
            used.checked_add(bytes).filter(|used| *used <= limit)
        });
        let Ok(before) = taken else { return false };
        if before + bytes > self.peak.load(Ordering::Relaxed) {
            self.peak.fetch_max(before + bytes, Ordering::Relaxed);
        }
        true
    }

    /// How many bytes are charged.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// The most bytes that were charged at once.
    pub(crate) fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }

    /// Counts a refusal of `bytes` bytes that do not fit, and returns the error.
    pub(crate) fn over(&self, bytes: u64) -> OverBudget {
        self.refusals.by_limit.fetch_add(1, Ordering::Relaxed);
        OverBudget {
            needed: bytes,
            limit: self.limit,
        }
    }

    /// Counts a memory that does not grow because of its declared maximum.
    pub(crate) fn count_maximum(&self) {
        self.refusals.by_maximum.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn refusals(&self) -> MemoryRefusals {
        MemoryRefusals {
            by_limit: self.refusals.by_limit.load(Ordering::Relaxed),
            by_maximum: self.refusals.by_maximum.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn give_back(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::SeqCst);
    }
}

/// Why a shared memory does not grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotGrown {
    #[error("it would exceed its declared maximum")]
    Maximum,
    #[error(transparent)]
    Budget(#[from] OverBudget),
    #[error("the limiter of the instance refuses it")]
    Limiter,
    #[error("the system refuses to grant more memory")]
    System,
}

/// Grows a shared memory, and returns its old size. The new pages remain charged. If the limits allow the growth,
/// `allows` decides; its last argument is the greatest size. All sizes are in pages.
///
/// The outer error comes from `allows`.
pub(crate) fn grow_shared<E>(
    budget: &Budget,
    memory: &SharedMemory,
    pages: u64,
    allows: impl FnOnce(u64, u64, Option<u64>) -> Result<bool, E>,
) -> Result<Result<u64, NotGrown>, E> {
    let (size, maximum) = (memory.size(), memory.ty().maximum());
    let grown = size
        .checked_add(pages)
        .filter(|grown| maximum.is_none_or(|maximum| *grown <= maximum));
    let (Some(grown), Some(bytes)) = (grown, pages.checked_mul(PAGE)) else {
        budget.count_maximum();
        return Ok(Err(NotGrown::Maximum));
    };
    if let Err(error) = budget.take(bytes) {
        return Ok(Err(error.into()));
    }
    let give_back = || budget.give_back(bytes);
    match allows(size, grown, maximum) {
        Ok(true) => {}
        Ok(false) => {
            give_back();
            return Ok(Err(NotGrown::Limiter));
        }
        Err(error) => {
            give_back();
            return Err(error);
        }
    }
    Ok(memory.grow(pages).map_err(|_| {
        give_back();
        NotGrown::System
    }))
}

/// A charge that is given back when it is dropped.
pub(crate) struct Charge {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Charge {
    /// Charges bytes without reclaiming any.
    pub(crate) fn new(budget: &Arc<Budget>, bytes: u64) -> Result<Self, OverBudget> {
        budget.take_at_once(bytes)?;
        Ok(Charge {
            budget: Arc::clone(budget),
            bytes,
        })
    }

    /// Charges bytes, if necessary after reclaiming some.
    pub(crate) fn reclaiming(budget: &Arc<Budget>, bytes: u64) -> Result<Self, OverBudget> {
        budget.take(bytes)?;
        Ok(Charge {
            budget: Arc::clone(budget),
            bytes,
        })
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

#[cfg(test)]
pub(super) mod tests;
