//! A program's memory: one account for all that its guest can make the host allocate.
//!
//! **Problem.** A program has many memories and tables, some of them once in each thread's store, and stacks and records of the
//! host's beside them. A limit of each does not bind the sum. **Here**, all are charged to one [`Budget`]: a number that
//! only grows up to the limit.
//!
//! - What is not shared is charged by the [`StoreAccount`] of its store, which the engine asks before it makes or grows a
//!   memory, a table or a heap of garbage-collected objects. What a store was charged is given back when it is dropped.
//! - Shared memories and tables are charged where the host grows them. They live as long as the program.
//! - A thread is charged [`THREAD`] and what instantiation takes in its store, *before* it gets an index: so there is room
//!   for it when it starts. That includes the engine's records of the run-time module's items, of which each store has its own.
//! - Host functions charge what they allocate for a guest: [`MemoryAccount`](super::host_memory::MemoryAccount).
//!
//! Charged is what can be touched without asking again: a memory's size, also where its pages are still untouched. Address
//! space that is only reserved is not.
//!
//! When the budget is exhausted, stores that wait for the next thread are given up first ([`Budget::reclaim_by`]).
//!
//! **Rejected:** `StoreLimits` of the engine's (for each memory and table by itself); the process's resident size (programs share
//! the process, and a limit that is noticed afterwards is none).

use crate::limits::limiter::{Limiter, Resource};
use crate::log;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tracing::debug;
use wasmtime::{ResourceLimiter, SharedMemory};
use weft_lower::plan::OwnMemories;

/// The size in bytes of a page of a linear memory.
pub(crate) const PAGE: u64 = 65_536;

/// What an element of an unshared table takes at most.
const ELEMENT: u64 = 8;

/// What a thread is charged: what one that is blocked takes, with its store, its entry in the thread table and its place
/// in a queue of waiters.
pub(crate) const THREAD: u64 = 16 << 10;

/// What the engine keeps in each store for an item of the run-time module at most: the record of a function.
const ITEM: u64 = 32;

/// The items whose records are part of [`THREAD`].
const ITEMS_OF_A_THREAD: u64 = 128;

/// What the engine keeps in each store for so many items of the run-time module, beyond what [`THREAD`] covers.
pub(crate) fn store_records(items: u64) -> u64 {
    items.saturating_sub(ITEMS_OF_A_THREAD).saturating_mul(ITEM)
}

/// What each program has beyond its limit, for its first thread and the records of the host: so a limit that is the
/// memory's own size does not keep a program from starting.
const ALLOWANCE: u64 = 32 << 10;

/// How many mappings of the process's a store's memory takes: what is accessible, and what is not, up to the next one.
const MAPPINGS_OF_A_MEMORY: u64 = 2;

/// How many more it takes if the engine has an image of its segments.
const MAPPINGS_OF_AN_IMAGE: u64 = 1;

/// The size in bytes from which on the allocator maps a table by itself.
const MAPPED_TABLE: u64 = 128 << 10;

/// What a store with these memories takes, if `known` is what the engine asked for when it made an earlier one.
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
    /// How many elements each table may have.
    max_table_elements: u64,
    /// What the embedder decides itself.
    pub(crate) limiter: Limiter,
    /// Whether the first store has all memories and tables, so that those of further ones are copies.
    is_instantiated: AtomicBool,
    used: AtomicU64,
    /// The most that was used at once.
    peak: AtomicU64,
    reclaim: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

/// The budget does not allow something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the program needs {needed} more bytes of memory, but its limit is {limit} bytes in total: raise `--max-memory`, \
     `Config::max_memory` or `InstanceLimits::max_memory`"
)]
pub(crate) struct OverBudget {
    needed: u64,
    limit: u64,
}

/// A table has more elements than the program's tables may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a table of the program needs {elements} elements, but the limit for each is {limit}: raise `InstanceLimits::max_table_elements`"
)]
pub(crate) struct TooManyElements {
    elements: u64,
    limit: u64,
}

impl Budget {
    /// Whether a table may have so many elements.
    pub(crate) fn check_elements(&self, elements: u64) -> Result<(), TooManyElements> {
        let limit = self.max_table_elements;
        match elements <= limit {
            true => Ok(()),
            false => Err(TooManyElements { elements, limit }),
        }
    }

