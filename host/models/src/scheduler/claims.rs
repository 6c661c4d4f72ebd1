//! The scheduler: no wake-up is lost, no task runs twice, no worker sleeps with work queued, and the ticker ticks while a worker
//! is awake.

use super::shared::Shared;
use super::slot::Slot;
use super::tenants::{Task, Tenant};
use super::ticker::TICK;
use super::{Turns, wake_here, worker, yield_now};
use crate::sync::thread as parking;
use shuttle::rand::Rng;
use shuttle::sync::atomic::{AtomicBool, AtomicU32, Ordering};
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
    fn run(workers: usize, turns: Turns, tasks: usize, root: impl FnOnce(&Model)) {
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
    fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let number = self.spawned.fetch_add(1, Ordering::SeqCst);
        self.spawn_for(Tenant::instance(u64::from(number % 2)), future);
    }

    fn spawn_for(&self, tenant: Tenant, future: impl Future<Output = ()> + Send + 'static) {
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

/// Tasks come from outside, at any moment. Each of them runs once, and no worker sleeps for ever while one is queued.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_from_outside_run(workers: usize, tasks: usize) {
    Model::run(workers, Turns::ByCost, tasks, |model| {
        for _ in 0..tasks {
            model.spawn(async {});
        }
    });
}

/// A task spawns others and computes until they have run, so that its worker cannot run them. Another one takes them, out of
/// the slot and out of the queue.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_busy_workers_tasks_are_taken(workers: usize, children: usize) {
    Model::run(workers, Turns::ByCost, children + 1, |model| {
        let of_parent = model.clone();
        model.spawn(async move {
            let ran = Arc::new(AtomicU32::new(0));
            for _ in 0..children {
                pass_some_time();
                let ran = Arc::clone(&ran);
                of_parent.spawn(async move {
                    ran.fetch_add(1, Ordering::SeqCst);
                });
            }
            while (ran.load(Ordering::SeqCst) as usize) < children {
                thread::yield_now();
            }
        });
    });
}

/// A task spawns another and computes until that one has run, again and again. So its slot is empty at each spawn, and the watcher may
/// resign at that moment.
///
/// # Panics
///
/// The claim does not hold.
pub fn each_task_of_a_busy_worker_is_taken(workers: usize, children: usize) {
    Model::run(workers, Turns::ByCost, children + 1, |model| {
        let of_parent = model.clone();
        model.spawn(async move {
            for _ in 0..children {
                let ran = Arc::new(AtomicBool::new(false));
                let of_child = Arc::clone(&ran);
                pass_some_time();
                of_parent.spawn(async move { of_child.store(true, Ordering::SeqCst) });
                while !ran.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
            }
        });
    });
}

/// A task spawns another and waits for it, so that a watcher sees slots that are soon empty again. Then it spawns one, and computes until
/// that one has run. The watcher may resign between the look at it that finds it there and the put of the last task.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_task_is_taken_although_the_watcher_resigns(workers: usize, rounds: usize) {
    Model::run(workers, Turns::ByCost, 1 + 2 * rounds, |model| {
        let of_parent = model.clone();
        model.spawn(async move {
            for _ in 0..rounds {
                let joined = Arc::new(Turn::default());
                let of_child = Arc::clone(&joined);
                of_parent.spawn(async move { of_child.pass() });
                joined.of(1).await;
                pass_some_time();
                let ran = Arc::new(AtomicBool::new(false));
                let of_child = Arc::clone(&ran);
                of_parent.spawn(async move { of_child.store(true, Ordering::SeqCst) });
                while !ran.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
            }
        });
    });
}

/// A task wakes others so that they stay on its worker. All of them compute until all have run, so each needs a worker of its own, also
/// if one of them is taken while the next is woken.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_that_were_woken_here_get_a_worker_each(workers: usize) {
    let others = workers - 1;
    Model::run(workers, Turns::ByCost, workers, |model| {
        let gates = Vec::from_iter((0..others).map(|_| Arc::new(Turn::default())));
        let begun = Arc::new(AtomicU32::new(0));
        let all_begin = |begun: Arc<AtomicU32>| {
            move || {
                while (begun.load(Ordering::SeqCst) as usize) < others {
                    thread::yield_now();
                }
            }
        };
        for gate in &gates {
            let (gate, begun) = (Arc::clone(gate), Arc::clone(&begun));
            let wait = all_begin(Arc::clone(&begun));
            model.spawn(async move {
                gate.of(1).await;
                begun.fetch_add(1, Ordering::SeqCst);
                wait();
            });
        }
        let wait = all_begin(begun);
        model.spawn(async move {
            for gate in gates {
                pass_some_time();
                wake_here(|| gate.pass());
            }
            wait();
        });
    });
}

