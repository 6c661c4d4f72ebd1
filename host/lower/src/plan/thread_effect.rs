//! What built-ins do to threads.

use super::{Builtin, StartExport, StartTable};

/// What a built-in does to threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadEffect<'a> {
    /// It makes a thread that starts with a function of this type: one of the table, or one that the caller refers to.
    Start(Option<&'a StartTable>, &'a StartExport),
    /// It suspends or resumes threads.
    Switch,
    /// It does neither. `thread.yield` is one of these, because it picks no thread.
    None,
}

impl Builtin {
    /// What the built-in does to threads.
    pub fn thread_effect(&self) -> ThreadEffect<'_> {
        match self {
            Builtin::SpawnIndirect(table, ty) | Builtin::NewIndirect(table, ty) => ThreadEffect::Start(Some(table), ty),
            Builtin::SpawnRef(ty) => ThreadEffect::Start(None, ty),
            Builtin::ResumeLater
            | Builtin::Suspend
            | Builtin::SuspendThenResume
            | Builtin::YieldThenResume
            | Builtin::SuspendThenPromote
            | Builtin::YieldThenPromote => ThreadEffect::Switch,
            Builtin::ThreadIndex
            | Builtin::AvailableParallelism
            | Builtin::Yield
            | Builtin::Wait32(_)
            | Builtin::Wait64(_)
            | Builtin::Notify(_)
            | Builtin::GrowMemory(_)
            | Builtin::Transcode { .. }
            | Builtin::StoreResult(_)
            | Builtin::Trap
            | Builtin::EnterInstance(_)
            | Builtin::ExitInstance
            | Builtin::EnterExclusively(_)
            | Builtin::ExitExclusively
            | Builtin::CallExclusively { .. }
            | Builtin::FunctionHandle
            | Builtin::GrowTable(_)
            | Builtin::ReserveTable
            | Builtin::ResourceNew(_)
            | Builtin::ResourceRep(_)
            | Builtin::ResourceDrop(_)
            | Builtin::ResourceRemove(_)
            | Builtin::TransferOwn
            | Builtin::TransferBorrow
            | Builtin::EndBorrows => ThreadEffect::None,
        }
    }
}
