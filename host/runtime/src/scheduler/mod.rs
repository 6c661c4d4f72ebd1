//! Runs guest threads on a few OS threads.
//!
//! Problem: a guest thread is a future that Wasmtime suspends and resumes. Spawning one and waiting for it should cost less
//! than a microsecond, where waking another core costs some 60; and yet each thread that can run has to run soon if a core
//! is free, none may be starved by others, and nothing may poll when there is nothing to do.
//!
//! What a worker (an OS thread) runs next:
//!
//! 1. its [slot](slot): the task that the running one spawned or woke last. So a thread that spawns another and waits for
//!    it hands its core over and gets it back, without a system call and without another core's attention. A task that
//!    stays in the slot, because the running one computes on, is taken by the watcher, see [`sleepers`];
//! 2. its own queue, first in first out: the tasks that were displaced from the slot. Others steal from it;
//! 3. the common queue: the tasks that other threads woke, and those that yielded, at an epoch or by
//!    [`yield_now`]. These never go into a slot, so a task that yields lets all others go first;
//! 4. what it can steal from the others.
//!
//! Two tasks that wake each other through the slot could hold the worker for ever, so after some runs from the slot in a row
//! (`MAX_SLOT_RUNS`) the queues go first; and because a worker with work of its own could forget the common queue, it looks
//! there first each `COMMON_QUEUE_PERIOD` runs. Those are rules for runs of some microseconds. A run may also last a whole
//! tick of the [`ticker`], and then they would let a task wait for tens of milliseconds. So a worker that finds that
//! the ticker has ticked since its last choice lets the common queue, its own queue and its slot go first in turn.
//! (Only the common queue first, each second time, starved the own queue: the slot took all the turns that were left.)
//!
//! How workers sleep, search for work and miss none is told in [`sleepers`]; how guest threads that compute are made to
//! yield, in [`ticker`]; what happens to tasks when the scheduler goes, in [`shared`].
//!
//! **Threads that fight for a lock.** Who gives a lock up notifies, and takes the lock again a few nanoseconds later. If each thread
//! that it wakes ran on another core at once, all cores would fight for the lock and nobody would get on. So what a task
//! [wakes here](wake_here) waits behind the slot, where other workers take it only as they take the task in the slot: when the
//! task that woke it has run on for some microseconds. When that task waits or yields, what it woke goes to the worker's own
//! queue. Rejected: a queue that all may steal from (eight threads at one mutex took four times as long).
//!
//! A task may also [hand its worker over](run_next) to another: that one goes from the slot before all queues, until a tick.
//!
//! By all these rules a task that yields may come back before others that can run, depending on how often the worker
//! looked for work before. Where the order has to be the same each time ([`Turns::ByArrival`]) none of them holds: a worker runs
//! tasks in the order in which they became runnable, and its slot is for handing over only.
//!
//! [`Scheduler`] is a seam: another implementation can run the same guest threads in another order.
//!
//! Rejected: tokio's runtime (its slot cannot be stolen from, and it wakes a second worker for the first spawn, so spawning
//! and joining took 30 us); one queue with a lock; an OS thread for each guest thread.

mod clock;
mod placement;
mod shared;
mod sleepers;
mod slot;
mod task;
#[cfg(test)]
mod tests;
mod ticker;
mod worker;

pub(crate) use futures_lite::future::block_on;
pub use futures_lite::future::yield_now;
pub(crate) use worker::{on_worker, run_next, wake_here};

use crate::system::os_threads::{self, Refusal};
use shared::Shared;
use std::future::Future;
use std::iter::once;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::thread::JoinHandle;

/// The body of a task.
pub(crate) type BoxFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What decides which task runs next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turns {
    /// What costs least, and then how often which ran, and time: see the module.
    ByCost,
    /// Which became runnable first. With one worker the order of tasks that only spawn, wake and yield is the same each time,
    /// and one that yields lets all others go first that can run.
    ByArrival,
}

/// The right, and the duty, to run a task once.
type Runnable = async_task::Runnable;

