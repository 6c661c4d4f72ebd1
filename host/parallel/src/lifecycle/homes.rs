//! The homes of a program: the stores that hold unshared state, each behind a lock. [`exclusive`](super::exclusive)
//! describes their purpose.

use crate::store::thread_store::ThreadStore;
use crate::threads::call_chain::{CallChain, InstanceId};
use crate::threads::home_locks::LockGuard;
use crate::threads::thread_id::ThreadId;
use crate::threads::thread_table::ThreadTables;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use weft_lower::Plan;
use weft_lower::plan::HomeIndex;

/// The homes of a program.
pub(crate) struct Homes<T: 'static> {
    /// By index.
    places: Vec<HomeStore<T>>,
    /// Holds the locks of the homes.
    threads: Arc<ThreadTables>,
}

/// Holds the store of a home while no call uses it. Remains empty after a call that did not end normally.
type HomeStore<T> = Arc<Mutex<Option<Box<ThreadStore<T>>>>>;

/// Holds the lock of a home and its store. The store goes back when the lock is released.
pub(crate) struct HomeGuard<T: 'static> {
    /// `None` while the holder has taken the store.
    store: Option<Box<ThreadStore<T>>>,
    place: HomeStore<T>,
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

    /// All homes except the one for the host's calls.
    pub(crate) fn others(&self) -> impl Iterator<Item = HomeIndex> + use<T> {
        (1..self.places.len() as u32).map(HomeIndex)
    }

    /// Gives a home its store, before any call can take its lock.
    pub(crate) fn put(&self, home: HomeIndex, store: Box<ThreadStore<T>>) {
        *locked(&self.places[home.index()]) = Some(store);
    }

    /// The home's identity in a [`CallChain`].
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

    pub(super) fn try_lock(&self, home: HomeIndex, thread: Option<ThreadId>) -> Option<HomeGuard<T>> {
        let lock = self.threads.try_lock_home(home, thread)?;
        Some(self.guard(home, lock))
    }

    pub(super) async fn wait(
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
    /// Records the thread of the host's call that holds the lock.
    pub(crate) fn begin(&self, thread: ThreadId) {
        self.lock.begin(thread);
    }

    /// Takes the store for a call, or returns `None` if an earlier call trapped or was dropped.
    pub(crate) fn take(&mut self) -> Option<Box<ThreadStore<T>>> {
        self.store.take()
    }

    /// Gives the store back, and releases the lock.
    pub(crate) fn give_back(mut self, store: Box<ThreadStore<T>>) {
        self.store = Some(store);
    }
}

impl<T: 'static> Drop for HomeGuard<T> {
    fn drop(&mut self) {
        *locked(&self.place) = self.store.take();
    }
}

/// A store is moved in or out as a whole, so a panic leaves nothing half done.
fn locked<T>(place: &Mutex<Option<Box<ThreadStore<T>>>>) -> MutexGuard<'_, Option<Box<ThreadStore<T>>>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}
