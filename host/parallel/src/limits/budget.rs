//! A program's memory: one account for everything that its guest can make the host allocate.
//!
//! **Problem.** A program has many memories and tables, some of them once per thread, and the host keeps stacks and
//! records for it. A limit for each of these does not limit their sum. **Here**, all are charged to one [`Budget`],
//! whose total stays within the limit.
//!
//! - The [`StoreAccount`] of a store charges what is not shared: Wasmtime asks it before it creates or grows a memory,
//!   a table or a heap of garbage-collected objects. When a store is dropped, its account gives back what it charged.
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

use crate::limits::limiter::{Limiter, Resource};
use crate::log;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tracing::debug;
use wasmtime::{ResourceLimiter, SharedMemory};
use weft_lower::plan::OwnMemories;

/// The size in bytes of a page of a linear memory.
pub(crate) const PAGE: u64 = 65_536;

/// The most bytes that an element of an unshared table takes.
const ELEMENT: u64 = 8;

/// What each thread is charged, in bytes: what a blocked thread takes, with its store, its entry in the thread table
/// and its entry in a queue of waiters.
pub(crate) const THREAD: u64 = 16 << 10;

/// The most bytes that the engine keeps in each store for an item of the run-time module: the record of a function.
const ITEM: u64 = 32;

/// The items whose records are part of [`THREAD`].
const ITEMS_OF_A_THREAD: u64 = 128;

/// What the engine keeps in each store for `items` items of the run-time module, beyond what [`THREAD`] covers.
pub(crate) fn store_records(items: u64) -> u64 {
    items.saturating_sub(ITEMS_OF_A_THREAD).saturating_mul(ITEM)
}

/// What each program may use beyond its limit, for its first thread and the host's records. So a program can start even
/// if its limit is just the size of its memory.
const ALLOWANCE: u64 = 32 << 10;

/// How many of the process's mappings a store's memory takes: the accessible part, and the inaccessible part up to the
/// next memory.
const MAPPINGS_OF_A_MEMORY: u64 = 2;

/// How many more mappings a memory takes if the engine has an image of its segments.
const MAPPINGS_OF_AN_IMAGE: u64 = 1;

/// From this size in bytes on, the allocator gives a table a mapping of its own.
const MAPPED_TABLE: u64 = 128 << 10;

/// What a store with these memories takes. `known` is what the engine asked for when it made an earlier store.
pub(crate) fn store_cost(known: Option<StoreCost>, memories: OwnMemories) -> StoreCost {
    let mut cost = known.unwrap_or(StoreCost {
        bytes: 0,
        mappings: memories.count.saturating_mul(MAPPINGS_OF_A_MEMORY),
    });
    let images = memories.with_segments.saturating_mul(MAPPINGS_OF_AN_IMAGE);
    cost.mappings = cost.mappings.saturating_add(images);
    cost
}

