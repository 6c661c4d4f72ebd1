//! The scheduler's life, from starting its threads to joining them.

use super::accounts::spent_on;
use super::interface::{BoxFuture, Scheduler};
use super::shared::Shared;
use super::task::Guarded;
use super::tenants::{Task, Tenant};
use super::ticker::{Next, Tick};
use super::turns::Turns;
use super::worker;
use crate::system::os_threads::{self, Beginning, Refusal};
use std::iter::once;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use weft_interrupt::take_short_slices;

/// The scheduler that is made for speed: workers run their own tasks, and steal from each other when they have none.
///
/// When the scheduler is dropped, each running task continues to its next wait or yield. Then the tasks that could run
/// are dropped. A task that waits is dropped when it is woken or when its last waker is dropped. If a task drops the
/// scheduler, all this happens after that task's next wait or yield; otherwise, the drop blocks until the workers have
/// left.
pub(crate) struct WorkStealing {
    pub(super) shared: Arc<Shared>,
    workers: NonZeroUsize,
    threads: Vec<JoinHandle<()>>,
    /// Why there are fewer workers than were requested, if there are.
    refusal: Option<Refusal>,
}

impl WorkStealing {
    /// Starts the OS threads of so many workers and of a ticker. They wait for [`WorkStealing::new`].
    pub(crate) fn begin(workers: NonZeroUsize) -> Beginning {
        let names = (0..workers.get()).map(|index| format!("weft-worker-{index}"));
        os_threads::begin(once("weft-ticker".to_owned()).chain(names))
    }

    /// Starts the workers and the ticker, which calls `tick` once in each `period` while tasks run. If no task waits to run, and `tick` says that
    /// the next one may come [later](Next::Later), the period may be longer.
    ///
    /// `tick` should interrupt tasks that do not yield by themselves.
    ///
    /// If the system refused some of the OS threads, the scheduler has fewer workers, but at least one.
    ///
    /// # Errors
    ///
    /// The system refused the OS threads of the ticker and of one worker.
    pub(crate) fn new(
        threads: Beginning,
        turns: Turns,
        period: Duration,
        tick: Arc<dyn Fn(Tick) -> Next + Send + Sync>,
    ) -> Result<Arc<Self>, Refusal> {
        // All OS threads are started before any of them runs a worker, because `Shared` needs the number of workers.
        let (ready, refusal) = match threads.ready() {
            Ok(ready) => (ready, None),
            Err((ready, refusal)) if ready.len() > 1 => (ready, Some(refusal)),
            Err((_, refusal)) => return Err(refusal),
        };
        let (shared, queues) = Shared::new(ready.len() - 1, turns);
        let shared = Arc::new(shared);
        // From here on, dropping the scheduler stops the threads that were started.
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
            scheduler.threads.push(ticker.run(move || {
                take_short_slices();
                shared.run_ticker(period, &*tick);
            }));
        }
        for ((index, queue), worker) in queues.into_iter().enumerate().zip(ready) {
            let life = Shared::share_life(&shared);
            scheduler
                .threads
                .push(worker.run(move || worker::run(life, index, queue)));
        }
        Ok(Arc::new(scheduler))
    }

    /// Why there are fewer workers than were requested, if there are.
    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_ref()
    }
}

impl Scheduler for WorkStealing {
    fn spawn(&self, tenant: Tenant, future: BoxFuture) {
        let shared = Arc::clone(&self.shared);
        let schedule = move |task: Task, info| worker::schedule(&shared, task, info);
        let builder = async_task::Builder::new().metadata(tenant);
        let (runnable, task) = builder.spawn(|_| Guarded::new(future), async_task::WithInfo(schedule));
        task.detach();
        runnable.schedule();
    }

    fn workers(&self) -> NonZeroUsize {
        self.workers
    }

    fn hand_over(&self) {
        worker::hand_over(&self.shared);
    }

    fn processor_time(&self, tenant: Tenant) -> Duration {
        let workers = self.shared.remotes.iter();
        spent_on(tenant, workers.map(|remote| (&remote.account, || remote.clock.now())))
    }

    fn total_processor_time(&self) -> Duration {
        self.shared.remotes.iter().filter_map(|remote| remote.clock.now()).sum()
    }

    fn forget(&self, tenant: Tenant) {
        self.shared
            .remotes
            .iter()
            .for_each(|remote| remote.account.forget(tenant));
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
            // The panic hook has reported a panic of the thread.
            let _ = thread.join();
        }
    }
}
