//! What a thread can do to the other threads of its instance.
//!
//! **Problem.** A built-in reaches everything through the store of the thread that calls it. Starting a thread needs
//! the pool of stores, but the pool's type names the type of a store's data. **Here**, the data holds a trait object
//! that [`lifecycle`](crate::lifecycle) implements, so stores and built-ins do not depend on how threads run.
//!
//! **Rejected:** built-ins that capture the pool when they are linked (the pool holds the linked module, so the cycle
//! would never be freed, or each call would upgrade a weak reference).

use crate::error::Outcome;
use crate::state::exclusive::ExclusiveCall;
use crate::threads::call_chain::CallChain;
use crate::threads::start::Start;
use crate::threads::thread_id::ThreadId;
use crate::threads::thread_table::NoThread;
use std::future::Future;
use weft_lower::plan::ComponentInstanceIndex;

/// Waits for the exclusive lock of a component instance.
pub(crate) type Entering<'a> = Box<dyn Future<Output = wasmtime::Result<Box<dyn ExclusiveCall>>> + Send + 'a>;

/// See the module.
pub(crate) trait ThreadControl: Send + Sync {
    /// Ends all threads. The first outcome counts.
    fn end(&self, outcome: Outcome);

    /// Starts a new thread for thread `by`, in the same component instance.
    fn spawn(&self, by: ThreadId, start: Start) -> Result<ThreadId, NoThread>;

    /// Resumes a suspended thread when a worker is free.
    fn resume(&self, thread: ThreadId) -> wasmtime::Result<()>;

    /// Resumes a suspended thread as soon as the calling one has suspended itself or yielded.
    fn resume_next(&self, thread: ThreadId) -> wasmtime::Result<()>;

    /// Suspends the calling thread, and resumes a suspended one in its place.
    fn switch(&self, thread: ThreadId, target: ThreadId) -> wasmtime::Result<()>;

    /// Begins a call by `thread` to a component instance with its own home. The fiber of `thread` polls the result.
    /// `calls` wait for the call.
    fn enter(&self, thread: ThreadId, calls: CallChain, instance: ComponentInstanceIndex) -> Entering<'_>;
}
