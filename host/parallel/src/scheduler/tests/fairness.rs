//! That no task is starved by others.

use super::super::tenants::{Common, Task};
use super::*;
use crossbeam_deque::Worker as Queue;

/// A tenant with few tasks, and one with many.
const FEW: Tenant = Tenant::instance(1);
const MANY: Tenant = Tenant::instance(2);

fn task_of(tenant: Tenant) -> Task {
    let builder = async_task::Builder::new().metadata(tenant);
    let (task, handle) = builder.spawn(|_| async {}, |_: Task| ());
    handle.detach();
    task
}

/// Starts two tasks that wake each other until `stop`. In the given round, counted from 0, one of them also calls
/// `in_between`.
fn exchange(
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

/// Runs a test on one worker whose order is the same each time.
fn by_arrival(test: fn(&Arc<WorkStealing>)) {
    ends(move || test(&WorkStealing::new(NonZeroUsize::MIN, Turns::ByArrival, TICK, Arc::new(|_| {})).unwrap()));
}

#[test]
fn by_arrival_a_task_that_yields_once_lets_all_go_first_that_can_run() {
    by_arrival(|scheduler| {
        let inner = Arc::clone(scheduler);
        run(scheduler, async move {
            for round in 0..10_000 {
                let ran = Arc::new(Mutex::new(Vec::new()));
                // From none to more than fit in the slot and a batch.
                let children = round % 40;
                for child in 0..children {
                    let ran = Arc::clone(&ran);
                    spawn(&inner, async move {
                        ran.lock().unwrap().push(child);
                        yield_now().await;
                        ran.lock().unwrap().push(children + child);
                    });
                }
                yield_now().await;
                assert_eq!(*ran.lock().unwrap(), (0..children).collect::<Vec<_>>());
                yield_now().await;
                assert_eq!(*ran.lock().unwrap(), (0..2 * children).collect::<Vec<_>>());
            }
        });
    });
}

#[test]
fn by_arrival_an_exchange_starves_neither_a_task_that_yields_nor_one_from_outside() {
    by_arrival(|scheduler| {
        let stop = Arc::new(AtomicBool::new(false));
        let rounds = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&rounds);
        let players = exchange(scheduler, &stop, move |round| counted.store(round, Ordering::SeqCst));
        let most = run(scheduler, async move {
            let mut most = 0;
            for _ in 0..10_000 {
                let before = rounds.load(Ordering::SeqCst);
                yield_now().await;
                most = most.max(rounds.load(Ordering::SeqCst) - before);
            }
            stop.store(true, Ordering::SeqCst);
            most
        });
        players.into_iter().for_each(block_on);
        assert!(most <= 2, "{most} exchanges went between two turns");
    });
}

/// Starts two tasks that hand the worker over to each other until `last` returns true for a round, and a third task
/// that yields meanwhile. Returns how often the third task ran between the first hand-over and the last.
fn runs_of_a_third_task(scheduler: &Arc<WorkStealing>, last: fn(usize, usize) -> bool) -> usize {
    let [ping, pong] = [Arc::new(Signal::default()), Arc::new(Signal::default())];
    let (runs, rounds, stop) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let player = |mine: Arc<Signal>, other: Arc<Signal>| {
        let (runs, rounds, stop) = (Arc::clone(&runs), Arc::clone(&rounds), Arc::clone(&stop));
        let scheduler = Arc::clone(scheduler);
        async move {
            loop {
                mine.receive().await;
                let round = rounds.fetch_add(1, Ordering::SeqCst);
                let ends = stop.load(Ordering::SeqCst) || last(round, runs.load(Ordering::SeqCst));
                stop.store(ends, Ordering::SeqCst);
                scheduler.hand_over();
                other.send();
                if ends {
                    return;
                }
            }
        }
    };
    let players = [
        player(Arc::clone(&ping), Arc::clone(&pong)),
        player(pong, Arc::clone(&ping)),
    ];
    let starts = Arc::clone(scheduler);
    let (third_runs, third_stop) = (Arc::clone(&runs), Arc::clone(&stop));
    run(scheduler, async move {
        let players = players.map(|player| spawn_joinable(&starts, player));
        let third = spawn_joinable(&starts, async move {
            while !third_stop.load(Ordering::SeqCst) {
                third_runs.fetch_add(1, Ordering::SeqCst);
                yield_now().await;
            }
        });
        yield_now().await;
        ping.send();
        for task in players.into_iter().chain([third]) {
            task.await;
        }
    });
    runs.load(Ordering::SeqCst)
}

#[test]
fn a_worker_that_is_handed_over_runs_no_third_task() {
    ends(|| {
        let scheduler = WorkStealing::new(NonZeroUsize::MIN, Turns::ByArrival, TICK, Arc::new(|_| {})).unwrap();
        // The third task runs before the others begin, and perhaps once more when the first is woken.
        assert!(runs_of_a_third_task(&scheduler, |round, _| round == 10_000) <= 3);
    });
}

#[test]
fn tasks_that_hand_the_worker_over_to_each_other_starve_nobody() {
    for_each_size(|scheduler| {
        assert!(runs_of_a_third_task(scheduler, |_, runs| runs >= 10) >= 10);
    });
}

#[test]
fn tenants_take_turns_in_the_common_queue() {
    let common = Common::new(Turns::ByCost);
    (0..1000).for_each(|_| common.push(task_of(MANY)));
    assert!(common.has_other_than(FEW) && !common.has_other_than(MANY));
    (0..3).for_each(|_| common.push(task_of(FEW)));
    assert!(common.has_other_than(FEW) && common.has_other_than(MANY));
    let tenants = Vec::from_iter((0..8).map_while(|_| common.pop()).map(|task| *task.metadata()));
    assert_eq!(tenants, [MANY, FEW, MANY, FEW, MANY, FEW, MANY, MANY]);
    assert_eq!(std::iter::from_fn(|| common.pop()).count(), 995);
    assert!(common.is_empty() && !common.has_other_than(FEW));
}

