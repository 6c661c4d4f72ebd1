//! The built-ins that create threads: [`thread.spawn-ref`], [`thread.spawn-indirect`] and [`thread.new-indirect`].
//!
//! They check, in this order, and trap if a check fails: the component instance may be left; the index is in the
//! table's bounds; the element is a function; the function has the right type; there is room for the thread. In the
//! deterministic profile, a spawn makes only the first check, and then returns 0 and starts nothing.
//!
//! If the limit of threads is reached, a spawn also returns 0, which is never a thread's index. `thread.new-indirect`
//! has no such result, and traps.
//!
//! [`thread.spawn-ref`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-ref
//! [`thread.spawn-indirect`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
//! [`thread.new-indirect`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadnew-indirect

use super::arguments::{ARGUMENTS, Operand};
use crate::error::trap;
use crate::log;
use crate::state::leaving;
use crate::state::start_functions;
use crate::state::thread::{Caller, Program, Thread};
use crate::threads::spawn_refusals::SpawnRefusal;
use crate::threads::start::{FixedTable, Start, StartFunction};
use crate::threads::thread_table::NoThread;
use tracing::debug;
use wasmtime::{FuncType, Linker, Trap, Val};
use weft_lower::plan::{FUNCTIONS_EXPORT, StartExport, StartTable, WrittenTableIndex};

/// The state in which a thread is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    Ready,
    Suspended,
}

/// Where the functions of new threads come from.
#[derive(Clone, Copy)]
enum Source {
    Fixed(FixedTable),
    /// A table that changes, and the table that its elements index.
    Written(WrittenTableIndex, FixedTable),
}

/// `thread.spawn-indirect` or `thread.new-indirect`.
pub(super) fn define_indirect<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    program: &Program<T>,
    name: &str,
    made: Made,
    (table, ty): (&StartTable, &StartExport),
) -> wasmtime::Result<()> {
    let starts = &program.starts;
    let (source, table64) = match table {
        StartTable::Fixed { export, table64 } => (Source::Fixed(starts.table(export)?), *table64),
        StartTable::Written(table) => {
            let table64 = program.component.plan().tables[table.index()].table64;
            (Source::Written(*table, starts.table(FUNCTIONS_EXPORT)?), table64)
        }
    };
    let (wide, ty) = (ty.wide, starts.ty(ty)?);
    let starts_nothing = made == Made::Ready && program.engine().is_deterministic();
    macro_rules! define {
        ($index:ty, $argument:ty) => {
            linker.func_wrap(
                ARGUMENTS,
                name,
                move |mut caller: Caller<'_, T>, index: $index, argument: $argument| {
                    leaving::check(&mut caller)?;
                    if starts_nothing {
                        return Ok(refused(&caller, SpawnRefusal::Profile));
                    }
                    let (table, index) = source.element(&caller, index.unsigned())?;
                    make(
                        &mut caller,
                        made,
                        StartFunction { table, index, ty },
                        argument.bits(),
                    )
                },
            )
        };
    }
    match (table64, wide) {
        (false, false) => define!(i32, i32),
        (false, true) => define!(i32, i64),
        (true, false) => define!(i64, i32),
        (true, true) => define!(i64, i64),
    }?;
    Ok(())
}

/// `thread.spawn-ref`. Its type refers to a type of the component, so it is taken from the import.
pub(super) fn define_spawn_ref<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    program: &Program<T>,
    name: &str,
    ty: &StartExport,
    import: &FuncType,
) -> wasmtime::Result<()> {
    let (table, ty) = (program.starts.table(FUNCTIONS_EXPORT)?, program.starts.ty(ty)?);
    let starts_nothing = program.engine().is_deterministic();
    let spawn_ref = move |mut caller: Caller<'_, T>, parameters: &[Val], results: &mut [Val]| {
        let (function, argument) = match parameters {
            [Val::FuncRef(function), Val::I32(argument)] => (*function, argument.bits()),
            [Val::FuncRef(function), Val::I64(argument)] => (*function, argument.bits()),
            _ => return Err(trap("`thread.spawn-ref` is imported at another type")),
        };
        leaving::check(&mut caller)?;
        let index = match starts_nothing {
            true => refused(&caller, SpawnRefusal::Profile),
            false => {
                let function = function.ok_or(Trap::NullReference)?;
                let index = u64::from(start_functions::handle(&mut caller, Some(function))?.0);
                make(&mut caller, Made::Ready, StartFunction { table, index, ty }, argument)?
            }
        };
        results.fill(Val::I32(index as i32));
        Ok(())
    };
    linker.func_new(ARGUMENTS, name, import.clone(), spawn_ref).map(drop)
}

fn make<T: Send + Sync + 'static>(
    caller: &mut Caller<'_, T>,
    made: Made,
    function: StartFunction,
    argument: i64,
) -> wasmtime::Result<u32> {
    start_functions::check(&mut *caller, function)?;
    let Thread { instance, id: by, .. } = caller.data();
    let start = Start { function, argument };
    match made {
        Made::Suspended => {
            let thread = instance.threads.add_suspended(by.table, start)?.index;
            debug!(target: log::THREADS, instance = instance.number, thread, by = by.index, "created suspended");
            Ok(thread)
        }
        Made::Ready => match caller.data().control.spawn(*by, start) {
            Err(reason @ (NoThread::Limit | NoThread::Room(_) | NoThread::Ended)) => {
                Ok(refused(caller, SpawnRefusal::NoThread(reason)))
            }
            thread => Ok(thread?.index),
        },
    }
}

/// The result of a spawn that starts no thread.
fn refused<T>(caller: &Caller<'_, T>, reason: SpawnRefusal) -> u32 {
    let Thread { instance, id, .. } = caller.data();
    debug!(target: log::LIMITS, instance = instance.number, thread = id.index, %reason, "a spawn started no thread");
    instance.record.refused_spawns.count(reason);
    0
}

impl Source {
    /// The table and index of an element's function. An element of a table that changes is read here, once.
    fn element<T>(self, caller: &Caller<'_, T>, index: u64) -> Result<(FixedTable, u64), Trap> {
        Ok(match self {
            Source::Fixed(table) => (table, index),
            Source::Written(table, functions) => {
                let element = caller.data().instance.table(table).get(index)?;
                (functions, u64::from(element.0))
            }
        })
    }
}
