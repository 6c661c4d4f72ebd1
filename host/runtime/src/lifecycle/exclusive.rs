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

use super::running_instance::RunningInstance;
use crate::log;
use crate::state::context::SavedContext;
use crate::state::exclusive::ExclusiveCall;
use crate::store::thread_store::ThreadStore;
use crate::threads::call_chain::{CallChain, InstanceId};
use crate::threads::instance_locks::LockGuard;
use crate::threads::thread_table::{NoThread, ThreadId, ThreadTables};
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tracing::trace;
use wasmtime::{Trap, Val, format_err};
use weft_lower::Plan;
use weft_lower::plan::{ComponentInstanceIndex, HomeIndex};

/// The homes of a program.
pub(crate) struct Homes<T: 'static> {
    /// By index.
    places: Vec<Place<T>>,
    /// Has the locks of the homes.
    threads: Arc<ThreadTables>,
}

/// Where the store of a home is while no call has it. It stays empty after a call that did not end normally.
type Place<T> = Arc<Mutex<Option<ThreadStore<T>>>>;

/// The lock of a home, and its store, which goes back when the lock is released.
pub(crate) struct HomeGuard<T: 'static> {
    /// None while the holder has taken it.
    store: Option<ThreadStore<T>>,
    place: Place<T>,
    lock: LockGuard,
}

/// A call would have to wait for itself.
pub(crate) struct WaitsForItself;

impl<T: Send + Sync + 'static> Homes<T> {
    /// Homes without stores.
    pub(crate) fn new(plan: &Plan, threads: &Arc<ThreadTables>) -> Self {
        Homes {
            places: (0..=plan.homes.len()).map(|_| Arc::default()).collect(),
            threads: Arc::clone(threads),
        }
    }

    /// All homes but that of the host's calls.
    pub(crate) fn others(&self) -> impl Iterator<Item = HomeIndex> + use<T> {
        (1..self.places.len() as u32).map(HomeIndex)
    }

    /// Gives a home its store, before any call can have its lock.
    pub(crate) fn put(&self, home: HomeIndex, store: ThreadStore<T>) {
        *locked(&self.places[home.index()]) = Some(store);
    }

    /// What tells the home from all others in a [`CallChain`].
    pub(crate) fn id(&self, home: HomeIndex) -> InstanceId {
        InstanceId::of(&self.places[home.index()])
    }

    /// Waits for the lock of a home, on behalf of a call that the host makes and for which `calls` wait.
    pub(crate) async fn lock(&self, home: HomeIndex, calls: &CallChain) -> Result<HomeGuard<T>, WaitsForItself> {
        match self.try_lock(home, None) {
            Some(guard) => Ok(guard),
            None => self.wait(home, None, calls).await,
        }
    }

    fn try_lock(&self, home: HomeIndex, thread: Option<ThreadId>) -> Option<HomeGuard<T>> {
        let lock = self.threads.try_lock_home(home, thread)?;
        Some(self.guard(home, lock))
    }

    async fn wait(
        &self,
        home: HomeIndex,
        thread: Option<ThreadId>,
        calls: &CallChain,
    ) -> Result<HomeGuard<T>, WaitsForItself> {
        let _waiting = calls.wait_for(self.id(home)).ok_or(WaitsForItself)?;
        let lock = self.threads.lock_home(home, thread).await;
        Ok(self.guard(home, lock))
    }

    fn guard(&self, home: HomeIndex, lock: LockGuard) -> HomeGuard<T> {
        let place = Arc::clone(&self.places[home.index()]);
        let store = locked(&place).take();
        HomeGuard { store, place, lock }
    }
}

impl<T: 'static> HomeGuard<T> {
    /// Says that the call that the host makes has this thread.
    pub(crate) fn begin(&self, thread: ThreadId) {
        self.lock.begin(thread);
    }

    /// Takes the store for a call, or returns `None` if an earlier call trapped or was dropped.
    pub(crate) fn take(&mut self) -> Option<ThreadStore<T>> {
        self.store.take()
    }

    /// Gives the store back, and releases the lock.
    pub(crate) fn give_back(mut self, store: ThreadStore<T>) {
        self.store = Some(store);
    }
}

impl<T: 'static> Drop for HomeGuard<T> {
    fn drop(&mut self) {
        *locked(&self.place) = self.store.take();
    }
}

/// A store is moved in or out as a whole, so a panic leaves nothing half done.
fn locked<T>(place: &Mutex<Option<ThreadStore<T>>>) -> MutexGuard<'_, Option<ThreadStore<T>>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call of a component instance that another one has begun.
struct Exclusive<T: 'static> {
    home: HomeIndex,
    guard: HomeGuard<T>,
    store: ThreadStore<T>,
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
    let whose = exports.next().map(|export| format!(", which has `{}`", export.name()));
    let reason = format_err!(
        "the call of component instance {}{} would wait for itself",
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
