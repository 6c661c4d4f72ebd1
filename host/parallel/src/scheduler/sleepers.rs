//! Which workers sleep, who searches, who watches the slots, and how none of them misses work.
//!
//! **No lost wake-up.** Two parties meet here, and each publishes before it looks, in one sequentially consistent order:
//!
//! - who makes work first publishes the task (queue or slot), then reads these counts, and wakes a sleeper if it must;
//! - who goes to sleep first enters the list of sleepers and gives up its role as searcher, then looks at all queues and
//!   slots once more, and only then parks.
//!
//! So either the maker sees the sleeper, or the sleeper sees the task. The list and each worker's `notified` flag are
//! changed under one lock; the counts are its shadow, which threads read without the lock. A worker that is taken off
//! the list has its flag set before it is unparked, and parks only after it found the flag clear, so the park token
//! cannot be lost. A stray token costs one more look.
//!
//! **Searchers.** A worker that has run out of work looks for some for a few microseconds before it sleeps. While anyone
//! searches, who queues a task need not wake anybody: the searcher will see the task, or, giving up the role, look once
//! more. If that look finds something, the worker takes the role again: several tasks may have been queued for it to find. A searcher that found work and was the last one looks whether there is more, and if so wakes a successor. Their
//! number is bounded, because they would take the cores from those that run tasks. A sleeper that is woken is
//! counted as a searcher at once, so that a burst of tasks wakes workers one after the other.
//!
//! **The watcher.** A task in a slot is not queued work: its worker will most likely run it in no time, and waking another
//! for it costs more than running it. But if the worker continues to compute, another has to take it. So at most one
//! sleeper is the watcher: it sleeps with a timeout of [`WATCH_INTERVAL`], looks at the slots, and takes a task that stays
//! in one. Who puts a task in an empty slot appoints a watcher if there is none, which takes a system call; as long as the
//! slots are in use the watcher stays, and a put costs one load. If nothing happens in the slots for a few
//! looks it resigns, looks once more, and sleeps for good: when no task spawns or wakes another, no worker polls.
//! The invariant is: when a task is in a slot, and some worker sleeps, there is a watcher, or one that is about to look
//! again.
//!
//! Rejected: waking a worker for each put (a system call for each spawn, 60 us until it runs, and the tasks of one program
//! torn apart); a watcher thread of its own (it has to hand the task on, which costs a second wake-up); letting the ticker
//! watch (a tick is 1 ms).

use super::current::on_worker;
use super::placement::Placement;
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use crate::sync::thread::{self, Thread};
use crate::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// How long the watcher sleeps between two looks at the slots.
pub(super) const WATCH_INTERVAL: Duration = Duration::from_micros(100);

const NO_WATCHER: usize = usize::MAX;

/// See the module.
pub(super) struct Sleepers {
    list: Mutex<Vec<usize>>,
    /// The length of the list.
    sleeping: AtomicUsize,
    searching: AtomicUsize,
    max_searching: usize,
    watcher: AtomicUsize,
    beds: Box<[Bed]>,
}

/// Where one worker sleeps.
#[derive(Default)]
struct Bed {
    thread: OnceLock<Thread>,
    placement: Placement,
    notified: AtomicBool,
}

impl Sleepers {
    pub(super) fn new(workers: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Sleepers {
            list: Mutex::new(Vec::with_capacity(workers)),
            sleeping: AtomicUsize::new(0),
            searching: AtomicUsize::new(0),
            max_searching: (workers.min(cores) / 2).max(1),
            watcher: AtomicUsize::new(NO_WATCHER),
            beds: (0..workers).map(|_| Bed::default()).collect(),
        }
    }

    /// Makes the calling thread known as that of `worker`, before it sleeps for the first time.
    pub(super) fn register(&self, worker: usize) {
        self.beds[worker].thread.get_or_init(thread::current);
        self.beds[worker].placement.register();
    }

    /// Prepares to wake `worker`, which is in the list until `_list` is unlocked: what it does when it leaves the list comes
    /// behind this.
    fn keep_off_caller(&self, _list: &MutexGuard<'_, Vec<usize>>, worker: usize) {
        if on_worker() {
            self.beds[worker].placement.keep_off_caller();
        }
    }

    fn unpark(&self, worker: usize) {
        if let Some(thread) = self.beds[worker].thread.get() {
            thread.unpark();
        }
    }

    /// Has the calling thread, which is that of `worker`, run on any processor again.
    pub(super) fn awake(&self, worker: usize) {
        self.beds[worker].placement.put_right();
    }

