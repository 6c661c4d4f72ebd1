//! A component instance that runs: what its threads share, and how it ends.
//!
//! **Ending is dropping.** Each thread is a future. A trap or an exit on any of them records the outcome and has every
//! thread polled once more, wherever it is: waiting, sleeping, in a host call that suspended it, or at the epoch that makes
//! it yield. That poll sees the outcome first and drops the thread's fiber instead of resuming it. So nothing has to be
//! told apart, no flag is tested while guests run, and the process lives on.

use crate::error::Outcome;
use crate::thread::Thread;
use crate::threads::ThreadTable;
use crate::waiters::Waiters;
use crate::worker::Worker;
use crate::{Component, Engine, Error};
use pin_project_lite::pin_project;
use rustc_hash::FxHashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use wasmtime::SharedMemory;
use weft_lower::plan::{CoreExport, InstanceIndex, MemoryIndex};

/// How many workers without a thread are kept for the next threads.
const IDLE_WORKERS: usize = 1024;

/// What the modules of one program are linked with.
pub(crate) struct Imports<T: 'static> {
    /// The host modules, and the built-ins that the program uses.
    pub(crate) linker: wasmtime::Linker<Thread<T>>,
    /// The tables that threads are spawned from.
    pub(crate) spawn_tables: Vec<CoreExport>,
    /// The memory that host modules are given.
    pub(crate) memory: Option<MemoryIndex>,
}

/// A data segment of a core instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Segment {
    pub instance: InstanceIndex,
    pub segment: u32,
}

pub(crate) struct Program<T: 'static> {
    pub(crate) component: Component,
    pub(crate) host: T,
    /// By the plan's index.
    pub(crate) memories: Vec<SharedMemory>,
    pub(crate) imports: Imports<T>,
    pub(crate) waiters: Waiters,
    dropped_segments: Mutex<FxHashSet<Segment>>,
    threads: Arc<ThreadTable>,
    outcome: OnceLock<Outcome>,
    idle: Mutex<Vec<Worker<T>>>,
}

