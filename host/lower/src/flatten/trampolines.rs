//! The translator's trampolines: which of them are canonical built-ins.

use crate::builtins::CanonicalBuiltin;
use wasmtime_environ::component::Trampoline;

/// The built-in that a trampoline is, or `None` if it is another part of a call. Every variant of the translator's is named, so
/// that a new one does not compile until somebody says what it is.
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
