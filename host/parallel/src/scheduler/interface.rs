//! What the runtime asks of a scheduler.
//!
//! **Problem.** To find a race, a tester wants to choose the order in which guest threads run, and to run the same order again.
//! **Here**, everything that decides this order passes through [`Scheduler`]: tasks begin at [`Scheduler::spawn`], what wakes
//! a task calls the scheduler that spawned it, and a thread that switches to another says so by [`Scheduler::hand_over`].
//! [`yield_now`](super::yield_now) wakes the task that yields, so it needs no way of its own. A test of the runtime runs guest
//! threads on a scheduler that draws lots (`embedding/tests.rs`), and finds the same order for the same seed.
//!
//! Two functions find their scheduler by the calling thread, and are no part of it. [`on_worker`](super::on_worker) asks of all
//! schedulers of the process at once. [`wake_here`](super::wake_here) is a hint: without it the same tasks become runnable.
//!
//! **Rejected:** to name the work-stealing scheduler in the engine (the order would be its own alone); a function that finds
//! the scheduler by the calling thread, as switching did before (another scheduler would not hear of it).

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
    /// The future is dropped when it ends or panics, and when it waits and nothing can wake it any more because no waker of it
    /// is left.
    fn spawn(&self, tenant: Tenant, future: BoxFuture);

    /// How many tasks run at the same time at most.
    fn workers(&self) -> NonZeroUsize;

    /// Has the task that the calling one makes runnable next run in its place, when the calling one waits or yields. It has to do
    /// both at once. Where no task calls this, it has no effect.
    fn hand_over(&self);

    /// How much processor time the workers have used for a tenant until now.
    fn processor_time(&self, tenant: Tenant) -> Duration;

    /// How much processor time the workers have used until now.
    fn total_processor_time(&self) -> Duration;

    /// Forgets how much processor time was used for a tenant, of which no task will run any more.
    fn forget(&self, tenant: Tenant);
}
