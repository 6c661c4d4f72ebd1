//! A task's future as workers poll it.
//!
//! A panic while the future is polled or dropped must end neither the worker nor the process. async-task lets a panic
//! of a poll through, and aborts at a panic of a drop. So this wrapper catches both, and a panic ends the task. Nobody
//! is notified: to learn of a panic, put a value with a `Drop` implementation in the future.

use super::interface::BoxFuture;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// See the module. `None` after the future was dropped.
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