#[test]
fn a_batch_leaves_no_other_tenant_behind() {
    let common = Common::new(Turns::ByCost);
    let own = Queue::new_fifo();
    (0..1000).for_each(|_| common.push(task_of(MANY)));
    // There was no owner when the first task arrived.
    assert!(common.pop().is_some());
    assert!(common.pop_batch(&own).is_some());
    let batch = own.len();
    assert!((1..=32).contains(&batch), "one tenant waits, and the batch has {batch}");
    common.push(task_of(FEW));
    assert!(common.pop_batch(&own).is_some());
    assert_eq!(own.len(), batch, "two tenants wait");
    common.push_all(&own);
    assert!(own.is_empty());
    assert_eq!(common.pop().map(|task| *task.metadata()), Some(FEW));
    let mut left = 0;
    while common.pop_batch(&own).is_some() {
        assert!(own.len() <= 32);
        left += 1 + std::iter::from_fn(|| own.pop()).count();
    }
    // Of 1000, two ran, and one ran while two tenants waited.
    assert_eq!(left, 997);
}

#[test]
fn by_arrival_tenants_do_not_matter() {
    let common = Common::new(Turns::ByArrival);
    [MANY, MANY, FEW]
        .into_iter()
        .for_each(|tenant| common.push(task_of(tenant)));
    let tenants = Vec::from_iter(std::iter::from_fn(|| common.pop()).map(|task| *task.metadata()));
    assert_eq!(tenants, [MANY, MANY, FEW]);
}

#[test]
fn a_tenants_task_does_not_wait_for_the_long_runs_of_another_tenants_many_tasks() {
    struct Runs {
        scheduler: Arc<WorkStealing>,
        count: AtomicUsize,
        /// The run in which a task of the other tenant becomes runnable.
        awaited: AtomicUsize,
        stop: AtomicBool,
    }
    with_workers(1, |scheduler| {
        let runs = Arc::new(Runs {
            scheduler: Arc::clone(scheduler),
            count: AtomicUsize::new(0),
            awaited: AtomicUsize::new(1),
            stop: AtomicBool::new(false),
        });
        let spinner = |runs: Arc<Runs>| async move {
            while !runs.stop.load(Ordering::SeqCst) {
                let run = runs.count.fetch_add(1, Ordering::SeqCst) + 1;
                spin_until(|| runs.awaited.load(Ordering::SeqCst) != run);
                spin_until_tick(&runs.scheduler);
                yield_now().await;
            }
        };
        let first = Arc::clone(&runs);
        // One task spawns the others, so that they are in the worker's own queue.
        let all = async move {
            for _ in 0..100 {
                let spinner = spinner(Arc::clone(&first));
                first.scheduler.spawn(MANY, Box::pin(spinner));
            }
        };
        scheduler.spawn(MANY, Box::pin(all));
        for round in 1..=20 {
            let run = runs.awaited.load(Ordering::SeqCst);
            spin_until(|| runs.count.load(Ordering::SeqCst) == run);
            let (seen, sees) = mpsc::channel();
            let watched = Arc::clone(&runs);
            let task = async move {
                seen.send(watched.count.load(Ordering::SeqCst)).unwrap();
                watched.stop.store(round == 20, Ordering::SeqCst);
            };
            scheduler.spawn(FEW, Box::pin(task));
            runs.awaited.store(run + 20 + round, Ordering::SeqCst);
            let waited = sees.recv().unwrap() - run;
            assert!(waited <= 3, "{waited} runs went before the other tenant's task");
        }
    });
}

#[test]
fn a_tenants_tasks_stay_in_order_while_another_comes_and_goes() {
    let common = Common::new(Turns::ByCost);
    let log = Arc::new(Mutex::new(Vec::new()));
    let numbered = |number: u32| {
        let log = Arc::clone(&log);
        let builder = async_task::Builder::new().metadata(MANY);
        let (task, handle) = builder.spawn(|_| async move { log.lock().unwrap().push(number) }, |_: Task| ());
        handle.detach();
        task
    };
    let own = Queue::new_fifo();
    for number in 0..1000 {
        common.push(numbered(number));
        match number % 7 {
            0 => common.push(task_of(FEW)),
            3 => _ = common.pop().map(Task::run),
            5 => {
                common.pop_batch(&own).map(Task::run);
                while let Some(task) = own.pop() {
                    task.run();
                }
            }
            _ => {}
        }
    }
    while let Some(task) = common.pop() {
        task.run();
    }
    assert_eq!(*log.lock().unwrap(), Vec::from_iter(0..1000));
}

#[test]
fn tasks_that_yield_take_turns_when_another_tenant_has_come_and_gone() {
    let common = Common::new(Turns::ByCost);
    (0..100).for_each(|_| common.push(task_of(MANY)));
    common.push(task_of(FEW));
    let tenants = Vec::from_iter((0..3).map_while(|_| common.pop()).map(|task| *task.metadata()));
    assert_eq!(tenants, [MANY, FEW, MANY]);
    // The next task needs no lock, and goes behind those that are left.
    common.push(task_of(MANY));
    assert_eq!(std::iter::from_fn(|| common.pop()).count(), 99);
    common.push(task_of(FEW));
    common.push(task_of(MANY));
    let tenants = Vec::from_iter(std::iter::from_fn(|| common.pop()).map(|task| *task.metadata()));
    assert_eq!(tenants, [FEW, MANY]);
}
