//! A component instance that runs: what its threads share, and how it ends.
//!
//! **Ending is dropping.** Each thread is a future. A trap or an exit on any of them records the outcome and has every
//! thread polled once more, wherever it is: waiting, sleeping, in a host call that suspended it, or at the epoch that makes
//! it yield. That poll sees the outcome first and drops the thread's fiber instead of resuming it. So nothing has to be
//! told apart, no flag is tested while guests run, and the process lives on.

use crate::budget::{self, Budget, NotGrown, StoreCost};
use crate::call_chain::CallChain;
use crate::error::Outcome;
use crate::guest_thread::GuestThread;
use crate::link;
use crate::scheduler::{run_next, yield_now};
use crate::start::{Start, Starts};
use crate::thread::Thread;
use crate::threads::{MAX_INDEX, NoThread, Precedence, ResumeError, Resumed, ThreadTable};
use crate::waiters::Waiters;
use crate::worker::Worker;
use crate::workers::{Claimed, NoRoom, Room, Workers};
use crate::written_table::WrittenTable;
use crate::{Component, Engine, Error, log};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tracing::{Level, debug};
use wasmtime::{InstancePre, Linker, SharedMemory, Store};
use weft_lower::plan::{MemoryIndex, WrittenTableIndex};

/// How many programs the process has made.
static MADE: AtomicU64 = AtomicU64::new(0);

pub(crate) struct Program<T: 'static> {
    /// Tells the instances of the process apart where it is logged.
    pub(crate) number: u64,
    pub(crate) component: Component,
    pub(crate) host: T,
    /// What all of its memory is charged to.
    pub(crate) budget: Arc<Budget>,
    /// What each store takes. Known when the first one has its instance.
    pub(crate) store_cost: OnceLock<StoreCost>,
    /// By the plan's index.
    memories: Vec<SharedMemory>,
    /// By the plan's index.
    tables: Vec<WrittenTable>,
    /// The memory that host modules are given.
    host_memory: Option<MemoryIndex>,
    pub(crate) starts: Starts,
    pub(crate) waiters: Waiters,
    pub(crate) threads: Arc<ThreadTable>,
    pub(crate) precedence: Precedence,
    outcome: OnceLock<Outcome>,
    /// The host modules.
    linker: Linker<Thread<T>>,
    /// The run-time module with its imports, which are the same for all threads.
    linked: OnceLock<InstancePre<Thread<T>>>,
    workers: Workers<T>,
}

