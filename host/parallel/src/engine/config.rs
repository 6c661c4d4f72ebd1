//! The configuration that an embedder chooses, and the engine that is built from it.

use super::guard::guarded;
use super::{compilation, reactor, self_test_module};
use crate::error::Error;
use crate::interruption::{Choice, Interruption, Interrupts};
use crate::limits::processor_time::Slices;
use crate::log;
use crate::metrics::hooks::{Hooks, ThreadEvent};
use crate::metrics::{EngineMetrics, Records};
use crate::scheduler::{Scheduler, TICK, Tick, Turns, WorkStealing, block_on, on_worker};
use crate::system::machine::default_max_memory;
use crate::system::os_threads::Refusal;
use crate::system::stacks::{DEFAULT_MAX_WASM_STACK, Stacks, WASM_STACK_SIZES, threads_by_mappings};
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;
use std::time::Duration;
use tracing::{debug, info};
use wasmtime::SharedMemory;
use weft_cache::Cache;
use weft_interrupt::Unsupported;
use weft_lower::Plan;

/// The greatest number of workers: each is an OS thread.
const MAX_WORKERS: usize = 1024;

/// The configuration of an [`Engine`].
#[derive(Debug, Clone)]
pub struct Config {
    workers: Option<NonZeroUsize>,
    max_threads: u32,
    max_memory: Option<u64>,
    max_wasm_stack: usize,
    pub(super) cache: Option<Cache>,
    pub(super) parallel_compilation: bool,
    deterministic: bool,
    parallel_calls: bool,
    interruption: Choice,
    time_slice: Duration,
    hooks: Hooks,
}

impl Default for Config {
    fn default() -> Self {
        Config::new()
    }
}

impl Config {
    /// The default configuration: one worker for each processor, as many threads as the system's memory mappings allow, half of the
    /// machine's memory, stacks of 8 MiB, no cache of compiled code, not deterministic, interruption by signals, time slices of a
    /// millisecond.
    pub fn new() -> Self {
        Config {
            workers: None,
            max_threads: threads_by_mappings(),
            max_memory: None,
            max_wasm_stack: DEFAULT_MAX_WASM_STACK,
            cache: None,
            parallel_compilation: true,
            deterministic: false,
            parallel_calls: true,
            interruption: Choice::default(),
            time_slice: TICK,
            hooks: Hooks::default(),
        }
    }

    /// Sets how many OS threads (workers) run guest threads, 1,024 at most. If the system refuses some of them, there are fewer.
    /// [`Engine::workers`] returns the actual number, and so does `thread.available-parallelism` in a guest.
    pub fn workers(&mut self, workers: NonZeroUsize) -> &mut Self {
        self.workers = Some(workers);
        self
    }

    /// Limits how many guest threads a program can have at once, including suspended ones and calls of its exports. At the limit,
    /// `thread.spawn-indirect` and `thread.spawn-ref` return 0 and do nothing else, and `thread.new-indirect` traps. They do the same if
    /// the program reaches [`Config::max_memory`], or if the process, whose memory mappings all engines share, has none left.
    pub fn max_threads(&mut self, threads: u32) -> &mut Self {
        self.max_threads = threads;
        self
    }

    /// Limits the total memory, in bytes, that each program makes the host allocate. By default, it is half of the machine's memory, or
    /// half of what the control groups of the process allow if that is less.
    ///
    /// It limits the sum of
    ///
    /// - all memories, shared or not, by their size, whether or not their pages have been touched;
    /// - all tables, eight bytes for each element, or four if they are shared and written; shared globals;
    /// - unshared memories and tables once more for each thread, because each thread has its own;
    /// - 16 KiB for each thread: the part of the stack that most threads use, its store, and its entries in tables and queues;
    /// - on Linux, the pages of its stack beyond those 16 KiB that each thread has touched, for example by deep recursion.
    ///
    /// The program's first 32 KiB do not count, and neither does the first MiB that its threads touch of their stacks. Address space
    /// that is only reserved, compiled code, which programs share, and what host functions allocate do not count either.
    ///
    /// At the limit, memories and tables do not grow and threads do not start, as at their other limits. A thread whose stack does not
    /// fit traps. If an instance needs more to start, instantiation returns an error.
    pub fn max_memory(&mut self, bytes: u64) -> &mut Self {
        self.max_memory = Some(bytes);
        self
    }

    /// Sets the stack size, in bytes, of each guest thread for WebAssembly code. A thread that needs more traps. The default is 8 MiB.
    /// [`Engine::new`] refuses a size that is not one of [`WASM_STACK_SIZES`].
    ///
    /// Only the pages that a thread touches take memory. They count against [`Config::max_memory`]. Host functions have 1 MiB of their own.
    pub fn max_wasm_stack(&mut self, bytes: usize) -> &mut Self {
        self.max_wasm_stack = bytes;
        self
    }