impl<T: Send + Sync + 'static> Program<T> {
    pub(crate) fn new(component: Component, host: T, memories: Vec<SharedMemory>, imports: Imports<T>) -> Arc<Self> {
        Arc::new(Program {
            component,
            host,
            memories,
            imports,
            waiters: Waiters::new(),
            dropped_segments: Mutex::default(),
            threads: Arc::default(),
            outcome: OnceLock::new(),
            idle: Mutex::default(),
        })
    }

    /// Starts a guest thread, and gives its index, unless the program has as many as it may have.
    ///
    /// `body` makes what the thread does of its index. An error of it ends the program. `finish` gets its result when
    /// the thread has left the thread table; if there is none, `finish` is dropped then.
    pub(crate) fn start<B, F, R, L>(self: &Arc<Self>, body: B, finish: L) -> Option<u32>
    where
        B: FnOnce(u32) -> F,
        F: Future<Output = wasmtime::Result<R>> + Send + 'static,
        L: FnOnce(R) + Send + 'static,
    {
        if self.outcome().is_some() {
            return None;
        }
        let index = self.threads.add(self.engine().max_threads())?;
        let thread = GuestThread {
            body: Some(body(index)),
            life: Life {
                program: Some(Arc::clone(self)),
                threads: Arc::clone(&self.threads),
                index,
                started: false,
                polled: false,
            },
            finish: Some(finish),
        };
        self.engine().scheduler().spawn(Box::pin(thread));
        Some(index)
    }

    /// Starts a guest thread, and waits for what `finish` makes of its result, or for the end of the program.
    pub(crate) async fn run<B, F, R, L, V>(self: &Arc<Self>, body: B, finish: L) -> Result<V, Error>
    where
        B: FnOnce(u32) -> F,
        F: Future<Output = wasmtime::Result<R>> + Send + 'static,
        L: FnOnce(R) -> V + Send + 'static,
        V: Send + 'static,
    {
        let (sender, receiver) = async_channel::bounded(1);
        let finish = move |result| {
            // The caller may have gone.
            let _ = sender.try_send(finish(result));
        };
        if self.start(body, finish).is_none() && self.outcome().is_none() {
            return Err(Error::Limit(
                "the call needs a thread, and the program has as many as it may have".to_owned(),
            ));
        }
        match receiver.recv().await {
            Ok(value) => Ok(value),
            Err(_) => Err(self.ended().await),
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

    /// A worker for the next thread: one that served before, if there is one.
    pub(crate) async fn worker(self: &Arc<Self>, index: u32) -> wasmtime::Result<Worker<T>> {
        let idle = self.idle().pop();
        match idle {
            Some(worker) => Ok(worker),
            None => Worker::new(self, index).await,
        }
    }

    /// Takes back a worker whose thread ended normally.
    pub(crate) fn release(&self, worker: Worker<T>) {
        let mut idle = self.idle();
        // Asked under the lock: whoever ends the program empties the list after setting the outcome.
        if idle.len() < IDLE_WORKERS && self.outcome().is_none() {
            idle.push(worker);
        } else {
            drop(idle);
            drop(worker);
        }
    }
}

impl<T: 'static> Program<T> {
    /// Ends all threads. The first outcome counts.
    pub(crate) fn end(&self, outcome: Outcome) {
        if self.outcome.set(outcome).is_ok() {
            self.threads.wake_all();
            // Those that compute yield at the new epoch, and then see the outcome.
            self.engine().wasmtime().increment_epoch();
            // Their stores hold the program, and it holds them.
            self.idle().clear();
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

    /// Whether some thread has dropped a data segment.
    pub(crate) fn is_dropped(&self, segment: Segment) -> bool {
        self.dropped_segments().contains(&segment)
    }

    pub(crate) fn drop_segment(&self, segment: Segment) {
        self.dropped_segments().insert(segment);
    }

    fn dropped_segments(&self) -> MutexGuard<'_, FxHashSet<Segment>> {
        self.dropped_segments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The memory that host modules are given.
    pub(crate) fn host_memory(&self) -> Option<&SharedMemory> {
        Some(self.memory(self.imports.memory?))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Worker<T>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pin_project! {
    /// A guest thread, from its start to its end or the program's.
    struct GuestThread<T: 'static, F, L> {
        // None when it has ended.
        #[pin]
        body: Option<F>,
        life: Life<T>,
        finish: Option<L>,
    }
}

/// What of a guest thread outlives its body.
struct Life<T: 'static> {
    /// None when it has left the thread table: who waits until all threads are gone finds the program free.
    program: Option<Arc<Program<T>>>,
    threads: Arc<ThreadTable>,
    index: u32,
    started: bool,
    /// Whether the body is being polled. It stays so when the body panics.
    polled: bool,
}

impl<T, F, R, L> Future for GuestThread<T, F, L>
where
    T: 'static,
    F: Future<Output = wasmtime::Result<R>>,
    L: FnOnce(R),
{
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut thread = self.project();
        let life = thread.life;
        if !life.started {
            life.started = true;
            life.threads.started(life.index, cx.waker());
        }
        let Some(program) = &life.program else {
            return Poll::Ready(());
        };
        // Behind the line above: whoever ends the program reaches this thread, or this thread sees the outcome.
        if program.outcome().is_some() {
            thread.body.set(None);
            return Poll::Ready(());
        }
        let Some(body) = thread.body.as_mut().as_pin_mut() else {
            return Poll::Ready(());
        };
        life.polled = true;
        let progress = body.poll(cx);
        life.polled = false;
        let result = match progress {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(result) => result,
        };
        thread.body.set(None);
        let finish = thread.finish.take();
        match result {
            Ok(result) => {
                life.leave();
                if let Some(finish) = finish {
                    finish(result);
                }
            }
            // Whoever is let go on by the end of this thread has to find the outcome.
            Err(error) => {
                program.end(Outcome::of(life.index, error));
                life.leave();
            }
        }
        Poll::Ready(())
    }
}

impl<T: 'static> Life<T> {
    fn leave(&mut self) {
        if let Some(program) = self.program.take() {
            drop(program);
            self.threads.remove(self.index);
        }
    }
}

/// It is dropped behind the body, so that a thread whose index is free holds nothing any more, and before `finish`.
impl<T: 'static> Drop for Life<T> {
    fn drop(&mut self) {
        if let (Some(program), true) = (&self.program, self.polled) {
            program.end(Outcome::Failed(Error::HostPanic(self.index)));
        }
        self.leave();
    }
}
