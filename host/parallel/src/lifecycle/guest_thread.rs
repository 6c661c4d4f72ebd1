//! A guest thread as a task of the scheduler, from its start until it or its instance ends.

use super::running_instance::RunningInstance;
use crate::error::{Error, Outcome};
use crate::log;
use crate::metrics::counters::Count;
use crate::threads::call_chain::CallChain;
use crate::threads::precedence::GaveWay;
use crate::threads::thread_id::ThreadId;
use crate::threads::thread_table::ThreadTables;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tracing::{Level, debug};

pin_project! {
    /// See the module.
    pub(crate) struct GuestThread<T: 'static, F, L> {
        // `None` after the body has ended.
        #[pin]
        body: Option<F>,
        membership: Membership<T>,
        finish: Option<L>,
    }
}

/// A guest thread's membership in its instance. It lasts until the thread's body is dropped.
struct Membership<T: 'static> {
    /// `None` after the thread has left the thread table: a caller that waited until all threads are gone must then
    /// hold the only reference to the instance.
    instance: Option<Arc<RunningInstance<T>>>,
    threads: Arc<ThreadTables>,
    id: ThreadId,
    /// Whether the thread was polled. It may have made way for others instead of running its body.
    started: bool,
    /// Whether the thread's body was polled.
    ran: bool,
    gave_way: GaveWay,
    /// Whether the body is being polled. Remains true if the body panics.
    polled: bool,
    calls: CallChain,
}

impl<T: 'static, F, L> GuestThread<T, F, L> {
    /// The thread runs `body`. After the thread has left the thread table, `finish` gets the body's result. If the
    /// instance ends before the body does, `finish` is dropped instead. `calls` are the calls that wait for the thread.
    pub(crate) fn new(instance: &Arc<RunningInstance<T>>, id: ThreadId, calls: CallChain, body: F, finish: L) -> Self {
        GuestThread {
            body: Some(body),
            membership: Membership {
                instance: Some(Arc::clone(instance)),
                threads: Arc::clone(&instance.state.threads),
                id,
                started: false,
                ran: false,
                gave_way: GaveWay::default(),
                polled: false,
                calls,
            },
            finish: Some(finish),
        }
    }
}

impl<T, F, R, L> Future for GuestThread<T, F, L>
where
    T: 'static,
    F: Future<Output = wasmtime::Result<R>>,
    L: FnOnce(R),
{
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut thread = self.project();
        let membership = thread.membership;
        let Some(instance) = &membership.instance else {
            return Poll::Ready(());
        };
        let is_first = !std::mem::replace(&mut membership.started, true);
        if is_first {
            membership.threads.started(membership.id, cx.waker());
            instance.state.hooks.started(instance.state.number, membership.id.index);
            log::rarely(Level::DEBUG, || {
                debug!(target: log::THREADS, instance = instance.state.number, thread = membership.id.index, "started");
            });
        }
        // After the line above, either the code that ends the instance wakes this thread, or this thread sees the
        // outcome.
        if instance.state.outcome().is_some() {
            thread.body.set(None);
            return Poll::Ready(());
        }
        if instance
            .state
            .precedence
            .is_for_other(membership.id, &mut membership.gave_way)
        {
            // The scheduler queues a task that is woken while it runs behind the others.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(body) = thread.body.as_mut().as_pin_mut() else {
            return Poll::Ready(());
        };
        let here = instance.state.record.counters.here();
        here.count(Count::Run);
        if !std::mem::replace(&mut membership.ran, true) {
            here.count(Count::FirstRun);
        }
        membership.polled = true;
        let slices = instance.state.engine().slices();
        let slice = instance.state.meter.as_ref().map(|meter| slices.begin(meter));
        let progress = membership.calls.enter(|| body.poll(cx));
        drop(slice);
        membership.polled = false;
        let result = match progress {
            Poll::Pending => {
                here.count(Count::Stop);
                return Poll::Pending;
            }
            Poll::Ready(result) => result,
        };
        thread.body.set(None);
        let finish = thread.finish.take();
        match result {
            // The instance ended while this thread was in a host call or in its last stretch of code: the thread has no
            // result.
            Ok(_) if instance.state.outcome().is_some() => {}
            Ok(result) => {
                membership.leave();
                if let Some(finish) = finish {
                    finish(result);
                }
            }
            // Set the outcome first: a thread that continues because this one has ended must see it.
            Err(error) => {
                let name = membership.threads.name(membership.id);
                membership.end_all(Outcome::of(membership.id.index, name, error));
                membership.leave();
            }
        }
        Poll::Ready(())
    }
}

impl<T: 'static> Membership<T> {
    /// Ends the instance because of how this thread ended.
    fn end_all(&self, outcome: Outcome) {
        if let Some(instance) = &self.instance {
            outcome.log(instance.state.number, self.id.index);
            instance.end(outcome);
        }
    }

    fn leave(&mut self) {
        if let Some(instance) = self.instance.take() {
            log::rarely(Level::DEBUG, || {
                debug!(target: log::THREADS, instance = instance.state.number, thread = self.id.index, "ended");
            });
            if self.started {
                instance.state.hooks.ended(instance.state.number, self.id.index);
            }
            drop(instance);
            self.threads.remove(self.id);
        }
    }
}

/// Dropped after the body, so that a thread whose index is free holds nothing any more, and before `finish`.
impl<T: 'static> Drop for Membership<T> {
    fn drop(&mut self) {
        if self.polled {
            self.end_all(Outcome::Failed(Error::HostPanic(Some(self.id.index))));
        }
        self.leave();
    }
}
