//! The order in which tasks run where it must be the same each time, and where one task hands its worker to another.

use super::fairness::exchange;
use super::*;

/// Runs a test on one worker whose order is the same each time.
fn by_arrival(test: fn(&Arc<WorkStealing>)) {
    ends(move || {
        test(
            &WorkStealing::new(
                WorkStealing::begin(NonZeroUsize::MIN),
                Turns::ByArrival,
                TICK,
                Arc::new(|_| Next::Later),
            )
            .unwrap(),
        )
    });
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
        let scheduler = WorkStealing::new(
            WorkStealing::begin(NonZeroUsize::MIN),
            Turns::ByArrival,
            TICK,
            Arc::new(|_| Next::Later),
        )
        .unwrap();
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
