//! Compiling on several OS threads, or on the calling one where the system grants no others.
//!
//! Problem: the engine compiles functions in parallel on rayon's pool of the process, which is made when it is first used,
//! and that panics if the system refuses one of its threads. A pool of one's own can be refused instead. So an engine is
//! [configured](configure) to compile in parallel only if there is such a pool, and compiles in it ([`run`]).
//!
//! Rejected: making rayon's pool of the process beforehand (it can be made once only, and an embedder may want to).

use crate::system::os_threads::{SPARE, probe};
use rayon_core::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use wasmtime::Config;

/// What the compiler may use of a thread's stack: what the main thread of a process has.
const STACK: usize = 8 << 20;

static POOL: Mutex<Option<Arc<ThreadPool>>> = Mutex::new(None);

/// Turns parallel compilation off if the system does not grant the OS threads for it.
pub fn configure(config: &mut Config) {
    if pool().is_none() {
        config.parallel_compilation(false);
    }
}

/// Has an engine compile that was [configured](configure) so.
pub fn run<R: Send>(compile: impl FnOnce() -> R + Send) -> R {
    match pool() {
        Some(pool) => pool.install(compile),
        None => compile(),
    }
}

/// The pool, which stays when there is one. None also if a pool would have one thread only.
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