/// A task wakes others so that they stay on its worker, and computes until they have run. Another worker takes them, out of the
/// slot and from behind it.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_that_were_woken_here_are_taken(workers: usize, others: usize) {
    Model::run(workers, Turns::ByCost, others + 1, |model| {
        let gates = Vec::from_iter((0..others).map(|_| Arc::new(Turn::default())));
        let ran = Arc::new(AtomicU32::new(0));
        for gate in &gates {
            let (gate, ran) = (Arc::clone(gate), Arc::clone(&ran));
            model.spawn(async move {
                gate.of(1).await;
                ran.fetch_add(1, Ordering::SeqCst);
            });
        }
        model.spawn(async move {
            for gate in gates {
                pass_some_time();
                wake_here(|| gate.pass());
            }
            while (ran.load(Ordering::SeqCst) as usize) < others {
                thread::yield_now();
            }
        });
    });
}

/// As many tasks as there are workers, each of which computes until all have begun, so that all workers have to run one. The
/// tasks come from outside, or from the first of them.
///
/// # Panics
///
/// The claim does not hold.
pub fn no_worker_sleeps_with_work_queued(workers: usize, from_outside: bool) {
    Model::run(workers, Turns::ByCost, workers, |model| {
        let begun = Arc::new(AtomicU32::new(0));
        let task = move || {
            let begun = Arc::clone(&begun);
            async move {
                begun.fetch_add(1, Ordering::SeqCst);
                while (begun.load(Ordering::SeqCst) as usize) < workers {
                    thread::yield_now();
                }
            }
        };
        if from_outside {
            (0..workers).for_each(|_| model.spawn(task()));
        } else {
            let of_first = model.clone();
            model.spawn(async move {
                (1..workers).for_each(|_| of_first.spawn(task()));
                task().await;
            });
        }
    });
}

/// Two tasks wake each other some times. No wake-up is lost, whether it goes through a slot or the common queue.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_that_wake_each_other_go_on(workers: usize, turns: Turns, rounds: u32) {
    Model::run(workers, turns, 2, |model| {
        let turn = Arc::new(Turn::default());
        for parity in 0..2 {
            let turn = Arc::clone(&turn);
            model.spawn(async move {
                for _ in 0..rounds {
                    turn.of(parity).await;
                    turn.pass();
                }
            });
        }
    });
}

/// The number of the thread whose turn it is, and the waker of the one that waits.
#[derive(Default)]
struct Turn(Mutex<(u32, Option<Waker>)>);

impl Turn {
    fn of(&self, parity: u32) -> impl Future<Output = ()> {
        poll_fn(move |cx| {
            let mut turn = self.0.lock().expect("no model panics with the lock");
            if turn.0 % 2 == parity {
                return Poll::Ready(());
            }
            turn.1 = Some(cx.waker().clone());
            Poll::Pending
        })
    }

    fn pass(&self) {
        let mut turn = self.0.lock().expect("no model panics with the lock");
        turn.0 += 1;
        let waiting = turn.1.take();
        // Not under the lock: a task that is woken may run at once.
        drop(turn);
        waiting.into_iter().for_each(Waker::wake);
    }
}

/// Tasks yield to each other: each of them continues.
///
/// # Panics
///
/// The claim does not hold.
pub fn tasks_that_yield_go_on(workers: usize, tasks: usize) {
    Model::run(workers, Turns::ByCost, tasks, |model| {
        for _ in 0..tasks {
            model.spawn(async {
                yield_now().await;
                yield_now().await;
            });
        }
    });
}

