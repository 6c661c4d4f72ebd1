//! Checks that each task runs once, and that a panic ends only its own task.

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
            });
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
                spawn_joinable(&inner, async move {
                    count.fetch_add(1, Ordering::SeqCst);
                })
            };
            let handles: Vec<_> = (0..TASKS).map(task).collect();
            for handle in handles {
                handle.await;
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
                spawn_joinable(&inner, async {}).await;
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
                        });
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
    // Eight tasks can meet only if all run at once. For that, the role of the watcher must pass from worker to worker.
    with_workers(8, |scheduler| {
        fn parent(scheduler: Arc<WorkStealing>, running: Arc<AtomicUsize>, more: usize) -> BoxFuture {
            Box::pin(async move {
                running.fetch_add(1, Ordering::SeqCst);
                if more > 0 {
                    let child = parent(Arc::clone(&scheduler), Arc::clone(&running), more - 1);
                    scheduler.spawn(Tenant::HOST, child);
                }
                spin_until(|| running.load(Ordering::SeqCst) == 8);
            })
        }
        for _ in 0..50 {
            let first = parent(Arc::clone(scheduler), Arc::default(), 7);
            block_on(spawn_joinable(scheduler, first));
        }
    });
}

/// As many tasks as there are workers run at the same time, if they are started one by one.
fn all_workers_run(scheduler: &Arc<WorkStealing>) {
    let workers = scheduler.workers().get();
    let running = Arc::new(AtomicUsize::new(0));
    let together = |_| {
        let running = Arc::clone(&running);
        spawn_joinable(scheduler, async move {
            running.fetch_add(1, Ordering::SeqCst);
            spin_until(|| running.load(Ordering::SeqCst) == workers);
        })
    };
    let tasks: Vec<_> = (0..workers).map(together).collect();
    tasks.into_iter().for_each(block_on);
}

#[test]
fn the_number_of_workers_is_as_asked() {
    for workers in [1, 2, 8] {
        ends(move || {
            let scheduler = start(workers);
            assert_eq!(scheduler.workers().get(), workers);
            all_workers_run(&scheduler);
        });
    }
}

#[test]
fn a_panic_ends_only_its_task() {
    for_each_size(|scheduler| {
        let drops = Drops::default();
        for _ in 0..100 {
            let counter = drops.counter();
            spawn(scheduler, async move {
                let _counter = counter;
                std::panic::resume_unwind(Box::new("the payload"));
            });
        }
        spin_until(|| drops.count() == 100);
        all_workers_run(scheduler);
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
    // It ends, waits for ever, or panics too.
    let ways: [fn() -> Poll<()>; 3] = [
        || Poll::Ready(()),
        || Poll::Pending,
        || std::panic::resume_unwind(Box::new("the payload")),
    ];
    for workers in [1, 2, 8] {
        ends(move || {
            let scheduler = start(workers);
            let drops = Drops::default();
            for n in 0..100 {
                for way in ways {
                    let held = (PanicsInDrop, drops.counter());
                    let future = std::future::poll_fn(move |_| {
                        let _ = &held;
                        way()
                    });
                    spawn(&scheduler, future);
                }
                spin_until(|| drops.count() == 3 * (n + 1));
            }
            all_workers_run(&scheduler);
        });
    }
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
        let tick = move |_: Tick| {
            count.fetch_add(1, Ordering::SeqCst);
            Next::Later
        };
        let scheduler = WorkStealing::new(
            WorkStealing::begin(NonZeroUsize::MIN),
            Turns::ByCost,
            TICK,
            Arc::new(tick),
        )
        .unwrap();
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

#[test]
fn a_task_that_begins_to_wait_hurries_a_slow_ticker() {
    ends(|| {
        let scheduler = start(1);
        let inner = Arc::clone(&scheduler);
        let hurried = run(&scheduler, async move {
            let ticker = &inner.shared.ticker;
            spin_until(|| ticker.is_slow());
            spawn(&inner, async {});
            !ticker.is_slow()
        });
        assert!(hurried, "the task waits for the only worker");
    });
}

/// A worker that wakes another keeps the other off its own processor, but only until the other runs.
#[cfg(target_os = "linux")]
#[test]
fn tasks_may_run_on_every_processor() {
    use rustix::thread::sched_getaffinity;
    for_each_size(|scheduler| {
        let all = sched_getaffinity(None).unwrap().count();
        let barred = Arc::new(AtomicUsize::new(0));
        let mut random = Random(7);
        for _ in 0..3_000 {
            // Workers wake other workers that are at any stage of going to sleep.
            let (spawner, counted) = (Arc::clone(scheduler), Arc::clone(&barred));
            let pauses = [random.below(30), random.below(30)];
            run(scheduler, async move {
                let child = |pause| {
                    let counted = Arc::clone(&counted);
                    spawn_joinable(&spawner, async move {
                        if sched_getaffinity(None).unwrap().count() != all {
                            counted.fetch_add(1, Ordering::SeqCst);
                        }
                        spin_for(Duration::from_micros(pause));
                    })
                };
                for pause in pauses {
                    spin_for(Duration::from_micros(pause));
                    let (one, other) = (child(pause), child(0));
                    one.await;
                    other.await;
                }
            });
        }
        assert_eq!(barred.load(Ordering::SeqCst), 0);
    });
}
