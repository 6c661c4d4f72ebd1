//! Whether somebody still waits for the result of a call.
//!
//! **Problem.** If an embedder drops the future of a call that has not begun, the call must never begin: its caller may have undone what
//! the call needs. But the call's thread may already be in the scheduler's queue. **Here,** the body of the thread asks before it
//! runs guest code. If nobody waits, it gives back what it has taken, as if the call had ended.
//!
//! **Rejected:** taking the thread out of the queue (a worker may have stolen it, so the body would have to ask anyway).

use std::sync::{Arc, Weak};

/// For the body of a call: tells whether its [`Waiting`] is alive.
pub(crate) struct Caller(Weak<()>);

/// Held by the future that waits for the result.
pub(crate) struct Waiting(#[expect(dead_code, reason = "counted, not read")] Arc<()>);

impl Caller {
    pub(crate) fn new() -> (Waiting, Caller) {
        let waiting = Arc::new(());
        let caller = Caller(Arc::downgrade(&waiting));
        (Waiting(waiting), caller)
    }

    /// Whether the call may begin. After that, it runs to its end.
    pub(crate) fn waits(&self) -> bool {
        self.0.strong_count() > 0
    }
}
