//! How an instance gets its first store and runs the one-time initialization of its core modules.
//!
//! **Problem.** Core modules run guest code at instantiation, and guest code runs on workers. Handing it to a worker
//! and waiting takes about 30 microseconds, while making the store takes less than two. **Here**, the task that creates
//! the instance makes the store itself, and runs initialization that only copies segments and sets globals, as
//! Wasmtime's own instantiation does. It also runs the start function that linkers generate, with which the first
//! thread copies the segments: that function has no loops and calls nothing. A worker runs three kinds of
//! initialization: other start functions, which can take any time; all code of instances whose processor time is
//! measured; and everything that a host function instantiates, because what a host function polls runs on the stack of
//! the guest that called it.
//!
//! **Rejected:** running other start functions here too if the caller waits on its own OS thread (the same start
//! function would run in different places for blocking and asynchronous callers).

use super::homes::{Homes, WaitsForItself};
use super::running_instance::RunningInstance;
use crate::error::Error;
use crate::log;
use crate::scheduler::on_worker;
use crate::store::thread_store::ThreadStore;
use crate::threads::call_chain::CallChain;
use crate::threads::thread_id::ThreadId;
use std::sync::Arc;
use tracing::debug;
use weft_lower::plan::{HomeIndex, Initialization};

impl<T: Send + Sync + 'static> RunningInstance<T> {
    /// Makes the homes of the instance, before it is initialized.
    pub(crate) fn make_homes(&self) -> Arc<Homes<T>> {
        let homes = Arc::new(Homes::new(self.state.component.plan(), &self.state.threads));
        self.homes.get_or_init(|| Arc::downgrade(&homes));
        homes
    }

    /// Makes the stores of the homes, and initializes the instance.
    pub(crate) async fn initialize(self: &Arc<Self>, homes: &Arc<Homes<T>>) -> Result<(), Error> {
        let main = homes.lock(HomeIndex(0), &CallChain::default()).await;
        let main = main.map_err(|WaitsForItself| Error::Ended)?;
        let plan = self.state.component.plan();
        let thread = match self.add_call_at_home(plan.initializing_thread_table()) {
            Ok(thread) => thread,
            Err(no_thread) => return Err(self.no_call(no_thread).await),
        };
        main.begin(thread);
        debug!(target: log::THREADS, instance = self.state.number, thread = thread.index, "instantiated");
        let calls = CallChain::current().call(homes.id(HomeIndex(0)));
        let (of_body, homes) = (Arc::clone(self), Arc::clone(homes));
        let body = async move { of_body.first_store(thread, &homes).await };
        let of_end = Arc::clone(self);
        let finish = move |store| match of_end.state.has_exclusive_calls() {
            true => main.give_back(store),
            false => of_end.release_home(store),
        };
        let is_short = match plan.initialization {
            Initialization::Nothing | Initialization::Items => true,
            Initialization::Functions => false,
        };
        match is_short && self.state.meter.is_none() && !on_worker() {
            true => self.run_here(thread, calls, body, finish).await,
            // Dropping the future drops the instance, which ends the thread.
            false => {
                let finish = move |store| {
                    finish(store);
                    Some(())
                };
                self.run(thread, calls, |_| body, finish).await
            }
        }
    }

    /// Returns the store of the host's calls.
    async fn first_store(
        self: &Arc<Self>,
        thread: ThreadId,
        homes: &Homes<T>,
    ) -> wasmtime::Result<Box<ThreadStore<T>>> {
        for home in homes.others() {
            homes.put(home, self.home_store(thread, home).await?);
        }
        let mut store = self.home_store(thread, HomeIndex(0)).await?;
        if self.state.component.plan().initialization != Initialization::Nothing {
            store.initialize().await?;
        }
        self.state.check_tables()?;
        Ok(store)
    }

    async fn home_store(self: &Arc<Self>, thread: ThreadId, home: HomeIndex) -> wasmtime::Result<Box<ThreadStore<T>>> {
        let mut store = self.new_store(thread, self.room()?).await?;
        store.store.data_mut().home = Some(home);
        Ok(store)
    }

    /// Puts the store of a home in the pool, for any thread to use.
    fn release_home(&self, mut store: Box<ThreadStore<T>>) {
        store.store.data_mut().home = None;
        self.release(store);
    }
}
