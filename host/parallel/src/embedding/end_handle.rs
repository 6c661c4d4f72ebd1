//! Ending an instance from anywhere.
//!
//! **Problem.** The code that decides that a program must end (because a request was cancelled, or an operator wants
//! it) often does not hold the program's [`Instance`](crate::Instance), and cannot name the type of the embedder's
//! state. **Here,** a handle without that type ends the instance. It can be cloned and sent, and does not keep the
//! instance alive.
//!
//! **Rejected:** a handle that waits until the threads are gone (a host function may end its own program, and would
//! wait for itself).

use crate::error::{EndReason, Error, Outcome};
use crate::lifecycle::running_instance::RunningInstance;
use crate::state::ending::End;
use std::fmt;
use std::sync::{Arc, Weak};

/// Ends an instance from any thread: see [`Instance::end_handle`](crate::Instance::end_handle).
#[derive(Clone)]
pub struct EndHandle {
    instance: Weak<dyn End>,
}

impl EndHandle {
    pub(super) fn new<T: Send + Sync + 'static>(instance: &Arc<RunningInstance<T>>) -> Self {
        let instance = Arc::downgrade(instance);
        EndHandle { instance }
    }

    /// Ends all threads of the instance, and returns at once. The instance's calls return [`Error::EndedBy`] with this reason. Calls in
    /// progress return it as soon as all threads have ended.
    ///
    /// A thread ends even if it computes, waits, is suspended, fills a large memory with one instruction, or is
    /// suspended in a host function. A thread in a [blocking host function](crate::HostModule::func_wrap_blocking) ends
    /// too, but the function continues to run. A host function that does not suspend its thread is not interrupted: the
    /// thread ends when the function returns.
    ///
    /// A host function may end its own program.
    ///
    /// If the instance has already ended, this returns `false` and does nothing, so the first reason counts.
    pub fn end(&self, reason: impl Into<Arc<str>>) -> bool {
        let reason = EndReason::Host(reason.into());
        let instance = self.instance.upgrade();
        instance.is_some_and(|instance| instance.end(Outcome::Failed(Error::EndedBy(reason))))
    }
}

impl fmt::Debug for EndHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndHandle").finish_non_exhaustive()
    }
}
