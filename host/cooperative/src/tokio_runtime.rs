//! The tokio runtime that WASI needs, also where the system grants few OS threads.
//!
//! Problem: [`wasmtime_wasi::runtime::in_tokio`] makes a runtime with a worker for each processor, and tokio panics if the
//! system refuses the first of them. Blocking calls share the threads of the workers: if the system refuses another, a
//! call waits for ever for a worker to end. And the thread that reads standard input is started with a panic, too.
//!
//! So this runtime has one thread for blocking calls that is there from the start and stays. It makes sure that another is left
//! for standard input. Tasks run on a thread of their own if there is one, and else on the one that waits.
//!
//! Rejected: a runtime for each call (tasks of a store may live on between two calls).

use crate::Error;
use std::future::{Future, pending};
use std::sync::{Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;
use tokio::runtime::{self, Handle, Runtime};
use weft_parallel::os_threads::granted;

/// How many OS threads the runtime has at most: two that it needs, one for tasks, and others for blocking calls.
const MAX_THREADS: usize = 16;

/// One for blocking calls and one for standard input.
const NEEDED: usize = 2;

/// How long a thread for blocking calls stays without a call: the one that is certain must never end.
const FOREVER: Duration = Duration::from_secs(u32::MAX as u64);

const CONTEXT: &str = "cannot start the threads for input and output";

/// How to run a future in the runtime.
#[derive(Clone, Copy)]
enum Driver {
    /// A thread of its own runs the tasks.
    Thread(&'static Runtime),
    /// The thread that waits does.
    Caller(&'static Runtime),
}

/// Runs a future to its end on the calling thread, in the tokio runtime that this thread is in, or else in one for the
/// process.
///
/// # Errors
///
/// The system refuses the runtime descriptors or OS threads, of which it needs two.
///
/// # Panics
///
/// It is called by a task of tokio's.
pub fn in_tokio<F: Future>(future: F) -> Result<F::Output, Error> {
    if let Ok(handle) = Handle::try_current() {
        return Ok(handle.block_on(future));
    }
    // Lets the runtime look for input and output, also if the future is ready at once each time.
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
        // What is for standard input and for tasks is not for these.
        .max_blocking_threads(1 + spare.saturating_sub(1))
        .thread_keep_alive(FOREVER)
        .build()
        .map_err(|error| Error::Engine {
            context: CONTEXT,
            message: error.to_string(),
        })?;
    // Starts the thread that is certain.
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
