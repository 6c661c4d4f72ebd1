//! How threads start and resume: from an entry in the thread table to a task of the scheduler.

use super::caller::Caller;
use super::guest_thread::GuestThread;
use super::running_instance::RunningInstance;
use crate::error::Error;
use crate::error::Outcome;
use crate::log;
use crate::scheduler::Tenant;
use crate::state::thread_control::{Entering, ThreadControl};
use crate::threads::call_chain::CallChain;
use crate::threads::start::Start;
use crate::threads::states::Resumed;
use crate::threads::thread_id::ThreadId;
use crate::threads::thread_table::NoThread;
use std::future::Future;
use std::sync::Arc;
use tracing::{Level, debug};
use weft_lower::plan::ComponentInstanceIndex;

impl<T: Send + Sync + 'static> ThreadControl for Arc<RunningInstance<T>> {
    fn end(&self, outcome: Outcome) {
        RunningInstance::end(self, outcome);
    }

    fn spawn(&self, by: ThreadId, start: Start) -> Result<ThreadId, NoThread> {
        self.claim()?;
        let thread = self.state.threads.add(by.table);
        let thread = thread.inspect_err(|_| self.stores.unclaim())?;
        // Logged before the thread can run.
        log::rarely(Level::DEBUG, || {
            debug!(target: log::THREADS, instance = self.state.number, thread = thread.index, by = by.index, "spawned");
        });
        self.start(thread, start);
        Ok(thread)
    }

    fn resume(&self, thread: ThreadId) -> wasmtime::Result<()> {
        let resumed = self.resumable(thread)?;
        self.go_on(thread, resumed);
        Ok(())
    }

    fn resume_next(&self, thread: ThreadId) -> wasmtime::Result<()> {
        let resumed = self.resumable(thread)?;
        self.state.engine().scheduler().hand_over();
        self.go_on(thread, resumed);
        Ok(())
    }

    fn switch(&self, thread: ThreadId, target: ThreadId) -> wasmtime::Result<()> {
        let threads = &self.state.threads;
        let resumed = threads.switch(thread, target)?;
        self.claim_if_new(&resumed).inspect_err(|_| {
            // `thread` traps instead of waiting. Another thread may have resumed it already.
            let _ = threads.resume(thread);
            threads.remove(target);
        })?;
        self.state.engine().scheduler().hand_over();
        self.go_on(target, resumed);
        Ok(())
    }

    fn enter(&self, thread: ThreadId, calls: CallChain, instance: ComponentInstanceIndex) -> Entering<'_> {
        Box::new(self.enter_exclusively(thread, calls, instance))
    }
}

impl<T: Send + Sync + 'static> RunningInstance<T> {
    /// Makes a suspended thread active. If that fails, the thread's entry is gone: no task would remove it.
    fn resumable(&self, thread: ThreadId) -> wasmtime::Result<Resumed> {
        let resumed = self.state.threads.resume(thread)?;
        self.claim_if_new(&resumed)
            .inspect_err(|_| self.state.threads.remove(thread))?;
        Ok(resumed)
    }

    /// A thread that has never run has only an entry in the thread table, so the code that resumes it must claim a store.
    fn claim_if_new(&self, resumed: &Resumed) -> Result<(), NoThread> {
        match resumed {
            Resumed::New(_) => self.claim(),
            Resumed::Parked(_) => Ok(()),
        }
    }

    fn go_on(self: &Arc<Self>, thread: ThreadId, resumed: Resumed) {
        match resumed {
            Resumed::New(start) => self.start(thread, start),
            Resumed::Parked(waker) => waker.into_iter().for_each(|waker| waker.wake()),
        }
    }

    fn start(self: &Arc<Self>, thread: ThreadId, start: Start) {
        let instance = Arc::clone(self);
        let body = async move {
            let mut store = instance.store(thread).await?;
            store.begin(thread)?;
            store.run(start).await?;
            instance.release(store);
            Ok(())
        };
        self.launch(thread, CallChain::default(), body, |()| ());
    }

    /// Spawns the task of a thread that is in a thread table.
    fn launch<F, R, L>(self: &Arc<Self>, thread: ThreadId, calls: CallChain, body: F, finish: L)
    where
        F: Future<Output = wasmtime::Result<R>> + Send + 'static,
        L: FnOnce(R) + Send + 'static,
    {
        let thread = GuestThread::new(self, thread, calls, body, finish);
        self.state
            .engine()
            .scheduler()
            .spawn(Tenant::instance(self.state.number), Box::pin(thread));
    }

    /// Runs the thread of a call as [`Self::run`] does, within the task that polls this.
    pub(super) async fn run_here<R, V>(
        self: &Arc<Self>,
        thread: ThreadId,
        calls: CallChain,
        body: impl Future<Output = wasmtime::Result<R>> + Send,
        finish: impl FnOnce(R) -> V + Send,
    ) -> Result<V, Error> {
        let mut value = None;
        GuestThread::new(self, thread, calls, body, |result| value = Some(finish(result))).await;
        match value {
            Some(value) => Ok(value),
            None => Err(self.state.ended().await),
        }
    }

    /// Runs the thread of a call. Waits until `finish` has converted its result, or until the instance has ended.
    ///
    /// `thread` is in a thread table, for this call. `calls` is this call and the calls that wait for it. An error of
    /// `body` ends the instance. If nobody waits for the call before its guest code begins, `body` must not begin it.
    /// `finish` then returns `None`.
    pub(crate) async fn run<F, R, L, V>(
        self: &Arc<Self>,
        thread: ThreadId,
        calls: CallChain,
        body: impl FnOnce(Caller) -> F,
        finish: L,
    ) -> Result<V, Error>
    where
        F: Future<Output = wasmtime::Result<R>> + Send + 'static,
        L: FnOnce(R) -> Option<V> + Send + 'static,
        V: Send + 'static,
    {
        let (_waiting, caller) = Caller::new();
        let (sender, receiver) = async_channel::bounded(1);
        let finish = move |result| {
            if let Some(value) = finish(result) {
                // The caller may have dropped the receiver.
                let _ = sender.try_send(value);
            }
        };
        self.launch(thread, calls, body(caller), finish);
        match receiver.recv().await {
            Ok(value) => Ok(value),
            Err(_) => Err(self.state.ended().await),
        }
    }
}
