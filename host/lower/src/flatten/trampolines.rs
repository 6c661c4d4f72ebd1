//! The translator's trampolines: which of them are canonical built-ins, and which look threads up.

use crate::builtins::CanonicalBuiltin;
use wasmtime_environ::component::{RuntimeComponentInstanceIndex, Trampoline};

/// The built-in for a trampoline, or `None` if the trampoline is another part of a call. The match names every variant,
/// so that a new one does not compile until it is added here.
pub(super) fn canonical(trampoline: &Trampoline) -> Option<CanonicalBuiltin> {
    macro_rules! same_name {
        ($($variant:ident)*) => {
            match trampoline {
                $(Trampoline::$variant { .. } => Some(CanonicalBuiltin::$variant),)*
                Trampoline::LowerImport { .. }
                | Trampoline::Transcoder { .. }
                | Trampoline::ResourceTransferOwn
                | Trampoline::ResourceTransferBorrow
                | Trampoline::PrepareCall { .. }
                | Trampoline::SyncStartCall { .. }
                | Trampoline::AsyncStartCall { .. }
                | Trampoline::FutureTransfer
                | Trampoline::StreamTransfer
                | Trampoline::ErrorContextTransfer
                | Trampoline::Trap
                | Trampoline::EnterSyncCall
                | Trampoline::ExitSyncCall => None,
            }
        };
    }
    same_name! {
        ResourceNew ResourceRep ResourceDrop
        BackpressureInc BackpressureDec
        TaskReturn TaskCancel
        WaitableSetNew WaitableSetWait WaitableSetPoll WaitableSetDrop WaitableJoin
        SubtaskDrop SubtaskCancel
        StreamNew StreamRead StreamWrite StreamCancelRead StreamCancelWrite StreamDropReadable StreamDropWritable
        FutureNew FutureRead FutureWrite FutureCancelRead FutureCancelWrite FutureDropReadable FutureDropWritable
        ErrorContextNew ErrorContextDebugMessage ErrorContextDrop
        ThreadIndex ThreadNewIndirect ThreadResumeLater ThreadSuspend ThreadYield
        ThreadSuspendThenResume ThreadYieldThenResume ThreadSuspendThenPromote ThreadYieldThenPromote
    }
}

/// The component instance in whose thread table a trampoline looks a thread up, if it does.
pub(super) fn thread_table(trampoline: &Trampoline) -> Option<RuntimeComponentInstanceIndex> {
    match trampoline {
        Trampoline::ThreadIndex { instance }
        | Trampoline::ThreadNewIndirect { instance, .. }
        | Trampoline::ThreadResumeLater { instance }
        | Trampoline::ThreadSuspendThenResume { instance, .. }
        | Trampoline::ThreadYieldThenResume { instance, .. }
        | Trampoline::ThreadSuspendThenPromote { instance, .. }
        | Trampoline::ThreadYieldThenPromote { instance, .. }
        // Suspends the calling thread, so that other threads of the instance can resume it.
        | Trampoline::ThreadSuspend { instance, .. } => Some(*instance),
        // Switches to whichever thread is next.
        Trampoline::ThreadYield { .. } => None,
        Trampoline::LowerImport { .. }
        | Trampoline::Transcoder { .. }
        | Trampoline::ResourceNew { .. }
        | Trampoline::ResourceRep { .. }
        | Trampoline::ResourceDrop { .. }
        | Trampoline::BackpressureInc { .. }
        | Trampoline::BackpressureDec { .. }
        | Trampoline::TaskReturn { .. }
        | Trampoline::TaskCancel { .. }
        | Trampoline::WaitableSetNew { .. }
        | Trampoline::WaitableSetWait { .. }
        | Trampoline::WaitableSetPoll { .. }
        | Trampoline::WaitableSetDrop { .. }
        | Trampoline::WaitableJoin { .. }
        | Trampoline::SubtaskDrop { .. }
        | Trampoline::SubtaskCancel { .. }
        | Trampoline::StreamNew { .. }
        | Trampoline::StreamRead { .. }
        | Trampoline::StreamWrite { .. }
        | Trampoline::StreamCancelRead { .. }
        | Trampoline::StreamCancelWrite { .. }
        | Trampoline::StreamDropReadable { .. }
        | Trampoline::StreamDropWritable { .. }
        | Trampoline::FutureNew { .. }
        | Trampoline::FutureRead { .. }
        | Trampoline::FutureWrite { .. }
        | Trampoline::FutureCancelRead { .. }
        | Trampoline::FutureCancelWrite { .. }
        | Trampoline::FutureDropReadable { .. }
        | Trampoline::FutureDropWritable { .. }
        | Trampoline::ErrorContextNew { .. }
        | Trampoline::ErrorContextDebugMessage { .. }
        | Trampoline::ErrorContextDrop { .. }
        | Trampoline::ResourceTransferOwn
        | Trampoline::ResourceTransferBorrow
        | Trampoline::PrepareCall { .. }
        | Trampoline::SyncStartCall { .. }
        | Trampoline::AsyncStartCall { .. }
        | Trampoline::FutureTransfer
        | Trampoline::StreamTransfer
        | Trampoline::ErrorContextTransfer
        | Trampoline::Trap
        | Trampoline::EnterSyncCall
        | Trampoline::ExitSyncCall => None,
    }
}