/// See the module.
pub(crate) struct Budget {
    limit: u64,
    /// The most elements that each table may have.
    max_table_elements: u64,
    /// Asks the embedder's limiter.
    pub(crate) limiter: Limiter,
    /// Whether the first store is instantiated. From then on, the memories and tables of other stores are copies.
    is_instantiated: AtomicBool,
    used: AtomicU64,
    /// The most that was used at once.
    peak: AtomicU64,
    reclaim: OnceLock<Box<dyn Fn() + Send + Sync>>,
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
        if self.take_at_once(bytes).is_ok() {
            return Ok(());
        }
        if let Some(reclaim) = self.reclaim.get() {
            reclaim();
        }
        self.take_at_once(bytes)
    }

    /// Charges bytes without reclaiming any.
    pub(crate) fn take_at_once(&self, bytes: u64) -> Result<(), OverBudget> {
        let limit = self.limit.saturating_add(ALLOWANCE);
        let taken = self.used.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |used| {
            used.checked_add(bytes).filter(|used| *used <= limit)
        });
        let before = taken.map_err(|_| self.over(bytes))?;
        if before + bytes > self.peak.load(Ordering::Relaxed) {
            self.peak.fetch_max(before + bytes, Ordering::Relaxed);
        }
        Ok(())
    }

    /// How many bytes are charged.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// The most bytes that were charged at once.
    pub(crate) fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }

    /// The error for `bytes` bytes that do not fit.
    pub(crate) fn over(&self, bytes: u64) -> OverBudget {
        OverBudget {
            needed: bytes,
            limit: self.limit,
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

/// What a store takes when the run-time module is instantiated in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct StoreCost {
    pub(crate) bytes: u64,
    pub(crate) mappings: u64,
}

/// Limits the memory of a Wasmtime store: the sum of its memories, tables and garbage-collected objects, as in
/// [`Config::max_memory`](crate::Config::max_memory).
///
/// ```
/// use weft_parallel::StoreAccount;
/// use weft_parallel::wasmtime::{Engine, Store};
///
/// let mut store = Store::new(&Engine::default(), StoreAccount::new(64 << 20));
/// store.limiter(|account| account);
/// ```
pub struct StoreAccount {
    budget: Arc<Budget>,
    /// What the creator of the thread has already charged.
    prepaid: u64,
    /// What this account has charged.
    charged: u64,
    /// The last charge. The engine may report that it could not use it.
    last: u64,
    /// By how many elements the limiter has allowed a table to grow, in steps.
    allowed_elements: u64,
    /// Set during instantiation. Then, if a charge does not fit, that is an error. Later, growing fails.
    instantiating: bool,
    cost: StoreCost,
}

impl StoreAccount {
    /// The account of a store that may use `limit` bytes. If a charge does not fit, growing fails in the guest, or the
    /// instantiation fails.
    pub fn new(limit: u64) -> Self {
        let mut account = Self::of_thread(&Budget::new(limit), 0);
        account.instantiating = false;
        account
    }

    /// The account of a store for one instance, each of whose tables may have `max_table_elements` elements. Until
    /// [`Self::finish_instantiation`], a charge that does not fit is an error that names the limit.
    #[doc(hidden)]
    pub fn of_instance(limit: u64, max_table_elements: u64, limiter: Limiter) -> Self {
        Self::of_thread(&Budget::with_tables(limit, max_table_elements, limiter), 0)
    }

    /// Ends the instantiation. From here on, if a charge does not fit, growing fails in the guest.
    #[doc(hidden)]
    pub fn finish_instantiation(&mut self) {
        self.instantiated();
    }

    /// The limit in bytes.
    pub fn limit(&self) -> u64 {
        self.budget.limit
    }

    /// The most bytes that the store has used at once.
    pub fn peak(&self) -> u64 {
        self.budget.peak()
    }

    pub(crate) fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    /// The account of a thread's store, for which `bytes` were already charged.
    pub(crate) fn of_thread(budget: &Arc<Budget>, bytes: u64) -> Self {
        StoreAccount {
            budget: Arc::clone(budget),
            prepaid: bytes,
            charged: 0,
            last: 0,
            allowed_elements: 0,
            instantiating: true,
            cost: StoreCost::default(),
        }
    }

    /// Ends the instantiation. From here on, if a charge does not fit, growing fails in the guest. Returns what the
    /// instantiation took.
    pub(crate) fn instantiated(&mut self) -> StoreCost {
        self.instantiating = false;
        self.budget.is_instantiated.store(true, Ordering::Relaxed);
        self.cost
    }

    fn grow(&mut self, current: u64, desired: u64, maximum: Option<u64>) -> wasmtime::Result<bool> {
        self.last = 0;
        // The engine refuses growth beyond the maximum; do not reclaim anything for that.
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(true);
        }
        let more = desired.saturating_sub(current);
        if self.instantiating {
            self.cost.bytes += more;
        }
        let prepaid = more.min(self.prepaid);
        match self.budget.take(more - prepaid) {
            Ok(()) => {
                self.prepaid -= prepaid;
                self.last = more - prepaid;
                self.charged += self.last;
                Ok(true)
            }
            Err(error) => self.refuse(error),
        }
    }

    /// Asks the limiter about a charge that the limits allowed.
    fn ask(&mut self, resource: Resource, current: u64, desired: u64, maximum: Option<u64>) -> wasmtime::Result<bool> {
        // The engine refuses growth beyond the maximum.
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(true);
        }
        let limiter = &self.budget.limiter;
        let allowed = match (self.instantiating, self.budget.is_instantiated.load(Ordering::Relaxed)) {
            (true, true) => return Ok(true),
            (true, false) => limiter
                .check(resource, desired, maximum)
                .map(|()| true)
                .map_err(Into::into),
            (false, _) => limiter.allows(resource, current, desired, maximum),
        };
        if !matches!(allowed, Ok(true)) {
            self.undo();
        }
        if matches!(allowed, Ok(false)) {
            debug!(target: log::LIMITS, ?resource, desired, "the limiter of the instance refuses growth");
        }
        allowed
    }

    /// Charges the growth of a table by `by` elements, which will happen in steps. Returns whether the table may grow.
    ///
    /// # Errors
    ///
    /// The limiter returns an error.
    pub(crate) fn reserve_table(&mut self, length: u64, by: u64) -> wasmtime::Result<bool> {
        let grown = length.saturating_add(by);
        if let Err(error) = self.budget.check_elements(grown) {
            return self.refuse(error);
        }
        let bytes = by.saturating_mul(ELEMENT);
        if let Err(error) = self.budget.take(bytes) {
            return self.refuse(error);
        }
        self.charged += bytes;
        self.last = bytes;
        if !self.ask(Resource::Table, length, grown, None)? {
            return Ok(false);
        }
        self.prepaid += bytes;
        self.allowed_elements = by;
        Ok(true)
    }

    /// If a charge does not fit during instantiation, this is an error. Later, growing fails.
    fn refuse(&self, error: impl std::error::Error + Send + Sync + 'static) -> wasmtime::Result<bool> {
        if self.instantiating {
            return Err(wasmtime::Error::new(error));
        }
        debug!(target: log::LIMITS, %error, "a memory or table that is not shared did not grow");
        Ok(false)
    }

    fn undo(&mut self) {
        self.budget.give_back(self.last);
        self.charged -= self.last;
        self.last = 0;
    }
}

