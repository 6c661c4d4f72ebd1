//! The files of the runtime's `scheduler` folder, and models of those parts of it that deal with the system.

pub mod claims;
mod model;
pub mod woken_here;

pub(crate) use futures_lite::future::yield_now;

#[path = "../../parallel/src/scheduler/accounts.rs"]
mod accounts;
#[path = "../../parallel/src/scheduler/current.rs"]
mod current;
#[path = "../../parallel/src/scheduler/order.rs"]
mod order;
#[path = "../../parallel/src/scheduler/settling.rs"]
mod settling;
#[path = "../../parallel/src/scheduler/shared.rs"]
pub(crate) mod shared;
#[path = "../../parallel/src/scheduler/sleepers.rs"]
pub(crate) mod sleepers;
#[path = "../../parallel/src/scheduler/slot.rs"]
pub(crate) mod slot;
#[path = "../../parallel/src/scheduler/steals.rs"]
mod steals;
#[path = "../../parallel/src/scheduler/tenants.rs"]
pub(crate) mod tenants;
#[path = "../../parallel/src/scheduler/ticker.rs"]
pub(crate) mod ticker;
#[path = "../../parallel/src/scheduler/worker.rs"]
pub(crate) mod worker;

pub use turns::Turns;
pub(crate) use worker::wake_here;

mod turns {
    /// What decides which task runs next: as in the runtime.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Turns {
        /// What costs least.
        ByCost,
        /// Which became runnable first.
        ByArrival,
    }
}

mod clock {
    use crate::sync::time::Instant;
    use std::time::Duration;

    /// Every worker's thread runs whenever time passes.
    #[derive(Default)]
    pub(super) struct ThreadClock(());

    impl ThreadClock {
        pub(super) fn register(&self) {}

        pub(super) fn now(&self) -> Option<Duration> {
            Some(Instant::now().since_start())
        }
    }
}

mod placement {
    /// On which processor a thread runs makes no difference here.
    #[derive(Default)]
    pub(super) struct Placement(());

    impl Placement {
        pub(super) fn register(&self) {}
        pub(super) fn keep_off_caller(&self) {}
        pub(super) fn put_right(&self) {}
    }

    pub(super) fn processors() -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }
}
