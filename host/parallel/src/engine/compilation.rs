//! Compiles on several OS threads, or on the calling one if the system grants no others.
//!
//! Problem: Wasmtime compiles functions in parallel on rayon's global pool. rayon creates this pool at its first use,
//! and panics if the system refuses one of its threads. Creating a separate pool returns an error instead. So weft
//! [configures](configure) an engine to compile in parallel only if it could create such a pool, and compiles in it
//! ([`run`]).
//!
//! Rejected: creating rayon's global pool beforehand (it can be created only once, and the embedder may want to).

use crate::system::os_threads::{SPARE, probe};
use rayon_core::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use wasmtime::Config;

/// The stack size for compiling, in bytes: as much as the main thread of a process has.
const STACK: usize = 8 << 20;

static POOL: Mutex<Option<Arc<ThreadPool>>> = Mutex::new(None);

/// Turns parallel compilation off if the system does not grant the OS threads for it.
pub fn configure(config: &mut Config) {
    if pool().is_none() {
        config.parallel_compilation(false);
    }
}

/// Runs a compilation by an engine that [`configure`] has configured.
pub fn run<R: Send>(compile: impl FnOnce() -> R + Send) -> R {
    match pool() {
        Some(pool) => pool.install(compile),
        None => compile(),
    }
}

/// The pool. Once created, it remains. `None` if the system refused it, or if it would have only one thread.
fn pool() -> Option<Arc<ThreadPool>> {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if pool.is_none() {
        *pool = start();
    }
    pool.clone()
}

fn start() -> Option<Arc<ThreadPool>> {
    let threads = available_parallelism().ok()?.get();
    if threads < 2 {
        return None;
    }
    probe(threads + SPARE).ok()?;
    let builder = ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK);
    let builder = builder.thread_name(|index| format!("weft-compiler-{index}"));
    builder.build().ok().map(Arc::new)
}
