//! A running component instance: its state, the stores of its threads, and how it ends.
//!
//! **Ending is dropping.** Each thread is a future. A trap or an exit on any of them records the outcome and wakes
//! every thread, wherever it is: waiting, sleeping, suspended in a host call, or yielding at an epoch. The next poll of
//! each thread sees the outcome and drops the fiber instead of resuming it. So all these cases are handled alike,
//! guests test no flag while they run, and the process lives on.

use super::deadline::Deadline;
use super::homes::Homes;
use super::seats::{Seat, Seats};
use crate::error::{EndReason, Error, Outcome};
use crate::limits::room::{NoRoom, Room};
use crate::limits::store_account::store_records;
use crate::scheduler::{TICK, Tenant, block_on};
use crate::state::ending::End;
use crate::state::thread::{InstanceState, Thread};
use crate::store::linked_module::{InstanceModule, LinkedModule};
use crate::store::pool::{Claimed, StorePool};
use crate::store::thread_store::ThreadStore;
use crate::threads::thread_id::ThreadId;
use crate::threads::thread_table::NoThread;
use async_io::Timer;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;
use weft_lower::plan::ThreadTableIndex;

/// See the module.
pub(crate) struct RunningInstance<T: 'static> {
    pub(crate) state: Arc<InstanceState<T>>,
    module: InstanceModule<T>,
    pub(super) stores: StorePool<Box<ThreadStore<T>>>,
    /// The stores of calls on their callers' OS threads.
    pub(crate) seats: Arc<Seats<T>>,
    /// Weak, because the stores of the homes hold the instance.
    pub(super) homes: OnceLock<Weak<Homes<T>>>,
    /// Set once, if the instance has a deadline.
    deadline: OnceLock<Deadline>,
}

