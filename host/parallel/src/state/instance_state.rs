//! What the threads of an instance share.
//!
//! Stores, and how threads run, belong to [`lifecycle`](crate::lifecycle), which holds this state.

use crate::engine::component::Component;
use crate::engine::handle::Engine;
use crate::error::{Error, Outcome};
use crate::limits::budget::Budget;
use crate::limits::instance_limits::Allowance;
use crate::limits::processor_time::Meter;
use crate::limits::stack_use::StackUse;
use crate::log;
use crate::memory::shared_counts::SharedCounts;
use crate::memory::waiters::Waiters;
use crate::memory::written_table::WrittenTable;
use crate::metrics::Record;
use crate::metrics::counters::Count;
use crate::metrics::hooks::Hooks;
use crate::scheduler::yield_now;
use crate::state::memories::Memories;
use crate::state::program::Program;
use crate::state::resources::Resources;
use crate::system::mappings::Share;
use crate::threads::precedence::Precedence;
use crate::threads::states::ResumeError;
use crate::threads::thread_id::{MAX_INDEX, ThreadId};
use crate::threads::thread_table::ThreadTables;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tracing::{Level, debug};
use wasmtime::SharedMemory;
use weft_lower::plan::{ImportIndex, MemoryIndex, WrittenTableIndex};

/// How many instances the process has made.
static MADE: AtomicU64 = AtomicU64::new(0);

/// See the module. `T` is the embedder's state, and `D` the data of a thread's store.
pub(crate) struct InstanceState<T: 'static, D: 'static> {
    /// Identifies the instance in the log of the process.
    pub(crate) number: u64,
    pub(crate) component: Component,
    /// What this instance has in common with other instances.
    pub(crate) program: Arc<Program<D>>,
    pub(crate) host: T,
    /// The budget to which all memory of the instance is charged.
    pub(crate) budget: Arc<Budget>,
    /// The instance's share of the process's mappings.
    pub(crate) share: Arc<Share>,
    pub(crate) stack_use: Arc<StackUse>,
    /// The meter for the processor time of the threads, if that is limited.
    pub(crate) meter: Option<Arc<Meter>>,
    memories: Memories,
    /// By the plan's index.
    tables: Vec<WrittenTable>,
    pub(crate) resources: Arc<Resources>,
    pub(crate) waiters: Waiters<SharedCounts>,
    pub(crate) threads: Arc<ThreadTables>,
    pub(crate) precedence: Precedence,
    /// The metrics of the instance.
    pub(crate) record: Arc<Record>,
    pub(crate) hooks: Hooks,
    outcome: OnceLock<Outcome>,
}

impl<T, D> InstanceState<T, D> {
    pub(crate) fn new(
        program: Arc<Program<D>>,
        host: T,
        allowance: Allowance,
        memories: Memories,
    ) -> wasmtime::Result<Self> {
        let component = program.component.clone();
        let plan = component.plan();
        let Allowance {
            budget, share, meter, ..
        } = allowance;
        let tables = plan.tables.iter().map(|table| {
            let memory = memories.get(table.memory).clone();
            WrittenTable::new(memory, table.maximum, &budget)
        });
        let counts = plan.waiter_counts.map(|memory| memories.get(memory).clone());
        let counts = SharedCounts::new(counts)
            .ok_or_else(|| wasmtime::Error::msg("the memory of the counts of waiters is too small"))?;
        let limit = allowance.max_threads;
        let number = MADE.fetch_add(1, Ordering::Relaxed) + 1;
        let host_types = program
            .host_resources
            .iter()
            .map(|host| host.as_ref().map(|host| host.ty));
        let engine = component.engine();
        let (tables_of_threads, homes) = (plan.thread_tables(), plan.homes.len() + 1);
        let threads = Arc::new(ThreadTables::new(tables_of_threads, homes, limit, MAX_INDEX, &budget));
        let record = Record::new(number, engine.workers().get(), &threads, &budget);
        engine.records().add(&record);
        Ok(InstanceState {
            number,
            resources: Arc::new(Resources::new(number, &component, host_types, &budget)),
            host,
            threads,
            record,
            hooks: engine.hooks().clone(),
            tables: tables.collect(),
            stack_use: StackUse::new(&budget, component.engine().stacks().size()),
            budget,
            share,
            meter,
            memories,
            waiters: Waiters::new(counts),
            precedence: Precedence::new(component.engine().is_deterministic()),
            outcome: OnceLock::new(),
            component,
            program,
        })
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.component.engine()
    }

