//! The engine that a configuration leads to, and how it starts.
//!
//! **Problem.** A small program runs for a few milliseconds. To start an OS thread and to wait until it runs takes a tenth of one, and the
//! engine needs a thread for each worker, one that ticks, and the reactor's. **Here,** the threads begin first, and the calling thread
//! waits for them only after it has made Wasmtime's engine and tested interruption.
//!
//! **Rejected:** starting the threads when the first program runs. If the system refuses some, [`Engine::new`] returns an error or starts
//! fewer workers, and programs see the number as `thread.available-parallelism`.

use super::config::{Config, check_stack};
use super::guard::guarded;
use super::precompiled::CodeOptions;
use super::{compilation, reactor, self_test_module};
use crate::error::Error;
use crate::interruption::{Interruption, Interrupts};
use crate::limits::processor_time::Slices;
use crate::log;
use crate::metrics::hooks::Hooks;
use crate::metrics::{EngineMetrics, Records};
use crate::scheduler::{Next, Scheduler, Tick, Turns, WorkStealing, block_on, on_worker};
use crate::system::machine::default_max_memory;
use crate::system::os_threads::Refusal;
use crate::system::stacks::{Stacks, threads_by_mappings};
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};
use tracing::{debug, info};
use wasmtime::{Inlining, SharedMemory};
use weft_cache::Cache;
use weft_interrupt::Unsupported;
use weft_lower::Plan;

/// The compiler and the scheduler, which all programs of the engine share.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    guests: Guests,
    scheduler: Arc<dyn Scheduler>,
    records: Records,
    hooks: Hooks,
    refusal: Option<Refusal>,
    max_threads: u32,
    max_memory: u64,
    /// The memory with the counts of waiting threads. Created when an instance first has code that reads them.
    waiter_counts: OnceLock<SharedMemory>,
    cache: Option<Cache>,
    code_options: CodeOptions,
    single_calls: bool,
}

impl Engine {
    /// Starts an engine and its workers.
    ///
    /// # Errors
    ///
    /// Wasmtime cannot compile for this machine; or the system refuses descriptors, or an OS thread that the engine needs (one worker and
    /// two others).
    pub fn new(config: &Config) -> Result<Self, Error> {
        check_stack(config.max_wasm_stack)?;
        let workers = config.checked_workers()?;
        let turns = match config.deterministic {
            false => Turns::ByCost,
            true => Turns::ByArrival,
        };
        // The workers' threads come first: the engine can do without the other threads that it starts.
        let reactor = reactor::reserve()?;
        let threads = WorkStealing::begin(workers);
        let reactor = reactor.release();
        // The threads begin on other processors meanwhile.
        let guests = Guests::new(config)?;
        let (interrupts, slices) = (Arc::clone(&guests.interrupts), Arc::clone(&guests.slices));
        let tick = move |tick: Tick| {
            slices.check();
            interrupts.tick(tick);
            match slices.is_empty() && !interrupts.pursues() {
                true => Next::Later,
                false => Next::OnTime,
            }
        };
        let scheduler = WorkStealing::new(threads, turns, config.time_slice, Arc::new(tick));
        let scheduler = scheduler.map_err(|refusal| Error::OsThread {
            context: "cannot start a worker",
            refusal,
        })?;
        debug!(target: log::SCHEDULER, workers = scheduler.workers(), asked = workers, "workers started");
        if let Some(refusal) = scheduler.refusal() {
            debug!(target: log::LIMITS, %refusal, "fewer workers than asked for");
        }
        reactor.start()?;
        let refusal = scheduler.refusal().cloned();
        Ok(Engine::assemble(config, guests, scheduler, refusal))
    }

    /// An engine whose guest threads run on `scheduler`.
    #[cfg(test)]
    pub(crate) fn with_scheduler(config: &Config, scheduler: Arc<dyn Scheduler>) -> Result<Self, Error> {
        Ok(Engine::assemble(config, Guests::new(config)?, scheduler, None))
    }

    fn assemble(config: &Config, guests: Guests, scheduler: Arc<dyn Scheduler>, refusal: Option<Refusal>) -> Self {
        Engine {
            inner: Arc::new(Inner {
                guests,
                refusal,
                scheduler,
                records: Records::default(),
                hooks: config.hooks.clone(),
                max_threads: config.max_threads.unwrap_or_else(threads_by_mappings),
                max_memory: config.max_memory.unwrap_or_else(default_max_memory),
                waiter_counts: OnceLock::new(),
                cache: config.cache.clone(),
                code_options: CodeOptions {
                    deterministic: config.deterministic,
                    inlining: config.compiler_inlining,
                },
                single_calls: !config.parallel_calls || config.deterministic,
            }),
        }
    }

    /// How many OS threads run guest threads.
    pub fn workers(&self) -> NonZeroUsize {
        self.inner.scheduler.workers()
    }

