//! What one store takes of its program's [`Budget`]: its memories, tables and garbage-collected objects, and the engine's records.
//!
//! The engine asks the account before it makes or grows one of them. While the instance is made, what does not fit is an error that names
//! the limit. Later, it makes growing fail in the guest.

use crate::limits::budget::{Budget, MemoryRefusals};
use crate::limits::limiter::{Limiter, Resource};
use crate::log;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tracing::debug;
use wasmtime::ResourceLimiter;
use weft_lower::TABLE_STEP;
use weft_lower::plan::OwnMemories;

/// The most bytes that an element of an unshared table takes.
const ELEMENT: u64 = 8;

/// The most bytes that the engine keeps in each store for an item of the run-time module: the record of a function.
const ITEM: u64 = 32;

/// The items whose records are part of [`THREAD`](super::budget::THREAD).
const ITEMS_OF_A_THREAD: u64 = 128;

/// What the engine keeps in each store for `items` items of the run-time module, beyond what [`THREAD`](super::budget::THREAD) covers.
pub(crate) fn store_records(items: u64) -> u64 {
    items.saturating_sub(ITEMS_OF_A_THREAD).saturating_mul(ITEM)
}

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

/// What a store takes when the run-time module is instantiated in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct StoreCost {
    pub(crate) bytes: u64,
    pub(crate) mappings: u64,
}

/// What the limits say to the next growth of a table by one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FirstStep {
    /// They are asked.
    Asked,
    /// It is refused: it is the first step of a growth that does not fit.
    Refused,
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
    /// Whether code grows tables in steps, and how the next growth by one step fares.
    steps: Option<FirstStep>,
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

    /// Says that the store's code grows a table by more than [`TABLE_STEP`] elements in steps, if growing it at once is
    /// refused: see [`Unshared::interruptible`](weft_lower::Unshared::interruptible). The account then refuses that, and reserves the
    /// memory for the steps, or refuses the first step too.
    #[doc(hidden)]
    pub fn grow_tables_in_steps(&mut self) {
        self.steps = Some(FirstStep::Asked);
    }

    /// The limit in bytes.
    pub fn limit(&self) -> u64 {
        self.budget.limit()
    }

    /// The most bytes that the store has used at once.
    pub fn peak(&self) -> u64 {
        self.budget.peak()
    }

    /// How often the store did not get memory.
    pub fn refusals(&self) -> MemoryRefusals {
        self.budget.refusals()
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
            steps: None,
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
        if maximum.is_some_and(|maximum| desired > maximum) {
            self.budget.count_maximum();
        }
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
        if let Some(step) = self.steps {
            let by = desired.saturating_sub(current);
            self.steps = Some(FirstStep::Asked);
            if by > u64::from(TABLE_STEP) {
                let fits = maximum.is_none_or(|maximum| desired <= maximum);
                if !(fits && self.reserve_table(current, by)?) {
                    self.steps = Some(FirstStep::Refused);
                }
                return Ok(false);
            }
            if step == FirstStep::Refused && by == u64::from(TABLE_STEP) {
                return Ok(false);
            }
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
