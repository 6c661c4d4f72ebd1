//! That tasks run, each once, and what their handles say.

use super::*;

const TASKS: usize = 100_000;

#[test]
fn tasks_from_outside_all_run() {
    for_each_size(|scheduler| {
        let ran = Arc::new(AtomicUsize::new(0));
        for _ in 0..TASKS {
            let ran = Arc::clone(&ran);
            spawn(scheduler, async move {
                ran.fetch_add(1, Ordering::SeqCst);
            })
            .detach();
        }
        spin_until(|| ran.load(Ordering::SeqCst) == TASKS);
    });
}

#[test]
fn tasks_from_a_task_all_run_once() {
    for_each_size(|scheduler| {
        let inner = Arc::clone(scheduler);
        let ran = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&ran);
        run(scheduler, async move {
            let task = |_| {
                let count = Arc::clone(&count);
                spawn(&inner, async move {
                    count.fetch_add(1, Ordering::SeqCst);
                })
            };
            let handles: Vec<_> = (0..TASKS).map(task).collect();
            for handle in handles {
                handle.await.unwrap();
            }
        });
        assert_eq!(ran.load(Ordering::SeqCst), TASKS);
    });
}

#[test]
fn spawn_and_join_repeats() {
    for_each_size(|scheduler| {
        let inner = Arc::clone(scheduler);
        run(scheduler, async move {
            for _ in 0..TASKS {
                spawn(&inner, async {}).await.unwrap();
            }
        });
    });
}

#[test]
fn the_child_of_a_busy_parent_runs() {
    for workers in [2, 8] {
        with_workers(workers, |scheduler| {
            let inner = Arc::clone(scheduler);
            run(scheduler, async move {
                let mut random = Random(7);
                for _ in 0..500 {
                    // One child stays in the slot, the others are displaced from it.
                    let children = 1 + random.below(3) as usize;
                    let ran = Arc::new(AtomicUsize::new(0));
                    for _ in 0..children {
                        let ran = Arc::clone(&ran);
                        spawn(&inner, async move {
                            ran.fetch_add(1, Ordering::SeqCst);
                        })
                        .detach();
                    }
                    spin_until(|| ran.load(Ordering::SeqCst) == children);
                    let pause = Duration::from_micros(random.below(1000));
                    let start = Instant::now();
                    spin_until(|| start.elapsed() >= pause);
                }
            });
        });
    }
}

#[test]
fn busy_parents_of_busy_children_all_run() {
    // Eight tasks that are all running at once can meet; the watcher's role has to pass on for that.
    with_workers(8, |scheduler| {
        fn parent(scheduler: Arc<WorkStealing>, running: Arc<AtomicUsize>, more: usize) -> BoxFuture {
            Box::pin(async move {
                running.fetch_add(1, Ordering::SeqCst);
                if more > 0 {
                    let child = parent(Arc::clone(&scheduler), Arc::clone(&running), more - 1);
                    scheduler.spawn(child).detach();
                }
                spin_until(|| running.load(Ordering::SeqCst) == 8);
            })
        }
        for _ in 0..50 {
            let first = parent(Arc::clone(scheduler), Arc::default(), 7);
            block_on(scheduler.spawn(first)).unwrap();
        }
    });
}

#[test]
fn a_panic_ends_only_its_task() {
    for_each_size(|scheduler| {
        for _ in 0..100 {
            let drops = Drops::default();
            let counter = drops.counter();
            let panicking = spawn(scheduler, async move {
                let _counter = counter;
                std::panic::resume_unwind(Box::new("the payload"));
            });
            match block_on(panicking) {
                Err(TaskError::Panicked(payload)) => assert_eq!(payload.downcast_ref(), Some(&"the payload")),
                other => panic!("expected a panic, got {other:?}"),
            }
            assert_eq!(drops.count(), 1);
        }
        assert_eq!(run(scheduler, async { 5 }), 5);
    });
}

#[test]
fn a_panic_in_dropping_the_future_ends_only_its_task() {
    struct PanicsInDrop;
    impl Drop for PanicsInDrop {
        fn drop(&mut self) {
            std::panic::resume_unwind(Box::new("the payload"));
        }
    }
    for_each_size(|scheduler| {
        let drops = Drops::default();
        let held = (PanicsInDrop, drops.counter());
        let blocked = spawn(scheduler, async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        drop(blocked);
        spin_until(|| drops.count() == 1);
        // The capture is not moved into the body, so it is dropped after the body has ended.
        let held = PanicsInDrop;
        let ending = spawn(
            scheduler,
            std::future::poll_fn(move |_| {
                let _ = &held;
                Poll::Ready(())
            }),
        );
        assert!(matches!(block_on(ending), Err(TaskError::Panicked(_))));
        assert_eq!(run(scheduler, async { 5 }), 5);
    });
}

#[test]
fn the_number_of_workers_is_as_asked() {
    for_each_size(|scheduler| {
        let workers = scheduler.workers().get();
        assert!([1, 2, 8].contains(&workers));
        // That many tasks run at once, if they are started one by one.
        let running = Arc::new(AtomicUsize::new(0));
        let together = |_| {
            let running = Arc::clone(&running);
            spawn(scheduler, async move {
                running.fetch_add(1, Ordering::SeqCst);
                spin_until(|| running.load(Ordering::SeqCst) == workers);
            })
        };
        let handles: Vec<_> = (0..workers).map(together).collect();
        handles.into_iter().for_each(|h| block_on(h).unwrap());
    });
}

#[test]
fn workers_and_no_other_threads_are_known_as_such() {
    for_each_size(|scheduler| {
        assert!(!on_worker());
        assert!(run(scheduler, async { on_worker() }));
        assert!(!run(scheduler, async { std::thread::spawn(on_worker).join().unwrap() }));
        assert!(run(scheduler, async { block_on(async { on_worker() }) }));
    });
}

#[test]
fn the_ticker_ticks_for_a_busy_task_and_sleeps_when_all_wait() {
    ends(|| {
        let ticks = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&ticks);
        let tick = move || {
            count.fetch_add(1, Ordering::SeqCst);
        };
        let scheduler = WorkStealing::new(NonZeroUsize::MIN, Arc::new(tick)).unwrap();
        for _ in 0..20 {
            spin_until(|| scheduler.shared.ticker.is_asleep());
            let before = ticks.load(Ordering::SeqCst);
            let ticks = Arc::clone(&ticks);
            run(&scheduler, async move {
                spin_until(|| ticks.load(Ordering::SeqCst) >= before + 3);
            });
        }
    });
}
