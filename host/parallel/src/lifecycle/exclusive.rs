//! Exclusive locks: one call at a time enters a component instance's unshared state, in the store that holds it.
//!
//! **Problem.** Each store has a copy of all state. For unshared state, only the copy in one store is valid: that store
//! is the *home* of the component instances that own the state (see [`Plan::homes`](weft_lower::Plan::homes)). But a
//! function that is not shared can be called by the host, or by a guest thread that has another store. Before: the
//! host's calls took turns at one store, and guest threads could call only shared functions.
//!
//! **Here**, each home has a lock, which a call holds from its beginning to its end. A call by the host runs in the
//! home. A call from another component instance runs on the fiber of its caller: the adapter takes the lock, and its
//! calls of core functions poll the home's store from within the caller's store. So if the caller ends, the call ends
//! too, and no other task is involved.
//!
//! A call that waits for a lock knows the calls that wait for it: see [`call_chain`](crate::threads::call_chain). If
//! the call would wait for itself, directly or through other calls, the host gets an error or the guest thread traps.
//! If the call would wait for a thread that no thread is left to resume, that is a
//! [deadlock](crate::threads::instance_locks).
//!
//! **Rejected:** running each call as a task for which the caller waits (a microsecond for the switch, and another
//! stack).

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

/// A call in progress from one component instance to another.
struct Exclusive<T: 'static> {
    home: HomeIndex,
    guard: HomeGuard<T>,
    store: Box<ThreadStore<T>>,
    /// This call and the calls that wait for it.
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
            // The call that took the store did not end normally. That ends the program and this thread, if not yet then
            // soon.
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
