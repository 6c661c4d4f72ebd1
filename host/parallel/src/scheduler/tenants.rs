//! The common queue, in which the tasks of several tenants take turns.
//!
//! **Problem.** In one queue for all, if a program has a thousand threads that compute, another program's only task
//! waits behind them for a thousand time slices. **Here**, each tenant has a queue of its own, and workers take one
//! task of each tenant in turn. So however many tasks other tenants have, a task waits only for its own tenant's
//! earlier tasks, and for one run of each other tenant per turn. When a tenant's first task arrives, the tenant takes
//! its turn after the others.
//!
//! **One tenant** needs no turns. While tasks of only one tenant, the *owner*, arrive, they go through a lock-free
//! queue. When a task of another tenant arrives, all tasks move to their tenants' queues, which a lock guards, and
//! later tasks go there too. When only one tenant is left there, it becomes the owner: its next tasks go to the
//! lock-free queue again, behind those that are left. A thread that has seen an owner may push its task to the
//! lock-free queue just after that tenant stopped being the owner. Such a task waits only for tasks that arrived at the
//! same moment.
//!
//! A worker's own queue takes no turns; it is meant for runs of some microseconds, see [`scheduler`](super). If a
//! worker has run one tenant until a tick while another tenant waits here, the worker moves its own queue here, and
//! takes the next task in turn: see `worker.rs`.
//!
//! With [`Turns::ByArrival`](super::turns::Turns::ByArrival), all tasks belong to one tenant.
//!
//! A worker that goes to sleep looks at the lock-free queue first, then at the count of tasks in the tenants' queues. A
//! thread that moves tasks from the former to the latter raises the count before, so the worker sees the tasks in one
//! of the two: see [`sleepers`](super::sleepers).
//!
//! **Rejected:** taking the lock for one tenant too (threads that yield on several cores contend for it); a lock-free
//! queue for each tenant (all workers share the order of turns anyway); turns by used time (each switch would read a
//! clock, and a tenant's credit would have to be kept while it waits).

use super::steals::decided;
use super::turns::Turns;
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Mutex, MutexGuard, PoisonError};
use async_task::Runnable;
use crossbeam_deque::{Injector, Worker as Queue};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// The owner of a task. All tasks of a tenant together get one share of the workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Tenant(u64);

/// A task that can run.
pub(super) type Task = Runnable<Tenant>;

/// The most tasks that a worker takes at once when no other tenant waits.
const MAX_BATCH: usize = 32;

/// The most empty queues that are kept for the next tenants.
const MAX_SPARE: usize = 16;

/// The value of [`Common::owner`] while several tenants wait.
const SEVERAL: u64 = u64::MAX;

/// See the module.
pub(super) struct Common {
    turns: Turns,
    /// The tasks of the owner that came after those in `queues`.
    direct: Injector<Task>,
    /// The tenant whose tasks may be pushed to `direct`, or [`SEVERAL`]. Written under the lock.
    owner: AtomicU64,
    /// How many tasks are in `queues`. Written under the lock.
    in_turn: AtomicUsize,
    queues: Mutex<Queues>,
}

#[derive(Default)]
struct Queues {
    /// The queues that are not empty.
    of: FxHashMap<Tenant, VecDeque<Task>>,
    /// The tenants that have a queue, the next one first.
    turns: VecDeque<Tenant>,
    tasks: usize,
    spare: Vec<VecDeque<Task>>,
}

impl Tenant {
    /// The host itself.
    pub(crate) const HOST: Tenant = Tenant(0);

    /// The instance with this number.
    pub(crate) const fn instance(number: u64) -> Self {
        Tenant(number)
    }
}

