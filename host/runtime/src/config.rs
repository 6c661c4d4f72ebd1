//! What an embedder may choose, and the engine that comes of it.

use crate::guard::guarded;
use crate::scheduler::{Scheduler, Turns, WorkStealing, block_on, on_worker};
use crate::{Error, waiting};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;
use weft_cache::Cache;
use weft_lower::Plan;

/// The size in bytes of a guest thread's stack, of which this much is for WebAssembly.
const WASM_STACK: usize = 512 << 10;
/// What host functions have beside it. The sum stays below 2 MiB: Linux would back a larger one with huge pages.
const HOST_STACK: usize = 1 << 20;

/// The greatest number of workers: each is an OS thread.
const MAX_WORKERS: usize = 1024;

/// The choices of an [`Engine`].
#[derive(Debug, Clone)]
pub struct Config {
    workers: Option<NonZeroUsize>,
    max_threads: u32,
    max_memory: Option<u64>,
    cache: Option<Cache>,
    deterministic: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config::new()
    }
}

impl Config {
    /// One worker for each processor, as many threads as the system's memory mappings allow, memories as large as
    /// components declare them, no cache of compiled code, not deterministic.
    pub fn new() -> Self {
        Config {
            workers: None,
            max_threads: threads_by_mappings(),
            max_memory: None,
            cache: None,
            deterministic: false,
        }
    }

    /// How many OS threads run guest threads, 1,024 at most. It is also what `thread.available-parallelism` gives.
    pub fn workers(&mut self, workers: NonZeroUsize) -> &mut Self {
        self.workers = Some(workers);
        self
    }

    /// How many guest threads a program may have at once, suspended ones and the calls of its exports included.
    /// `thread.spawn-indirect` and `thread.spawn-ref` beyond return 0 to the guest and do nothing else;
    /// `thread.new-indirect` traps.
    pub fn max_threads(&mut self, threads: u32) -> &mut Self {
        self.max_threads = threads;
        self
    }

    /// The greatest size in bytes of each shared memory, and of each shared table at four bytes an element. Growing beyond
    /// it fails in the guest.
    pub fn max_memory(&mut self, bytes: u64) -> &mut Self {
        self.max_memory = Some(bytes);
        self
    }

    /// Where compiled components are kept for the next time, if anywhere.
    pub fn cache(&mut self, cache: Option<Cache>) -> &mut Self {
        self.cache = cache;
        self
    }

    /// Whether programs run by the specification's [deterministic profile]: spawning starts no thread and gives 0, and
    /// `thread.available-parallelism` gives 1.
    ///
    /// Threads that `thread.new-indirect` makes do run, all of them on one worker, whatever [`Config::workers`] says. They
    /// take turns only where they wait, suspend themselves or yield, in the order in which they became ready; time has no part
    /// in it. A thread that computes is interrupted only by the program's end. What core WebAssembly leaves open is fixed
    /// too: each NaN that an instruction makes is the canonical one, and relaxed SIMD does the same on every machine.
    ///
    /// [deterministic profile]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
    pub fn deterministic(&mut self, enable: bool) -> &mut Self {
        self.deterministic = enable;
        self
    }
}

/// Each stack of a guest thread takes two memory mappings, and the kernel grants a process only so many.
fn threads_by_mappings() -> u32 {
    const KERNEL_DEFAULT: u32 = 65530;
    const RESERVE: u32 = 4096;
    let limit = std::fs::read_to_string("/proc/sys/vm/max_map_count")
        .ok()
        .and_then(|text| text.trim().parse::<u32>().ok())
        .unwrap_or(KERNEL_DEFAULT);
    (limit.saturating_sub(RESERVE) / 2).max(1)
}

/// The compiler and the scheduler, shared by all programs that are run with it.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    wasmtime: wasmtime::Engine,
    scheduler: Arc<dyn Scheduler>,
    max_threads: u32,
    max_memory: Option<u64>,
    cache: Option<Cache>,
    deterministic: bool,
}

impl Engine {
    /// Starts an engine and its workers.
    ///
    /// # Errors
    ///
    /// The system cannot compile for this machine, or refuses the OS threads or descriptors.
    pub fn new(config: &Config) -> Result<Self, Error> {
        waiting::start()?;
        let wasmtime = wasmtime::Engine::new(&wasmtime_config(config))
            .map_err(|error| Error::engine("cannot start the engine", &error))?;
        let workers = match config.workers {
            _ if config.deterministic => NonZeroUsize::MIN,
            Some(workers) => workers,
            None => available_parallelism().unwrap_or(NonZeroUsize::MIN),
        };
        if workers.get() > MAX_WORKERS {
            return Err(Error::Limit(format!(
                "{workers} workers are too many: use {MAX_WORKERS} at most"
            )));
        }
        let ticking = wasmtime.clone();
        let turns = match config.deterministic {
            false => Turns::ByCost,
            true => Turns::ByArrival,
        };
        let scheduler = WorkStealing::new(workers, turns, Arc::new(move || ticking.increment_epoch()))
            .map_err(|error| Error::engine("cannot start the workers", &error.into()))?;
        Ok(Engine {
            shared: Arc::new(Shared {
                wasmtime,
                scheduler,
                max_threads: config.max_threads,
                max_memory: config.max_memory,
                cache: config.cache.clone(),
                deterministic: config.deterministic,
            }),
        })
    }

    /// Runs a future to its end on the calling thread: what the blocking forms of this crate's functions do.
    ///
    /// A host function must not call it: it would keep its worker from running any guest thread, perhaps the very one
    /// that it waits for.
    pub fn block_on<R>(&self, future: impl Future<Output = R>) -> R {
        block_on(future)
    }

    /// Runs a future to its end on the calling thread, unless that is a worker.
    pub(crate) fn wait<R>(&self, future: impl Future<Output = R>) -> Result<R, Error> {
        match on_worker() {
            true => Err(Error::WaitOnWorker),
            false => Ok(block_on(future)),
        }
    }

    /// Whether both are handles of the same engine.
    pub(crate) fn is(&self, other: &Engine) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Checks that a plan's run-time module is one for this engine, without compiling it.
    ///
    /// # Errors
    ///
    /// It needs a feature that the engine does not have.
    pub fn validate(&self, plan: &Plan) -> Result<(), Error> {
        guarded("the run-time module is not valid", || {
            wasmtime::Module::validate(self.wasmtime(), &plan.wasm)
        })
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.shared.wasmtime
    }

    pub(crate) fn scheduler(&self) -> &dyn Scheduler {
        &*self.shared.scheduler
    }

    pub(crate) fn max_threads(&self) -> u32 {
        self.shared.max_threads
    }

    pub(crate) fn cache(&self) -> Option<&Cache> {
        self.shared.cache.as_ref()
    }

    pub(crate) fn is_deterministic(&self) -> bool {
        self.shared.deterministic
    }

    pub(crate) fn max_memory(&self) -> Option<u64> {
        self.shared.max_memory
    }
}

fn wasmtime_config(config: &Config) -> wasmtime::Config {
    let mut wasmtime = wasmtime::Config::new();
    wasmtime
        .epoch_interruption(true)
        .shared_memory(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_exceptions(true)
        // Only Wasmtime's component runtime needs it, and each thread's store is smaller without.
        .concurrency_support(false)
        .cranelift_nan_canonicalization(config.deterministic)
        .relaxed_simd_deterministic(config.deterministic)
        .max_wasm_stack(WASM_STACK)
        .async_stack_size(WASM_STACK + HOST_STACK);
    wasmtime
}
