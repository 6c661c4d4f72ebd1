//! The two orders in which the work-stealing scheduler can run tasks.

/// What decides which task runs next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turns {
    /// The task that costs least to run, limited by counts of runs and by ticks so that none starves: see
    /// [`scheduler`](super).
    ByCost,
    /// The task that became runnable first. With one worker, tasks that only spawn, wake and yield run in the same
    /// order each time, and a task that yields lets all others that can run go first.
    ByArrival,
}
