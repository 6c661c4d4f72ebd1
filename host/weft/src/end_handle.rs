//! Ending an instance from anywhere, on either runtime.

use crate::cooperative::ending::Ending;
use std::fmt;
use std::sync::{Arc, Weak};
use weft_parallel::{EndReason, Error};

/// Ends an instance from any thread: see [`Instance::end_handle`](crate::Instance::end_handle).
#[derive(Clone)]
pub struct EndHandle(Kind);

#[derive(Clone)]
enum Kind {
    Parallel(weft_parallel::EndHandle),
    Cooperative(Weak<Ending>),
}

impl EndHandle {
    pub(crate) fn parallel(handle: weft_parallel::EndHandle) -> Self {
        EndHandle(Kind::Parallel(handle))
    }

    pub(crate) fn cooperative(ending: &Arc<Ending>) -> Self {
        EndHandle(Kind::Cooperative(Arc::downgrade(ending)))
    }

    /// Ends all threads of the instance, and returns at once. The instance's calls return [`Error::EndedBy`] with this reason.
    ///
    /// A thread ends even if it computes, waits, or is suspended in a host function. A blocking host function continues to run on its own
    /// OS thread. A host function that does not suspend its thread is not interrupted: the thread ends when the function returns.
    ///
    /// A host function may end its own program.
    ///
    /// If the instance has already ended, this returns `false` and does nothing, so the first reason counts.
    pub fn end(&self, reason: impl Into<Arc<str>>) -> bool {
        match &self.0 {
            Kind::Parallel(handle) => handle.end(reason),
            Kind::Cooperative(ending) => {
                let reason = EndReason::Host(reason.into());
                let ending = ending.upgrade();
                ending.is_some_and(|ending| ending.end(Error::EndedBy(reason)))
            }
        }
    }

    /// A guard that ends the instance with this reason when it is dropped.
    ///
    /// Keep it in a future that somebody may drop, such as one within a timeout or one that answers the request of a client. On the
    /// parallel runtime, a call whose future is dropped continues without it:
    ///
    /// ```no_run
    /// # async fn answer(instance: &weft::Instance<()>) -> Result<(), weft::Error> {
    /// # let func = instance.get_typed_func::<(), ()>("f")?;
    /// let guard = instance.end_handle().drop_guard("the client has gone");
    /// func.call_async(()).await?;
    /// guard.disarm();
    /// # Ok(()) }
    /// ```
    pub fn drop_guard(self, reason: impl Into<Arc<str>>) -> EndGuard {
        EndGuard {
            handle: self,
            reason: Some(reason.into()),
        }
    }
}

impl fmt::Debug for EndHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndHandle").finish_non_exhaustive()
    }
}

/// Ends an instance when it is dropped: see [`EndHandle::drop_guard`].
#[derive(Debug)]
#[must_use = "dropping the guard ends the instance"]
pub struct EndGuard {
    handle: EndHandle,
    /// `None` after [`Self::disarm`].
    reason: Option<Arc<str>>,
}

impl EndGuard {
    /// Drops the guard without ending the instance, and returns its handle.
    pub fn disarm(mut self) -> EndHandle {
        self.reason = None;
        self.handle.clone()
    }
}

impl Drop for EndGuard {
    fn drop(&mut self) {
        if let Some(reason) = self.reason.take() {
            self.handle.end(reason);
        }
    }
}
