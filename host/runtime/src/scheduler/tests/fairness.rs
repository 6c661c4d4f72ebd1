//! That no task is starved by others.

use super::*;

/// Starts two tasks that wake each other until `stop`. In the given round, counted from 0, one of them also calls
/// `in_between`.
fn exchange(
    scheduler: &Arc<WorkStealing>,
    stop: &Arc<AtomicBool>,
    in_between: impl Fn(usize) + Clone + Send + 'static,
) -> [TaskHandle; 2] {
    let round = Arc::new(AtomicUsize::new(0));
    let [ping, pong] = [Arc::new(Signal::default()), Arc::new(Signal::default())];
    let player = |mine: Arc<Signal>, other: Arc<Signal>| {
        let (round, stop, in_between) = (Arc::clone(&round), Arc::clone(stop), in_between.clone());
        spawn(scheduler, async move {
            loop {
                mine.receive().await;
                in_between(round.fetch_add(1, Ordering::SeqCst));
                // Decided before sending, and left after it, so that the other gets the signal and decides the same.
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
                    // The signal to the other player displaces this one from the slot into the worker's queue.
                    let stop = Arc::clone(&stop);
                    spawn(&scheduler, async move { stop.store(true, Ordering::SeqCst) }).detach();
                }
            }
        };
        let players = exchange(scheduler, &stop, in_between);
        players.into_iter().for_each(|p| block_on(p).unwrap());
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
            players.into_iter().for_each(|p| block_on(p).unwrap());
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
                    scheduler.spawn(next).detach();
                }
            })
        }
        let stop = Arc::new(AtomicBool::new(false));
        scheduler.spawn(heir(Arc::clone(scheduler), Arc::clone(&stop))).detach();
        run(scheduler, async move { stop.store(true, Ordering::SeqCst) });
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
                spawn(&inner, async move {
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
                handle.await.unwrap();
            }
            spread.load(Ordering::SeqCst)
        });
        // Not one, because a worker that has tasks from a batch looks at the common queue first now and then.
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
                    })
                    .detach();
                }
                // Where the worker looks at the common queue first, the parent may come back early, but only once.
                yield_now().await;
                yield_now().await;
                assert_eq!(ran.load(Ordering::SeqCst), children);
            }
        });
    });
}
