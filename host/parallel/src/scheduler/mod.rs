//! Runs guest threads on a few OS threads.
//!
//! Problem: a guest thread is a future that Wasmtime suspends and resumes. Spawning one and waiting for it should cost
//! less than a microsecond, while waking another core costs about 60. Even so, a thread that can run must run soon if a
//! core is free, no thread may starve another, and no worker may poll when there is nothing to do.
//!
//! What a worker (an OS thread) runs next:
//!
//! 1. its [slot](slot): the task that the running one spawned or woke last. So a thread that spawns another and waits
//!    for it hands its core over and gets it back without a system call and without involving another core. If the
//!    running task continues to compute, the watcher takes the task from the slot, see [`sleepers`];
//! 2. its own queue, first in first out: the tasks that newer ones displaced from the slot. Other workers steal from
//!    it;
//! 3. the common queue: the tasks that other threads woke, and those that yielded, by [`yield_now`] or because they
//!    were interrupted. Tasks in this queue never go into a slot, so a task that yields lets all others go first;
//! 4. what it can steal from the others.
//!
//! Two tasks that wake each other through the slot could occupy the worker for ever. So after `MAX_SLOT_RUNS` runs from
//! the slot in a row, the queues go first. A worker with work of its own could neglect the common queue, so it looks
//! there first every `COMMON_QUEUE_PERIOD` runs. Both rules suit runs of some microseconds. A run may also last a whole
//! tick of the [`ticker`], and then these rules alone would make a task wait for tens of milliseconds. So when the
//! ticker has ticked since a worker's last choice, the common queue, the worker's own queue and its slot take turns to
//! go first. (An earlier rule put only the common queue first, every second time. It starved the worker's own queue,
//! because the slot took all remaining turns.)
//!
//! Each task belongs to a [tenant](tenants), an instance of a component. Tenants take turns in the common queue. If a
//! worker has run one tenant until a tick while another tenant waits in the common queue, the worker moves its own
//! queue there. So however many threads a tenant has, they do not starve another tenant's threads.
//!
//! [`sleepers`] describes how workers sleep and search for work without missing any, [`ticker`] how guest threads that
//! compute are made to yield, and [`shared`] what happens to tasks when the scheduler is dropped.
//!
//! **Threads that contend for a lock.** A thread that releases a lock notifies a waiter, and often takes the lock again
//! a few nanoseconds later. If each woken thread ran on another core at once, all cores would contend for the lock and
//! none would make progress. So the tasks that a task wakes with [`wake_here`] wait in the slot and behind it. Other
//! workers take them only after the waking task has run on for about as long as it takes to wake a core. When the
//! waking task waits or yields, the tasks behind the slot move to the worker's own queue. Rejected: a queue that all
//! workers may steal from (eight threads at one mutex took four times as long).
//!
//! A task may also [hand its worker over](Scheduler::hand_over) to another task. Until the next tick, that task runs
//! from the slot before all queues.
//!
//! Under these rules, a task that yields may run again before others that can run, depending on how often the worker
//! looked for work before. Where the order must be the same each time ([`Turns::ByArrival`]), none of the rules
//! applies: a worker runs tasks in the order in which they became runnable, and uses its slot only for handing over.
//!
//! The rest of the crate knows only [`Scheduler`], see [`interface`].
//!
//! Rejected: tokio's runtime (its slot cannot be stolen from, and it wakes a second worker for the first spawn, so spawning
//! and joining took 30 us); one queue with a lock; an OS thread for each guest thread.

mod accounts;
mod clock;
mod current;
mod interface;
mod order;
mod placement;
mod settling;
mod shared;
mod sleepers;
mod slot;
mod steals;
mod task;
mod tenants;
#[cfg(test)]
mod tests;
mod ticker;
mod turns;
mod work_stealing;
mod worker;

pub(crate) use clock::Clock;
pub(crate) use current::as_worker;
#[cfg(test)]
pub(crate) use current::mark_as_worker;
pub use current::on_worker;
pub(crate) use current::worker_index;
pub(crate) use futures_lite::future::block_on;
pub use futures_lite::future::yield_now;
#[cfg(test)]
pub(crate) use interface::BoxFuture;
pub(crate) use interface::Scheduler;
pub(crate) use placement::processors;
pub(crate) use tenants::Tenant;
pub(crate) use ticker::{Next, TICK, Tick};
pub(crate) use turns::Turns;
pub(crate) use work_stealing::WorkStealing;
pub(crate) use worker::wake_here;