impl ResourceLimiter for StoreAccount {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if current == 0 {
            self.cost.mappings += MAPPINGS_OF_A_MEMORY;
        }
        let (current, desired, maximum) = (current as u64, desired as u64, maximum.map(|maximum| maximum as u64));
        Ok(self.grow(current, desired, maximum)? && self.ask(Resource::Memory, current, desired, maximum)?)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.undo();
        self.budget.limiter.failed(Resource::Memory);
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let (current, desired, maximum) = (current as u64, desired as u64, maximum.map(|maximum| maximum as u64));
        let bytes = |elements: u64| elements.saturating_mul(ELEMENT);
        if self.instantiating && bytes(desired) >= MAPPED_TABLE {
            self.cost.mappings += 1;
        }
        if let Err(error) = self.budget.check_elements(desired) {
            // If the engine reports that growing failed, nothing is to be undone.
            self.last = 0;
            return self.refuse(error);
        }
        if !self.grow(bytes(current), bytes(desired), maximum.map(bytes))? {
            return Ok(false);
        }
        // A step of a growth that the limiter has allowed.
        if let Some(left) = self.allowed_elements.checked_sub(desired.saturating_sub(current)) {
            self.allowed_elements = left;
            if desired > current {
                return Ok(true);
            }
        }
        self.ask(Resource::Table, current, desired, maximum)
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.undo();
        self.budget.limiter.failed(Resource::Table);
        Ok(())
    }
}

impl Drop for StoreAccount {
    fn drop(&mut self) {
        self.budget.give_back(self.charged);
    }
}

#[cfg(test)]
mod tests;
