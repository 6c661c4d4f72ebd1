//! Checks that each task's future is dropped, once, and not while it is polled.

use super::super::tenants::Task;
use super::*;
use std::pin::Pin;
use std::task::Context;

/// The wakers of tasks that wait.
#[derive(Clone, Default)]
struct Wakers(Arc<Mutex<Vec<Waker>>>);

impl Wakers {
    /// Waits until someone wakes it, and then for ever, with no waker left.
    fn wait(&self, counter: CountsDrop) -> impl Future<Output = ()> + Send + 'static {
        let wakers = self.clone();
        let mut polled = false;
        std::future::poll_fn(move |cx| {
            let _ = &counter;
            if !std::mem::replace(&mut polled, true) {
                wakers.0.lock().unwrap().push(cx.waker().clone());
            }
            Poll::Pending
        })
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn take(&self) -> Vec<Waker> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Waits for ever, and keeps no waker.
async fn forgotten(counter: CountsDrop) {
    let _counter = counter;
    std::future::pending().await
}

#[test]
fn a_task_that_nobody_can_wake_is_dropped() {
    for_each_size(|scheduler| {
        let drops = Drops::default();
        for _ in 0..1000 {
            spawn(scheduler, forgotten(drops.counter()));
        }
        spin_until(|| drops.count() == 1000);
    });
}

#[test]
fn a_task_is_dropped_with_its_last_waker() {
    for_each_size(|scheduler| {
        let (drops, wakers) = (Drops::default(), Wakers::default());
        for n in 0..1000 {
            spawn(scheduler, wakers.wait(drops.counter()));
            spin_until(|| wakers.len() == 1);
            let last = wakers.take();
            drop(last.clone());
            assert_eq!(drops.count(), n);
            drop(last);
            spin_until(|| drops.count() == n + 1);
        }
    });
}

#[test]
fn a_task_is_dropped_with_its_last_waker_by_a_task_too() {
    for_each_size(|scheduler| {
        let (drops, wakers) = (Drops::default(), Wakers::default());
        for _ in 0..1000 {
            spawn(scheduler, wakers.wait(drops.counter()));
        }
        spin_until(|| wakers.len() == 1000);
        assert_eq!(drops.count(), 0);
        run(scheduler, async move { drop(wakers.take()) });
        spin_until(|| drops.count() == 1000);
    });
}

#[test]
fn a_running_task_is_dropped_when_it_waits() {
    #[derive(Default)]
    struct State {
        waker: Mutex<Option<Waker>>,
        polling: AtomicBool,
        forgotten: AtomicBool,
    }
    struct Running {
        state: Arc<State>,
        _counter: CountsDrop,
    }
    impl Future for Running {
        type Output = ();
        fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
            self.state.polling.store(true, Ordering::SeqCst);
            *self.state.waker.lock().unwrap() = Some(cx.waker().clone());
            spin_until(|| self.state.forgotten.load(Ordering::SeqCst));
            self.state.polling.store(false, Ordering::SeqCst);
            Poll::Pending
        }
    }
    impl Drop for Running {
        fn drop(&mut self) {
            assert!(!self.state.polling.load(Ordering::SeqCst));
        }
    }
    for_each_size(|scheduler| {
        for _ in 0..500 {
            let (state, drops) = (Arc::new(State::default()), Drops::default());
            let running = Running {
                state: Arc::clone(&state),
                _counter: drops.counter(),
            };
            spawn(scheduler, running);
            spin_until(|| state.waker.lock().unwrap().take().is_some());
            assert_eq!(drops.count(), 0);
            state.forgotten.store(true, Ordering::SeqCst);
            spin_until(|| drops.count() == 1);
        }
    });
}

#[test]
fn dropping_the_scheduler_drops_the_tasks_that_do_not_wait() {
    for workers in [1, 2, 8] {
        ends(move || {
            for _ in 0..50 {
                let scheduler = start(workers);
                let (drops, wakers) = (Drops::default(), Wakers::default());
                let (spawner_drops, spawned) = (Drops::default(), Arc::new(AtomicUsize::new(200)));
                spawn(&scheduler, {
                    let inner = Arc::downgrade(&scheduler);
                    let (drops, wakers, spawned) = (drops.clone(), wakers.clone(), Arc::clone(&spawned));
                    let counter = spawner_drops.counter();
                    async move {
                        let _counter = counter;
                        let Some(scheduler) = inner.upgrade() else { return };
                        // Some of these are never run, some are in the slot, some wait.
                        for _ in 0..200 {
                            spawn(&scheduler, wakers.wait(drops.counter()));
                        }
                        spawned.fetch_add(200, Ordering::SeqCst);
                    }
                });
                for _ in 0..200 {
                    spawn(&scheduler, wakers.wait(drops.counter()));
                }
                drop(scheduler);
                // If the spawner had the last handle, it drops the scheduler after this thread has gone on.
                spin_until(|| spawner_drops.count() == 1);
                let spawned = spawned.load(Ordering::SeqCst);
                spin_until(|| drops.count() + wakers.len() == spawned);
                drop(wakers.take());
                spin_until(|| drops.count() == spawned);
            }
        });
    }
}