impl<T: Send + Sync + 'static> Program<T> {
    pub(crate) fn new(
        component: Component,
        host: T,
        budget: Arc<Budget>,
        memories: Vec<SharedMemory>,
        host_memory: Option<MemoryIndex>,
        linker: Linker<Thread<T>>,
    ) -> wasmtime::Result<Arc<Self>> {
        let plan = component.plan();
        let tables = plan.tables.iter().map(|table| {
            let memory = memories[table.memory.index()].clone();
            WrittenTable::new(memory, table.maximum, &budget)
        });
        let limit = component.engine().max_threads();
        let program = Arc::new(Program {
            number: MADE.fetch_add(1, Ordering::Relaxed) + 1,
            host,
            threads: Arc::new(ThreadTable::new(limit, MAX_INDEX, &budget)),
            tables: tables.collect(),
            budget,
            store_cost: OnceLock::new(),
            memories,
            host_memory,
            starts: Starts::of(plan, component.module())?,
            waiters: Waiters::new(),
            precedence: Precedence::new(component.engine().is_deterministic()),
            outcome: OnceLock::new(),
            linker,
            linked: OnceLock::new(),
            workers: Workers::new(),
            component,
        });
        let of_budget = Arc::downgrade(&program);
        program.budget.reclaim_by(move || {
            if let Some(program) = of_budget.upgrade() {
                program.workers.trim();
            }
        });
        Ok(program)
    }

    /// The run-time module with its imports. The first store, which is any, is used to tell the engine.
    pub(crate) fn linked(&self, store: &mut Store<Thread<T>>) -> wasmtime::Result<&InstancePre<Thread<T>>> {
        match self.linked.get() {
            Some(linked) => Ok(linked),
            None => {
                let linked = link::link(self, self.linker.clone(), store)?;
                Ok(self.linked.get_or_init(|| linked))
            }
        }
    }

    /// Starts a new thread for thread `by`, and gives its index.
    pub(crate) fn spawn(self: &Arc<Self>, by: u32, start: Start) -> Result<u32, NoThread> {
        self.claim()?;
        let index = self.threads.add().inspect_err(|_| self.workers.unclaim())?;
        // Before it can run.
        log::rarely(Level::DEBUG, || {
            debug!(target: log::THREADS, instance = self.number, thread = index, by, "spawned");
        });
        self.start(index, start);
        Ok(index)
    }

    /// Makes sure that there is a worker for one more thread.
    fn claim(&self) -> Result<(), NoThread> {
        Ok(self.workers.claim(|| self.room())?)
    }

    /// Room for one more worker.
    pub(crate) fn room(&self) -> Result<Room, NoRoom> {
        let cost = self.store_cost.get().copied().unwrap_or_default();
        Room::new(self.engine(), &self.budget, cost)
    }

    /// Grows a shared memory, and gives its size before in pages.
    pub(crate) fn grow_memory(&self, index: MemoryIndex, pages: u64) -> Result<u64, NotGrown> {
        budget::grow_shared(&self.budget, self.memory(index), pages)
    }

    /// Has a suspended thread go on when a worker is free.
    pub(crate) fn resume(self: &Arc<Self>, index: u32) -> wasmtime::Result<()> {
        let resumed = self.resumable(self.threads.resume(index)?)?;
        self.go_on(index, resumed);
        Ok(())
    }

    /// Has a suspended thread go on when the calling one has suspended itself or yielded.
    pub(crate) fn resume_next(self: &Arc<Self>, index: u32) -> wasmtime::Result<()> {
        let resumed = self.resumable(self.threads.resume(index)?)?;
        run_next(|| self.go_on(index, resumed));
        Ok(())
    }

    /// Suspends the calling thread `index`, and has a suspended one go on in its place.
    pub(crate) fn switch(self: &Arc<Self>, index: u32, target: u32) -> wasmtime::Result<()> {
        let resumed = self.resumable(self.threads.switch(index, target)?)?;
        run_next(|| self.go_on(target, resumed));
        Ok(())
    }

    /// Has `target` go first when thread `index` has suspended itself or yielded, if it can run then.
    pub(crate) fn promote(&self, index: u32, target: u32) -> Result<(), ResumeError> {
        if !self.threads.is_suspended(target)? && target != index {
            self.precedence.promote(target);
        }
        Ok(())
    }

    /// A thread that has never run takes no more than an entry in the thread table. So whoever resumes it needs a worker for it.
    fn resumable(&self, resumed: Resumed) -> Result<Resumed, NoThread> {
        if let Resumed::New(_) = resumed {
            self.claim()?;
        }
        Ok(resumed)
    }

    fn go_on(self: &Arc<Self>, index: u32, resumed: Resumed) {
        match resumed {
            Resumed::New(start) => self.start(index, start),
            Resumed::Parked(waker) => waker.into_iter().for_each(|waker| waker.wake()),
        }
    }

    fn start(self: &Arc<Self>, index: u32, start: Start) {
        let program = Arc::clone(self);
        let body = async move {
            let mut worker = program.worker(index).await?;
            worker.begin(index)?;
            worker.run(start).await?;
            program.release(worker);
            Ok(())
        };
        self.launch(index, CallChain::default(), body, |()| ());
    }

    /// Runs a thread that is in the thread table.
    fn launch<F, R, L>(self: &Arc<Self>, index: u32, calls: CallChain, body: F, finish: L)
    where
        F: Future<Output = wasmtime::Result<R>> + Send + 'static,
        L: FnOnce(R) + Send + 'static,
    {
        let thread = GuestThread::new(self, index, calls, body, finish);
        self.engine().scheduler().spawn(Box::pin(thread));
    }

    /// Runs the thread of a call, and waits for what `finish` makes of its result, or for the end of the program.
    ///
    /// `index` is in the thread table, for this call. `calls` is the call with those that wait for it. An error of `body`
    /// ends the program.
    pub(crate) async fn run<F, R, L, V>(
        self: &Arc<Self>,
        index: u32,
        calls: CallChain,
        body: F,
        finish: L,
    ) -> Result<V, Error>
    where
        F: Future<Output = wasmtime::Result<R>> + Send + 'static,
        L: FnOnce(R) -> V + Send + 'static,
        V: Send + 'static,
    {
        let (sender, receiver) = async_channel::bounded(1);
        let finish = move |result| {
            // The caller may have gone.
            let _ = sender.try_send(finish(result));
        };
        self.launch(index, calls, body, finish);
        match receiver.recv().await {
            Ok(value) => Ok(value),
            Err(_) => Err(self.ended().await),
        }
    }

    /// In the midst of long work of the host's for a thread: lets others run, where threads are interrupted at all, and is where
    /// the thread is dropped if the program has ended.
    pub(crate) async fn pause(&self) {
        if !self.engine().is_deterministic() || self.outcome().is_some() {
            yield_now().await;
        }
    }

    /// What a call comes to for which there is no thread.
    pub(crate) async fn no_call(&self, no_thread: NoThread) -> Error {
        match no_thread {
            NoThread::Ended => self.ended().await,
            NoThread::Limit | NoThread::Index | NoThread::Room(_) => {
                Error::Limit(format!("the call needs a thread: {no_thread}"))
            }
        }
    }

    /// Waits until a program that is ending has ended, and says how.
    pub(crate) async fn ended(&self) -> Error {
        self.all_gone().await;
        self.outcome().map_or(Error::Ended, Outcome::error)
    }

    /// Waits until all threads are gone.
    pub(crate) async fn all_gone(&self) {
        self.threads.empty().await;
    }

    /// The worker of a thread that is starting: one that served before, if there is one.
    pub(crate) async fn worker(self: &Arc<Self>, index: u32) -> wasmtime::Result<Worker<T>> {
        match self.workers.take() {
            Some(Claimed::Worker(worker)) => Ok(worker),
            Some(Claimed::Room(room)) => Worker::new(self, index, room).await,
            None => Err(NoThread::Ended.into()),
        }
    }

    /// Takes back a worker whose thread ended normally.
    pub(crate) fn release(&self, worker: Worker<T>) {
        // Asked under the lock: whoever ends the program empties the list after setting the outcome.
        self.workers.put(worker, || self.outcome().is_none());
    }
}

impl<T: 'static> Program<T> {
    /// Ends all threads. The first outcome counts.
    pub(crate) fn end(&self, outcome: Outcome) {
        if self.outcome.set(outcome).is_ok() {
            debug!(target: log::THREADS, instance = self.number, "all threads end");
            self.threads.close();
            // Those that compute yield at the new epoch, and then see the outcome.
            self.engine().wasmtime().increment_epoch();
            // Their stores hold the program, and it holds them.
            self.workers.clear();
        }
    }

    /// How the program ended, if it has.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.get()
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.component.engine()
    }

    pub(crate) fn memory(&self, index: MemoryIndex) -> &SharedMemory {
        &self.memories[index.index()]
    }

    pub(crate) fn table(&self, index: WrittenTableIndex) -> &WrittenTable {
        &self.tables[index.index()]
    }

    /// The memory that host modules are given.
    pub(crate) fn host_memory(&self) -> Option<&SharedMemory> {
        Some(self.memory(self.host_memory?))
    }
}
