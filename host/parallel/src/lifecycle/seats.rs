//! Calls on the OS threads of their callers, without writes to shared state.
//!
//! **Problem.** A call needs a guest thread and a store. Adding the thread to the thread table and taking a store from
//! the pool each take a lock and change a few counts that all threads of the instance share. If two OS threads call at
//! once, they spend more time passing cache lines to each other than in the guest. Even one alone spends as much time
//! on locks as on its call.
//!
//! **Here**, a call takes a *seat*: a store with a thread that stays in the thread table between calls. An OS thread finds the seat of its
//! last call where it left it, in a shard that few other OS threads use. So a call writes only its own seat and its shard.
//!
//! An idle seat holds a thread and a store that others may need. If the instance has no room for another thread, or no
//! memory left, it gives up all idle seats before it reports an error.
//!
//! **The end.** The code that ends the instance sets the outcome first and then empties the shards. A call looks at the
//! outcome before it runs, and again under the shard's lock before it puts its seat back. So no seat remains. To end a
//! call in progress, the instance wakes the seat's thread, which wakes the calling OS thread. For that, a call records
//! its waker in the thread table, if it differs from the last one, before it looks at the outcome.
//!
//! Only components that cannot start, suspend or resume threads use seats: the thread table counts an idle seat's
//! thread as a running one, so it would detect no deadlock.
//!
//! **Rejected:** seats in thread-locals (an OS thread would keep stores of instances that have ended, and of every
//! instance that it ever called); a lock-free list of seats (all callers write its head).

use crate::error::{Error, Outcome};
use crate::log;
use crate::metrics::Record;
use crate::metrics::counters::Count;
use crate::scheduler::{as_worker, block_on, processors};
use crate::state::ending::End;
use crate::state::thread::InstanceState;
use crate::store::lifted::Arguments;
use crate::store::thread_store::ThreadStore;
use crate::threads::thread_id::ThreadId;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Poll, Waker};
use tracing::{Level, debug};
use weft_abi::HandleError;
use weft_lower::plan::ThreadTableIndex;

/// The most idle seats that a shard keeps.
const MAX_IDLE: usize = 4;

/// The most shards that there are.
const MAX_SHARDS: usize = 64;

/// The idle seats of an instance.
pub(crate) struct Seats<T: 'static> {
    /// Made for the first seat: most instances have none.
    shards: OnceLock<Box<[Shard<T>]>>,
    /// Counts the seats of each shard.
    record: Arc<Record>,
}

/// Two shards share no cache line.
#[repr(align(128))]
struct Shard<T: 'static>(Mutex<Vec<Seat<T>>>);

/// See the module.
pub(crate) struct Seat<T: 'static> {
    /// `None` only while the seat is dropped.
    store: Option<Box<ThreadStore<T>>>,
    thread: ThreadId,
    /// The waker that the thread table holds for the thread.
    waker: Option<Waker>,
    state: Arc<InstanceState<T>>,
    /// The seat's instance, kept alive by this.
    instance: Arc<dyn End>,
}

/// How a call on a seat went.
enum Called<R> {
    Returned(Result<R, HandleError>),
    /// The instance ended before the call did.
    Ended,
}

impl<T: 'static> Seats<T> {
    pub(super) fn new(record: &Arc<Record>) -> Self {
        Seats {
            shards: OnceLock::new(),
            record: Arc::clone(record),
        }
    }

    /// Takes an idle seat with a thread of this table that the calling OS thread, or another one with the same shard,
    /// has left.
    pub(crate) fn take(&self, table: ThreadTableIndex) -> Option<Seat<T>> {
        let shards = self.shards.get()?;
        let shard = shard_number() % shards.len();
        let mut seats = shards[shard].lock();
        let position = seats.iter().rposition(|seat| seat.thread.table == table)?;
        let seat = seats.swap_remove(position);
        self.record.seats(shards.len())[shard].reuse(seats.len());
        Some(seat)
    }

    fn put(&self, seat: Seat<T>) {
        let shards = self.shards.get_or_init(shards);
        let shard = shard_number() % shards.len();
        let mut seats = shards[shard].lock();
        // Checked under the lock: see the module.
        if seats.len() < MAX_IDLE && seat.state.outcome().is_none() {
            seats.push(seat);
            self.record.seats(shards.len())[shard].set_idle(seats.len());
            return;
        }
        drop(seats);
        drop(seat);
    }

    /// Gives up all idle seats. Returns whether there were any.
    pub(super) fn clear(&self) -> bool {
        let shards = self.shards.get().map_or(&[][..], |shards| shards);
        let counts = self.record.seats(shards.len());
        let given_up = Vec::from_iter(shards.iter().zip(counts).flat_map(|(shard, count)| {
            let mut seats = shard.lock();
            count.set_idle(0);
            std::mem::take(&mut *seats)
        }));
        !given_up.is_empty()
    }
}

