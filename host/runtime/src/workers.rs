//! The workers of a program that have no thread at the moment, and those that are promised to threads.
//!
//! **Problem.** A thread gets its index when it is made, and a worker only when it runs: often one that an earlier thread has left
//! by then, which is what makes threads cheap. If there is none, a new one takes memory, a stack and mappings. When that fails
//! the thread exists already. **Here**, making a thread [claims](Workers::claim) a worker first. A claim takes no certain
//! worker: there are always as many as there are claims, idle ones or the [`Room`] for new ones. So a claim fails where a
//! limit is met, and a thread that has an index can start.

use crate::Engine;
use crate::budget::{Budget, Charge, OverBudget, StoreCost, THREAD};
use crate::stacks::{NoStack, StackPermit};
use crate::worker::Worker;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many workers without a thread are kept for the next threads.
const IDLE_WORKERS: usize = 1024;

/// What a worker takes of the system and of the program's budget.
pub(crate) struct Room {
    _permit: StackPermit,
    _charge: Charge,
    /// How much of the charge is for what instantiation takes.
    pub(crate) prepaid: u64,
}

/// Why there is no room for another worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoRoom {
    #[error(transparent)]
    Memory(#[from] OverBudget),
    #[error(transparent)]
    Stack(#[from] NoStack),
}

impl Room {
    /// Room for one worker.
    pub(crate) fn new(engine: &Engine, budget: &Arc<Budget>, cost: StoreCost) -> Result<Self, NoRoom> {
        let charge = Charge::new(budget, THREAD.saturating_add(cost.bytes))?;
        Ok(Room {
            _permit: engine.stacks().permit(cost.mappings)?,
            _charge: charge,
            prepaid: cost.bytes,
        })
    }
}

/// See the module.
pub(crate) struct Workers<T: 'static> {
    state: Mutex<State<T>>,
}

struct State<T: 'static> {
    idle: Vec<Worker<T>>,
    rooms: Vec<Room>,
    /// How many of both together are promised.
    claims: usize,
}

/// What a thread runs in.
pub(crate) enum Claimed<T: 'static> {
    /// A worker that served before.
    Worker(Worker<T>),
    /// The room for a new one.
    Room(Room),
}

impl<T: 'static> Workers<T> {
    pub(crate) fn new() -> Self {
        Workers {
            state: Mutex::new(State {
                idle: Vec::new(),
                rooms: Vec::new(),
                claims: 0,
            }),
        }
    }

    /// Promises one more worker. `room` is asked for the room for one if there is none yet; the lock is held meanwhile.
    pub(crate) fn claim(&self, room: impl FnOnce() -> Result<Room, NoRoom>) -> Result<(), NoRoom> {
        let mut state = self.lock();
        if state.surplus() == 0 {
            let room = room()?;
            state.rooms.push(room);
        }
        state.claims += 1;
        Ok(())
    }

    /// Gives back a claim. What it was for is kept for the next one.
    pub(crate) fn unclaim(&self) {
        self.lock().claims -= 1;
    }

    /// What was claimed. None if it is gone, because the program has ended.
    pub(crate) fn take(&self) -> Option<Claimed<T>> {
        let mut state = self.lock();
        state.claims = state.claims.saturating_sub(1);
        match state.idle.pop() {
            Some(worker) => Some(Claimed::Worker(worker)),
            None => state.rooms.pop().map(Claimed::Room),
        }
    }

    /// Keeps a worker for the next threads, if it is to be kept: `keep` is asked under the lock.
    pub(crate) fn put(&self, worker: Worker<T>, keep: impl FnOnce() -> bool) {
        let mut state = self.lock();
        if state.idle.len() < IDLE_WORKERS && keep() {
            state.idle.push(worker);
        } else {
            drop(state);
            drop(worker);
        }
    }

    /// Gives up all that is not claimed.
    pub(crate) fn trim(&self) {
        let mut state = self.lock();
        let surplus = state.surplus();
        let rooms = surplus.min(state.rooms.len());
        let (kept_rooms, kept_idle) = (state.rooms.len() - rooms, state.idle.len() - (surplus - rooms));
        let given_up = (state.rooms.split_off(kept_rooms), state.idle.split_off(kept_idle));
        drop(state);
        drop(given_up);
    }

    /// Gives up all.
    pub(crate) fn clear(&self) {
        let mut state = self.lock();
        let given_up = (std::mem::take(&mut state.idle), std::mem::take(&mut state.rooms));
        drop(state);
        drop(given_up);
    }

    /// The state is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    /// How many workers and rooms nobody has claimed.
    fn surplus(&self) -> usize {
        (self.idle.len() + self.rooms.len()).saturating_sub(self.claims)
    }
}
