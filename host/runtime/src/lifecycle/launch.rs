//! From an entry in the thread table to a task of the scheduler's: how threads start and resume.

use super::guest_thread::GuestThread;
use super::running_instance::RunningInstance;
use crate::error::Error;
use crate::log;
use crate::state::thread_control::ThreadControl;
use crate::threads::call_chain::CallChain;
use crate::threads::start::Start;
use crate::threads::thread_table::{NoThread, Resumed};
use std::future::Future;
use std::sync::Arc;
use tracing::{Level, debug};

impl<T: Send + Sync + 'static> ThreadControl for Arc<RunningInstance<T>> {
    fn spawn(&self, by: u32, start: Start) -> Result<u32, NoThread> {
        self.claim()?;
        let index = self.state.threads.add().inspect_err(|_| self.stores.unclaim())?;
        // Before it can run.
        log::rarely(Level::DEBUG, || {
            debug!(target: log::THREADS, instance = self.state.number, thread = index, by, "spawned");
        });
        self.start(index, start);
        Ok(index)
    }

    fn resume(&self, index: u32) -> wasmtime::Result<()> {
        let resumed = self.resumable(self.state.threads.resume(index)?)?;
        self.go_on(index, resumed);
        Ok(())
    }

    fn resume_next(&self, index: u32) -> wasmtime::Result<()> {
        let resumed = self.resumable(self.state.threads.resume(index)?)?;
        self.state.engine().scheduler().hand_over();
        self.go_on(index, resumed);
        Ok(())
    }

    fn switch(&self, index: u32, target: u32) -> wasmtime::Result<()> {
        let resumed = self.resumable(self.state.threads.switch(index, target)?)?;
        self.state.engine().scheduler().hand_over();
        self.go_on(target, resumed);
        Ok(())
    }
}

impl<T: Send + Sync + 'static> RunningInstance<T> {
    /// A thread that has never run has only an entry in the thread table, so the code that resumes it must claim a store.
    fn resumable(&self, resumed: Resumed) -> Result<Resumed, NoThread> {
        if let Resumed::New(_) = resumed {
            self.claim()?;
        }
        Ok(resumed)
    }

    fn go_on(self: &Arc<Self>, index: u32, resumed: Resumed) {
        match resumed {
            Resumed::New(start) => self.start(index, start),
            Resumed::Parked(waker) => waker.into_iter().for_each(|waker| waker.wake()),
        }
    }

    fn start(self: &Arc<Self>, index: u32, start: Start) {
        let instance = Arc::clone(self);
        let body = async move {
            let mut store = instance.store(index).await?;
            store.begin(index)?;
            store.run(start).await?;
            instance.release(store);
            Ok(())
        };
        self.launch(index, CallChain::default(), body, |()| ());
    }

    /// Runs a thread that is in the thread table.
    fn launch<F, R, L>(self: &Arc<Self>, index: u32, calls: CallChain, body: F, finish: L)
    where
        F: Future<Output = wasmtime::Result<R>> + Send + 'static,
        L: FnOnce(R) + Send + 'static,
    {
        let thread = GuestThread::new(self, index, calls, body, finish);
        self.state.engine().scheduler().spawn(Box::pin(thread));
    }

    /// Runs the thread of a call, and waits for what `finish` makes of its result, or for the end of the instance.
    ///
    /// `index` is in the thread table, for this call. `calls` is the call with those that wait for it. An error of `body`
    /// ends the instance.
    pub(crate) async fn run<F, R, L, V>(
        self: &Arc<Self>,
        index: u32,
        calls: CallChain,
        body: F,
        finish: L,
    ) -> Result<V, Error>
    where
        F: Future<Output = wasmtime::Result<R>> + Send + 'static,
        L: FnOnce(R) -> V + Send + 'static,
        V: Send + 'static,
    {
        let (sender, receiver) = async_channel::bounded(1);
        let finish = move |result| {
            // The caller may have gone.
            let _ = sender.try_send(finish(result));
        };
        self.launch(index, calls, body, finish);
        match receiver.recv().await {
            Ok(value) => Ok(value),
            Err(_) => Err(self.ended().await),
        }
    }
}
