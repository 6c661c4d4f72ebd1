//! A task as its owner and as its worker see it.
//!
//! The future that a worker polls is wrapped, for two reasons. A panic, in polling or in dropping it, must end neither the
//! worker nor the process: the wrapper catches it, and the handle reports it. And a task that waits is entered in the
//! worker's list of blocked tasks, see [`blocked`](super::blocked).

use super::BoxFuture;
use super::worker::{self, BlockedEntry};
use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The owner's side of a task.
///
/// Dropping it cancels the task: its future is dropped on a worker as soon as it is not being polled. As a future, it waits
/// for the end of the task.
#[must_use = "dropping the handle cancels the task"]
pub(crate) struct TaskHandle(async_task::FallibleTask<std::thread::Result<()>>);

/// Why a task did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TaskError {
    /// The scheduler was dropped before the task ended.
    #[error("the task was dropped before it ended")]
    Cancelled,
    /// The future panicked. The payload is that of the panic.
    #[error("the task panicked")]
    Panicked(Box<dyn Any + Send>),
}

impl TaskHandle {
    pub(super) fn new(task: async_task::Task<std::thread::Result<()>>) -> Self {
        TaskHandle(task.fallible())
    }

    /// Lets the task run to its end with nobody to wait for it.
    pub(crate) fn detach(self) {
        self.0.detach();
    }
}

impl Future for TaskHandle {
    type Output = Result<(), TaskError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(outcome(ready!(Pin::new(&mut self.0).poll(cx))))
    }
}

fn outcome(ended: Option<std::thread::Result<()>>) -> Result<(), TaskError> {
    match ended {
        None => Err(TaskError::Cancelled),
        Some(result) => result.map_err(TaskError::Panicked),
    }
}

/// The future that workers poll. Its output is the payload of the panic that ended it, if one did.
pub(super) struct Guarded {
    /// None when it has ended.
    future: Option<BoxFuture>,
    /// None until the task waits for the first time.
    blocked: Option<BlockedEntry>,
}

impl Guarded {
    pub(super) fn new(future: BoxFuture) -> Self {
        Guarded {
            future: Some(future),
            blocked: None,
        }
    }

    /// Drops the future, and catches its panic.
    fn end(&mut self) -> std::thread::Result<()> {
        let future = self.future.take();
        catch_unwind(AssertUnwindSafe(|| drop(future)))
    }
}

impl Future for Guarded {
    type Output = std::thread::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(future) = &mut self.future else {
            return Poll::Ready(Ok(()));
        };
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(Poll::Ready(())) => Poll::Ready(self.end()),
            Ok(Poll::Pending) => {
                if self.blocked.is_none() {
                    self.blocked = worker::enter_blocked(cx.waker());
                }
                Poll::Pending
            }
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // Nobody is left to tell: the handle has the panic of polling, or has cancelled the task.
        let _ = self.end();
    }
}
