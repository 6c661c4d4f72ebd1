//! Calls that can overlap: those of functions that the component lifts from shared core functions.
//!
//! **Problem.** If calls take turns at one store, they use one core, and a call that waits blocks all others. **Here,**
//! each call of a shared function is an implicit thread of its own, in a store of the instance's pool: shared functions
//! reach no unshared state, so any store will do. Calls of functions that are not shared still take the lock of the
//! store with the unshared state.
//!
//! An asynchronous call runs on the engine's workers, like any thread. A blocking call runs *on the calling OS thread*
//! if the component has no built-in that starts, suspends or resumes threads: handing it to a worker and back costs
//! some ten microseconds. It is interrupted as on a worker. Its thread and store are kept for the next call: see
//! [`seats`](crate::lifecycle::seats). If a component starts threads, a parent and its child should begin on one
//! worker, so its calls run on workers.
//!
//! **Rejected:** running asynchronous calls where they are polled (a future must not compute for long on the embedder's
//! executor).

use super::func::{CallableInstance, Func};
use crate::error::Error;
use crate::lifecycle::caller::Caller;
use crate::lifecycle::running_instance::RunningInstance;
use crate::lifecycle::seats::Seat;
use crate::scheduler::on_worker;
use crate::store::lifted::Arguments;
use crate::threads::call_chain::CallChain;
use crate::threads::thread_id::ThreadId;
use std::future::Future;
use std::sync::Arc;
use weft_abi::HandleError;
use weft_lower::plan::ThreadTableIndex;

impl<T: Send + Sync + 'static> Func<T> {
    /// Whether calls of the function overlap.
    pub(super) fn is_parallel(&self) -> bool {
        self.component.overlaps(self.export)
    }

    /// Calls the function on a worker, while others may call it too.
    pub(super) async fn call_in_parallel<A: Arguments>(
        &self,
        instance: &CallableInstance<T>,
        arguments: A,
    ) -> Result<A::Result, Error> {
        let running = &instance.running;
        let thread = match running.add_call(self.table()) {
            Ok(thread) => thread,
            Err(no_thread) => return Err(running.no_call(no_thread).await),
        };
        running.state.log_call(thread, || self.export().name());
        let body = |caller| self.body(running, thread, caller, arguments);
        // The call holds no lock that others could wait for.
        let called = running.run(thread, CallChain::current(), body, |result| result).await?;
        called.map_err(taken)
    }

    /// Calls the function on the calling OS thread, while others may call it too. Returns `None` if the call must run
    /// on a worker.
    pub(super) fn call_here<A: Arguments>(&self, arguments: &A) -> Option<Result<A::Result, Error>> {
        if !self.is_parallel() || on_worker() {
            return None;
        }
        let seat = match self.seats.take(self.table()) {
            Some(seat) => Ok(seat),
            None => self.new_seat()?,
        };
        let call = |seat: Seat<T>| seat.call(&self.seats, self.export, arguments);
        Some(seat.and_then(call).and_then(|called| called.map_err(taken)))
    }

    fn new_seat(&self) -> Option<Result<Seat<T>, Error>> {
        let instance = match self.instance() {
            Ok(instance) => instance,
            Err(ended) => return Some(Err(ended)),
        };
        let running = &instance.running;
        running.may_run_here().then(|| running.seat(self.table()))
    }

    /// The thread table of the component instance that lifts the function.
    fn table(&self) -> ThreadTableIndex {
        self.component.plan().thread_table(self.instance_index())
    }

    /// The body of a call's thread. It returns `None` if nobody waits for the call any more when it can begin.
    fn body<A: Arguments>(
        &self,
        running: &Arc<RunningInstance<T>>,
        thread: ThreadId,
        caller: Caller,
        arguments: A,
    ) -> impl Future<Output = wasmtime::Result<Option<Result<A::Result, HandleError>>>> + Send + use<T, A> {
        let (running, index) = (Arc::clone(running), self.export);
        async move {
            let mut store = running.store(thread).await?;
            let result = match caller.waits() {
                true => {
                    let plan = running.state.component.plan();
                    Some(store.call(thread, plan, index, &arguments).await?)
                }
                false => None,
            };
            running.release(store);
            Ok(result)
        }
    }
}

/// Another thread of the host's took a handle since it was checked.
fn taken(error: HandleError) -> Error {
    Error::Arguments(error.to_string())
}
