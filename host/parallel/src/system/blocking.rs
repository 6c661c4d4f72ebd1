//! Runs host calls that block on OS threads of their own.
//!
//! Problem: while a call blocks a worker, the worker cannot run other guest threads. So another OS thread makes the
//! call, and the guest thread is suspended meanwhile. The pool of these OS threads grows with the calls in progress,
//! and shrinks when no call is in progress.
//!
//! If the system refuses the pool another thread, calls wait for the threads that it has. The pool keeps its first
//! thread for good; [`start`] starts that thread in advance. If the pool has no thread, the calling thread makes the
//! call.
//!
//! Rejected: the crate `blocking`, which waits in a loop for its first thread, with its lock held, until the system
//! grants one.

use crate::system::os_threads::Refusal;
use async_task::{Builder, Runnable};
use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The most calls that can be in progress at once in the process. Others wait for their turn.
const MAX_THREADS: usize = 512;

/// How long a thread waits for another call before it ends.
const IDLE_TIME: Duration = Duration::from_secs(5);

static POOL: Pool = Pool {
    state: Mutex::new(State {
        calls: VecDeque::new(),
        idle: 0,
        threads: 0,
    }),
    wakeup: Condvar::new(),
};

struct Pool {
    state: Mutex<State>,
    /// Notified for each call that an idle thread should make.
    wakeup: Condvar,
}

struct State {
    calls: VecDeque<Runnable>,
    /// How many threads wait, including those that were notified and have not woken up yet.
    idle: usize,
    threads: usize,
}

/// Makes sure that there is a thread for blocking calls.
///
/// # Errors
///
/// There is none, and the system refuses one.
pub fn start() -> Result<(), Refusal> {
    let mut state = POOL.lock();
    match state.threads {
        0 => state.add_thread().map_err(|error| Refusal::new(&error)),
        _ => Ok(()),
    }
}

/// Makes a blocking call on a thread for such calls. If the system refuses every such thread, the calling thread makes
/// the call.
///
/// If the future is dropped, a call that has begun continues.
///
/// # Panics
///
/// The future panics if the call does.
pub async fn unblock<R: Send + 'static>(call: impl FnOnce() -> R + Send + 'static) -> R {
    match start() {
        Ok(()) => POOL.spawn(call).await,
        Err(_) => call(),
    }
}

impl Pool {
    fn spawn<R: Send + 'static>(
        &'static self,
        call: impl FnOnce() -> R + Send + 'static,
    ) -> impl Future<Output = R> + Send {
        let builder = Builder::new().propagate_panic(true);
        let (runnable, task) = builder.spawn(|()| async move { call() }, |runnable| self.schedule(runnable));
        runnable.schedule();
        task
    }

    fn schedule(&self, call: Runnable) {
        let mut state = self.lock();
        state.calls.push_back(call);
        if state.calls.len() > state.idle && state.threads < MAX_THREADS {
            // If the system refuses the thread, one of the existing threads makes the call later.
            let _ = state.add_thread();
        }
        drop(state);
        self.wakeup.notify_one();
    }

    /// The body of a thread.
    fn work(&self) {
        let mut state = self.lock();
        loop {
            if let Some(call) = state.calls.pop_front() {
                drop(state);
                call.run();
                state = self.lock();
                continue;
            }
            state.idle += 1;
            let waited = self.wakeup.wait_timeout(state, IDLE_TIME);
            let (locked, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = locked;
            state.idle -= 1;
            if timeout.timed_out() && state.calls.is_empty() && state.threads > 1 {
                state.threads -= 1;
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add_thread(&mut self) -> std::io::Result<()> {
        let thread = std::thread::Builder::new().name("weft-blocking".to_owned());
        thread.spawn(|| POOL.work())?;
        self.threads += 1;
        Ok(())
    }
}
