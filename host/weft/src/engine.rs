//! The engines of both runtimes. Each starts when the first program needs it.
//!
//! **Problem.** An embedder creates one engine, before it knows which runtime its programs need. The parallel runtime
//! starts workers, and the other one a compiler. **Here,** the engine keeps its configuration, and creates each
//! runtime's engine when a component is first compiled for it. So if the system refuses a resource,
//! [`Component::new`](crate::Component::new) returns the error.

use crate::config::{Config, Runtime};
use crate::cooperative::memory_use::MemoryUse;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::{Inlining, WasmBacktraceDetails};
use weft_cooperative::configure_stacks;
use weft_parallel::{EngineMetrics, Error, Interruption, MemoryRefusals, SignalUnsupported, SpawnRefusals, os_threads};

/// The compilers and schedulers, which all programs of the engine share. Create one for each process.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    started: Mutex<Started>,
    cooperative_memory: Arc<MemoryUse>,
}

/// The engines that were needed.
#[derive(Default)]
struct Started {
    parallel: Option<weft_parallel::Engine>,
    cooperative: Option<wasmtime::Engine>,
}

impl Engine {
    /// Creates an engine with this configuration. It starts no OS thread until a program needs one.
    ///
    /// # Errors
    ///
    /// None today. If the system refuses a resource, [`Component::new`](crate::Component::new) returns the error.
    pub fn new(config: &Config) -> Result<Self, Error> {
        Ok(Engine {
            inner: Arc::new(Inner {
                config: config.clone(),
                started: Mutex::default(),
                cooperative_memory: Arc::default(),
            }),
        })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Whether both are handles to the same engine.
    pub(crate) fn is(&self, other: &Engine) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// The engine of the parallel runtime. The first call starts it.
    ///
    /// # Errors
    ///
    /// Those of [`weft_parallel::Engine::new`].
    pub fn parallel(&self) -> Result<weft_parallel::Engine, Error> {
        self.start_parallel(true)
    }

    /// An engine that only loads compiled code needs no threads for compiling, which take time to start.
    pub(crate) fn start_parallel(&self, compiles: bool) -> Result<weft_parallel::Engine, Error> {
        let mut started = self.inner.started.lock().unwrap_or_else(PoisonError::into_inner);
        // Code belongs to one engine, so the first engine stays. If it has no threads for compiling, it compiles on the
        // calling thread.
        if let Some(engine) = &started.parallel {
            return Ok(engine.clone());
        }
        let mut config = self.inner.config.parallel.clone();
        config.parallel_compilation(compiles);
        let engine = weft_parallel::Engine::new(&config)?;
        started.parallel = Some(engine.clone());
        Ok(engine)
    }

    /// The engine of the cooperative runtime. The first call starts it.
    ///
    /// # Errors
    ///
    /// Wasmtime cannot compile for this machine.
    pub fn cooperative(&self) -> Result<wasmtime::Engine, Error> {
        let mut started = self.inner.started.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = &started.cooperative {
            return Ok(engine.clone());
        }
        let choices = &self.inner.config;
        let set = choices.set();
        let mut config = wasmtime::Config::new();
        config
            .compiler_inlining(match set.compiler_inlining {
                true => Inlining::Yes,
                false => Inlining::No,
            })
            .cranelift_nan_canonicalization(set.deterministic)
            .relaxed_simd_deterministic(set.deterministic)
            // Wasmtime loads no code that was compiled with another choice, so all code has what debugging information there is.
            .wasm_backtrace_details(WasmBacktraceDetails::Enable)
            // Ends guests that compute.
            .epoch_interruption(choices.cooperative_epochs);
        configure_stacks(&mut config, set.max_wasm_stack);
        weft_cooperative::configure(&mut config);
        let engine = wasmtime::Engine::new(&config).map_err(|error| Error::Engine {
            context: "cannot start the engine",
            message: format!("{error:#}"),
        })?;
        started.cooperative = Some(engine.clone());
        Ok(engine)
    }

    fn started_parallel<R>(&self, get: impl FnOnce(&weft_parallel::Engine) -> R) -> Option<R> {
        let started = self.inner.started.lock().unwrap_or_else(PoisonError::into_inner);
        started.parallel.as_ref().map(get)
    }

    /// How many OS threads run the guest threads of the parallel runtime. `None` before that runtime has started.
    pub fn workers(&self) -> Option<NonZeroUsize> {
        self.started_parallel(weft_parallel::Engine::workers)
    }

    /// Why there are fewer workers than the [`Config`] asks for. `None` if none are missing, or if the parallel runtime has not started.
    pub fn refusal(&self) -> Option<os_threads::Refusal> {
        self.started_parallel(|engine| engine.refusal().cloned()).flatten()
    }

    /// How the parallel runtime interrupts guest threads that compute. `None` before that runtime has started.
    pub fn interruption(&self) -> Option<Interruption> {
        self.started_parallel(weft_parallel::Engine::interruption)
    }

    /// Why the parallel runtime uses epochs although the [`Config`] asks for signals.
    pub fn interruption_refusal(&self) -> Option<SignalUnsupported> {
        self.started_parallel(|engine| engine.interruption_refusal().cloned())
            .flatten()
    }

    /// The metrics of all instances on the parallel runtime up to now. `None` before that runtime has started. The cooperative runtime has no
    /// metrics.
    pub fn metrics(&self) -> Option<EngineMetrics> {
        self.started_parallel(weft_parallel::Engine::metrics)
    }

    /// The largest amount of memory, in bytes, that one instance has used at once, on either runtime. An instance on the cooperative
    /// runtime counts only after it has been dropped.
    pub fn memory_peak(&self) -> u64 {
        let parallel = self.metrics().map_or(0, |metrics| metrics.memory_peak);
        parallel.max(self.inner.cooperative_memory.peak())
    }

    /// How often instances, on either runtime, did not get memory. An instance on the cooperative runtime counts only after it has been
    /// dropped.
    pub fn memory_refusals(&self) -> MemoryRefusals {
        let mut refusals = self.inner.cooperative_memory.refusals();
        if let Some(metrics) = self.metrics() {
            refusals.add(metrics.memory_refusals);
        }
        refusals
    }

    /// How often a spawn started no thread, in instances on the parallel runtime. The cooperative runtime has no spawns of preemptive threads.
    pub fn spawn_refusals(&self) -> SpawnRefusals {
        self.metrics()
            .map_or_else(SpawnRefusals::default, |metrics| metrics.spawn_refusals)
    }

    pub(crate) fn cooperative_memory(&self) -> &Arc<MemoryUse> {
        &self.inner.cooperative_memory
    }

    /// The runtime that the [`Config`] asks for.
    pub(crate) fn runtime(&self) -> Option<Runtime> {
        self.inner.config.runtime
    }
}
