//! Which workers sleep, which search, which one watches the slots, and why none of them misses work.
//!
//! **No lost wake-up.** Two threads meet here. Each publishes before it looks, and all these steps are sequentially
//! consistent:
//!
//! - a thread that makes work publishes the task (in a queue or slot), then reads the counts below, and wakes a sleeper
//!   if it must;
//! - a worker that goes to sleep enters the list of sleepers and gives up its role as searcher, then looks at all
//!   queues and slots once more, and only then parks.
//!
//! So either the first thread sees the sleeper, or the sleeper sees the task. One lock guards the list and each
//! worker's `notified` flag; the counts repeat what they say, for threads that read them without the lock. Whoever
//! takes a worker off the list sets its flag before unparking it, and the worker parks only after it found the flag
//! clear, so the park token cannot be lost. A stray token costs one more look.
//!
//! **Searchers.** A worker that has run out of work looks for some for a few microseconds before it sleeps. While a
//! worker searches, a thread that queues a task need not wake anybody: the searcher will see the task, or look once
//! more after it gives up the role. If that last look finds a task, the worker takes the role again, because several
//! tasks may have been queued for it to find. When the last searcher finds work, it looks whether there is more, and if
//! so wakes a successor. The number of searchers is bounded, because they would take the cores from workers that run
//! tasks. A woken sleeper counts as a searcher at once, so that a burst of tasks wakes workers one after the other.
//!
//! **The watcher.** A task in a slot is not queued work: its worker will most likely run it very soon, and waking
//! another worker for it costs more than running it. But if the worker continues to compute, another must take the
//! task. So at most one sleeper is the watcher: it sleeps with a timeout of [`WATCH_INTERVAL`], looks at the slots, and
//! takes a task that stays in one. A worker that puts a task in an empty slot appoints a watcher if no sleeper is one,
//! which takes a system call. While the slots are in use the watcher remains, and a put costs one load. If no slot is
//! used for a few looks, the watcher resigns, looks once more, and sleeps without a timeout: when no task spawns or
//! wakes another, no worker polls. The invariant is: when a task is in a slot and some worker sleeps, there is a
//! watcher, or a worker that is about to look again.
//!
//! Rejected: waking a worker for each put (a system call for each spawn, 60 us until the worker runs, and one program's
//! tasks spread over several cores); a dedicated watcher thread (it must hand the task to a worker, which costs a
//! second wake-up); letting the ticker watch (a tick is 1 ms).

use super::current::on_worker;
use super::placement::{Placement, processors};
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
        Sleepers {
            list: Mutex::new(Vec::with_capacity(workers)),
            sleeping: AtomicUsize::new(0),
            searching: AtomicUsize::new(0),
            max_searching: (workers.min(processors()) / 2).max(1),
            watcher: AtomicUsize::new(NO_WATCHER),
            beds: (0..workers).map(|_| Bed::default()).collect(),
        }
    }

    /// Records the calling thread as that of `worker`. A worker calls this before it sleeps for the first time.
    pub(super) fn register(&self, worker: usize) {
        self.beds[worker].thread.get_or_init(thread::current);
        self.beds[worker].placement.register();
    }

    /// Prepares to wake `worker`. The worker cannot leave the list while `_list` is locked, so what it does on leaving
    /// comes after this.
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

    /// Lets `worker`, whose thread calls this, run on any processor again.
    pub(super) fn awake(&self, worker: usize) {
        self.beds[worker].placement.put_right();
    }

    /// Wakes one sleeper as a searcher, unless a worker searches already. Call this after queuing a task.
    pub(super) fn notify(&self) {
        fence(Ordering::SeqCst);
        if self.searching.load(Ordering::SeqCst) > 0 || self.sleeping.load(Ordering::SeqCst) == 0 {
            return;
        }
        let mut list = self.lock();
        if self.searching.load(Ordering::SeqCst) > 0 {
            return;
        }
        // The watcher is at the bottom of the list. So it is woken only if no other worker sleeps, and then no
        // successor is needed.
        let Some(worker) = list.pop() else { return };
        self.searching.fetch_add(1, Ordering::SeqCst);
        self.left(&list, worker);
        self.keep_off_caller(&list, worker);
        self.beds[worker].notified.store(true, Ordering::Release);
        drop(list);
        self.unpark(worker);
    }

    /// Appoints a sleeper as watcher, unless one is already. Call this after putting a task in an empty slot.
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

    /// Makes the sleeper `worker` the watcher, unless there is one or `worker` was woken meanwhile.
    pub(super) fn volunteer_as_watcher(&self, worker: usize) {
        let mut list = self.lock();
        if self.watcher.load(Ordering::SeqCst) == NO_WATCHER && remove(&mut list, worker) {
            list.insert(0, worker);
            self.watcher.store(worker, Ordering::SeqCst);
        }
    }

    /// Ends the watch of `worker`. The worker must look at the slots again after this.
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

    /// Enters `worker` in the list. The worker must look at all queues and slots again after this, before it parks.
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

    /// Takes `worker`, the caller, off the list, and lets it run on any processor. Returns false if
    /// [`notify`](Self::notify) took it off first; it then counts as a searcher.
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

    /// Counts the caller as a searcher again, whatever the bound: its last look before it slept found work.
    pub(super) fn resume_search(&self) {
        self.searching.fetch_add(1, Ordering::SeqCst);
    }

    /// Ends a search that found work. Returns true if the caller must look whether there is more.
    pub(super) fn end_search(&self) -> bool {
        let last = self.searching.fetch_sub(1, Ordering::SeqCst) == 1;
        fence(Ordering::SeqCst);
        last
    }

    /// Whether no worker runs or searches.
    pub(super) fn all_asleep(&self) -> bool {
        self.sleeping.load(Ordering::SeqCst) == self.beds.len()
    }

    /// Updates the counts after `worker` was taken off the list.
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