impl<T: Send + Sync + 'static> RunningInstance<T> {
    /// The time of `deadline` starts now.
    pub(crate) fn new(state: InstanceState<T>, module: Arc<LinkedModule<T>>, deadline: Option<Duration>) -> Arc<Self> {
        let instance = Arc::new(RunningInstance {
            seats: Arc::new(Seats::new(&state.record)),
            state: Arc::new(state),
            module: InstanceModule::new(module),
            stores: StorePool::new(),
            homes: OnceLock::new(),
            deadline: OnceLock::new(),
        });
        let of_budget = Arc::downgrade(&instance);
        instance.state.budget.reclaim_by(move || {
            if let Some(instance) = of_budget.upgrade() {
                instance.seats.clear();
                instance.stores.trim();
            }
        });
        let of_stacks = Arc::downgrade(&instance);
        instance.state.stack_use.when_exhausted(move |thread, error| {
            if let Some(instance) = of_stacks.upgrade() {
                let outcome = Outcome::of(thread, None, wasmtime::Error::new(error));
                outcome.log(instance.state.number, thread);
                instance.end(outcome);
            }
        });
        if let Some(meter) = &instance.state.meter {
            let (of_meter, limit) = (Arc::downgrade(&instance), meter.limit());
            meter.when_exhausted(move || {
                if let Some(instance) = of_meter.upgrade() {
                    instance.end(Outcome::Failed(Error::EndedBy(EndReason::ProcessorTime(limit))));
                }
            });
        }
        if let Some(time) = deadline {
            let of_deadline = Arc::downgrade(&instance);
            let end = move || {
                if let Some(instance) = of_deadline.upgrade() {
                    instance.end(Outcome::Failed(Error::EndedBy(EndReason::Deadline(time))));
                }
            };
            instance.deadline.get_or_init(|| Deadline::new(time, end));
        }
        instance
    }

    /// Reserves a store for one more thread: an idle one, or room for a new one.
    pub(super) fn claim(&self) -> Result<(), NoThread> {
        Ok(self.stores.claim(|| self.room())?)
    }

    /// Room for one more store.
    pub(super) fn room(&self) -> Result<Room, NoRoom> {
        let records = store_records(self.state.component.plan().items);
        let (stacks, cost) = (self.state.engine().stacks(), self.module.cost());
        Room::new(stacks, &self.state.budget, &self.state.share, cost, records)
    }

    /// Whether a call can run on the OS thread of its caller. It cannot if the component starts threads, which should
    /// begin on their parent's worker; if its threads resume each other, which takes a worker; or if processor time is
    /// measured, which happens on workers.
    pub(crate) fn may_run_here(&self) -> bool {
        !self.state.component.controls_threads() && self.state.meter.is_none()
    }

    /// Adds the thread of a call that runs in a store of the pool.
    pub(crate) fn add_call(&self, table: ThreadTableIndex) -> Result<ThreadId, NoThread> {
        self.making_room(|| {
            self.claim()?;
            let thread = self.state.threads.add_call(table);
            thread.inspect_err(|_| self.stores.unclaim())
        })
    }

    /// Adds the thread of a call that runs in a home.
    pub(crate) fn add_call_at_home(&self, table: ThreadTableIndex) -> Result<ThreadId, NoThread> {
        self.making_room(|| self.state.threads.add_call(table))
    }

    /// A new seat, with a thread of this table.
    pub(crate) fn seat(self: &Arc<Self>, table: ThreadTableIndex) -> Result<Seat<T>, Error> {
        let thread = match self.add_call(table) {
            Ok(thread) => thread,
            Err(no_thread) => return Err(block_on(self.no_call(no_thread))),
        };
        let instance = Arc::clone(self) as Arc<dyn End>;
        Seat::new(thread, Arc::clone(&self.state), instance, self.store(thread))
    }

    /// Makes a thread. If there is no room, gives up the idle seats and tries again.
    fn making_room(&self, make: impl Fn() -> Result<ThreadId, NoThread>) -> Result<ThreadId, NoThread> {
        match make() {
            Err(NoThread::Limit | NoThread::Index | NoThread::Room(_)) if self.seats.clear() => make(),
            made => made,
        }
    }

    /// The store for a thread that is starting. It was [claimed](Self::claim) before. An idle store is used if there is
    /// one.
    pub(crate) async fn store(self: &Arc<Self>, thread: ThreadId) -> wasmtime::Result<Box<ThreadStore<T>>> {
        match self.stores.take() {
            Some(Claimed::Store(store)) => Ok(store),
            Some(Claimed::Room(room)) => {
                // Making a store takes some time, during which no guest runs that could be interrupted.
                let ticks = self.state.engine().interrupts().ticks();
                let store = self.new_store(thread, room).await?;
                if self.state.engine().interrupts().ticks() != ticks {
                    self.state.pause().await;
                }
                Ok(store)
            }
            None => Err(NoThread::Ended.into()),
        }
    }

    pub(super) async fn new_store(
        self: &Arc<Self>,
        thread: ThreadId,
        room: Room,
    ) -> wasmtime::Result<Box<ThreadStore<T>>> {
        let thread = Thread::new(&self.state, Box::new(Arc::clone(self)), thread, room.prepaid);
        ThreadStore::new(thread, &self.module, room).await
    }

    /// Takes back a store whose thread ended normally.
    pub(crate) fn release(&self, store: Box<ThreadStore<T>>) {
        // Checked under the lock: the code that ends the instance empties the pool after setting the outcome.
        self.stores.put(store, || self.state.outcome().is_none());
    }

    /// The error of a call for which there is no thread.
    pub(crate) async fn no_call(&self, no_thread: NoThread) -> Error {
        match no_thread {
            NoThread::Ended => self.state.ended().await,
            NoThread::Limit | NoThread::Index | NoThread::Room(_) => {
                Error::Limit(format!("the call needs a thread: {no_thread}"))
            }
        }
    }
}

impl<T: Send + Sync + 'static> End for RunningInstance<T> {
    fn end(&self, outcome: Outcome) -> bool {
        RunningInstance::end(self, outcome)
    }
}

impl<T: 'static> RunningInstance<T> {
    /// Ends all threads. Only the first outcome counts; returns whether that is `outcome`.
    pub(crate) fn end(&self, outcome: Outcome) -> bool {
        let is_first = self.state.end(outcome);
        if is_first {
            // Breaks a cycle: the stores hold the instance, and the instance holds the stores.
            self.stores.clear();
            self.seats.clear();
            self.pursue();
        }
        is_first
    }

    /// Interrupts the guest threads that run on callers' OS threads until they are gone. Ticks alone may not reach them, because the
    /// ticker stops while all workers sleep.
    fn pursue(&self) {
        let state = &self.state;
        if state.component.controls_threads() || state.threads.is_empty() {
            return;
        }
        let (threads, number) = (Arc::clone(&state.threads), state.number);
        let engine = state.engine().clone();
        let pursuit = async move {
            while !threads.is_empty() {
                engine.interrupts().end_again(number);
                Timer::after(TICK).await;
            }
        };
        state.engine().scheduler().spawn(Tenant::HOST, Box::pin(pursuit));
    }
}
