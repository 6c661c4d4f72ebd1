//! The wait queues: no notification is lost, none wakes two threads, and a thread that leaves takes none.

use crate::waiter_counts::{COUNTS, OwnCounts};
use crate::waiters::{Location, WaitResult, Waiters};
use futures_lite::future::poll_once;
use shuttle::future::block_on;
use shuttle::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use shuttle::thread;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use weft_lower::plan::MemoryIndex;

const HERE: Location = Location {
    memory: MemoryIndex(0),
    address: 64,
};

/// Some threads wait until a word is 1, and one sets it and notifies all. All of them continue.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_store_before_a_notification_is_seen(waiting: usize) {
    let waiters = Arc::new(Waiters::new(OwnCounts::default()));
    let word = Arc::new(AtomicU32::new(0));
    let threads = Vec::from_iter((0..waiting).map(|_| {
        let (waiters, word) = (Arc::clone(&waiters), Arc::clone(&word));
        thread::spawn(move || {
            while word.load(Ordering::SeqCst) == 0 {
                block_on(waiters.wait(HERE, || word.load(Ordering::SeqCst) != 0, None));
            }
        })
    }));
    word.store(1, Ordering::SeqCst);
    waiters.notify(HERE, u32::MAX);
    threads.into_iter().for_each(join);
}

/// A thread waits until a word is 1 at one address, another leaves the queue of a second address that has the same count.
/// The notifying thread finds the one, whatever the other does to the count.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_count_that_others_share_hides_nobody() {
    let elsewhere = Location {
        address: HERE.address + 4 * COUNTS as u64,
        ..HERE
    };
    let waiters = Arc::new(Waiters::new(OwnCounts::default()));
    let word = Arc::new(AtomicU32::new(0));
    let (waits, changes) = (Arc::clone(&waiters), Arc::clone(&word));
    let waiting = thread::spawn(move || {
        while changes.load(Ordering::SeqCst) == 0 {
            block_on(waits.wait(HERE, || changes.load(Ordering::SeqCst) != 0, None));
        }
    });
    let leaves = Arc::clone(&waiters);
    let leaving = thread::spawn(move || {
        block_on(async {
            let mut wait = pin!(leaves.wait(elsewhere, || false, None));
            assert_eq!(poll_once(&mut wait).await, None);
        });
    });
    word.store(1, Ordering::SeqCst);
    assert_eq!(waiters.notify(elsewhere, 0), 0);
    waiters.notify(HERE, 1);
    join(waiting);
    join(leaving);
    assert_eq!(waiters.notify(HERE, u32::MAX), 0);
}

/// Some threads wait once, and two threads notify until as many were woken. Each notification that counts is one thread's.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_notification_wakes_one_thread(waiting: u32) {
    let waiters = Arc::new(Waiters::new(OwnCounts::default()));
    let woken = Arc::new(AtomicU32::new(0));
    let counted = Arc::new(AtomicU32::new(0));
    let threads = Vec::from_iter((0..waiting).map(|_| {
        let (waiters, woken) = (Arc::clone(&waiters), Arc::clone(&woken));
        thread::spawn(move || {
            let result = block_on(waiters.wait(HERE, || false, None));
            assert_eq!(result, WaitResult::Notified);
            woken.fetch_add(1, Ordering::SeqCst);
        })
    }));
    let notifiers = [(); 2].map(|()| {
        let (waiters, counted) = (Arc::clone(&waiters), Arc::clone(&counted));
        thread::spawn(move || {
            while counted.load(Ordering::SeqCst) < waiting {
                let notified = waiters.notify(HERE, 1);
                counted.fetch_add(notified, Ordering::SeqCst);
                thread::yield_now();
            }
        })
    });
    notifiers.into_iter().for_each(join);
    threads.into_iter().for_each(join);
    assert_eq!(counted.load(Ordering::SeqCst), waiting);
    assert_eq!(woken.load(Ordering::SeqCst), waiting);
}

/// One of two threads waits with a timeout while notifications for one come. Each notification that counts is one thread's: the
/// first one does not lose it if the timeout comes at the same moment.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_timeout_loses_no_notification() {
    let waiters = Arc::new(Waiters::new(OwnCounts::default()));
    let done = Arc::new(AtomicBool::new(false));
    let timed = Arc::clone(&waiters);
    let timed = thread::spawn(move || block_on(timed.wait(HERE, || false, Some(Duration::from_millis(1)))));
    let (waits, ended) = (Arc::clone(&waiters), Arc::clone(&done));
    let untimed = thread::spawn(move || {
        let result = block_on(waits.wait(HERE, || false, None));
        ended.store(true, Ordering::SeqCst);
        result
    });
    let mut counted = 0;
    while !done.load(Ordering::SeqCst) {
        counted += waiters.notify(HERE, 1);
        thread::yield_now();
    }
    let results = [timed.join(), untimed.join()].map(|result| result.ok());
    let notified = results.iter().filter(|result| **result == Some(WaitResult::Notified));
    assert_eq!(counted, notified.count() as u32, "{results:?}");
    assert_eq!(waiters.notify(HERE, u32::MAX), 0, "nobody stands in the queue any more");
}

fn join<T>(thread: thread::JoinHandle<T>) {
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}
