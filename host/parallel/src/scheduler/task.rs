//! A task's future as workers poll it.
//!
//! A panic, in polling or in dropping the future, must end neither the worker nor the process: async-task lets the one
//! through and aborts at the other. So the future is wrapped, and the wrapper catches both and takes a panic for the end of
//! the task. There is no notification: to learn of it, put a value with a `Drop` implementation in the future.

use super::interface::BoxFuture;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// See the module. None once it is dropped.
pub(super) struct Guarded(Option<BoxFuture>);

impl Guarded {
    pub(super) fn new(future: BoxFuture) -> Self {
        Guarded(Some(future))
    }
}

impl Future for Guarded {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(future) = &mut self.0 else {
            return Poll::Ready(());
        };
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))).unwrap_or(Poll::Ready(()))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let future = self.0.take();
        // The panic hook has reported it.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(future)));
    }
}
