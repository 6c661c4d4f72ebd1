//! That the future of each task is dropped, once, and not while it is polled.

use super::*;
use std::pin::Pin;
use std::task::Context;

/// Waits for ever.
async fn blocked(counter: CountsDrop) {
    let _counter = counter;
    std::future::pending().await
}

#[test]
fn a_blocked_task_can_be_cancelled() {
    for_each_size(|scheduler| {
        let drops = Drops::default();
        let handles: Vec<_> = (0..1000).map(|_| spawn(scheduler, blocked(drops.counter()))).collect();
        for (n, handle) in handles.into_iter().enumerate() {
            drop(handle);
            spin_until(|| drops.count() == n + 1);
        }
    });
}

#[test]
fn dropping_the_handle_cancels_from_a_task_too() {
    for_each_size(|scheduler| {
        let drops = Drops::default();
        let handles: Vec<_> = (0..1000).map(|_| spawn(scheduler, blocked(drops.counter()))).collect();
        run(scheduler, async move { drop(handles) });
        spin_until(|| drops.count() == 1000);
    });
}

#[test]
fn a_queued_task_can_be_cancelled() {
    with_workers(1, |scheduler| {
        let gate = Arc::new(AtomicBool::new(false));
        let running = Arc::new(AtomicBool::new(false));
        let busy = spawn(scheduler, {
            let (gate, running) = (Arc::clone(&gate), Arc::clone(&running));
            async move {
                running.store(true, Ordering::SeqCst);
                spin_until(|| gate.load(Ordering::SeqCst));
            }
        });
        spin_until(|| running.load(Ordering::SeqCst));
        let drops = Drops::default();
        let counter = drops.counter();
        let ran = Arc::new(AtomicBool::new(false));
        let ran_queued = Arc::clone(&ran);
        let queued = spawn(scheduler, async move {
            let _counter = counter;
            ran_queued.store(true, Ordering::SeqCst);
        });
        drop(queued);
        gate.store(true, Ordering::SeqCst);
        block_on(busy).unwrap();
        spin_until(|| drops.count() == 1);
        assert!(!ran.load(Ordering::SeqCst));
    });
}

#[test]
fn a_running_task_is_dropped_when_it_waits() {
    struct Running {
        polling: Arc<AtomicBool>,
        cancelled: Arc<AtomicBool>,
        _counter: CountsDrop,
    }
    impl Future for Running {
        type Output = ();
        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
            self.polling.store(true, Ordering::SeqCst);
            spin_until(|| self.cancelled.load(Ordering::SeqCst));
            self.polling.store(false, Ordering::SeqCst);
            Poll::Pending
        }
    }
    impl Drop for Running {
        fn drop(&mut self) {
            assert!(!self.polling.load(Ordering::SeqCst));
        }
    }
    for_each_size(|scheduler| {
        for _ in 0..500 {
            let [polling, cancelled] = [Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false))];
            let drops = Drops::default();
            let running = Running {
                polling: Arc::clone(&polling),
                cancelled: Arc::clone(&cancelled),
                _counter: drops.counter(),
            };
            let handle = spawn(scheduler, running);
            spin_until(|| polling.load(Ordering::SeqCst));
            drop(handle);
            assert_eq!(drops.count(), 0);
            cancelled.store(true, Ordering::SeqCst);
            spin_until(|| drops.count() == 1);
        }
    });
}

#[test]
fn dropping_the_scheduler_drops_all_futures() {
    for workers in [1, 2, 8] {
        ends(move || {
            for _ in 0..50 {
                let scheduler = start(workers);
                let drops = Drops::default();
                let inner = Arc::downgrade(&scheduler);
                let counter = drops.counter();
                let many = spawn(&scheduler, async move {
                    let _counter = counter;
                    let Some(scheduler) = inner.upgrade() else { return };
                    // Some of these are never run, some are in the slot, some wait.
                    for _ in 0..200 {
                        spawn(&scheduler, blocked(_counter.0.counter())).detach();
                    }
                    drop(scheduler);
                    std::future::pending().await
                });
                many.detach();
                let outside = (0..200).map(|_| spawn(&scheduler, blocked(drops.counter())));
                let handles: Vec<_> = outside.collect();
                drop(scheduler);
                spin_until(|| [201, 401].contains(&drops.count()));
                for handle in handles {
                    assert!(matches!(block_on(handle), Err(TaskError::Cancelled)));
                }
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
                let drops = Drops::default();
                for _ in 0..100 {
                    spawn(&scheduler, blocked(drops.counter())).detach();
                }
                let last = Arc::clone(&scheduler);
                let counter = drops.counter();
                let go = Arc::new(Signal::default());
                let gone = Arc::clone(&go);
                spawn(&scheduler, async move {
                    go.receive().await;
                    drop(last);
                    blocked(counter).await;
                })
                .detach();
                drop(scheduler);
                gone.send();
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
                let drops = Drops::default();
                let wakers: Arc<Mutex<Vec<Waker>>> = Arc::default();
                for _ in 0..100 {
                    let (wakers, counter) = (Arc::clone(&wakers), drops.counter());
                    let future = std::future::poll_fn(move |cx| {
                        let _ = &counter;
                        wakers.lock().unwrap().push(cx.waker().clone());
                        Poll::Pending
                    });
                    spawn(&scheduler, future).detach();
                }
                spin_until(|| wakers.lock().unwrap().len() >= 100);
                // Some are woken before the scheduler closes, some after.
                let waking = std::thread::spawn(move || {
                    let wakers = std::mem::take(&mut *wakers.lock().unwrap());
                    wakers.into_iter().for_each(Waker::wake);
                });
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
    /// Wakes its successor when it is dropped.
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
            if let Some(next) = next {
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
            spawn(&scheduler, Link { wakers, index, waiting }).detach();
        }
        spin_until(|| waiting.load(Ordering::SeqCst) == TASKS);
        drop(scheduler);
        // Each future, and nothing else, holds a reference.
        assert_eq!(Arc::strong_count(&wakers), 1);
    });
}

#[test]
fn a_spawn_after_the_end_is_cancelled() {
    ends(|| {
        let scheduler = start(2);
        let shared = Arc::clone(&scheduler.shared);
        drop(scheduler);
        let drops = Drops::default();
        let schedule = move |task, info| crate::scheduler::worker::schedule(&shared, task, info);
        let (runnable, task) = async_task::spawn(blocked(drops.counter()), async_task::WithInfo(schedule));
        runnable.schedule();
        assert_eq!(drops.count(), 1);
        assert!(block_on(task.fallible()).is_none());
    });
}