    pub(crate) fn memory(&self, index: MemoryIndex) -> &SharedMemory {
        self.memories.get(index)
    }

    pub(crate) fn table(&self, index: WrittenTableIndex) -> &WrittenTable {
        &self.tables[index.index()]
    }

    /// Whether some calls of exports take turns in a home.
    pub(crate) fn has_exclusive_calls(&self) -> bool {
        let plan = self.component.plan();
        let has_unshared = !plan.homes.is_empty() || !plan.resource_types.is_empty();
        has_unshared || self.component.has_turns() || plan.core_exports.take_turns()
    }

    /// Asks the limiter whether the tables may have their initial lengths.
    pub(crate) fn check_tables(&self) -> wasmtime::Result<()> {
        self.tables.iter().try_for_each(WrittenTable::check_length)
    }

    /// The memory for a host function that was called through this import: see [`HostMemory::find`](super::host_memory::HostMemory::find).
    pub(crate) fn host_memory(&self, called: Option<ImportIndex>) -> wasmtime::Result<&SharedMemory> {
        let memory = self.program.host_memory.find(self.component.plan(), called)?;
        Ok(self.memory(memory))
    }

    /// Makes `target` run first after `thread` has suspended itself or yielded, if `target` can run then.
    pub(crate) fn promote(&self, thread: ThreadId, target: ThreadId) -> Result<(), ResumeError> {
        if let Some(fiber) = self.threads.running_fiber(target)?
            && target != thread
        {
            self.precedence.promote(fiber);
        }
        Ok(())
    }

    /// A point to yield during long work that the host does for a thread. If threads are interrupted at all, others
    /// run. If the instance has ended, the thread is dropped here.
    pub(crate) async fn pause(&self) {
        if !self.engine().is_deterministic() || self.outcome().is_some() {
            self.record.counters.here().count(Count::Yield);
            yield_now().await;
        }
    }

    /// How the instance ended, if it has ended.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.get()
    }

    /// Logs that the host calls a function on this thread.
    pub(crate) fn log_call(&self, thread: ThreadId, function: impl Fn() -> String) {
        log::rarely(Level::DEBUG, || {
            debug!(target: log::THREADS, instance = self.number, thread = thread.index, function = function(), "called");
        });
    }

    /// Waits until an instance that is ending has ended, and returns the error that says how it ended.
    pub(crate) async fn ended(&self) -> Error {
        self.threads.empty().await;
        self.outcome().map_or(Error::Ended, Outcome::error)
    }

    /// Ends all threads. The first outcome counts, and this says whether it is the one given.
    pub(crate) fn end(&self, outcome: Outcome) -> bool {
        let is_first = self.outcome.set(outcome).is_ok();
        if is_first {
            debug!(target: log::THREADS, instance = self.number, "all threads end");
            self.threads.close();
            // Threads that compute are interrupted, and then see the outcome. No thread can start any more.
            if !self.threads.is_empty() {
                self.engine().interrupts().end(self.number);
            }
        }
        is_first
    }
}

/// No store of the instance is left, and so no thread.
impl<T, D> Drop for InstanceState<T, D> {
    fn drop(&mut self) {
        let engine = self.engine();
        engine.interrupts().forget(self.number);
        engine.records().remove(&self.record, &**engine.scheduler());
    }
}