    /// Sets the cache in which the engine keeps compiled components. By default there is none. The engine also keeps the code there with
    /// which it tests [interruption by signals](Interruption::Signal), so that a process starts faster.
    pub fn cache(&mut self, cache: Option<Cache>) -> &mut Self {
        self.cache = cache;
        self
    }

    /// Sets whether the engine compiles components on several OS threads, if the system grants them. [`Engine::new`] starts these
    /// threads, so an engine that only [deserializes](crate::Component::deserialize) components starts faster without them.
    pub fn parallel_compilation(&mut self, enable: bool) -> &mut Self {
        self.parallel_compilation = enable;
        self
    }

    /// Runs programs in the specification's [deterministic profile]: a spawn starts no thread and returns 0, and
    /// `thread.available-parallelism` returns 1.
    ///
    /// Threads that `thread.new-indirect` creates do run, all of them on one worker, whatever [`Config::workers`] says. They take turns
    /// only where they wait, suspend themselves or yield, in the order in which they became ready, which does not depend on time. Only
    /// the program's end interrupts a thread that computes. This also fixes what core WebAssembly leaves open: each NaN that an
    /// instruction produces is the canonical one, and relaxed SIMD does the same on every machine.
    ///
    /// [deterministic profile]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
    pub fn deterministic(&mut self, enable: bool) -> &mut Self {
        self.deterministic = enable;
        self
    }

    /// Sets whether calls of an instance's exports overlap if everything that they use is shared: the core function, its memory, `realloc`
    /// and `post-return`. They do by default. If set to `false`, all calls of an instance take turns, as they always do in the
    /// [deterministic](Config::deterministic) profile.
    ///
    /// Other calls take turns in any case. `weft adapt` lifts an export from a shared function only if it can give each call a stack and
    /// thread-local storage of its own.
    pub fn parallel_calls(&mut self, enable: bool) -> &mut Self {
        self.parallel_calls = enable;
        self
    }

    /// Sets how the engine interrupts guest threads that compute. If signals do not work, the engine uses epochs, and
    /// [`Engine::interruption_refusal`] says why.
    pub fn interruption(&mut self, interruption: Interruption) -> &mut Self {
        self.interruption.interruption = interruption;
        self
    }

    /// Sets the number of the signal for [`Interruption::Signal`]. The default is `SIGURG`.
    ///
    /// The engine handles the signal in the whole process. If others send it, the engine passes it to the handler that was there before
    /// the first engine with this signal. A handler that the process installs later must call the one that it replaces.
    pub fn interruption_signal(&mut self, signal: i32) -> &mut Self {
        self.interruption.signal = signal;
        self
    }

    /// Sets the minimum time that a guest thread runs before the engine lets another thread run that waits for a worker. The default is a
    /// millisecond.
    pub fn time_slice(&mut self, time: Duration) -> &mut Self {
        self.time_slice = time;
        self
    }

    /// Sets a function that the engine calls when a guest thread starts, including calls of exports and instantiation. It runs on the OS
    /// thread that runs the guest thread, before any guest code, and must not block. If it panics, the guest thread continues.
    pub fn on_thread_start(&mut self, hook: impl Fn(&ThreadEvent) + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_start(hook);
        self
    }

    /// Sets a function that the engine calls when a guest thread that has started ends, because it returned or its program ended. No code
    /// of the thread runs any more, but its index is still in use. The function must not block. If it panics, nothing else happens.
    pub fn on_thread_end(&mut self, hook: impl Fn(&ThreadEvent) + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_end(hook);
        self
    }
}

fn check_stack(bytes: usize) -> Result<(), Error> {
    if WASM_STACK_SIZES.contains(&bytes) {
        return Ok(());
    }
    Err(Error::Limit(format!(
        "a stack of {bytes} bytes is too small or too large: set `Config::max_wasm_stack` to a value from {} to {}",
        WASM_STACK_SIZES.start(),
        WASM_STACK_SIZES.end()
    )))
}

