//! That the tasks of one tenant do not starve those of another.

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

#[test]
fn by_arrival_tenants_do_not_matter() {
    let common = Common::new(Turns::ByArrival);
    [MANY, MANY, FEW]
        .into_iter()
        .for_each(|tenant| common.push(task_of(tenant)));
    let tenants = Vec::from_iter(std::iter::from_fn(|| common.pop()).map(|task| *task.metadata()));
    assert_eq!(tenants, [MANY, MANY, FEW]);
}