impl Common {
    pub(super) fn new(turns: Turns) -> Self {
        Common {
            turns,
            direct: Injector::new(),
            owner: AtomicU64::new(Tenant::HOST.0),
            in_turn: AtomicUsize::new(0),
            queues: Mutex::default(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        // The order of these two looks matters: see the module.
        self.direct.is_empty() && self.in_turn.load(Ordering::SeqCst) == 0
    }

    /// Whether a task of another tenant waits.
    pub(super) fn has_other_than(&self, tenant: Tenant) -> bool {
        match self.owner.load(Ordering::Relaxed) {
            SEVERAL => true,
            owner => owner != tenant.0 && !self.is_empty(),
        }
    }

    pub(super) fn push(&self, task: Task) {
        let tenant = self.tenant(&task);
        if self.owner.load(Ordering::Relaxed) == tenant.0 {
            self.direct.push(task);
            return;
        }
        let mut queues = self.lock();
        self.move_direct(&mut queues);
        queues.push(tenant, task);
        self.publish(&queues);
    }

    /// Takes all tasks of `own`, the queue of the worker that calls this.
    pub(super) fn push_all(&self, own: &Queue<Task>) {
        let mut queues = self.lock();
        self.move_direct(&mut queues);
        while let Some(task) = own.pop() {
            queues.push(self.tenant(&task), task);
        }
        self.publish(&queues);
    }

    /// The next task in turn.
    pub(super) fn pop(&self) -> Option<Task> {
        if !self.takes_turns() {
            return decided(|| self.direct.steal());
        }
        let mut queues = self.lock();
        let task = self.pop_in_turn(&mut queues);
        self.publish(&queues);
        task
    }

    /// The next task in turn. If only one tenant waits, some of its further tasks go to the worker's own queue.
    pub(super) fn pop_batch(&self, own: &Queue<Task>) -> Option<Task> {
        if !self.takes_turns() {
            return decided(|| self.direct.steal_batch_and_pop(own));
        }
        let mut queues = self.lock();
        let is_only = queues.turns.len() == 1;
        let task = self.pop_in_turn(&mut queues);
        if is_only {
            for _ in 0..(queues.tasks / 2).min(MAX_BATCH - 1) {
                queues.pop().into_iter().for_each(|task| own.push(task));
            }
        }
        self.publish(&queues);
        task
    }

    /// Whether there are tasks in the tenants' queues. They go before those in `direct`.
    fn takes_turns(&self) -> bool {
        self.in_turn.load(Ordering::SeqCst) != 0
    }

    fn pop_in_turn(&self, queues: &mut MutexGuard<'_, Queues>) -> Option<Task> {
        // If one tenant is left, the tasks in `direct` come after those that it has here.
        if queues.turns.len() > 1 {
            self.move_direct(queues);
        }
        // Another worker may have taken the last one.
        queues.pop().or_else(|| decided(|| self.direct.steal()))
    }

    /// Moves the tasks in `direct` behind the tasks of the same tenants.
    fn move_direct(&self, queues: &mut MutexGuard<'_, Queues>) {
        if self.direct.is_empty() {
            return;
        }
        self.in_turn.store(queues.tasks + 1, Ordering::SeqCst);
        while let Some(task) = decided(|| self.direct.steal()) {
            queues.push(self.tenant(&task), task);
        }
    }

    fn tenant(&self, task: &Task) -> Tenant {
        match self.turns {
            Turns::ByCost => *task.metadata(),
            Turns::ByArrival => Tenant::HOST,
        }
    }

    /// Sets the owner and the count to match the queues, which the caller has locked.
    fn publish(&self, queues: &MutexGuard<'_, Queues>) {
        match (queues.turns.front(), queues.turns.len()) {
            // The queue held the owner's last task.
            (None, _) => {}
            (Some(only), 1) => self.owner.store(only.0, Ordering::Relaxed),
            (Some(_), _) => self.owner.store(SEVERAL, Ordering::Relaxed),
        }
        self.in_turn.store(queues.tasks, Ordering::SeqCst);
    }

    /// The queues are consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queues {
    fn push(&mut self, tenant: Tenant, task: Task) {
        let Queues { of, turns, spare, .. } = self;
        let queue = of.entry(tenant).or_insert_with(|| {
            turns.push_back(tenant);
            spare.pop().unwrap_or_else(VecDeque::new)
        });
        queue.push_back(task);
        self.tasks += 1;
    }

    fn pop(&mut self) -> Option<Task> {
        let tenant = self.turns.pop_front()?;
        let queue = self.of.get_mut(&tenant)?;
        let task = queue.pop_front();
        self.tasks -= 1;
        if !queue.is_empty() {
            self.turns.push_back(tenant);
        } else if let Some(empty) = self.of.remove(&tenant)
            && self.spare.len() < MAX_SPARE
        {
            self.spare.push(empty);
        }
        task
    }
}
