//! The tokio runtime that WASI needs, which also works if the system grants few OS threads.
//!
//! Problem: [`wasmtime_wasi::runtime::in_tokio`] creates a runtime with a worker for each processor, and tokio panics
//! if the system refuses the first of them. Workers come from the same pool as threads for blocking calls: if the
//! system refuses another thread, a blocking call waits for ever for a worker to end. Starting the thread that reads
//! standard input also panics if the system refuses it.
//!
//! So this runtime starts one thread for blocking calls at once and keeps it. It checks that the system grants another
//! thread for standard input. Tasks run on a thread of their own if the system grants one, and otherwise on the thread
//! that waits.
//!
//! Rejected: a runtime for each call (tasks of a store may continue between two calls).

use crate::Error;
use std::future::{Future, pending};
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;
use tokio::runtime::{self, Handle, Runtime};
use weft_parallel::os_threads::granted;

/// The most OS threads that the runtime has: two that it needs, one for tasks, and others for blocking calls.
const MAX_THREADS: usize = 16;

/// One for blocking calls and one for standard input.
const NEEDED: usize = 2;

/// How long a thread for blocking calls stays without a call. The first one must never end.
const FOREVER: Duration = Duration::from_secs(u32::MAX as u64);

const CONTEXT: &str = "cannot start the threads for input and output";

/// How to run a future in the runtime.
#[derive(Clone, Copy)]
enum Driver {
    /// A dedicated thread runs the tasks.
    Thread(&'static Runtime),
    /// The thread that waits runs the tasks.
    Caller(&'static Runtime),
}

/// Runs a future to its end on the calling thread, in the tokio runtime that this thread is in, or else in one for the
/// process.
///
/// # Errors
///
/// The system refuses the descriptors or one of the two OS threads that the runtime needs.
///
/// # Panics
///
/// A tokio task calls this.
pub fn in_tokio<F: Future>(future: F) -> Result<F::Output, Error> {
    if let Ok(handle) = Handle::try_current() {
        return Ok(handle.block_on(future));
    }
    // Lets the runtime process I/O events, even if the future is always ready at once.
    let future = async {
        tokio::task::yield_now().await;
        future.await
    };
    match driver()? {
        Driver::Thread(runtime) => Ok(runtime.handle().block_on(future)),
        Driver::Caller(runtime) => Ok(runtime.block_on(future)),
    }
}

/// Where futures that need tokio can be polled by any executor.
#[derive(Clone, Debug)]
pub enum TokioHandle {
    /// In this runtime, which a thread of its own drives.
    Driven(Handle),
    /// Only by [`in_tokio`]: the system does not grant a thread that drives the runtime.
    Undriven,
}

/// The tokio runtime for the process, which [`in_tokio`] uses.
///
/// # Errors
///
/// Those of [`in_tokio`].
pub fn tokio_handle() -> Result<TokioHandle, Error> {
    Ok(match driver()? {
        Driver::Thread(runtime) => TokioHandle::Driven(runtime.handle().clone()),
        Driver::Caller(_) => TokioHandle::Undriven,
    })
}

fn driver() -> Result<Driver, Error> {
    static DRIVER: Mutex<Option<Driver>> = Mutex::new(None);
    let mut driver = DRIVER.lock().unwrap_or_else(PoisonError::into_inner);
    match *driver {
        Some(driver) => Ok(driver),
        None => Ok(*driver.insert(start()?)),
    }
}

fn start() -> Result<Driver, Error> {
    let threads = match granted(MAX_THREADS) {
        Ok(()) => MAX_THREADS,
        Err((threads, _)) if threads >= NEEDED => threads,
        Err((_, refusal)) => {
            return Err(Error::OsThread {
                context: CONTEXT,
                refusal,
            });
        }
    };
    let spare = threads - NEEDED;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        // Leaves out the threads for standard input and for tasks.
        .max_blocking_threads(1 + spare.saturating_sub(1))
        .thread_keep_alive(FOREVER)
        .build()
        .map_err(|error| Error::Engine {
            context: CONTEXT,
            message: error.to_string(),
        })?;
    // Starts the first thread for blocking calls.
    drop(runtime.spawn_blocking(|| ()));
    // It lives as long as the process: tasks of any store may be in it.
    let runtime: &'static Runtime = Box::leak(Box::new(runtime));
    let tasks = Builder::new().name("weft-tasks".to_owned());
    let has_thread = spare > 0 && tasks.spawn(|| runtime.block_on(pending::<()>())).is_ok();
    match has_thread {
        true => Ok(Driver::Thread(runtime)),
        false => Ok(Driver::Caller(runtime)),
    }
}