#[test]
fn a_task_can_drop_the_last_handle() {
    for workers in [1, 2, 8] {
        ends(move || {
            for _ in 0..50 {
                let scheduler = start(workers);
                let (drops, wakers) = (Drops::default(), Wakers::default());
                for _ in 0..100 {
                    spawn(&scheduler, wakers.wait(drops.counter()));
                }
                spin_until(|| wakers.len() == 100);
                let last = Arc::clone(&scheduler);
                let shared = Arc::clone(&scheduler.shared);
                let counter = drops.counter();
                let go = Arc::new(Signal::default());
                let gone = Arc::clone(&go);
                spawn(&scheduler, async move {
                    go.receive().await;
                    drop(last);
                    forgotten(counter).await;
                });
                drop(scheduler);
                gone.send();
                spin_until(|| drops.count() == 1 && shared.is_closed());
                drop(wakers.take());
                // The worker that closed the scheduler may be the one that drops the tasks.
                spin_until(|| drops.count() == 101);
            }
        });
    }
}

#[test]
fn wakers_that_outlive_the_scheduler_drop_their_tasks() {
    for workers in [1, 2, 8] {
        ends(move || {
            for _ in 0..100 {
                let scheduler = start(workers);
                let (drops, wakers) = (Drops::default(), Wakers::default());
                for _ in 0..100 {
                    spawn(&scheduler, wakers.wait(drops.counter()));
                }
                spin_until(|| wakers.len() == 100);
                // Some are woken before the scheduler closes, some after.
                let waking = std::thread::spawn(move || wakers.take().into_iter().for_each(Waker::wake));
                drop(scheduler);
                waking.join().unwrap();
                assert_eq!(drops.count(), 100);
            }
        });
    }
}

#[test]
fn futures_that_wake_each_other_when_dropped_need_no_stack() {
    const TASKS: usize = 100_000;
    /// When it is dropped, wakes its successor or drops the successor's last waker.
    struct Link {
        wakers: Arc<Vec<Mutex<Option<Waker>>>>,
        index: usize,
        waiting: Arc<AtomicUsize>,
    }
    impl Future for Link {
        type Output = ();
        fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
            *self.wakers[self.index].lock().unwrap() = Some(cx.waker().clone());
            self.waiting.fetch_add(1, Ordering::SeqCst);
            Poll::Pending
        }
    }
    impl Drop for Link {
        fn drop(&mut self) {
            let next = self.wakers.get(self.index + 1).and_then(|w| w.lock().unwrap().take());
            if let Some(next) = next.filter(|_| self.index.is_multiple_of(2)) {
                next.wake();
            }
        }
    }
    ends(|| {
        let scheduler = start(2);
        let wakers: Arc<Vec<_>> = Arc::new((0..TASKS).map(|_| Mutex::new(None)).collect());
        let waiting = Arc::new(AtomicUsize::new(0));
        for index in 0..TASKS {
            let (wakers, waiting) = (Arc::clone(&wakers), Arc::clone(&waiting));
            spawn(&scheduler, Link { wakers, index, waiting });
        }
        spin_until(|| waiting.load(Ordering::SeqCst) == TASKS);
        drop(scheduler);
        let first = wakers[0].lock().unwrap().take();
        first.unwrap().wake();
        // Each future, and nothing else, holds a reference.
        assert_eq!(Arc::strong_count(&wakers), 1);
    });
}

#[test]
fn a_task_that_is_scheduled_after_the_end_is_dropped() {
    ends(|| {
        let scheduler = start(2);
        let shared = Arc::clone(&scheduler.shared);
        drop(scheduler);
        let drops = Drops::default();
        let schedule = move |task: Task, info| crate::scheduler::worker::schedule(&shared, task, info);
        let builder = async_task::Builder::new().metadata(Tenant::HOST);
        let future = forgotten(drops.counter());
        let (runnable, task) = builder.spawn(|_| future, async_task::WithInfo(schedule));
        task.detach();
        runnable.schedule();
        assert_eq!(drops.count(), 1);
    });
}
