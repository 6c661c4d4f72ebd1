//! The built-ins with which threads suspend themselves, resume each other, and yield to each other.
//!
//! The specification defines them for cooperative threads ([`thread.resume-later`], [`thread.suspend`] and those below
//! them), of which one runs at a time. Here the threads run in parallel. So another thread may change a state at any
//! moment before the built-in looks at it, but each built-in looks at and changes states in one step: see
//! [`thread_table`](crate::threads::thread_table). Where the specification switches directly from one thread to
//! another, the worker does so too; meanwhile, other workers may run other threads.
//!
//! weft does not cancel threads, so a built-in with a result returns 0.
//!
//! [`thread.resume-later`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadresume-later
//! [`thread.suspend`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadsuspend

use super::arguments::ARGUMENTS;
use crate::log;
use crate::metrics::counters::Count;
use crate::scheduler::yield_now;
use crate::state::leaving;
use crate::state::slice::begin_time_slice;
use crate::state::thread::{Caller, Thread};
use crate::threads::thread_id::ThreadId;
use tracing::trace;
use wasmtime::Linker;

/// What a suspending built-in returns if no cancellation was delivered.
const COMPLETED: i32 = 0;

/// `thread.resume-later`.
pub(super) fn define_resume_later<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    let resume_later = |mut caller: Caller<'_, T>, target: u32| {
        leaving::check(&mut caller)?;
        let target = caller.data().id.beside(target);
        caller.data().control.resume(target)?;
        log_resume(&caller, target);
        Ok(())
    };
    linker.func_wrap(ARGUMENTS, name, resume_later).map(drop)
}

/// `thread.suspend`.
pub(super) fn define_suspend<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    linker
        .func_wrap_async(ARGUMENTS, name, |mut caller: Caller<'_, T>, (): ()| {
            Box::new(async move {
                leaving::check(&mut caller)?;
                let Thread { instance, id, .. } = caller.data();
                instance.threads.suspend(*id);
                resumption(&mut caller).await
            })
        })
        .map(drop)
}

/// `thread.yield`.
pub(super) fn define_yield<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    linker
        .func_wrap_async(ARGUMENTS, name, |mut caller: Caller<'_, T>, (): ()| {
            Box::new(async move {
                leaving::check(&mut caller)?;
                turn(&mut caller).await
            })
        })
        .map(drop)
}

/// The four built-ins that combine the two above with resuming or promoting another thread.
#[derive(Clone, Copy)]
pub(super) enum Then {
    SuspendThenResume,
    YieldThenResume,
    SuspendThenPromote,
    YieldThenPromote,
}

pub(super) fn define_then<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    then: Then,
) -> wasmtime::Result<()> {
    macro_rules! define {
        ($name:ident) => {
            linker.func_wrap_async(ARGUMENTS, name, |mut caller: Caller<'_, T>, (target,): (u32,)| {
                Box::new(async move {
                    leaving::check(&mut caller)?;
                    let target = caller.data().id.beside(target);
                    $name(&mut caller, target).await
                })
            })
        };
    }
    match then {
        Then::SuspendThenResume => define!(suspend_then_resume),
        Then::YieldThenResume => define!(yield_then_resume),
        Then::SuspendThenPromote => define!(suspend_then_promote),
        Then::YieldThenPromote => define!(yield_then_promote),
    }?;
    Ok(())
}

async fn suspend_then_resume<T: Send + Sync + 'static>(
    caller: &mut Caller<'_, T>,
    target: ThreadId,
) -> wasmtime::Result<i32> {
    caller.data().control.switch(caller.data().id, target)?;
    log_resume(caller, target);
    resumption(caller).await
}

async fn yield_then_resume<T: Send + Sync + 'static>(
    caller: &mut Caller<'_, T>,
    target: ThreadId,
) -> wasmtime::Result<i32> {
    caller.data().control.resume_next(target)?;
    log_resume(caller, target);
    turn(caller).await
}

async fn suspend_then_promote<T: Send + Sync + 'static>(
    caller: &mut Caller<'_, T>,
    target: ThreadId,
) -> wasmtime::Result<i32> {
    let Thread { instance, id, .. } = caller.data();
    instance.promote(*id, target)?;
    instance.threads.suspend(*id);
    resumption(caller).await
}

async fn yield_then_promote<T: Send + Sync + 'static>(
    caller: &mut Caller<'_, T>,
    target: ThreadId,
) -> wasmtime::Result<i32> {
    let Thread { instance, id, .. } = caller.data();
    instance.promote(*id, target)?;
    turn(caller).await
}

/// Waits until the calling thread, which is suspended, has been resumed.
async fn resumption<T: Send + Sync + 'static>(caller: &mut Caller<'_, T>) -> wasmtime::Result<i32> {
    let Thread { instance, id, .. } = caller.data();
    trace!(target: log::WAITS, instance = instance.number, thread = id.index, "suspended");
    instance.threads.resumption(*id).await?;
    trace!(target: log::WAITS, instance = instance.number, thread = id.index, "resumed");
    begin_time_slice(caller);
    Ok(COMPLETED)
}

/// Waits until it is the calling thread's turn again.
async fn turn<T: Send + Sync + 'static>(caller: &mut Caller<'_, T>) -> wasmtime::Result<i32> {
    let Thread { instance, id, .. } = caller.data();
    trace!(target: log::WAITS, instance = instance.number, thread = id.index, "yields");
    instance.record.counters.here().count(Count::Yield);
    yield_now().await;
    begin_time_slice(caller);
    Ok(COMPLETED)
}

fn log_resume<T>(caller: &Caller<'_, T>, target: ThreadId) {
    let Thread { instance, id, .. } = caller.data();
    trace!(target: log::WAITS, instance = instance.number, thread = target.index, by = id.index, "made ready");
}
