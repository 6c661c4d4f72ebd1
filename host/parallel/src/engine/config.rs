//! The configuration that an embedder chooses.

use crate::error::Error;
use crate::interruption::{Choice, Interruption};
use crate::metrics::hooks::{Hooks, ThreadEvent};
use crate::scheduler::TICK;
use crate::system::stacks::{DEFAULT_MAX_WASM_STACK, WASM_STACK_SIZES};
use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;
use weft_cache::Cache;

/// The greatest number of workers: each is an OS thread.
pub const MAX_WORKERS: usize = 1024;

/// The configuration of an [`Engine`](crate::Engine).
#[derive(Debug, Clone)]
pub struct Config {
    pub(super) workers: Option<NonZeroUsize>,
    pub(super) max_threads: Option<u32>,
    pub(super) max_memory: Option<u64>,
    pub(super) max_wasm_stack: usize,
    pub(super) cache: Option<Cache>,
    pub(super) parallel_compilation: bool,
    pub(super) compiler_inlining: bool,
    pub(super) deterministic: bool,
    pub(super) parallel_calls: bool,
    pub(super) interruption: Choice,
    pub(super) time_slice: Duration,
    pub(super) hooks: Hooks,
}

/// A part of a [`Config`].
#[doc(hidden)]
pub struct SetConfig<'a> {
    pub max_threads: Option<u32>,
    pub max_memory: Option<u64>,
    pub max_wasm_stack: usize,
    pub cache: Option<&'a Cache>,
    pub compiler_inlining: bool,
    pub deterministic: bool,
    pub interruption: Interruption,
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
            max_threads: None,
            max_memory: None,
            max_wasm_stack: DEFAULT_MAX_WASM_STACK,
            cache: None,
            parallel_compilation: true,
            compiler_inlining: false,
            deterministic: false,
            parallel_calls: true,
            interruption: Choice::default(),
            time_slice: TICK,
            hooks: Hooks::default(),
        }
    }

    /// What was set, for the front door, whose other runtime uses the same.
    #[doc(hidden)]
    pub fn set(&self) -> SetConfig<'_> {
        SetConfig {
            max_threads: self.max_threads,
            max_memory: self.max_memory,
            max_wasm_stack: self.max_wasm_stack,
            cache: self.cache.as_ref(),
            compiler_inlining: self.compiler_inlining,
            deterministic: self.deterministic,
            interruption: self.interruption.interruption,
        }
    }

    /// Sets how many OS threads (workers) run guest threads, 1,024 at most. If the system refuses some of them, there are fewer.
    /// [`Engine::workers`](crate::Engine::workers) returns the actual number, and so does `thread.available-parallelism` in a guest.
    pub fn workers(&mut self, workers: NonZeroUsize) -> &mut Self {
        self.workers = Some(workers);
        self
    }

    /// Limits how many guest threads a program can have at once, including suspended ones and calls of its exports. At the limit,
    /// `thread.spawn-indirect` and `thread.spawn-ref` return 0 and do nothing else, and `thread.new-indirect` traps. They do the same if
    /// the program reaches [`Config::max_memory`], or if the process, whose memory mappings all engines share, has none left.
    pub fn max_threads(&mut self, threads: u32) -> &mut Self {
        self.max_threads = Some(threads);
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
    /// [`Engine::new`](crate::Engine::new) refuses a size that is not one of [`WASM_STACK_SIZES`].
    ///
    /// Only the pages that a thread touches take memory. They count against [`Config::max_memory`]. Host functions have 1 MiB of their own.
    pub fn max_wasm_stack(&mut self, bytes: usize) -> &mut Self {
        self.max_wasm_stack = bytes;
        self
    }

    /// Sets the cache in which the engine keeps compiled components. By default, it keeps none. The engine also keeps the code there with
    /// which it tests [interruption by signals](Interruption::Signal), so that a process starts faster.
    pub fn cache(&mut self, cache: Option<Cache>) -> &mut Self {
        self.cache = cache;
        self
    }

    /// Sets whether the engine compiles components on several OS threads, if the system grants them. [`Engine::new`](crate::Engine::new) starts these
    /// threads, so an engine that only [deserializes](crate::Component::deserialize) components starts faster without them.
    pub fn parallel_compilation(&mut self, enable: bool) -> &mut Self {
        self.parallel_compilation = enable;
        self
    }

    /// Sets whether the engine inlines small functions of a program into their callers when it compiles the program. Off by default, as in
    /// Wasmtime.
    ///
    /// Code that calls small functions gets faster: by a third if it does little else. But backtraces and
    /// [source locations](crate::Component::source_locations) lack the functions that are inlined, so that the backtrace of a small program
    /// can be empty, and compiling takes longer.
    pub fn compiler_inlining(&mut self, enable: bool) -> &mut Self {
        self.compiler_inlining = enable;
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
    /// [`Engine::interruption_refusal`](crate::Engine::interruption_refusal) says why.
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

    /// The number of workers to start.
    pub(super) fn checked_workers(&self) -> Result<NonZeroUsize, Error> {
        let workers = match self.workers {
            _ if self.deterministic => NonZeroUsize::MIN,
            Some(workers) => workers,
            None => available_parallelism().unwrap_or(NonZeroUsize::MIN),
        };
        match workers.get() > MAX_WORKERS {
            false => Ok(workers),
            true => Err(Error::Limit(format!(
                "{workers} workers are too many: use at most {MAX_WORKERS}"
            ))),
        }
    }
}

pub(super) fn check_stack(bytes: usize) -> Result<(), Error> {
    if WASM_STACK_SIZES.contains(&bytes) {
        return Ok(());
    }
    Err(Error::Limit(format!(
        "a stack of {bytes} bytes is too small or too large: set `Config::max_wasm_stack` to a value from {} to {}",
        WASM_STACK_SIZES.start(),
        WASM_STACK_SIZES.end()
    )))
}
