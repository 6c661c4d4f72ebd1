//! The configuration of an engine for both runtimes.

use std::num::NonZeroUsize;
use std::time::Duration;
use weft_cache::Cache;
use weft_parallel::{DEFAULT_MAX_WASM_STACK, Interruption, ThreadEvent, default_max_memory};

/// What runs a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// weft's own runtime, whose threads run in parallel.
    Parallel,
    /// Wasmtime's component runtime, where threads take turns.
    Cooperative,
}

/// The choices of an [`Engine`](crate::Engine), for both runtimes.
#[derive(Debug, Clone)]
pub struct Config {
    pub(crate) parallel: weft_parallel::Config,
    pub(crate) runtime: Option<Runtime>,
    pub(crate) cache: Option<Cache>,
    pub(crate) deterministic: bool,
    /// Whether the code of the parallel runtime has checks for interruption.
    pub(crate) epochs: bool,
    /// Whether that of the cooperative runtime has.
    pub(crate) cooperative_epochs: bool,
    pub(crate) debug_info: bool,
    pub(crate) max_threads: Option<u32>,
    pub(crate) max_memory: Option<u64>,
    pub(crate) max_wasm_stack: usize,
}

impl Default for Config {
    fn default() -> Self {
        Config::new()
    }
}

impl Config {
    /// The runtime that each component needs. What else there is to choose is as [`weft_parallel::Config::new`] says.
    pub fn new() -> Self {
        Config {
            parallel: weft_parallel::Config::new(),
            runtime: None,
            cache: None,
            deterministic: false,
            epochs: false,
            cooperative_epochs: true,
            debug_info: false,
            max_threads: None,
            max_memory: None,
            max_wasm_stack: DEFAULT_MAX_WASM_STACK,
        }
    }

    /// Runs all components on one runtime. By default a component runs on the parallel runtime if one of its threads is `shared`, or if it
    /// imports a core module, and on the cooperative runtime otherwise. A core module always runs on the parallel one.
    ///
    /// A component that the runtime cannot run is an error of [`Component::new`](crate::Component::new).
    pub fn runtime(&mut self, runtime: Option<Runtime>) -> &mut Self {
        self.runtime = runtime;
        self
    }

    /// How many OS threads run the threads of the parallel runtime: see [`weft_parallel::Config::workers`].
    pub fn workers(&mut self, workers: NonZeroUsize) -> &mut Self {
        self.parallel.workers(workers);
        self
    }

    /// How many guest threads an instance may have at once: see [`weft_parallel::Config::max_threads`]. On the cooperative runtime the
    /// handles of an instance count as threads, and it may have 64 handles more.
    pub fn max_threads(&mut self, threads: u32) -> &mut Self {
        self.parallel.max_threads(threads);
        self.max_threads = Some(threads);
        self
    }

    /// How many bytes of memory each instance may make the host allocate, in all: see [`weft_parallel::Config::max_memory`]. On the
    /// cooperative runtime these are the bytes of its memories and tables, and it may have a thread for each 16 KiB of the limit.
    pub fn max_memory(&mut self, bytes: u64) -> &mut Self {
        self.parallel.max_memory(bytes);
        self.max_memory = Some(bytes);
        self
    }

    /// How many bytes of stack each guest thread has for WebAssembly; using more is a trap. By default 8 MiB.
    pub fn max_wasm_stack(&mut self, bytes: usize) -> &mut Self {
        self.parallel.max_wasm_stack(bytes);
        self.max_wasm_stack = bytes;
        self
    }

    /// Where compiled programs are kept for the next time, if anywhere. An entry is found by the bytes that are given to
    /// [`Component::new`](crate::Component::new), and by the choices here that change the code.
    pub fn cache(&mut self, cache: Option<Cache>) -> &mut Self {
        self.parallel.cache(cache.clone());
        self.cache = cache;
        self
    }

    /// Whether programs run by the specification's deterministic profile: see [`weft_parallel::Config::deterministic`].
    pub fn deterministic(&mut self, enable: bool) -> &mut Self {
        self.parallel.deterministic(enable);
        self.deterministic = enable;
        self
    }

    /// Whether calls of one instance's exports overlap where all that they use is shared: see
    /// [`weft_parallel::Config::parallel_calls`]. Calls take turns on the cooperative runtime.
    pub fn parallel_calls(&mut self, enable: bool) -> &mut Self {
        self.parallel.parallel_calls(enable);
        self
    }

    /// How the parallel runtime interrupts guest threads that compute: see [`weft_parallel::Config::interruption`]. For the cooperative
    /// one, see [`Self::cooperative_epochs`].
    pub fn interruption(&mut self, interruption: Interruption) -> &mut Self {
        self.parallel.interruption(interruption);
        self.epochs = interruption == Interruption::Epochs;
        self
    }

    /// The number of the signal for [`Interruption::Signal`]: see [`weft_parallel::Config::interruption_signal`].
    pub fn interruption_signal(&mut self, signal: i32) -> &mut Self {
        self.parallel.interruption_signal(signal);
        self
    }

    /// Whether the code of components on the cooperative runtime has checks, by which a deadline or an [`EndHandle`](crate::EndHandle) ends
    /// a component that computes. By default it has. Small loops take up to twice as long with them.
    ///
    /// Without checks, an instance ends where it waits or calls the host, and a [deadline](crate::InstanceLimits::deadline) is refused.
    pub fn cooperative_epochs(&mut self, enable: bool) -> &mut Self {
        self.cooperative_epochs = enable;
        self
    }

    /// Whether core modules keep their debugging information (DWARF) when they are adapted, for
    /// [`Component::source_locations`](crate::Component::source_locations). They do not by default. What keeps it is not kept in the
    /// [cache](Self::cache).
    pub fn debug_info(&mut self, enable: bool) -> &mut Self {
        self.debug_info = enable;
        self
    }

    /// How long a guest thread of the parallel runtime runs at least before others that wait for a worker take its turn.
    pub fn time_slice(&mut self, time: Duration) -> &mut Self {
        self.parallel.time_slice(time);
        self
    }

    /// Has `hook` called when a guest thread of the parallel runtime starts: see [`weft_parallel::Config::on_thread_start`].
    pub fn on_thread_start(&mut self, hook: impl Fn(&ThreadEvent) + Send + Sync + 'static) -> &mut Self {
        self.parallel.on_thread_start(hook);
        self
    }

    /// Has `hook` called when a guest thread of the parallel runtime ends: see [`weft_parallel::Config::on_thread_end`].
    pub fn on_thread_end(&mut self, hook: impl Fn(&ThreadEvent) + Send + Sync + 'static) -> &mut Self {
        self.parallel.on_thread_end(hook);
        self
    }

    /// What each instance may use of memory if its limits do not say it.
    pub(crate) fn memory(&self) -> u64 {
        self.max_memory.unwrap_or_else(default_max_memory)
    }
}