    /// Wakes one sleeper as a searcher, unless someone searches already. Call it after a task was queued.
    pub(super) fn notify(&self) {
        fence(Ordering::SeqCst);
        if self.searching.load(Ordering::SeqCst) > 0 || self.sleeping.load(Ordering::SeqCst) == 0 {
            return;
        }
        let mut list = self.lock();
        if self.searching.load(Ordering::SeqCst) > 0 {
            return;
        }
        // The watcher is at the bottom, so it is taken only if no other worker sleeps, and then needs no successor.
        let Some(worker) = list.pop() else { return };
        self.searching.fetch_add(1, Ordering::SeqCst);
        self.left(&list, worker);
        self.keep_off_caller(&list, worker);
        self.beds[worker].notified.store(true, Ordering::Release);
        drop(list);
        self.unpark(worker);
    }

    /// Appoints a sleeper as watcher if there is none. Call it after a task was put in an empty slot.
    pub(super) fn ensure_watcher(&self) {
        if self.watcher.load(Ordering::SeqCst) == NO_WATCHER && self.sleeping.load(Ordering::SeqCst) > 0 {
            self.appoint_watcher();
        }
    }

    #[cold]
    fn appoint_watcher(&self) {
        let mut list = self.lock();
        if self.watcher.load(Ordering::SeqCst) != NO_WATCHER {
            return;
        }
        let Some(worker) = list.pop() else { return };
        list.insert(0, worker);
        self.watcher.store(worker, Ordering::SeqCst);
        self.keep_off_caller(&list, worker);
        drop(list);
        self.unpark(worker);
    }

    /// Makes the sleeper `worker` the watcher if there is none and it was not woken meanwhile.
    pub(super) fn volunteer_as_watcher(&self, worker: usize) {
        let mut list = self.lock();
        if self.watcher.load(Ordering::SeqCst) == NO_WATCHER && remove(&mut list, worker) {
            list.insert(0, worker);
            self.watcher.store(worker, Ordering::SeqCst);
        }
    }

    /// Ends the watch of `worker`. It has to look at the slots again after this.
    pub(super) fn resign_as_watcher(&self, worker: usize) {
        let _list = self.lock();
        if self.is_watcher(worker) {
            self.watcher.store(NO_WATCHER, Ordering::SeqCst);
        }
    }

    pub(super) fn is_watcher(&self, worker: usize) -> bool {
        self.watcher.load(Ordering::SeqCst) == worker
    }

    pub(super) fn has_watcher(&self) -> bool {
        self.watcher.load(Ordering::SeqCst) != NO_WATCHER
    }

    /// Enters `worker` in the list. It has to look at all queues and slots again after this, before it parks.
    pub(super) fn enter(&self, worker: usize, was_searching: bool) {
        let mut list = self.lock();
        list.push(worker);
        self.sleeping.store(list.len(), Ordering::SeqCst);
        drop(list);
        if was_searching {
            self.searching.fetch_sub(1, Ordering::SeqCst);
        }
        fence(Ordering::SeqCst);
    }

    /// Takes `worker`, which is the caller, off the list, and lets it run anywhere. False if [`notify`](Self::notify) took it
    /// off first, and counted it as a searcher.
    pub(super) fn leave(&self, worker: usize) -> bool {
        let mut list = self.lock();
        let left = remove(&mut list, worker);
        if left {
            self.left(&list, worker);
        } else {
            self.beds[worker].notified.store(false, Ordering::Relaxed);
        }
        drop(list);
        self.awake(worker);
        left
    }

    /// Whether [`notify`](Self::notify) took `worker` off the list.
    pub(super) fn is_notified(&self, worker: usize) -> bool {
        self.beds[worker].notified.load(Ordering::Acquire)
    }

    /// Counts the caller as a searcher if there are not too many.
    pub(super) fn start_search(&self) -> bool {
        let start = |searching| (searching < self.max_searching).then_some(searching + 1);
        self.searching
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, start)
            .is_ok()
    }

    /// Counts the caller as a searcher again, however many there are: its last look before it slept found work.
    pub(super) fn resume_search(&self) {
        self.searching.fetch_add(1, Ordering::SeqCst);
    }

    /// Ends a search that found work. True if the caller has to look whether there is more.
    pub(super) fn end_search(&self) -> bool {
        let last = self.searching.fetch_sub(1, Ordering::SeqCst) == 1;
        fence(Ordering::SeqCst);
        last
    }

    /// Whether no worker runs or searches.
    pub(super) fn all_asleep(&self) -> bool {
        self.sleeping.load(Ordering::SeqCst) == self.beds.len()
    }

    /// `worker` was taken off the list, which is locked.
    fn left(&self, list: &MutexGuard<'_, Vec<usize>>, worker: usize) {
        self.sleeping.store(list.len(), Ordering::SeqCst);
        if self.is_watcher(worker) {
            self.watcher.store(NO_WATCHER, Ordering::SeqCst);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<usize>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn remove(list: &mut Vec<usize>, worker: usize) -> bool {
    let position = list.iter().position(|&w| w == worker);
    position.map(|p| list.remove(p)).is_some()
}