    /// The budget of a program that may use so many bytes.
    pub(crate) fn new(limit: u64) -> Arc<Self> {
        Budget::with_tables(limit, u64::MAX, Limiter::default())
    }

    /// The budget of a program that may use so many bytes, of which each table may have so many elements, and what `limiter` allows.
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

    /// Has `reclaim` called where the budget is exhausted: it may give something back.
    pub(crate) fn reclaim_by(&self, reclaim: impl Fn() + Send + Sync + 'static) {
        // A program sets it once.
        let _ = self.reclaim.set(Box::new(reclaim));
    }

    /// Charges so many bytes, for good or until [`Budget::give_back`].
    pub(crate) fn take(&self, bytes: u64) -> Result<(), OverBudget> {
        if self.take_at_once(bytes).is_ok() {
            return Ok(());
        }
        if let Some(reclaim) = self.reclaim.get() {
            reclaim();
        }
        self.take_at_once(bytes)
    }

    /// Charges so many bytes without reclaiming any.
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

    /// How many bytes were charged at once at most.
    pub(crate) fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }

    /// The error that says that so many bytes do not fit.
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

/// Grows a shared memory, whose pages are charged for good, and gives its size before in pages. `allows` is asked what is beyond the
/// limits, and is told the greatest size; all sizes are in pages.
///
/// The outer error is that of `allows`.
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
    /// Charges so many bytes without reclaiming any.
    pub(crate) fn new(budget: &Arc<Budget>, bytes: u64) -> Result<Self, OverBudget> {
        budget.take_at_once(bytes)?;
        Ok(Charge {
            budget: Arc::clone(budget),
            bytes,
        })
    }

    /// Charges so many bytes, if need be after something was reclaimed.
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

/// Holds a store of the engine's to a limit of memory: the sum of its memories, tables and garbage-collected objects, to
/// which its program has a right ([`Config::max_memory`](crate::Config::max_memory)).
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
    /// What is charged already, by who made the thread.
    prepaid: u64,
    /// What this account has charged.
    charged: u64,
    /// The part of it that was charged last, which the engine may find that it cannot use.
    last: u64,
    /// How many elements the limiter has allowed a table to grow by, in steps.
    allowed_elements: u64,
    /// Set while the instance is made: then what does not fit is an error. Later it makes growing fail.
    instantiating: bool,
    cost: StoreCost,
}

impl StoreAccount {
    /// The account of a store that may use so many bytes. What does not fit makes growing fail in the guest, and
    /// instantiation.
    pub fn new(limit: u64) -> Self {
        let mut account = Self::of_thread(&Budget::new(limit), 0);
        account.instantiating = false;
        account
    }

    /// The account of a store for one instance, each of whose tables may have so many elements. Until
    /// [`Self::finish_instantiation`], what does not fit is an error that names the limit.
    #[doc(hidden)]
    pub fn of_instance(limit: u64, max_table_elements: u64, limiter: Limiter) -> Self {
        Self::of_thread(&Budget::with_tables(limit, max_table_elements, limiter), 0)
    }

    /// The instance is made: what does not fit makes growing fail from here on.
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

    /// The account of a thread's store, for which some bytes are charged already.
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

    /// The instance is made. From here on what does not fit makes growing fail. Gives what was asked for before.
    pub(crate) fn instantiated(&mut self) -> StoreCost {
        self.instantiating = false;
        self.budget.is_instantiated.store(true, Ordering::Relaxed);
        self.cost
    }

    fn grow(&mut self, current: u64, desired: u64, maximum: Option<u64>) -> wasmtime::Result<bool> {
        self.last = 0;
        // The engine refuses what is beyond the maximum; nothing is to be reclaimed for that.
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

    /// Asks the limiter, behind the limits, for something that was charged.
    fn ask(&mut self, resource: Resource, current: u64, desired: u64, maximum: Option<u64>) -> wasmtime::Result<bool> {
        // The engine refuses what is beyond the maximum.
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

    /// Charges what a table takes that is about to grow by so many elements, in steps. Says whether it may.
    ///
    /// # Errors
    ///
    /// Those of the limiter.
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

    /// What does not fit is an error while the instance is made, and makes growing fail later.
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
            // The engine says that growing failed, and then nothing is to be undone.
            self.last = 0;
            return self.refuse(error);
        }
        if !self.grow(bytes(current), bytes(desired), maximum.map(bytes))? {
            return Ok(false);
        }
        // A step of what the limiter has allowed.
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
