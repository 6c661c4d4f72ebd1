//! One worker: what it runs next, and how it looks for work and sleeps.

use super::current::mark_as_worker;
use super::order::{First, Order};
use super::settling::{Settling, pause};
use super::shared::{LifeShare, Queues, Remote, Shared};
use super::sleepers::WATCH_INTERVAL;
use super::steals::decided;
use super::tenants::{Task, Tenant};
use super::turns::Turns;
use crate::sync::atomic::{Ordering, fence};
use crate::sync::thread;
use crate::sync::thread_local;
use crate::sync::time::Instant;
use async_task::ScheduleInfo;
use crossbeam_deque::Worker as Queue;
use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use std::time::Duration;

/// How many tasks from the slot a worker runs in a row before its queues go first.
const MAX_SLOT_RUNS: u32 = 16;

/// How long a worker looks for work before it sleeps.
const SEARCH_TIME: Duration = Duration::from_micros(10);

/// The watcher resigns after this many looks without any use of a slot.
const QUIET_LOOKS: u32 = 4;

thread_local! {
    static CURRENT: OnceCell<Worker> = const { OnceCell::new() };
}

/// The part of a worker that only its own thread uses.
struct Worker {
    shared: Arc<Shared>,
    index: usize,
    queue: Queue<Task>,
    /// The tasks that the running one woke [here](wake_here), except the one in the slot.
    woken: Queue<Task>,
    /// Whether the running task is in a call of [`wake_here`].
    waking_here: Cell<bool>,
    /// Whether this worker counts as a searcher.
    searching: Cell<bool>,
    slot_runs: Cell<u32>,
    /// Whether the running task, or the one that ran last, hands the worker over to the one in the slot.
    handed_over: Cell<bool>,
    order: Order,
    /// The tenant of the task that runs, or that ran last.
    tenant: Cell<Tenant>,
    settling: Settling,
}

/// The body of a worker's thread.
pub(super) fn run(life: LifeShare, index: usize, queues: Queues) {
    mark_as_worker(index);
    CURRENT.with(|current| {
        let worker = current.get_or_init(|| Worker {
            shared: Arc::clone(life.shared()),
            index,
            queue: queues.tasks,
            woken: queues.woken,
            waking_here: Cell::new(false),
            searching: Cell::new(false),
            slot_runs: Cell::new(0),
            handed_over: Cell::new(false),
            order: Order::default(),
            tenant: Cell::new(Tenant::HOST),
            settling: Settling::default(),
        });
        worker.shared.sleepers.register(index);
        worker.shared.remotes[index].clock.register();
        worker.run();
    });
    // Dropped here and not in the destructor of the thread-local: the last worker drops the tasks now.
    drop(life);
}

/// Makes a task runnable.
pub(super) fn schedule(shared: &Arc<Shared>, task: Task, info: ScheduleInfo) {
    let mut task = Some(task);
    // If the thread is ending, its worker is gone.
    let _ = CURRENT.try_with(|current| {
        if let Some(worker) = current.get()
            && Arc::ptr_eq(&worker.shared, shared)
            && !shared.is_closed()
            && let Some(task) = task.take()
        {
            worker.schedule(task, info);
            shared.ticker.hurry();
        }
    });
    if let Some(task) = task {
        shared.inject(task);
    }
}

/// See [`Scheduler::hand_over`](super::Scheduler::hand_over). With [`Turns::ByArrival`], the slot holds only a task
/// that the worker is handed over to.
pub(super) fn hand_over(shared: &Arc<Shared>) {
    // If the thread is ending, its worker is gone.
    let _ = CURRENT.try_with(|current| {
        if let Some(worker) = current.get()
            && Arc::ptr_eq(&worker.shared, shared)
        {
            worker.handed_over.set(true);
        }
    });
}

/// Makes the tasks that `wake` wakes stay on this worker until the calling task has run on for [`STAY_TIME`](super::settling::STAY_TIME).
pub(crate) fn wake_here(wake: impl FnOnce()) {
    let waking = |here| {
        let _ = CURRENT.try_with(|current| {
            if let Some(worker) = current.get() {
                worker.waking_here.set(here);
            }
        });
    };
    waking(true);
    wake();
    waking(false);
}

impl Worker {
    fn run(&self) {
        while !self.shared.is_stopping() {
            let found = self.next().or_else(|| self.search()).or_else(|| self.sleep());
            let Some(task) = found else { continue };
            if self.searching.take() && self.shared.sleepers.end_search() {
                self.share_work();
            }
            // If `run` drops the last reference to the task, the future is not dropped. If a waker does, it is.
            let waker = task.waker();
            self.charge_to(*task.metadata());
            task.run();
            drop(waker);
        }
    }

