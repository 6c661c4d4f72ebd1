//! Checks that no wake-up is lost.

use super::*;
use crate::scheduler::slot::Slot;

#[test]
fn a_task_from_outside_wakes_workers_at_any_stage_of_falling_asleep() {
    for_each_size(|scheduler| {
        let mut random = Random(11);
        for _ in 0..10_000 {
            run(scheduler, async {});
            spin_for(Duration::from_micros(random.below(30)));
        }
    });
}

/// Tokens go from task to task at random, some of them through OS threads outside the scheduler.
#[test]
fn tokens_that_travel_at_random_all_arrive() {
    const STATIONS: usize = 64;
    const TOKENS: usize = 16;
    const HOPS: usize = 20_000;

    struct Net {
        inboxes: Vec<(Mutex<Vec<usize>>, Signal)>,
        arrived: AtomicUsize,
        done: Signal,
        closed: AtomicBool,
    }

    impl Net {
        fn send(&self, to: usize, hops: usize) {
            self.inboxes[to].0.lock().unwrap().push(hops);
            self.inboxes[to].1.send();
        }
    }

    for_each_size(|scheduler| {
        let net = Arc::new(Net {
            inboxes: (0..STATIONS).map(|_| Default::default()).collect(),
            arrived: AtomicUsize::new(0),
            done: Signal::default(),
            closed: AtomicBool::new(false),
        });
        let (outside, requests) = mpsc::channel::<(usize, usize)>();
        let forwarder = std::thread::spawn({
            let net = Arc::clone(&net);
            move || requests.iter().for_each(|(to, hops)| net.send(to, hops))
        });
        let station = |me: usize| {
            let (net, outside) = (Arc::clone(&net), outside.clone());
            spawn(scheduler, async move {
                let mut random = Random(me as u64 + 1);
                loop {
                    net.inboxes[me].1.receive().await;
                    if net.closed.load(Ordering::SeqCst) {
                        return;
                    }
                    let tokens = std::mem::take(&mut *net.inboxes[me].0.lock().unwrap());
                    for hops in tokens {
                        let to = random.below(STATIONS as u64) as usize;
                        match random.below(8) {
                            _ if hops == 0 => {
                                if net.arrived.fetch_add(1, Ordering::SeqCst) + 1 == TOKENS {
                                    net.done.send();
                                }
                            }
                            0 => outside.send((to, hops - 1)).unwrap(),
                            1 => {
                                yield_now().await;
                                net.send(to, hops - 1);
                            }
                            _ => net.send(to, hops - 1),
                        }
                    }
                }
            });
        };
        (0..STATIONS).for_each(station);
        drop(outside);
        (0..TOKENS).for_each(|token| net.send(token, HOPS));
        block_on(net.done.receive());
        // The stations hold the senders, so the forwarder ends when all of them have ended.
        net.closed.store(true, Ordering::SeqCst);
        net.inboxes.iter().for_each(|inbox| inbox.1.send());
        forwarder.join().unwrap();
    });
}

#[test]
fn a_wait_that_is_woken_while_its_task_still_runs_is_not_lost() {
    for_each_size(|scheduler| {
        let signals: Arc<[Signal; 2]> = Arc::default();
        let waker_side = Arc::clone(&signals);
        let waiter = spawn_joinable(scheduler, async move {
            for _ in 0..20_000 {
                signals[0].receive().await;
                signals[1].send();
            }
        });
        // The answer may be sent before the waiter has returned from its poll, so the next signal may wake it while it
        // runs.
        for _ in 0..20_000 {
            waker_side[0].send();
            block_on(waker_side[1].receive());
        }
        block_on(waiter);
    });
}

#[test]
fn each_task_of_a_slot_is_taken_once() {
    const TASKS: usize = 200_000;
    ends(|| {
        let slot = Slot::default();
        let ran = Arc::new(AtomicUsize::new(0));
        let filled = AtomicBool::new(true);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while filled.load(Ordering::SeqCst) {
                    if let Some(task) = slot.look().and_then(|seen| slot.steal(seen)) {
                        task.run();
                    }
                }
            });
            for n in 0..TASKS {
                let ran = Arc::clone(&ran);
                let future = async move {
                    ran.fetch_add(1, Ordering::SeqCst);
                };
                let (runnable, task) = async_task::Builder::new()
                    .metadata(Tenant::HOST)
                    .spawn(|_| future, |_| {});
                task.detach();
                slot.put(runnable, false);
                if n % 2 == 0 {
                    std::hint::spin_loop();
                }
                // The next round needs an empty slot. Take the task, unless the other thread was first.
                slot.take().map(|t| t.run());
            }
            slot.take().map(|t| t.run());
            filled.store(false, Ordering::SeqCst);
        });
        assert_eq!(ran.load(Ordering::SeqCst), TASKS);
    });
}

#[test]
fn a_slot_knows_one_stay_from_another() {
    let runnable = || {
        let (runnable, task) = async_task::Builder::new()
            .metadata(Tenant::HOST)
            .spawn(|_| async {}, |_| {});
        task.detach();
        runnable
    };
    let slot = Slot::default();
    assert!(slot.look().is_none() && slot.take().is_none());
    slot.put(runnable(), false);
    let first = slot.look().unwrap();
    assert!(slot.look() == Some(first));
    let task = slot.take().unwrap();
    slot.put(runnable(), false);
    assert!(slot.look() != Some(first));
    assert!(slot.steal(first).is_none());
    slot.take().unwrap().run();
    // Putting the same task again counts as another put, but the task may still be taken.
    slot.put(task, false);
    assert!(slot.look() != Some(first));
    slot.steal(first).unwrap().run();
    assert!(slot.take().is_none());
}
