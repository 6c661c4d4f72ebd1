//! The targets under which the runtime logs with `tracing`. `docs/logging.md` lists them.
//!
//! The runtime logs threads as events, each with the instance's number and the thread's index. Rejected: a span for
//! each thread (the runtime would enter and leave it each time it resumes the thread, and each blocked thread would
//! hold one).
//!
//! The runtime logs nothing under a lock, because a subscriber may be slow. A disabled event costs a load and a
//! comparison, and its fields are not computed.

use tracing::Level;
use tracing::level_filters::{LevelFilter, STATIC_MAX_LEVEL};

/// Compilation by the engine.
pub(crate) const COMPILE: &str = "weft::compile";
/// The engine's OS threads.
pub(crate) const SCHEDULER: &str = "weft::scheduler";
/// The life of guest threads, from the call or the built-in that creates them to their end.
pub(crate) const THREADS: &str = "weft::threads";
/// What guest threads wait for, and what wakes them.
pub(crate) const WAITS: &str = "weft::waits";
/// Requests of guests that were refused.
pub(crate) const LIMITS: &str = "weft::limits";

/// Logs in functions that create, suspend or end threads, without using their stack: `log` is not inlined, and is
/// called only if this level is logged at all.
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