    /// Charges the processor time from now on to the tenant whose task runs next.
    fn charge_to(&self, tenant: Tenant) {
        if self.tenant.replace(tenant) != tenant {
            let Remote { account, clock, .. } = &self.shared.remotes[self.index];
            account.change(tenant, clock.now());
        }
    }

    /// Queues a task that the running task spawned or woke. It may be the running task itself.
    fn schedule(&self, task: Task, info: ScheduleInfo) {
        let shared = &self.shared;
        let slot = &shared.remotes[self.index].slot;
        if shared.turns == Turns::ByArrival && (info.woken_while_running || !self.handed_over.get()) {
            self.queue.push(task);
            shared.sleepers.notify();
            return;
        }
        if info.woken_while_running {
            // A task that yields with nothing else to do comes back at once, so no worker needs to be woken for it.
            let has_others =
                slot.look().is_some() || !self.woken.is_empty() || !self.queue.is_empty() || !shared.common.is_empty();
            shared.common.push(task);
            if has_others {
                shared.sleepers.notify();
            }
            return;
        }
        if self.waking_here.get() && slot.look().is_some() {
            self.woken.push(task);
            // If the watcher is about to resign, either it sees the task in its last look, or this thread sees that it
            // has resigned.
            fence(Ordering::SeqCst);
            shared.sleepers.ensure_watcher();
            return;
        }
        // If a worker must be woken, wake it before it can see the task: waking takes a while, and the spawner should
        // have run on by the time its child runs, see `clock`.
        if let Some(previous) = slot.take() {
            self.queue.push(previous);
            shared.sleepers.notify();
        }
        shared.sleepers.ensure_watcher();
        slot.put(task, self.waking_here.get());
        // The watcher may have resigned meanwhile.
        shared.sleepers.ensure_watcher();
    }

    /// The next of this worker's own tasks, or of the common queue.
    fn next(&self) -> Option<Task> {
        let handed_over = self.handed_over.take();
        self.share_woken();
        if self.shared.turns == Turns::ByArrival {
            return self.next_by_arrival(handed_over);
        }
        let first = match self.first(handed_over) {
            First::Slot => None,
            First::Queue => self.queue.pop(),
            First::Common => self.shared.common.pop(),
        };
        if first.is_some() {
            return first;
        }
        let slot = &self.shared.remotes[self.index].slot;
        let runs = self.slot_runs.replace(0);
        if (runs < MAX_SLOT_RUNS || handed_over)
            && let Some(task) = slot.take()
        {
            self.slot_runs.set(runs.saturating_add(1));
            return Some(task);
        }
        self.queue.pop().or_else(|| self.take_common()).or_else(|| slot.take())
    }

    /// Lets any worker run the tasks that the last one woke here.
    fn share_woken(&self) {
        if self.woken.is_empty() {
            return;
        }
        while let Some(task) = self.woken.pop() {
            self.queue.push(task);
        }
        self.shared.sleepers.notify();
    }

    /// The task that became runnable first, unless the worker was handed over. No other task goes before its turn, so
    /// none starves.
    fn next_by_arrival(&self, handed_over: bool) -> Option<Task> {
        if handed_over && let Some(task) = self.shared.remotes[self.index].slot.take() {
            return Some(task);
        }
        while let Some(task) = self.shared.common.pop() {
            self.queue.push(task);
        }
        self.queue.pop()
    }

    /// Where to look first. If this worker has run one tenant until a tick while another tenant waits, its own queue
    /// moves to the common queue, where tenants take turns.
    fn first(&self, handed_over: bool) -> First {
        let (first, is_tick) = self.order.next(self.shared.ticker.ticks(), handed_over);
        if !is_tick || !self.shared.common.has_other_than(self.tenant.get()) {
            return first;
        }
        if !self.queue.is_empty() {
            self.shared.common.push_all(&self.queue);
            // A worker that went to sleep meanwhile may have seen the tasks in neither queue.
            self.shared.sleepers.notify();
        }
        match first {
            First::Slot => First::Slot,
            First::Common | First::Queue => First::Common,
        }
    }

    /// Takes a share of the common queue.
    fn take_common(&self) -> Option<Task> {
        let task = self.shared.common.pop_batch(&self.queue);
        self.announce_batch();
        task
    }

