//! The canonical built-ins, and the instructions that the lowering turns into calls, as host functions.

pub(crate) mod arguments;
pub(crate) mod arities;
mod atomics;
mod calls;
pub(crate) mod core_functions;
mod exclusive;
pub(crate) mod imports;
mod memories;
pub(crate) mod resources;
mod results;
mod scheduling;
mod starting;
mod tables;
mod transfers;
pub(crate) mod typed_imports;

use crate::state::leaving;
use crate::state::thread::{Caller, Program, Thread};
use arguments::{ARGUMENTS, function_type};
use atomics::Action;
use scheduling::Then;
use starting::Made;
use wasmtime::{ExternType, Linker};
use weft_lower::plan::{Builtin, MemoryIndex};

/// Defines a built-in under this argument name, for an import of the given type.
pub(crate) fn define<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    program: &Program<T>,
    name: &str,
    builtin: &Builtin,
    import: &ExternType,
) -> wasmtime::Result<()> {
    let plan = program.component.plan();
    let atomic = |linker: &mut Linker<Thread<T>>, action, memory: MemoryIndex| {
        atomics::define(linker, name, action, memory, &plan.memories[memory.index()])
    };
    match builtin {
        Builtin::SpawnIndirect(table, ty) => starting::define_indirect(linker, program, name, Made::Ready, (table, ty)),
        Builtin::NewIndirect(table, ty) => {
            starting::define_indirect(linker, program, name, Made::Suspended, (table, ty))
        }
        Builtin::SpawnRef(ty) => starting::define_spawn_ref(linker, program, name, ty, function_type(import)?),
        Builtin::ThreadIndex => {
            let index = |mut caller: Caller<'_, T>| {
                leaving::check(&mut caller)?;
                wasmtime::Result::Ok(caller.data().index())
            };
            linker.func_wrap(ARGUMENTS, name, index).map(drop)
        }
        Builtin::AvailableParallelism => {
            let workers = program.engine().workers().get();
            linker.func_wrap(ARGUMENTS, name, move || workers as i32).map(drop)
        }
        Builtin::ResumeLater => scheduling::define_resume_later(linker, name),
        Builtin::Suspend => scheduling::define_suspend(linker, name),
        Builtin::Yield => scheduling::define_yield(linker, name),
        Builtin::SuspendThenResume => scheduling::define_then(linker, name, Then::SuspendThenResume),
        Builtin::YieldThenResume => scheduling::define_then(linker, name, Then::YieldThenResume),
        Builtin::SuspendThenPromote => scheduling::define_then(linker, name, Then::SuspendThenPromote),
        Builtin::YieldThenPromote => scheduling::define_then(linker, name, Then::YieldThenPromote),
        Builtin::Wait32(memory) => atomic(linker, Action::Wait32, *memory),
        Builtin::Wait64(memory) => atomic(linker, Action::Wait64, *memory),
        Builtin::Notify(memory) => atomic(linker, Action::Notify, *memory),
        Builtin::GrowMemory(memory) => {
            memories::define_grow(linker, name, *memory, plan.memories[memory.index()].memory64)
        }
        Builtin::Transcode { transcoding, from, to } => {
            calls::define_transcoder(linker, name, *transcoding, [from, to], function_type(import)?)
        }
        Builtin::StoreResult(width) => results::define_store(linker, name, *width),
        Builtin::Trap => calls::define_trap(linker, name),
        Builtin::EnterInstance(table) => calls::define_enter(linker, name, *table),
        Builtin::ExitInstance => calls::define_exit(linker, name),
        Builtin::EnterExclusively(instance) => exclusive::define_enter(linker, name, *instance),
        Builtin::ExitExclusively => exclusive::define_exit(linker, name),
        Builtin::CallExclusively { instance, export } => {
            exclusive::define_call(linker, name, plan.home(*instance), export, function_type(import)?)
        }
        Builtin::FunctionHandle => tables::define_function_handle(linker, name),
        Builtin::GrowTable(table) => tables::define_grow(linker, name, *table, plan.tables[table.index()].table64),
        Builtin::ReserveTable => tables::define_reserve(linker, name),
        Builtin::ResourceNew(index) => resources::define_new(linker, name, resources::resource(plan, *index)?),
        Builtin::ResourceRep(index) => resources::define_rep(linker, name, resources::resource(plan, *index)?),
        Builtin::ResourceDrop(index) => resources::define_drop(linker, name, plan, resources::resource(plan, *index)?),
        Builtin::ResourceRemove(index) => resources::define_remove(linker, name, resources::resource(plan, *index)?),
        Builtin::TransferOwn => transfers::define_own(linker, name),
        Builtin::TransferBorrow => transfers::define_borrow(linker, name),
        Builtin::EndBorrows => transfers::define_end(linker, name),
    }
}
