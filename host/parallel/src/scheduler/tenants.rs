//! The common queue, in which the tasks of several tenants take turns.
//!
//! **Problem.** In one queue for all, the tasks of a program with a thousand threads that compute stand before the one task of another
//! program, which then waits for a thousand time slices. **Here**, each tenant has a queue of its own, and a worker takes a task of each
//! tenant in turn. So a task waits for one run of each other tenant, and for those of its own that were there before, however many the
//! others have. A tenant whose first task comes takes its turn behind the others.
//!
//! **One tenant** needs no turns. While only the tasks of one tenant, the *owner*, come, they go through a queue without a lock. The
//! first task of another tenant moves all of them to the queues of their tenants, behind a lock, and from then on all tasks go there. As
//! soon as one tenant is left there, it is the owner: what comes next takes the queue without a lock again, behind what is left here.
//! A thread that has seen an owner may push its task there when that tenant is the owner no more. Such a task waits for those
//! before it, and so for no more than those that came at the same moment.
//!
//! What a worker has in its own queue is out of turn. Those rules are for runs of some microseconds: see [`scheduler`](super). Where
//! a tenant waits here and the worker has run another one until a tick, the worker gives its own queue to this one, and takes what is
//! next in turn: see `worker.rs`.
//!
//! By arrival all are one tenant.
//!
//! A worker that goes to sleep looks at the queue without a lock first, then at the count of tasks in the others. Whoever moves tasks
//! from the one to the others raises the count before, so the worker sees them in one of the two: see
//! [`sleepers`](super::sleepers).
//!
//! **Rejected:** the lock for one tenant too (threads that yield on several cores contend for it); a lock-free queue for each tenant (the
//! turns are one order for all workers anyway); turns by used time (a clock has to be read at each switch, and a tenant's credit kept
//! while it waits).

use super::steals::decided;
use super::turns::Turns;
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Mutex, MutexGuard, PoisonError};
use async_task::Runnable;
use crossbeam_deque::{Injector, Worker as Queue};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// Whose a task is: a tenant's tasks together have one share of the workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Tenant(u64);

/// A task that can run.
pub(super) type Task = Runnable<Tenant>;

/// How many tasks a worker takes at once at most, where no other tenant waits.
const MAX_BATCH: usize = 32;

/// How many empty queues are kept for the next tenants.
const MAX_SPARE: usize = 16;

/// What [`Common::owner`] is if several tenants wait.
const SEVERAL: u64 = u64::MAX;

/// See the module.
pub(super) struct Common {
    turns: Turns,
    /// The tasks of the owner that came after those in `queues`.
    direct: Injector<Task>,
    /// Whose tasks may be pushed to `direct`, or [`SEVERAL`]. It is written under the lock.
    owner: AtomicU64,
    /// How many tasks are in `queues`. It is written under the lock.
    in_turn: AtomicUsize,
    queues: Mutex<Queues>,
}

#[derive(Default)]
struct Queues {
    /// Those that are not empty.
    of: FxHashMap<Tenant, VecDeque<Task>>,
    /// The tenants of those, the next one first.
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
        // In this order: see the module.
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

    /// Takes all tasks of a worker's own queue. It is that worker which calls this.
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

    /// Whether there are tasks in the queues of tenants, which go before the others.
    fn takes_turns(&self) -> bool {
        self.in_turn.load(Ordering::SeqCst) != 0
    }

    fn pop_in_turn(&self, queues: &mut MutexGuard<'_, Queues>) -> Option<Task> {
        // Where one is left, those that came without a lock are behind what it has here.
        if queues.turns.len() > 1 {
            self.move_direct(queues);
        }
        // Another worker may have taken the last one.
        queues.pop().or_else(|| decided(|| self.direct.steal()))
    }

    /// Moves what came without a lock behind the tasks of the same tenants.
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

    /// Makes the owner and the count those of the queues, which are locked.
    fn publish(&self, queues: &MutexGuard<'_, Queues>) {
        match (queues.turns.front(), queues.turns.len()) {
            // The owner took the last one.
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