    /// Announces the tasks that came from another queue along with the one to run. While they moved, a worker that went
    /// to sleep may have seen them in neither queue.
    fn announce_batch(&self) {
        if !self.queue.is_empty() {
            self.shared.sleepers.notify();
        }
    }

    /// Wakes another worker if there is queued work.
    fn share_work(&self) {
        if self.shared.has_queued() {
            self.shared.sleepers.notify();
        }
    }

    /// Looks for work for a while, or just once if enough workers search already. A worker that finds none remains a
    /// searcher until it sleeps.
    fn search(&self) -> Option<Task> {
        if !self.searching.get() && !self.shared.sleepers.start_search() {
            return self.steal();
        }
        self.searching.set(true);
        let start = Instant::now();
        loop {
            if let Some(task) = self.steal() {
                return Some(task);
            }
            if start.elapsed() >= SEARCH_TIME {
                return self.steal_settled();
            }
            pause();
        }
    }

    fn steal(&self) -> Option<Task> {
        let shared = &self.shared;
        if !shared.common.is_empty()
            && let Some(task) = self.take_common()
        {
            return Some(task);
        }
        let mut queues = self
            .others()
            .map(|other| &shared.remotes[other].queue)
            .filter(|q| !q.is_empty());
        let task = queues.find_map(|queue| decided(|| queue.steal_batch_and_pop(&self.queue)))?;
        self.announce_batch();
        Some(task)
    }

    /// Steals a task that stays in another worker's slot, and the tasks behind the slot that its running task woke.
    fn steal_settled(&self) -> Option<Task> {
        self.others().find_map(|other| {
            let remote = &self.shared.remotes[other];
            let Remote { slot, woken, .. } = remote;
            let seen = slot.look();
            let may_steal = match seen {
                None => !woken.is_empty() && self.settling.has_stayed(other, remote, None),
                Some(look) if look.stays => self.settling.has_stayed(other, remote, seen),
                Some(look) => self.settling.has_settled(other, remote, look),
            };
            if !may_steal {
                return None;
            }
            let task = match seen.and_then(|seen| slot.steal(seen)) {
                Some(task) => {
                    decided(|| woken.steal_batch(&self.queue));
                    Some(task)
                }
                None => decided(|| woken.steal_batch_and_pop(&self.queue)),
            };
            self.announce_batch();
            task
        })
    }

    /// The other workers, starting with this one's neighbour, so that not all thieves go to the same victim.
    fn others(&self) -> impl Iterator<Item = usize> {
        let workers = self.shared.remotes.len();
        (self.index + 1..workers).chain(0..self.index)
    }

    /// Sleeps until there may be work, and is then a searcher; or until this worker, as the watcher, steals a task.
    fn sleep(&self) -> Option<Task> {
        let sleepers = &self.shared.sleepers;
        sleepers.enter(self.index, self.searching.take());
        let has_queued = self.shared.has_queued();
        let found = if has_queued { None } else { self.doze() };
        if !sleepers.leave(self.index) {
            self.searching.set(true);
        } else {
            if has_queued {
                // Others may have relied on this worker as a searcher, so it becomes one again: the last searcher that
                // finds work looks for more.
                sleepers.resume_search();
                self.searching.set(true);
            }
            if self.shared.has_slotted() {
                // Others may have relied on this worker as the watcher.
                sleepers.ensure_watcher();
            }
        }
        self.shared.ticker.wake();
        found
    }

    /// Parks, and watches the slots if no other worker does. The worker is in the list of sleepers.
    fn doze(&self) -> Option<Task> {
        let shared = &self.shared;
        let sleepers = &shared.sleepers;
        let mut quiet_looks = 0;
        let mut puts = shared.slot_puts();
        while !sleepers.is_notified(self.index) && !shared.is_stopping() {
            if !sleepers.is_watcher(self.index) {
                if !sleepers.has_watcher() && shared.has_slotted() {
                    sleepers.volunteer_as_watcher(self.index);
                } else {
                    thread::park();
                    sleepers.awake(self.index);
                }
                continue;
            }
            if let Some(task) = self.steal_settled() {
                return Some(task);
            }
            let puts_before = std::mem::replace(&mut puts, shared.slot_puts());
            quiet_looks = if puts == puts_before { quiet_looks + 1 } else { 0 };
            if quiet_looks < QUIET_LOOKS || shared.has_slotted() {
                thread::park_timeout(WATCH_INTERVAL);
                sleepers.awake(self.index);
            } else {
                quiet_looks = 0;
                sleepers.resign_as_watcher(self.index);
            }
        }
        None
    }
}
