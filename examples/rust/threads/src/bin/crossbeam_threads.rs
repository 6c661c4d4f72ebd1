//! crossbeam: scoped threads, channels with `select!`, work-stealing queues, and memory that is reclaimed by epochs.
//!
//!     cargo build --release
//!     weft run target/wasm32-wasip1-threads/release/crossbeam_threads.wasm

use crossbeam::channel::{self, select, tick};
use crossbeam::deque::{Injector, Steal, Worker};
use crossbeam::epoch::{self, Atomic, Owned};
use crossbeam::queue::ArrayQueue;
use crossbeam::sync::{Parker, WaitGroup};
use crossbeam::utils::Backoff;
use std::iter;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

fn main() {
    channels();
    steals();
    epochs();
    queues();
    println!("crossbeam: all done");
}

fn channels() {
    let (numbers, received) = channel::bounded(4);
    let (done, ended) = channel::unbounded();
    let sum = crossbeam::scope(|scope| {
        for first in 0..4_u64 {
            let (numbers, done) = (numbers.clone(), done.clone());
            scope.spawn(move |_| {
                for number in (first..1000).step_by(4) {
                    numbers.send(number).expect("somebody receives");
                }
                done.send(()).expect("somebody receives");
            });
        }
        drop(numbers);
        let ticks = tick(Duration::from_millis(1));
        let (mut sum, mut threads) = (0, 4);
        loop {
            select! {
                recv(received) -> number => match number {
                    Ok(number) => sum += number,
                    Err(_) => break,
                },
                recv(ended) -> _ => threads -= 1,
                recv(ticks) -> _ => {}
            }
        }
        threads -= ended.try_iter().count();
        assert_eq!(threads, 0);
        sum
    });
    println!("sum {}", sum.expect("nobody panics"));
}

/// Counts a tree's leaves: each task puts its children into its own queue, where others steal them.
fn steals() {
    let (injector, leaves, open) = (Injector::new(), AtomicU64::new(0), AtomicU64::new(1));
    injector.push(12_u32);
    let workers: Vec<Worker<u32>> = (0..4).map(|_| Worker::new_lifo()).collect();
    let stealers: Vec<_> = workers.iter().map(Worker::stealer).collect();
    crossbeam::scope(|scope| {
        for worker in workers {
            let (injector, stealers, leaves, open) = (&injector, &stealers, &leaves, &open);
            scope.spawn(move |_| {
                let backoff = Backoff::new();
                while open.load(Ordering::Acquire) > 0 {
                    let steal = || {
                        let all = || iter::once(injector.steal_batch_and_pop(&worker)).chain(stealers.iter().map(|s| s.steal()));
                        iter::repeat_with(|| all().collect::<Steal<u32>>()).find(|steal| !steal.is_retry())?.success()
                    };
                    match worker.pop().or_else(steal) {
                        Some(0) => {
                            leaves.fetch_add(1, Ordering::Relaxed);
                            open.fetch_sub(1, Ordering::Release);
                        }
                        Some(depth) => {
                            open.fetch_add(1, Ordering::Relaxed);
                            worker.push(depth - 1);
                            worker.push(depth - 1);
                        }
                        None => backoff.snooze(),
                    }
                }
            });
        }
    })
    .expect("nobody panics");
    println!("leaves {}", leaves.into_inner());
}

/// A stack without locks, whose nodes are freed when no thread can still read them.
fn epochs() {
    struct Node {
        number: u64,
        next: Atomic<Node>,
    }
    let head: Atomic<Node> = Atomic::null();
    let sum = AtomicU64::new(0);
    crossbeam::scope(|scope| {
        for first in 0..4 {
            let (head, sum) = (&head, &sum);
            scope.spawn(move |_| {
                for number in (first..1000).step_by(4) {
                    let guard = epoch::pin();
                    let mut node = Owned::new(Node { number, next: Atomic::null() });
                    loop {
                        let top = head.load(Ordering::Relaxed, &guard);
                        node.next.store(top, Ordering::Relaxed);
                        match head.compare_exchange(top, node, Ordering::Release, Ordering::Relaxed, &guard) {
                            Ok(_) => break,
                            Err(changed) => node = changed.new,
                        }
                    }
                    loop {
                        let top = head.load(Ordering::Acquire, &guard);
                        // SAFETY: this thread is pinned, so what it loads is not freed.
                        let Some(node) = (unsafe { top.as_ref() }) else { break };
                        let next = node.next.load(Ordering::Relaxed, &guard);
                        if head.compare_exchange(top, next, Ordering::Relaxed, Ordering::Relaxed, &guard).is_ok() {
                            sum.fetch_add(node.number, Ordering::Relaxed);
                            // SAFETY: the node is out of the stack, and only this thread took it out.
                            unsafe { guard.defer_destroy(top) };
                            break;
                        }
                    }
                }
            });
        }
    })
    .expect("nobody panics");
    println!("popped {}", sum.into_inner());
}

fn queues() {
    let (queue, group, parker) = (ArrayQueue::new(16), WaitGroup::new(), Parker::new());
    let unparker = parker.unparker().clone();
    crossbeam::scope(|scope| {
        for number in 0..16 {
            let (queue, group) = (&queue, group.clone());
            scope.spawn(move |_| {
                queue.push(number).expect("there is room for all");
                drop(group);
            });
        }
        group.wait();
        scope.spawn(move |_| unparker.unpark());
        parker.park();
    })
    .expect("nobody panics");
    let mut numbers: Vec<_> = iter::from_fn(|| queue.pop()).collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..16));
}
