//! The core functions that canonical definitions refer to.
//!
//! The match names every definition, so that a new one does not compile until someone says which functions it has.

use wasmparser::{CanonicalFunction, CanonicalOption};

/// The purpose of an export of the main module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    /// Callers of the component call it, or the component calls it when it is instantiated.
    Call,
    /// A `realloc` or a destructor: it runs in the middle of the calls of other threads.
    Callee,
}

/// The function that a definition lifts, and the options.
pub(crate) fn operands(canon: &CanonicalFunction) -> (Option<u32>, &[CanonicalOption]) {
    match canon {
        CanonicalFunction::Lift {
            core_func_index,
            options,
            ..
        } => (Some(*core_func_index), options),
        CanonicalFunction::Lower { options, .. }
        | CanonicalFunction::TaskReturn { options, .. }
        | CanonicalFunction::StreamRead { options, .. }
        | CanonicalFunction::StreamWrite { options, .. }
        | CanonicalFunction::FutureRead { options, .. }
        | CanonicalFunction::FutureWrite { options, .. }
        | CanonicalFunction::ErrorContextNew { options }
        | CanonicalFunction::ErrorContextDebugMessage { options } => (None, options),
        CanonicalFunction::ResourceNew { .. }
        | CanonicalFunction::ResourceDrop { .. }
        | CanonicalFunction::ResourceRep { .. }
        | CanonicalFunction::ThreadSpawnRef { .. }
        | CanonicalFunction::ThreadSpawnIndirect { .. }
        | CanonicalFunction::ThreadAvailableParallelism
        | CanonicalFunction::BackpressureInc
        | CanonicalFunction::BackpressureDec
        | CanonicalFunction::TaskCancel
        | CanonicalFunction::ContextGet { .. }
        | CanonicalFunction::ContextSet { .. }
        | CanonicalFunction::ThreadYield { .. }
        | CanonicalFunction::SubtaskDrop
        | CanonicalFunction::SubtaskCancel { .. }
        | CanonicalFunction::StreamNew { .. }
        | CanonicalFunction::StreamCancelRead { .. }
        | CanonicalFunction::StreamCancelWrite { .. }
        | CanonicalFunction::StreamDropReadable { .. }
        | CanonicalFunction::StreamDropWritable { .. }
        | CanonicalFunction::FutureNew { .. }
        | CanonicalFunction::FutureCancelRead { .. }
        | CanonicalFunction::FutureCancelWrite { .. }
        | CanonicalFunction::FutureDropReadable { .. }
        | CanonicalFunction::FutureDropWritable { .. }
        | CanonicalFunction::ErrorContextDrop
        | CanonicalFunction::WaitableSetNew
        | CanonicalFunction::WaitableSetWait { .. }
        | CanonicalFunction::WaitableSetPoll { .. }
        | CanonicalFunction::WaitableSetDrop
        | CanonicalFunction::WaitableJoin
        | CanonicalFunction::ThreadIndex
        | CanonicalFunction::ThreadNewIndirect { .. }
        | CanonicalFunction::ThreadResumeLater
        | CanonicalFunction::ThreadSuspend { .. }
        | CanonicalFunction::ThreadSuspendThenResume { .. }
        | CanonicalFunction::ThreadYieldThenResume { .. }
        | CanonicalFunction::ThreadSuspendThenPromote { .. }
        | CanonicalFunction::ThreadYieldThenPromote { .. } => (None, &[]),
    }
}

/// The function that an option names, and what it is for.
pub(crate) fn option_function(option: &CanonicalOption) -> Option<(u32, Use)> {
    match option {
        CanonicalOption::Realloc(func) => Some((*func, Use::Callee)),
        CanonicalOption::PostReturn(func) | CanonicalOption::Callback(func) => Some((*func, Use::Call)),
        CanonicalOption::UTF8
        | CanonicalOption::UTF16
        | CanonicalOption::CompactUTF16
        | CanonicalOption::Memory(_)
        | CanonicalOption::Async
        | CanonicalOption::CoreType(_)
        | CanonicalOption::Gc => None,
    }
}
