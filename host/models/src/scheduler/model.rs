//! A scheduler whose workers are threads of the checker's, and what the claims about it share.

use super::shared::Shared;
use super::tenants::{Task, Tenant};
use super::{Turns, worker};
use crate::sync::thread as parking;
use shuttle::rand::Rng;
use shuttle::sync::atomic::{AtomicU32, Ordering};
use shuttle::sync::{Condvar, Mutex};
use shuttle::thread;
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::{Poll, Waker};

/// A scheduler of the model's, whose workers are threads of the checker's.
#[derive(Clone)]
pub(crate) struct Model {
    shared: Arc<Shared>,
    done: Arc<(Mutex<usize>, Condvar)>,
    spawned: Arc<AtomicU32>,
}

impl Model {
    /// Runs `root` on so many workers, until `tasks` tasks have [ended](Self::spawn), and then stops.
    pub(super) fn run(workers: usize, turns: Turns, tasks: usize, root: impl FnOnce(&Model)) {
        let (shared, queues) = Shared::new(workers, turns);
        let model = Model {
            shared: Arc::new(shared),
            done: Arc::new((Mutex::new(0), Condvar::new())),
            spawned: Arc::default(),
        };
        let workers = Vec::from_iter(queues.into_iter().enumerate().map(|(index, queue)| {
            let life = Shared::share_life(&model.shared);
            parking::spawn(move || worker::run(life, index, queue))
        }));
        root(&model);
        let (done, changed) = &*model.done;
        let mut count = done.lock().expect("no model panics with the lock");
        while *count < tasks {
            count = changed.wait(count).expect("no model panics with the lock");
        }
        drop(count);
        model.shared.stop();
        for (thread, _) in &workers {
            thread.unpark();
        }
        for (_, worker) in workers {
            if let Err(panic) = worker.join() {
                std::panic::resume_unwind(panic);
            }
        }
        assert_eq!(
            *done.lock().expect("no model panics with the lock"),
            tasks,
            "a task ran twice"
        );
    }

    /// Starts a task. Tasks are of two tenants in turn.
    pub(super) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let number = self.spawned.fetch_add(1, Ordering::SeqCst);
        self.spawn_for(Tenant::instance(u64::from(number % 2)), future);
    }

    pub(super) fn spawn_for(&self, tenant: Tenant, future: impl Future<Output = ()> + Send + 'static) {
        let done = Arc::clone(&self.done);
        let future = async move {
            future.await;
            let (done, changed) = &*done;
            *done.lock().expect("no model panics with the lock") += 1;
            changed.notify_all();
        };
        let shared = Arc::clone(&self.shared);
        let schedule = move |task: Task, info| worker::schedule(&shared, task, info);
        let builder = async_task::Builder::new().metadata(tenant);
        let (runnable, task) = builder.spawn(|_| future, async_task::WithInfo(schedule));
        task.detach();
        runnable.schedule();
    }
}

/// The number of the thread whose turn it is, and the waker of the one that waits.
#[derive(Default)]
pub(super) struct Turn(Mutex<(u32, Option<Waker>)>);

impl Turn {
    pub(super) fn of(&self, parity: u32) -> impl Future<Output = ()> {
        poll_fn(move |cx| {
            let mut turn = self.0.lock().expect("no model panics with the lock");
            if turn.0 % 2 == parity {
                return Poll::Ready(());
            }
            turn.1 = Some(cx.waker().clone());
            Poll::Pending
        })
    }

    pub(super) fn pass(&self) {
        let mut turn = self.0.lock().expect("no model panics with the lock");
        turn.0 += 1;
        let waiting = turn.1.take();
        // Not under the lock: a task that is woken may run at once.
        drop(turn);
        waiting.into_iter().for_each(Waker::wake);
    }
}

/// Long enough, now and then, for a ticker or a watcher to find that nothing has happened for a while.
pub(super) fn pass_some_time() {
    for _ in 0..shuttle::rand::thread_rng().gen_range(0..60) {
        thread::yield_now();
    }
}
