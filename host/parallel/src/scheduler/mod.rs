//! Runs guest threads on a few OS threads.
//!
//! Problem: a guest thread is a future that Wasmtime suspends and resumes. Spawning one and waiting for it should cost less
//! than a microsecond, where waking another core costs some 60; and yet each thread that can run has to run soon if a core
//! is free, none may be starved by others, and nothing may poll when there is nothing to do.
//!
//! What a worker (an OS thread) runs next:
//!
//! 1. its [slot](slot): the task that the running one spawned or woke last. So a thread that spawns another and waits for
//!    it hands its core over and gets it back, without a system call and without another core's attention. A task that
//!    stays in the slot, because the running one computes on, is taken by the watcher, see [`sleepers`];
//! 2. its own queue, first in first out: the tasks that were displaced from the slot. Others steal from it;
//! 3. the common queue: the tasks that other threads woke, and those that yielded, where they were interrupted or by
//!    [`yield_now`]. These never go into a slot, so a task that yields lets all others go first;
//! 4. what it can steal from the others.
//!
//! Two tasks that wake each other through the slot could hold the worker for ever, so after some runs from the slot in a row
//! (`MAX_SLOT_RUNS`) the queues go first; and because a worker with work of its own could forget the common queue, it looks
//! there first each `COMMON_QUEUE_PERIOD` runs. Those are rules for runs of some microseconds. A run may also last a whole
//! tick of the [`ticker`], and then they would let a task wait for tens of milliseconds. So a worker that finds that
//! the ticker has ticked since its last choice lets the common queue, its own queue and its slot go first in turn.
//! (Only the common queue first, each second time, starved the own queue: the slot took all the turns that were left.)
//!
//! Each task is of a [tenant](tenants), an instance of a component. In the common queue tenants take turns. A worker that has run one
//! tenant until a tick while another one waits there gives its own queue to the common one, so that no tenant's threads, however many,
//! starve another's.
//!
//! How workers sleep, search for work and miss none is told in [`sleepers`]; how guest threads that compute are made to
//! yield, in [`ticker`]; what happens to tasks when the scheduler goes, in [`shared`].
//!
//! **Threads that fight for a lock.** Who gives a lock up notifies, and takes the lock again a few nanoseconds later. If each thread
//! that it wakes ran on another core at once, all cores would fight for the lock and none would make progress. So what a task
//! [wakes here](wake_here) waits in the slot and behind it, where other workers take it only when the task that woke it has run on
//! for about as long as it takes to wake a core. When that task waits or yields, what it woke goes to the worker's own queue. Rejected: a queue that all may steal from (eight threads at one mutex took four times as long).
//!
//! A task may also [hand its worker over](Scheduler::hand_over) to another: that one goes from the slot before all queues, until a tick.
//!
//! By all these rules a task that yields may come back before others that can run, depending on how often the worker
//! looked for work before. Where the order must be the same each time ([`Turns::ByArrival`]) none of them holds: a worker runs
//! tasks in the order in which they became runnable, and its slot is for handing over only.
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
pub(crate) use tenants::Tenant;
pub(crate) use ticker::{TICK, Tick};
pub(crate) use turns::Turns;
pub(crate) use work_stealing::WorkStealing;
pub(crate) use worker::wake_here;
