//! The two orders in which the work-stealing scheduler can run tasks.

/// What decides which task runs next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turns {
    /// What costs least, and then how often which ran, and time: see [`scheduler`](super).
    ByCost,
    /// Which became runnable first. With one worker the order of tasks that only spawn, wake and yield is the same each time,
    /// and one that yields lets all others go first that can run.
    ByArrival,
}
