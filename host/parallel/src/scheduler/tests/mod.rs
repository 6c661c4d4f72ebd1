//! Tests of the work-stealing scheduler.
//!
//! The tests assert counts and orders, never times. Most tests fail by not ending, so each runs under [`ends`], whose
//! deadline is far longer than any machine needs.

mod fairness;
mod lifetime;
mod order;
mod running;
mod tenants;
mod wakeups;

use super::{BoxFuture, Next, Scheduler, TICK, Tenant, Tick, Turns, WorkStealing, block_on, on_worker, yield_now};
use crate::watchdog::{DEADLINE, ends};
use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

/// Runs a test for 1, 2 and 8 workers.
fn for_each_size(test: fn(&Arc<WorkStealing>)) {
    for workers in [1, 2, 8] {
        with_workers(workers, test);
    }
}

fn with_workers(workers: usize, test: fn(&Arc<WorkStealing>)) {
    ends(move || test(&start(workers)));
}

fn start(workers: usize) -> Arc<WorkStealing> {
    WorkStealing::new(
        WorkStealing::begin(NonZeroUsize::new(workers).unwrap()),
        Turns::ByCost,
        TICK,
        Arc::new(|_| Next::Later),
    )
    .unwrap()
}

fn spawn(scheduler: &Arc<WorkStealing>, future: impl Future<Output = ()> + Send + 'static) {
    scheduler.spawn(Tenant::HOST, Box::pin(future));
}

/// Spawns a task, and returns what waits for its end.
fn spawn_joinable(scheduler: &Arc<WorkStealing>, future: impl Future<Output = ()> + Send + 'static) -> BoxFuture {
    let ended = Arc::new(Signal::default());
    let end = Arc::clone(&ended);
    spawn(scheduler, async move {
        future.await;
        end.send();
    });
    Box::pin(async move { ended.receive().await })
}

/// Runs a future as a task, and returns what it returns.
fn run<T: Send + 'static>(scheduler: &Arc<WorkStealing>, future: impl Future<Output = T> + Send + 'static) -> T {
    let (result, results) = mpsc::channel();
    spawn(scheduler, async move {
        let _ = result.send(future.await);
    });
    results.recv().unwrap()
}

/// Spins until the condition holds. A task that calls this keeps its worker busy.
fn spin_until(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < DEADLINE, "the condition does not come true");
        std::hint::spin_loop();
        // The machine may have fewer cores than the scheduler has workers.
        std::thread::yield_now();
    }
}

fn spin_for(time: Duration) {
    let start = Instant::now();
    spin_until(|| start.elapsed() >= time);
}

/// Spins until the next tick, which makes a task's run a long one.
fn spin_until_tick(scheduler: &WorkStealing) {
    let ticks = scheduler.shared.ticker.ticks();
    spin_until(|| scheduler.shared.ticker.ticks() != ticks);
}

/// Counts its drops.
#[derive(Clone, Default)]
struct Drops(Arc<AtomicUsize>);

struct CountsDrop(Drops);

impl Drops {
    fn counter(&self) -> CountsDrop {
        CountsDrop(self.clone())
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for CountsDrop {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A binary semaphore for one waiter.
#[derive(Default)]
struct Signal(Mutex<(bool, Option<Waker>)>);

impl Signal {
    fn send(&self) {
        let waker = {
            let mut state = self.0.lock().unwrap();
            state.0 = true;
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn receive(&self) -> impl Future<Output = ()> + Send {
        std::future::poll_fn(|cx| {
            let mut state = self.0.lock().unwrap();
            if std::mem::take(&mut state.0) {
                return Poll::Ready(());
            }
            state.1 = Some(cx.waker().clone());
            Poll::Pending
        })
    }
}

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
