//! Calls of the host's that block, on OS threads that are there for them.
//!
//! Problem: a call that blocks on a worker keeps it from all other guest threads. So it is made on another thread, one of a
//! pool that grows with the calls in progress and shrinks when there are none, and the guest thread is suspended meanwhile.
//!
//! Where the system refuses the pool another thread, calls wait for those that it has. It keeps one thread for good once
//! it has one, which can be [started](start) beforehand; without any, calls are made on the thread that asks for them.
//!
//! Rejected: the crate `blocking`, which waits in a loop for its first thread, with its lock held, until the system
//! grants one.

use crate::system::os_threads::Refusal;
use async_task::{Builder, Runnable};
use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many calls can be in progress at once, in the whole process. Others wait for their turn.
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
    /// Notified for each call that an idle thread is to make.
    wakeup: Condvar,
}

struct State {
    calls: VecDeque<Runnable>,
    /// How many threads wait, those included that are notified and have not woken yet.
    idle: usize,
    threads: usize,
}

/// Sees to it that there is a thread for blocking calls.
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

/// Makes a call that blocks on a thread for such calls. Where the system refuses every such thread, the calling thread makes it.
///
/// A call that has begun continues if the future is dropped.
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
            // If the system refuses it, one of those that are there makes the call later.
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