/// Runs tasks, in an order of its choice.
pub(crate) trait Scheduler: Send + Sync {
    /// Starts a task, which nobody waits for.
    ///
    /// The future is dropped when it ends or panics, and when it waits and nobody can wake it any more because no waker of it
    /// is left.
    fn spawn(&self, future: BoxFuture);

    /// How many tasks run at the same time at most.
    fn workers(&self) -> NonZeroUsize;
}

/// The scheduler for speed: workers that keep to their own tasks and steal from each other when they have none.
///
/// Dropping it lets each running task go on to its next wait or yield, and then drops those that could run; those that wait
/// are dropped when they are woken or cannot be any more. Where it is dropped by a task, this happens after that
/// task's wait or yield; elsewhere, dropping waits for it.
pub(crate) struct WorkStealing {
    shared: Arc<Shared>,
    workers: NonZeroUsize,
    threads: Vec<JoinHandle<()>>,
    /// Why there are fewer workers than were asked for, if so.
    refusal: Option<Refusal>,
}

impl WorkStealing {
    /// Starts the workers, and a ticker that calls `tick` each millisecond while tasks wait for them, and each few while
    /// they only run.
    ///
    /// `tick` is for making tasks yield that would not by themselves.
    ///
    /// If the system refuses some of the OS threads, there are fewer workers, but at least one.
    ///
    /// # Errors
    ///
    /// The system refuses the OS threads of the ticker and of one worker.
    pub(crate) fn new(
        workers: NonZeroUsize,
        turns: Turns,
        tick: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<Arc<Self>, Refusal> {
        let names = (0..workers.get()).map(|index| format!("weft-worker-{index}"));
        // All are there before any of them runs, because the rest has to know how many workers there are.
        let (ready, refusal) = match os_threads::start(once("weft-ticker".to_owned()).chain(names)) {
            Ok(ready) => (ready, None),
            Err((ready, refusal)) if ready.len() > 1 => (ready, Some(refusal)),
            Err((_, refusal)) => return Err(refusal),
        };
        let (shared, queues) = Shared::new(ready.len() - 1, turns);
        let shared = Arc::new(shared);
        // From here on, dropping it stops what was started.
        let mut scheduler = WorkStealing {
            shared: Arc::clone(&shared),
            workers: NonZeroUsize::new(queues.len()).unwrap_or(NonZeroUsize::MIN),
            threads: Vec::with_capacity(ready.len()),
            refusal,
        };
        let mut ready = ready.into_iter();
        if let Some(ticker) = ready.next() {
            shared.ticker.register(ticker.thread());
            let shared = Arc::clone(&shared);
            scheduler
                .threads
                .push(ticker.run(move || shared.ticker.run(&shared, &*tick)));
        }
        for ((index, queue), worker) in queues.into_iter().enumerate().zip(ready) {
            let life = Shared::share_life(&shared);
            scheduler
                .threads
                .push(worker.run(move || worker::run(life, index, queue)));
        }
        Ok(Arc::new(scheduler))
    }

    /// Why there are fewer workers than were asked for, if so.
    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }
}

impl Scheduler for WorkStealing {
    fn spawn(&self, future: BoxFuture) {
        let shared = Arc::clone(&self.shared);
        let schedule = move |runnable, info| worker::schedule(&shared, runnable, info);
        let (runnable, task) = async_task::spawn(task::Guarded::new(future), async_task::WithInfo(schedule));
        task.detach();
        runnable.schedule();
    }

    fn workers(&self) -> NonZeroUsize {
        self.workers
    }
}

impl Drop for WorkStealing {
    fn drop(&mut self) {
        self.shared.stop();
        self.threads.iter().for_each(|t| t.thread().unpark());
        let current = std::thread::current().id();
        if self.threads.iter().any(|t| t.thread().id() == current) {
            return;
        }
        for thread in self.threads.drain(..) {
            // A panic there was reported when it happened.
            let _ = thread.join();
        }
    }
}