impl<T: 'static> Shard<T> {
    /// The list is consistent whenever the lock is free, even if a holder panicked.
    fn lock(&self) -> MutexGuard<'_, Vec<Seat<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shards<T: 'static>() -> Box<[Shard<T>]> {
    let shards = (2 * processors()).next_power_of_two().min(MAX_SHARDS);
    (0..shards).map(|_| Shard(Mutex::default())).collect()
}

/// The index of the shard that the calling OS thread uses.
fn shard_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}

impl<T: Send + Sync + 'static> Seat<T> {
    /// Makes a seat for a thread that is in the instance's thread table, with the store that `store` makes.
    pub(super) fn new(
        thread: ThreadId,
        state: Arc<InstanceState<T>>,
        instance: Arc<dyn End>,
        store: impl Future<Output = wasmtime::Result<Box<ThreadStore<T>>>>,
    ) -> Result<Self, Error> {
        let mut seat = Seat {
            store: None,
            thread,
            waker: None,
            state,
            instance,
        };
        match guest_part(|| block_on(store)) {
            Some(Ok(store)) => {
                seat.store = Some(store);
                return Ok(seat);
            }
            Some(Err(error)) => seat.end(Outcome::of(thread.index, None, error)),
            None => seat.end(Outcome::Failed(Error::HostPanic(Some(thread.index)))),
        }
        Err(seat.ended())
    }

    /// Calls the export with this index. The arguments match the types of its parameters.
    ///
    /// # Errors
    ///
    /// The outer error: the instance has ended, perhaps because of this call. The inner error: the host no longer has a
    /// handle among the arguments.
    pub(crate) fn call<A: Arguments>(
        mut self,
        seats: &Seats<T>,
        export: usize,
        arguments: &A,
    ) -> Result<Result<A::Result, HandleError>, Error> {
        let index = self.thread.index;
        let function = || self.state.component.plan().exports[export].name();
        self.state.log_call(self.thread, function);
        self.state.hooks.started(self.state.number, index);
        self.log("started");
        match guest_part(|| block_on(pin!(self.run(export, arguments)))) {
            Some(Ok(Called::Returned(result))) if self.state.outcome().is_none() => {
                self.log("ended");
                self.state.hooks.ended(self.state.number, index);
                seats.put(self);
                return Ok(result);
            }
            // The call has no result, like any thread of an instance that has ended.
            Some(Ok(Called::Returned(_) | Called::Ended)) => {}
            Some(Err(error)) => {
                let name = self.state.threads.name(self.thread);
                self.end(Outcome::of(index, name, error));
            }
            // The panic hook has reported it.
            None => self.end(Outcome::Failed(Error::HostPanic(Some(index)))),
        }
        self.state.hooks.ended(self.state.number, index);
        Err(self.ended())
    }

    async fn run<A: Arguments>(&mut self, export: usize, arguments: &A) -> wasmtime::Result<Called<A::Result>> {
        let Seat {
            store: Some(store),
            thread,
            waker,
            state,
            ..
        } = self
        else {
            return Ok(Called::Ended);
        };
        let plan = state.component.plan();
        let mut call = pin!(store.call(*thread, plan, export, arguments));
        let counters = &state.record.counters;
        let mut waits = false;
        poll_fn(|cx| {
            if !waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                state.threads.started(*thread, cx.waker());
                *waker = Some(cx.waker().clone());
            }
            // After the lines above, either the code that ends the instance wakes this thread, or this thread sees the
            // outcome.
            if state.outcome().is_some() {
                return Poll::Ready(Ok(Called::Ended));
            }
            if waits {
                counters.here().count(Count::Run);
            }
            let progress = call.as_mut().poll(cx);
            waits = progress.is_pending();
            if waits {
                counters.here().count(Count::Stop);
            }
            progress.map_ok(Called::Returned)
        })
        .await
    }

    fn end(&self, outcome: Outcome) {
        outcome.log(self.state.number, self.thread.index);
        self.instance.end(outcome);
    }

    /// Gives up the seat, waits until the instance has ended, and returns the error that says how it ended.
    fn ended(self) -> Error {
        self.log("ended");
        let state = Arc::clone(&self.state);
        // Dropping the values on the guest's stack can run host code.
        let _ = guest_part(|| drop(self));
        block_on(state.ended())
    }

    fn log(&self, what: &'static str) {
        log::rarely(Level::DEBUG, || {
            debug!(target: log::THREADS, instance = self.state.number, thread = self.thread.index, "{what}");
        });
    }
}

/// Runs code that can call the embedder's code, under the rules of a worker: it must not block, and a panic ends here.
fn guest_part<R>(part: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(|| as_worker(part))).ok()
}

/// The store is dropped before the thread leaves the table, so that a thread whose index is free holds nothing any
/// more.
impl<T: 'static> Drop for Seat<T> {
    fn drop(&mut self) {
        self.store = None;
        self.state.threads.remove(self.thread);
    }
}