/// The compiler and the scheduler, which all programs of the engine share.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    wasmtime: wasmtime::Engine,
    interrupts: Arc<Interrupts>,
    scheduler: Arc<dyn Scheduler>,
    /// The runs in progress of instances whose processor time is limited.
    slices: Arc<Slices>,
    records: Records,
    hooks: Hooks,
    refusal: Option<Refusal>,
    max_threads: u32,
    max_memory: u64,
    stacks: Arc<Stacks>,
    /// The memory with the counts of waiting threads. Created when an instance first has code that reads them.
    waiter_counts: OnceLock<SharedMemory>,
    cache: Option<Cache>,
    deterministic: bool,
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
        reactor::start()?;
        let workers = match config.workers {
            _ if config.deterministic => NonZeroUsize::MIN,
            Some(workers) => workers,
            None => available_parallelism().unwrap_or(NonZeroUsize::MIN),
        };
        if workers.get() > MAX_WORKERS {
            return Err(Error::Limit(format!(
                "{workers} workers are too many: use at most {MAX_WORKERS}"
            )));
        }
        check_stack(config.max_wasm_stack)?;
        let turns = match config.deterministic {
            false => Turns::ByCost,
            true => Turns::ByArrival,
        };
        // The workers' threads come first: the engine can do without the other threads that it starts.
        let ticking = Arc::new(OnceLock::<(Arc<Interrupts>, Arc<Slices>)>::new());
        let ticked = Arc::clone(&ticking);
        let tick = move |tick: Tick| {
            if let Some((interrupts, slices)) = ticked.get() {
                slices.check();
                interrupts.tick(tick);
            }
        };
        let scheduler = WorkStealing::new(workers, turns, config.time_slice, Arc::new(tick));
        let scheduler = scheduler.map_err(|refusal| Error::OsThread {
            context: "cannot start a worker",
            refusal,
        })?;
        debug!(target: log::SCHEDULER, workers = scheduler.workers(), asked = workers, "workers started");
        if let Some(refusal) = scheduler.refusal() {
            debug!(target: log::LIMITS, %refusal, "started fewer workers than the configuration asks for");
        }
        let refusal = scheduler.refusal().cloned();
        let engine = Engine::with_scheduler(config, scheduler, refusal)?;
        ticking.get_or_init(|| (Arc::clone(&engine.inner.interrupts), Arc::clone(&engine.inner.slices)));
        Ok(engine)
    }

    /// An engine whose guest threads run on `scheduler`.
    pub(crate) fn with_scheduler(
        config: &Config,
        scheduler: Arc<dyn Scheduler>,
        refusal: Option<Refusal>,
    ) -> Result<Self, Error> {
        let stacks = Stacks::new(config.max_wasm_stack);
        let make = |epochs| wasmtime::Engine::new(wasmtime_config(config, &stacks).epoch_interruption(epochs));
        let (cache, in_parallel) = (config.cache.as_ref(), config.parallel_compilation);
        let compile = |engine: &_, wasm: &_| self_test_module::make(cache, in_parallel, engine, wasm);
        let (wasmtime, interrupts) = Interrupts::start(&config.interruption, !config.deterministic, make, compile)
            .map_err(|error| Error::engine("cannot start the engine", &error))?;
        info!(target: log::SCHEDULER, by = ?interrupts.interruption(), "guests are interruptible");
        if let Some(refusal) = interrupts.refusal() {
            debug!(target: log::LIMITS, %refusal, "cannot interrupt guests by signals");
        }
        Ok(Engine {
            inner: Arc::new(Inner {
                wasmtime,
                interrupts: Arc::new(interrupts),
                refusal,
                scheduler,
                slices: Arc::default(),
                records: Records::default(),
                hooks: config.hooks.clone(),
                max_threads: config.max_threads,
                max_memory: config.max_memory.unwrap_or_else(default_max_memory),
                stacks,
                waiter_counts: OnceLock::new(),
                cache: config.cache.clone(),
                deterministic: config.deterministic,
                single_calls: !config.parallel_calls || config.deterministic,
            }),
        })
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
        self.inner.interrupts.interruption()
    }

    /// Returns why the engine uses epochs although the [`Config`] asks for signals, or `None` if it uses what the [`Config`] asks for.
    pub fn interruption_refusal(&self) -> Option<&Unsupported> {
        self.inner.interrupts.refusal()
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
        &self.inner.wasmtime
    }

    pub(crate) fn interrupts(&self) -> &Interrupts {
        &self.inner.interrupts
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
        &self.inner.slices
    }

    pub(crate) fn max_threads(&self) -> u32 {
        self.inner.max_threads
    }

    pub(crate) fn cache(&self) -> Option<&Cache> {
        self.inner.cache.as_ref()
    }

    pub(crate) fn is_deterministic(&self) -> bool {
        self.inner.deterministic
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
        &self.inner.stacks
    }
}

fn wasmtime_config(config: &Config, stacks: &Arc<Stacks>) -> wasmtime::Config {
    let mut wasmtime = wasmtime::Config::new();
    wasmtime
        .shared_memory(true)
        .wasm_features(weft_lower::CORE_FEATURES, true)
        // Only Wasmtime's component runtime needs this, and each thread's store is smaller without it.
        .concurrency_support(false)
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
