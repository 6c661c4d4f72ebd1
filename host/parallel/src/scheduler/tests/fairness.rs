//! That no task is starved by others.

use super::*;

/// Starts two tasks that wake each other until `stop`. In the given round, counted from 0, one of them also calls
/// `in_between`.
pub(super) fn exchange(
    scheduler: &Arc<WorkStealing>,
    stop: &Arc<AtomicBool>,
    in_between: impl Fn(usize) + Clone + Send + 'static,
) -> [BoxFuture; 2] {
    let round = Arc::new(AtomicUsize::new(0));
    let [ping, pong] = [Arc::new(Signal::default()), Arc::new(Signal::default())];
    let player = |mine: Arc<Signal>, other: Arc<Signal>| {
        let (round, stop, in_between) = (Arc::clone(&round), Arc::clone(stop), in_between.clone());
        spawn_joinable(scheduler, async move {
            loop {
                mine.receive().await;
                in_between(round.fetch_add(1, Ordering::SeqCst));
                // Each task decides before it sends and leaves after it, so that the other gets the signal and decides
                // the same.
                let last = stop.load(Ordering::SeqCst);
                other.send();
                if last {
                    return;
                }
            }
        })
    };
    let players = [
        player(Arc::clone(&ping), Arc::clone(&pong)),
        player(pong, Arc::clone(&ping)),
    ];
    ping.send();
    players
}

#[test]
fn an_exchange_through_the_slot_does_not_starve_a_queued_task() {
    with_workers(1, |scheduler| {
        let stop = Arc::new(AtomicBool::new(false));
        let last_round = Arc::new(AtomicUsize::new(0));
        let in_between = {
            let (scheduler, stop, last_round) = (Arc::clone(scheduler), Arc::clone(&stop), Arc::clone(&last_round));
            move |round| {
                last_round.store(round, Ordering::SeqCst);
                if round == 1000 {
                    // The signal to the other task displaces this one from the slot into the worker's queue.
                    let stop = Arc::clone(&stop);
                    spawn(&scheduler, async move { stop.store(true, Ordering::SeqCst) });
                }
            }
        };
        let players = exchange(scheduler, &stop, in_between);
        players.into_iter().for_each(block_on);
        let rounds = last_round.load(Ordering::SeqCst) - 1000;
        assert!(rounds < 100, "{rounds} exchanges went before the queued task");
    });
}

#[test]
fn an_exchange_through_the_slot_does_not_starve_a_task_from_outside() {
    for_each_size(|scheduler| {
        for _ in 0..200 {
            let stop = Arc::new(AtomicBool::new(false));
            let players = exchange(scheduler, &stop, |_| {});
            run(scheduler, async move { stop.store(true, Ordering::SeqCst) });
            players.into_iter().for_each(block_on);
        }
    });
}

#[test]
fn a_task_that_spawns_without_end_does_not_starve_a_task_from_outside() {
    for_each_size(|scheduler| {
        fn heir(scheduler: Arc<WorkStealing>, stop: Arc<AtomicBool>) -> BoxFuture {
            Box::pin(async move {
                if !stop.load(Ordering::SeqCst) {
                    let next = heir(Arc::clone(&scheduler), stop);
                    scheduler.spawn(Tenant::HOST, next);
                }
            })
        }
        let stop = Arc::new(AtomicBool::new(false));
        scheduler.spawn(Tenant::HOST, heir(Arc::clone(scheduler), Arc::clone(&stop)));
        run(scheduler, async move { stop.store(true, Ordering::SeqCst) });
    });
}

