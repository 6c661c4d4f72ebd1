//! The stores of an instance that serve no thread at the moment, and how threads reserve them.
//!
//! **Problem.** A thread gets its index when it is created, but a store only when it runs. Threads are cheap because
//! that is often a store that an earlier thread has left. If the pool is empty, a new store takes memory, a stack and
//! mappings. If that failed, the thread would already exist. **Here**, creating a thread first
//! [claims](StorePool::claim) a store. A claim is not tied to a particular store: for each claim, the pool has an idle
//! store or the [`Room`] for a new one. So a claim fails if a limit is reached, and a thread that has an index can
//! start.

use crate::limits::room::{NoRoom, Room};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most idle stores that are kept for the next threads.
const MAX_IDLE: usize = 1024;

/// See the module.
pub(crate) struct StorePool<S> {
    state: Mutex<State<S>>,
}

struct State<S> {
    idle: Vec<S>,
    rooms: Vec<Room>,
    /// How many of the stores and rooms together are claimed.
    claims: usize,
}

/// What a thread runs in.
pub(crate) enum Claimed<S> {
    /// A store that served before.
    Store(S),
    /// Room for a new store.
    Room(Room),
}

impl<S> StorePool<S> {
    pub(crate) fn new() -> Self {
        StorePool {
            state: Mutex::new(State {
                idle: Vec::new(),
                rooms: Vec::new(),
                claims: 0,
            }),
        }
    }

    /// Claims one more store. If everything in the pool is claimed, calls `room` under the lock.
    pub(crate) fn claim(&self, room: impl FnOnce() -> Result<Room, NoRoom>) -> Result<(), NoRoom> {
        let mut state = self.lock();
        if state.surplus() == 0 {
            let room = room()?;
            state.rooms.push(room);
        }
        state.claims += 1;
        Ok(())
    }

    /// Gives back a claim. The pool keeps the store or room for the next claim.
    pub(crate) fn unclaim(&self) {
        self.lock().claims -= 1;
    }

    /// Takes the claimed store or room. `None` if the instance has ended.
    pub(crate) fn take(&self) -> Option<Claimed<S>> {
        let mut state = self.lock();
        state.claims = state.claims.saturating_sub(1);
        match state.idle.pop() {
            Some(store) => Some(Claimed::Store(store)),
            None => state.rooms.pop().map(Claimed::Room),
        }
    }

    /// Keeps a store for the next threads if `keep`, called under the lock, returns true.
    pub(crate) fn put(&self, store: S, keep: impl FnOnce() -> bool) {
        let mut state = self.lock();
        if state.idle.len() < MAX_IDLE && keep() {
            state.idle.push(store);
        } else {
            drop(state);
            drop(store);
        }
    }

    /// Drops everything that is not claimed.
    pub(crate) fn trim(&self) {
        let mut state = self.lock();
        let surplus = state.surplus();
        let rooms = surplus.min(state.rooms.len());
        let (kept_rooms, kept_idle) = (state.rooms.len() - rooms, state.idle.len() - (surplus - rooms));
        let given_up = (state.rooms.split_off(kept_rooms), state.idle.split_off(kept_idle));
        drop(state);
        drop(given_up);
    }

    /// Drops everything.
    pub(crate) fn clear(&self) {
        let mut state = self.lock();
        let given_up = (std::mem::take(&mut state.idle), std::mem::take(&mut state.rooms));
        drop(state);
        drop(given_up);
    }

    /// The state is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> State<S> {
    /// How many stores and rooms are unclaimed.
    fn surplus(&self) -> usize {
        (self.idle.len() + self.rooms.len()).saturating_sub(self.claims)
    }
}