    /// Why there are fewer workers than the [`Config`] asks for. `None` if there are as many.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.inner.refusal.as_ref()
    }

    /// How the engine interrupts guest threads that compute.
    pub fn interruption(&self) -> Interruption {
        self.inner.guests.interrupts.interruption()
    }

    /// Returns why the engine uses epochs although the [`Config`] asks for signals, or `None` if it uses what the [`Config`] asks for.
    pub fn interruption_refusal(&self) -> Option<&Unsupported> {
        self.inner.guests.interrupts.refusal()
    }

    /// The metrics of all instances of the engine up to now.
    pub fn metrics(&self) -> EngineMetrics {
        self.inner.records.metrics(&*self.inner.scheduler)
    }

    /// Runs a future to its end on the calling thread, as the blocking forms of this crate's functions do.
    ///
    /// # Errors
    ///
    /// The caller is a host function, which must not block: its worker could not run any guest thread in the meantime, perhaps the very
    /// one that the host function waits for. A [blocking](crate::HostModule::func_wrap_blocking) host function may call this.
    pub fn block_on<R>(&self, future: impl Future<Output = R>) -> Result<R, Error> {
        match on_worker() {
            true => Err(Error::WaitOnWorker),
            false => Ok(block_on(future)),
        }
    }

    /// Whether both are handles to the same engine.
    pub(crate) fn is(&self, other: &Engine) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// Checks that this engine accepts a plan's run-time module, without compiling the module.
    ///
    /// # Errors
    ///
    /// The module needs a feature that the engine does not have.
    pub fn validate(&self, plan: &Plan) -> Result<(), Error> {
        guarded("the run-time module is not valid", || {
            wasmtime::Module::validate(self.wasmtime(), &plan.wasm)
        })
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.inner.guests.wasmtime
    }

    pub(crate) fn interrupts(&self) -> &Interrupts {
        &self.inner.guests.interrupts
    }

    pub(crate) fn scheduler(&self) -> &Arc<dyn Scheduler> {
        &self.inner.scheduler
    }

    pub(crate) fn records(&self) -> &Records {
        &self.inner.records
    }

    pub(crate) fn hooks(&self) -> &Hooks {
        &self.inner.hooks
    }

    pub(crate) fn slices(&self) -> &Slices {
        &self.inner.guests.slices
    }

    pub(crate) fn max_threads(&self) -> u32 {
        self.inner.max_threads
    }

    pub(crate) fn cache(&self) -> Option<&Cache> {
        self.inner.cache.as_ref()
    }

    pub(crate) fn code_options(&self) -> CodeOptions {
        self.inner.code_options
    }

    pub(crate) fn is_deterministic(&self) -> bool {
        self.inner.code_options.deterministic
    }

    /// Whether the calls of each instance take turns.
    pub(crate) fn has_single_calls(&self) -> bool {
        self.inner.single_calls
    }

    /// The memory with the counts of waiting threads. The first call creates it with `make`.
    pub(crate) fn waiter_counts(
        &self,
        make: impl FnOnce(&wasmtime::Engine) -> Result<SharedMemory, Error>,
    ) -> Result<SharedMemory, Error> {
        if let Some(counts) = self.inner.waiter_counts.get() {
            return Ok(counts.clone());
        }
        let counts = make(self.wasmtime())?;
        Ok(self.inner.waiter_counts.get_or_init(|| counts).clone())
    }

    pub(crate) fn max_memory(&self) -> u64 {
        self.inner.max_memory
    }

    pub(crate) fn stacks(&self) -> &Arc<Stacks> {
        &self.inner.guests.stacks
    }
}

/// The parts that compile guest code, allocate its stacks, and interrupt it.
struct Guests {
    wasmtime: wasmtime::Engine,
    stacks: Arc<Stacks>,
    interrupts: Arc<Interrupts>,
    /// The runs in progress of instances whose processor time is limited.
    slices: Arc<Slices>,
}

impl Guests {
    fn new(config: &Config) -> Result<Self, Error> {
        let stacks = Stacks::new(config.max_wasm_stack);
        let make = |epochs| wasmtime::Engine::new(wasmtime_config(config, &stacks).epoch_interruption(epochs));
        let (cache, in_parallel) = (config.cache.as_ref(), config.parallel_compilation);
        let compile = |engine: &_, wasm: &_| self_test_module::make(cache, in_parallel, engine, wasm);
        let (wasmtime, interrupts) = Interrupts::start(&config.interruption, !config.deterministic, make, compile)
            .map_err(|error| Error::engine("cannot start the engine", &error))?;
        info!(target: log::SCHEDULER, by = ?interrupts.interruption(), "guests are interruptible");
        if let Some(refusal) = interrupts.refusal() {
            debug!(target: log::LIMITS, %refusal, "no interruption by signals");
        }
        Ok(Guests {
            wasmtime,
            stacks,
            interrupts: Arc::new(interrupts),
            slices: Arc::default(),
        })
    }
}

fn wasmtime_config(config: &Config, stacks: &Arc<Stacks>) -> wasmtime::Config {
    let mut wasmtime = wasmtime::Config::new();
    wasmtime
        .shared_memory(true)
        .wasm_features(weft_lower::CORE_FEATURES, true)
        // Only Wasmtime's component runtime needs this, and each thread's store is smaller without it.
        .concurrency_support(false)
        .compiler_inlining(match config.compiler_inlining {
            true => Inlining::Yes,
            false => Inlining::No,
        })
        .cranelift_nan_canonicalization(config.deterministic)
        .relaxed_simd_deterministic(config.deterministic);
    stacks.configure(&mut wasmtime);
    match config.parallel_compilation {
        true => compilation::configure(&mut wasmtime),
        false => {
            wasmtime.parallel_compilation(false);
        }
    }
    wasmtime
}
