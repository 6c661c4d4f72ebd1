//! The targets of what the runtime logs with `tracing`, which `docs/logging.md` lists.
//!
//! The runtime logs threads as events, each with the instance's number and the thread's index. Rejected: a span for each thread. The
//! runtime would enter and leave it each time that it resumes the thread, and each blocked thread would hold one.
//!
//! Nothing is logged under a lock, because a subscriber may take its time. What is not enabled costs a load and a comparison, and
//! its fields are not computed.

use tracing::Level;
use tracing::level_filters::{LevelFilter, STATIC_MAX_LEVEL};

/// Compilation by the engine.
pub(crate) const COMPILE: &str = "weft::compile";
/// The engine's OS threads.
pub(crate) const SCHEDULER: &str = "weft::scheduler";
/// The life of guest threads, from the call or the built-in that makes them to their end.
pub(crate) const THREADS: &str = "weft::threads";
/// What guest threads wait for, and what wakes them.
pub(crate) const WAITS: &str = "weft::waits";
/// Requests of guests that were refused.
pub(crate) const LIMITS: &str = "weft::limits";

/// Logs where threads are made, wait and end, so that those functions keep no room for it: `log` is not inlined, and is called only if
/// something of this level is logged at all.
#[inline(always)]
pub(crate) fn rarely(level: Level, log: impl FnOnce()) {
    #[cold]
    #[inline(never)]
    fn outlined(log: impl FnOnce()) {
        log();
    }
    if level <= STATIC_MAX_LEVEL && level <= LevelFilter::current() {
        outlined(log);
    }
}
