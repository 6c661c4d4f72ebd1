//! Exclusive locks: one call at a time enters a component instance's unshared state, in the store that holds it.
//!
//! **Problem.** Each store has a copy of all state. Of unshared state the copy in one store counts, which is the *home* of the component
//! instances that have the state (see [`Plan::homes`](weft_lower::Plan::homes)). A call of a function that is not shared comes from
//! the host, or from a guest thread that has a store of its own. Before: the host's calls took turns at one store, and guest threads
//! could call shared functions only.
//!
//! **Here**, each home has a lock, which a call holds from its beginning to its end. A call of the host runs in the home. A call from
//! another component instance runs on the fiber of its caller: the adapter takes the lock, and its calls of core functions poll the
//! home's store within the caller's own. So a caller's end is the end of the call, and no other task has to know of it.
//!
//! A call that waits for a lock knows the locks that wait for it: see [`call_chain`](crate::threads::call_chain). If the call would
//! wait for itself, by way of whatever calls, then the host gets an error and a guest thread traps. If it would wait for a thread that no
//! thread is left to resume, that is a [deadlock](crate::threads::instance_locks).
//!
//! **Rejected:** a task for each call that the caller waits for (a microsecond for the switch, and a further stack).

use super::homes::{HomeGuard, WaitsForItself};
use super::running_instance::RunningInstance;
use crate::log;
use crate::state::context::SavedContext;
use crate::state::exclusive::ExclusiveCall;
use crate::store::thread_store::ThreadStore;
use crate::threads::call_chain::CallChain;
use crate::threads::thread_id::ThreadId;
use crate::threads::thread_table::{NoThread, ThreadTables};
use std::future::{Future, pending};
use std::sync::{Arc, Weak};
use tracing::trace;
use wasmtime::{Trap, Val, format_err};
use weft_lower::Plan;
use weft_lower::plan::{ComponentInstanceIndex, HomeIndex};

/// A call of a component instance that another one has begun.
struct Exclusive<T: 'static> {
    home: HomeIndex,
    guard: HomeGuard<T>,
    store: Box<ThreadStore<T>>,
    /// The locks that the call waits for, and this one.
    calls: CallChain,
    /// The thread of the call, if the component instance has a thread table.
    thread: Option<ThreadId>,
    threads: Arc<ThreadTables>,
}

impl<T: Send + Sync + 'static> RunningInstance<T> {
    /// Begins a call of a component instance by thread `by`, whose fiber polls this.
    pub(super) async fn enter_exclusively(
        &self,
        by: ThreadId,
        calls: CallChain,
        instance: ComponentInstanceIndex,
    ) -> wasmtime::Result<Box<dyn ExclusiveCall>> {
        let plan = self.state.component.plan();
        let home = plan.home(instance);
        let homes = self.homes.get().and_then(Weak::upgrade).ok_or(NoThread::Ended)?;
        let mut guard = match homes.try_lock(home, Some(by)) {
            Some(guard) => guard,
            None => {
                let (number, thread, component_instance) = (self.state.number, by.index, instance.0);
                trace!(target: log::WAITS, instance = number, thread, component_instance, "waits to enter");
                let locked = homes.wait(home, Some(by), &calls).await;
                let guard = locked.map_err(|WaitsForItself| cannot_enter(plan, instance))?;
                trace!(target: log::WAITS, instance = number, thread, component_instance, "enters");
                guard
            }
        };
        let Some(mut store) = guard.take() else {
            // The call that had the store did not end normally. That ends the program and this thread, maybe in a moment.
            drop(guard);
            return pending().await;
        };
        let thread = match plan.thread_table(instance) {
            table if table.index() == 0 => None,
            table => Some(self.state.threads.add_nested(by, table)?),
        };
        store.begin(thread.unwrap_or(by))?;
        Ok(Box::new(Exclusive {
            home,
            guard,
            store,
            calls: calls.call(homes.id(home)),
            thread,
            threads: Arc::clone(&self.state.threads),
        }))
    }
}

fn cannot_enter(plan: &Plan, instance: ComponentInstanceIndex) -> wasmtime::Error {
    let exports = plan.exports.iter();
    let mut exports = exports.filter(|export| plan.options[export.options.index()].instance == instance);
    let whose = exports
        .next()
        .map(|export| format!(" (which exports `{}`)", export.name()));
    let reason = format_err!(
        "the call into component instance {}{} would wait for itself",
        instance.0,
        whose.unwrap_or_default()
    );
    reason.context(Trap::CannotEnterComponent)
}

impl<T: Send + Sync + 'static> ExclusiveCall for Exclusive<T> {
    fn home(&self) -> HomeIndex {
        self.home
    }

    fn calls(&self) -> CallChain {
        self.calls.clone()
    }

    fn call<'a>(
        &'a mut self,
        export: &'a str,
        context: SavedContext,
        may_leave: bool,
        arguments: &'a [Val],
        results: &'a mut [Val],
    ) -> Box<dyn Future<Output = wasmtime::Result<SavedContext>> + Send + 'a> {
        let call = self.store.call_at_home(export, context, may_leave, arguments, results);
        Box::new(self.calls.during(call))
    }

    fn end(self: Box<Self>) {
        let Exclusive {
            guard,
            store,
            thread,
            threads,
            ..
        } = *self;
        thread.into_iter().for_each(|thread| threads.remove(thread));
        guard.give_back(store);
    }
}
