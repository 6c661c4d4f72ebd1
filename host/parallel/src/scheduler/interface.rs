//! What the runtime asks of a scheduler.
//!
//! **Problem.** To find a race, a tester wants to choose the order in which guest threads run, and to run the same
//! order again. **Here**, everything that decides this order goes through [`Scheduler`]: [`Scheduler::spawn`] starts
//! each task, a task's waker calls the scheduler that spawned the task, and a thread that switches to another calls
//! [`Scheduler::hand_over`]. [`yield_now`](super::yield_now) wakes the task that yields, so it needs no method of its
//! own. A test of the runtime (`embedding/tests.rs`) runs guest threads on a scheduler that chooses at random, and gets
//! the same order for the same seed.
//!
//! Two functions find the scheduler through the calling thread, and are not methods of the trait.
//! [`on_worker`](super::on_worker) concerns all schedulers of the process. [`wake_here`](super::wake_here) is a hint:
//! without it the same tasks become runnable.
//!
//! **Rejected:** naming the work-stealing scheduler in the engine (nothing else could choose the order); a function
//! that finds the scheduler through the calling thread, as switching did before (another scheduler would never be
//! called).

use super::tenants::Tenant;
use std::future::Future;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::time::Duration;

/// The body of a task.
pub(crate) type BoxFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs tasks, in an order of its choice.
pub(crate) trait Scheduler: Send + Sync {
    /// Starts a task without waiting for it. The tasks of each tenant together get a share of the workers, however many they are.
    ///
    /// The scheduler drops the future when it completes or panics, and when it is pending and its last waker is
    /// dropped.
    fn spawn(&self, tenant: Tenant, future: BoxFuture);

    /// How many tasks run at the same time at most.
    fn workers(&self) -> NonZeroUsize;

    /// When the calling task waits or yields, the task that it makes runnable next runs in its place. The caller must
    /// wake that task and then wait or yield at once. If no task calls this, it has no effect.
    fn hand_over(&self);

    /// How much processor time the workers have used for a tenant until now.
    fn processor_time(&self, tenant: Tenant) -> Duration;

    /// How much processor time the workers have used until now.
    fn total_processor_time(&self) -> Duration;

    /// Forgets how much processor time was used for a tenant. No task of the tenant will run any more.
    fn forget(&self, tenant: Tenant);
}