/// One tenant's tasks yield until another tenant's task has run, which comes from outside at any moment. It runs behind a batch of the
/// others and their next turn at most.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_tenants_task_is_picked_soon(tasks: usize) {
    Model::run(1, Turns::ByCost, tasks + 1, |model| {
        let (runs, stop) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        for _ in 0..tasks {
            let (runs, stop) = (Arc::clone(&runs), Arc::clone(&stop));
            model.spawn_for(Tenant::instance(1), async move {
                // An unfair schedule may not let the other task come at all.
                for _ in 0..20 {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    runs.fetch_add(1, Ordering::SeqCst);
                    yield_now().await;
                }
            });
        }
        pass_some_time();
        let (seen, is_pushed) = (Arc::clone(&runs), Arc::new(AtomicU32::new(u32::MAX)));
        let pushed = Arc::clone(&is_pushed);
        model.spawn_for(Tenant::instance(2), async move {
            let before = pushed.load(Ordering::SeqCst);
            let waited = seen.load(Ordering::SeqCst).saturating_sub(before);
            // Half of the others at most are in the worker's own queue, and one of them may be next in turn.
            assert!(waited as usize <= tasks / 2 + 2, "{waited} runs went before it");
            stop.store(true, Ordering::SeqCst);
        });
        is_pushed.store(runs.load(Ordering::SeqCst), Ordering::SeqCst);
    });
}

/// The worker of a slot puts tasks in and takes them out, while thieves steal: each task is had by exactly one.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_task_in_a_slot_has_one_taker(thieves: usize, puts: u32) {
    let slot = Arc::new(Slot::default());
    let ran = Arc::new(AtomicU32::new(0));
    let over = Arc::new(AtomicBool::new(false));
    let thieves = Vec::from_iter((0..thieves).map(|_| {
        let (slot, over) = (Arc::clone(&slot), Arc::clone(&over));
        thread::spawn(move || {
            while !over.load(Ordering::SeqCst) {
                if let Some(seen) = slot.look()
                    && let Some(task) = slot.steal(seen)
                {
                    task.run();
                }
                thread::yield_now();
            }
        })
    }));
    for _ in 0..puts {
        let counted = Arc::clone(&ran);
        let future = async move {
            counted.fetch_add(1, Ordering::SeqCst);
        };
        let builder = async_task::Builder::new().metadata(Tenant::HOST);
        let (task, handle) = builder.spawn(|_| future, |_: Task| ());
        handle.detach();
        if let Some(previous) = slot.take() {
            previous.run();
        }
        slot.put(task, false);
    }
    if let Some(last) = slot.take() {
        last.run();
    }
    over.store(true, Ordering::SeqCst);
    for thief in thieves {
        if let Err(panic) = thief.join() {
            std::panic::resume_unwind(panic);
        }
    }
    assert_eq!(ran.load(Ordering::SeqCst), puts);
}

/// A worker wakes up at any moment, and waits for a tick. The ticker, which may be about to sleep, ticks.
///
/// # Panics
///
/// The claim does not hold.
pub fn the_ticker_ticks_while_a_worker_is_awake() {
    let (shared, _queues) = Shared::new(1, Turns::ByCost);
    let shared = Arc::new(shared);
    let ticked = Arc::new(AtomicU32::new(0));
    shared.sleepers.enter(0, false);
    let (thread, ticker) = {
        let (shared, ticked) = (Arc::clone(&shared), Arc::clone(&ticked));
        parking::spawn(move || {
            shared.ticker.register(&parking::current());
            shared.run_ticker(TICK, &|_| {
                ticked.fetch_add(1, Ordering::SeqCst);
            });
        })
    };
    shared.ticker.register(&thread);
    for _ in 0..2 {
        pass_some_time();
        shared.sleepers.leave(0);
        shared.ticker.wake();
        let before = ticked.load(Ordering::SeqCst);
        while ticked.load(Ordering::SeqCst) == before {
            // If the ticker sleeps now, this spins until the checker's limit of steps.
            thread::yield_now();
        }
        shared.sleepers.enter(0, false);
    }
    shared.ticker.stop();
    if let Err(panic) = ticker.join() {
        std::panic::resume_unwind(panic);
    }
}

/// Long enough, now and then, for a ticker or a watcher to find that nothing has happened for a while.
fn pass_some_time() {
    for _ in 0..shuttle::rand::thread_rng().gen_range(0..60) {
        thread::yield_now();
    }
}
