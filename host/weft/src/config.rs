//! The configuration of an engine for both runtimes.

use std::num::NonZeroUsize;
use std::time::Duration;
use weft_cache::Cache;
use weft_lower::Profile;
use weft_parallel::__shared::SetConfig;
use weft_parallel::{Interruption, ThreadEvent, default_max_memory};

/// A runtime that can run a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// weft's own runtime, whose threads run in parallel.
    Parallel,
    /// Wasmtime's component runtime, where threads take turns.
    Cooperative,
}

/// The configuration of an [`Engine`](crate::Engine), for both runtimes.
#[derive(Debug, Clone)]
pub struct Config {
    /// What concerns both runtimes is here too: see [`Config::set`].
    pub(crate) parallel: weft_parallel::Config,
    pub(crate) runtime: Option<Runtime>,
    /// Whether the code of the cooperative runtime has checks for interruption.
    pub(crate) cooperative_epochs: bool,
    pub(crate) debug_info: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config::new()
    }
}

impl Config {
    /// The default configuration. Each component runs on the runtime that it needs. For the other defaults, see
    /// [`weft_parallel::Config::new`].
    pub fn new() -> Self {
        Config {
            parallel: weft_parallel::Config::new(),
            runtime: None,
            cooperative_epochs: true,
            debug_info: false,
        }
    }

    /// Runs all components on one runtime. By default, a component runs on the parallel runtime if it starts threads with a `shared` start
    /// type or imports a core module, and on the cooperative runtime otherwise. A core module always runs on the parallel one.
    ///
    /// If the runtime cannot run a component, [`Component::new`](crate::Component::new) returns an error.
    pub fn runtime(&mut self, runtime: Option<Runtime>) -> &mut Self {
        self.runtime = runtime;
        self
    }

    /// Sets how many OS threads run the guest threads of the parallel runtime: see [`weft_parallel::Config::workers`].
    pub fn workers(&mut self, workers: NonZeroUsize) -> &mut Self {
        self.parallel.workers(workers);
        self
    }

    /// Limits how many guest threads an instance can have at once: see [`weft_parallel::Config::max_threads`]. On the cooperative runtime,
    /// threads and handles count together, and the instance can have 64 handles more.
    pub fn max_threads(&mut self, threads: u32) -> &mut Self {
        self.parallel.max_threads(threads);
        self
    }

    /// Limits the total memory, in bytes, that each instance makes the host allocate: see [`weft_parallel::Config::max_memory`]. On the
    /// cooperative runtime, this limits memories, tables and stacks, and an instance can have one thread for each 16 KiB of the limit.
    pub fn max_memory(&mut self, bytes: u64) -> &mut Self {
        self.parallel.max_memory(bytes);
        self
    }

    /// Sets the stack size, in bytes, of each guest thread for WebAssembly code. A thread that needs more traps. The default is 8 MiB.
    pub fn max_wasm_stack(&mut self, bytes: usize) -> &mut Self {
        self.parallel.max_wasm_stack(bytes);
        self
    }

    /// Sets the cache in which weft keeps compiled programs. By default, it keeps none. weft finds an entry by the bytes that are passed to
    /// [`Component::new`](crate::Component::new), and by the parts of this configuration that change the code.
    pub fn cache(&mut self, cache: Option<Cache>) -> &mut Self {
        self.parallel.cache(cache);
        self
    }

    /// Runs programs in the specification's deterministic profile: see [`weft_parallel::Config::deterministic`].
    pub fn deterministic(&mut self, enable: bool) -> &mut Self {
        self.parallel.deterministic(enable);
        self
    }

    /// Sets whether calls of an instance's exports overlap if everything that they use is shared: see
    /// [`weft_parallel::Config::parallel_calls`]. On the cooperative runtime, calls take turns.
    pub fn parallel_calls(&mut self, enable: bool) -> &mut Self {
        self.parallel.parallel_calls(enable);
        self
    }

    /// Sets how the parallel runtime interrupts guest threads that compute: see [`weft_parallel::Config::interruption`]. For the
    /// cooperative runtime, see [`Self::cooperative_epochs`].
    pub fn interruption(&mut self, interruption: Interruption) -> &mut Self {
        self.parallel.interruption(interruption);
        self
    }

    /// Sets the number of the signal for [`Interruption::Signal`]: see [`weft_parallel::Config::interruption_signal`].
    pub fn interruption_signal(&mut self, signal: i32) -> &mut Self {
        self.parallel.interruption_signal(signal);
        self
    }

    /// Sets whether weft compiles checks into components that run on the cooperative runtime. With these checks, a deadline or an
    /// [`EndHandle`](crate::EndHandle) can end a component that computes. They make small loops take up to twice as long. They are on by
    /// default.
    ///
    /// Without them, an instance ends only when it waits or calls the host, and weft refuses a
    /// [deadline](crate::InstanceLimits::deadline).
    pub fn cooperative_epochs(&mut self, enable: bool) -> &mut Self {
        self.cooperative_epochs = enable;
        self
    }

    /// Keeps the debugging information (DWARF) of programs when weft adapts and compiles them, for
    /// [`Component::source_locations`](crate::Component::source_locations). Off by default. The [cache](Self::cache) keeps programs with and
    /// without it apart.
    pub fn debug_info(&mut self, enable: bool) -> &mut Self {
        self.debug_info = enable;
        self
    }

    /// Sets whether weft inlines small functions when it compiles programs: see [`weft_parallel::Config::compiler_inlining`]. Off by default.
    /// The [cache](Self::cache) keeps programs with and without it apart.
    pub fn compiler_inlining(&mut self, enable: bool) -> &mut Self {
        self.parallel.compiler_inlining(enable);
        self
    }

    /// Sets the minimum time that a guest thread of the parallel runtime runs before weft lets another thread run that waits for a worker.
    pub fn time_slice(&mut self, time: Duration) -> &mut Self {
        self.parallel.time_slice(time);
        self
    }

    /// Sets a function that weft calls when a guest thread of the parallel runtime starts: see [`weft_parallel::Config::on_thread_start`].
    pub fn on_thread_start(&mut self, hook: impl Fn(&ThreadEvent) + Send + Sync + 'static) -> &mut Self {
        self.parallel.on_thread_start(hook);
        self
    }

    /// Sets a function that weft calls when a guest thread of the parallel runtime ends: see [`weft_parallel::Config::on_thread_end`].
    pub fn on_thread_end(&mut self, hook: impl Fn(&ThreadEvent) + Send + Sync + 'static) -> &mut Self {
        self.parallel.on_thread_end(hook);
        self
    }

    /// What was set for both runtimes.
    pub(crate) fn set(&self) -> SetConfig<'_> {
        self.parallel.set()
    }

    /// The specification's profile in which programs run.
    pub(crate) fn profile(&self) -> Profile {
        match self.set().deterministic {
            false => Profile::Full,
            true => Profile::Deterministic,
        }
    }

    /// What each instance may use of memory if its limits do not say it.
    pub(crate) fn memory(&self) -> u64 {
        self.set().max_memory.unwrap_or_else(default_max_memory)
    }
}