#[test]
fn a_task_from_outside_does_not_wait_for_many_long_runs() {
    struct Runs {
        scheduler: Arc<WorkStealing>,
        count: AtomicUsize,
        /// The run in which a task from outside becomes runnable.
        awaited: AtomicUsize,
        stop: AtomicBool,
    }
    fn heir(runs: Arc<Runs>) -> BoxFuture {
        Box::pin(async move {
            let run = runs.count.fetch_add(1, Ordering::SeqCst) + 1;
            spin_until(|| runs.awaited.load(Ordering::SeqCst) != run);
            spin_until_tick(&runs.scheduler);
            if !runs.stop.load(Ordering::SeqCst) {
                runs.scheduler.spawn(Tenant::HOST, heir(Arc::clone(&runs)));
            }
        })
    }
    with_workers(1, |scheduler| {
        let runs = Arc::new(Runs {
            scheduler: Arc::clone(scheduler),
            count: AtomicUsize::new(0),
            awaited: AtomicUsize::new(1),
            stop: AtomicBool::new(false),
        });
        // More tasks than fit in the worker's slot, so that the worker always has a task in its own queue too.
        let first = Arc::clone(&runs);
        spawn(scheduler, async move {
            (0..4).for_each(|_| first.scheduler.spawn(Tenant::HOST, heir(Arc::clone(&first))));
        });
        for round in 1..=20 {
            let run = runs.awaited.load(Ordering::SeqCst);
            spin_until(|| runs.count.load(Ordering::SeqCst) == run);
            let (seen, sees) = mpsc::channel();
            let watched = Arc::clone(&runs);
            spawn(scheduler, async move {
                seen.send(watched.count.load(Ordering::SeqCst)).unwrap();
                watched.stop.store(round == 20, Ordering::SeqCst);
            });
            runs.awaited.store(run + 20 + round, Ordering::SeqCst);
            let waited = sees.recv().unwrap() - run;
            assert!(waited <= 2, "{waited} runs went before the task from outside");
        }
    });
}

#[test]
fn long_runs_of_tasks_that_yield_do_not_starve_a_task_that_one_of_them_spawns() {
    with_workers(1, |scheduler| {
        let runs = Arc::new(AtomicUsize::new(0));
        let longest = Arc::new(AtomicUsize::new(0));
        let yielding = |_| {
            let (inner, runs, longest) = (Arc::clone(scheduler), Arc::clone(&runs), Arc::clone(&longest));
            spawn_joinable(scheduler, async move {
                for _ in 0..50 {
                    let (count, longest) = (Arc::clone(&runs), Arc::clone(&longest));
                    let run = runs.fetch_add(1, Ordering::SeqCst) + 1;
                    spawn(&inner, async move {
                        longest.fetch_max(count.load(Ordering::SeqCst) - run, Ordering::SeqCst);
                    });
                    spin_until_tick(&inner);
                    yield_now().await;
                }
            })
        };
        let tasks: Vec<_> = (0..3).map(yielding).collect();
        tasks.into_iter().for_each(block_on);
        let longest = longest.load(Ordering::SeqCst);
        assert!(longest < 10, "{longest} runs went before the spawned task");
    });
}

#[test]
fn tasks_that_yield_take_turns() {
    const TASKS: usize = 10;
    const ROUNDS: usize = 10_000;
    with_workers(1, |scheduler| {
        let inner = Arc::clone(scheduler);
        let rounds: Arc<Vec<AtomicUsize>> = Arc::new((0..TASKS).map(|_| AtomicUsize::new(0)).collect());
        let spread = run(scheduler, async move {
            let spread = Arc::new(AtomicUsize::new(0));
            let task = |me: usize| {
                let (rounds, spread) = (Arc::clone(&rounds), Arc::clone(&spread));
                spawn_joinable(&inner, async move {
                    for round in 1..=ROUNDS {
                        rounds[me].store(round, Ordering::SeqCst);
                        let last = rounds.iter().map(|r| r.load(Ordering::SeqCst)).min();
                        spread.fetch_max(round - last.unwrap(), Ordering::SeqCst);
                        yield_now().await;
                    }
                })
            };
            let handles: Vec<_> = (0..TASKS).map(task).collect();
            for handle in handles {
                handle.await;
            }
            spread.load(Ordering::SeqCst)
        });
        // The spread is more than one, because a worker that has tasks from a batch sometimes looks at the common queue
        // first.
        assert!(spread < ROUNDS / 100, "one task was {spread} turns ahead of another");
    });
}

#[test]
fn a_task_that_yields_lets_the_tasks_that_it_spawned_go_first() {
    with_workers(1, |scheduler| {
        let inner = Arc::clone(scheduler);
        run(scheduler, async move {
            let ran = Arc::new(AtomicUsize::new(0));
            for children in (3..300).step_by(3) {
                for _ in 0..3 {
                    let ran = Arc::clone(&ran);
                    spawn(&inner, async move {
                        ran.fetch_add(1, Ordering::SeqCst);
                    });
                }
                // If the worker looks at the common queue first, the parent may run again early, but only once.
                yield_now().await;
                yield_now().await;
                assert_eq!(ran.load(Ordering::SeqCst), children);
            }
        });
    });
}
