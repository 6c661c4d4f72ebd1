//! The canonical built-ins, and the instructions that became calls of the host.

use crate::error::trap;
use crate::memory::{AtomicAccessError, GuestMemory};
use crate::program::{Program, Segment};
use crate::thread::{Caller, Thread};
use crate::waiters::Location;
use crate::worker::{StartFunction, check_start_function};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use wasmtime::{Linker, Trap};
use weft_lower::Plan;
use weft_lower::plan::{Builtin, CoreExport, Definition, MemoryIndex};

/// The module under which the built-ins stand in a linker. No component can import a module of this name.
pub(crate) const MODULE: &str = "weft:builtins";

/// The name of a built-in in [`MODULE`].
pub(crate) fn name(builtin: &Builtin) -> String {
    match builtin {
        Builtin::SpawnIndirect(table) => format!("spawn-indirect {} {}", table.instance.index(), table.name),
        Builtin::ThreadIndex => "thread-index".to_owned(),
        Builtin::AvailableParallelism => "available-parallelism".to_owned(),
        Builtin::Wait32(memory) => format!("wait32 {}", memory.index()),
        Builtin::Wait64(memory) => format!("wait64 {}", memory.index()),
        Builtin::Notify(memory) => format!("notify {}", memory.index()),
        Builtin::IsSegmentDropped(instance) => format!("is-segment-dropped {}", instance.index()),
        Builtin::DropSegment(instance) => format!("drop-segment {}", instance.index()),
    }
}

/// Defines the built-ins that a plan uses, and gives the tables that threads are spawned from.
pub(crate) fn define<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    plan: &Plan,
    workers: usize,
) -> wasmtime::Result<Vec<CoreExport>> {
    let mut spawn_tables = Vec::new();
    // A built-in that several modules import is defined each time alike.
    linker.allow_shadowing(true);
    for argument in plan.instances.iter().flat_map(|instance| &instance.arguments) {
        let Definition::Builtin(builtin) = argument else {
            continue;
        };
        let name = name(builtin);
        match builtin {
            Builtin::SpawnIndirect(table) => {
                let known = spawn_tables.iter().position(|other| other == table);
                let number = known.unwrap_or(spawn_tables.len());
                if known.is_none() {
                    spawn_tables.push(table.clone());
                }
                linker.func_wrap(
                    MODULE,
                    &name,
                    move |caller: Caller<'_, T>, function: i32, argument: i32| {
                        let start = StartFunction {
                            table: number,
                            index: u64::from(function as u32),
                        };
                        spawn_indirect(caller, start, argument)
                    },
                )?;
            }
            Builtin::ThreadIndex => {
                linker.func_wrap(MODULE, &name, |caller: Caller<'_, T>| {
                    check_may_leave(&caller)?;
                    wasmtime::Result::Ok(caller.data().index)
                })?;
            }
            Builtin::AvailableParallelism => {
                linker.func_wrap(MODULE, &name, move || workers as i32)?;
            }
            Builtin::IsSegmentDropped(instance) => {
                let instance = *instance;
                linker.func_wrap(MODULE, &name, move |caller: Caller<'_, T>, segment: u32| {
                    let segment = Segment { instance, segment };
                    i32::from(caller.data().program.is_dropped(segment))
                })?;
            }
            Builtin::DropSegment(instance) => {
                let instance = *instance;
                linker.func_wrap(MODULE, &name, move |caller: Caller<'_, T>, segment: u32| {
                    let segment = Segment { instance, segment };
                    caller.data().program.drop_segment(segment);
                })?;
            }
            Builtin::Wait32(memory) | Builtin::Wait64(memory) | Builtin::Notify(memory) => {
                let memory64 = plan.memories[memory.index()].memory64;
                define_atomic(linker, &name, builtin, *memory, memory64)?;
            }
        }
    }
    Ok(spawn_tables)
}

/// A `post-return` function may not call out of its component instance (LV-01, LV-02).
fn check_may_leave<T>(caller: &Caller<'_, T>) -> wasmtime::Result<()> {
    match caller.data().may_leave {
        true => Ok(()),
        false => Err(trap("cannot leave component instance")),
    }
}

/// [`thread.spawn-indirect`]: traps if there is no fit function in the table, and gives 0 if there are too many threads.
///
/// [`thread.spawn-indirect`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
fn spawn_indirect<T: Send + Sync + 'static>(
    mut caller: Caller<'_, T>,
    start: StartFunction,
    argument: i32,
) -> wasmtime::Result<u32> {
    check_may_leave(&caller)?;
    check_start_function(&mut caller, start)?;
    let program = &caller.data().program;
    let body = |index| {
        let program = Arc::clone(program);
        async move {
            let mut worker = program.worker(index).await?;
            worker.begin(index)?;
            worker.run(start, argument).await?;
            program.release(worker);
            Ok(())
        }
    };
    let started = program.start(body, |()| ());
    Ok(started.unwrap_or(0))
}

/// Addresses are of the memory's own width; the instruction's constant offset comes last.
fn define_atomic<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    builtin: &Builtin,
    memory: MemoryIndex,
    memory64: bool,
) -> wasmtime::Result<()> {
    macro_rules! wait {
        ($address:ty, $unsigned:ty, $expected:ty, $wait:ident) => {
            linker.func_wrap_async(
                MODULE,
                name,
                move |caller: Caller<'_, T>, (address, expected, timeout, offset): ($address, $expected, i64, i64)| {
                    let access = Access::new(memory, u64::from(address as $unsigned), offset);
                    Box::new(async move { $wait(&caller.data().program, access, expected, timeout).await })
                },
            )
        };
    }
    macro_rules! notify {
        ($address:ty, $unsigned:ty) => {
            linker.func_wrap(
                MODULE,
                name,
                move |caller: Caller<'_, T>, address: $address, count: i32, offset: i64| {
                    let access = Access::new(memory, u64::from(address as $unsigned), offset);
                    notify(&caller.data().program, access, count as u32)
                },
            )
        };
    }
    match (builtin, memory64) {
        (Builtin::Wait32(_), false) => wait!(i32, u32, i32, wait32),
        (Builtin::Wait32(_), true) => wait!(i64, u64, i32, wait32),
        (Builtin::Wait64(_), false) => wait!(i32, u32, i64, wait64),
        (Builtin::Wait64(_), true) => wait!(i64, u64, i64, wait64),
        (_, false) => notify!(i32, u32),
        (_, true) => notify!(i64, u64),
    }?;
    Ok(())
}

/// Where an atomic instruction goes.
#[derive(Clone, Copy)]
struct Access {
    memory: MemoryIndex,
    /// None where it is beyond all addresses.
    address: Option<u64>,
}

impl Access {
    fn new(memory: MemoryIndex, address: u64, offset: i64) -> Self {
        Access {
            memory,
            address: address.checked_add(offset as u64),
        }
    }

    fn location(self) -> Result<Location, Trap> {
        Ok(Location {
            memory: self.memory,
            address: self.address.ok_or(Trap::MemoryOutOfBounds)?,
        })
    }
}

fn atomic_trap(error: AtomicAccessError) -> Trap {
    match error {
        AtomicAccessError::OutOfBounds(_) => Trap::MemoryOutOfBounds,
        AtomicAccessError::Misaligned { .. } => Trap::HeapMisaligned,
    }
}

fn timeout(nanoseconds: i64) -> Option<Duration> {
    u64::try_from(nanoseconds).ok().map(Duration::from_nanos)
}

async fn wait32<T>(program: &Program<T>, access: Access, expected: i32, nanoseconds: i64) -> wasmtime::Result<i32> {
    let location = access.location()?;
    let memory = GuestMemory::new(program.memory(location.memory));
    let cell = memory.atomic_u32(location.address).map_err(atomic_trap)?;
    let differs = || u32::from_le(cell.load(Ordering::SeqCst)) != expected as u32;
    Ok(program.waiters.wait(location, differs, timeout(nanoseconds)).await as i32)
}

async fn wait64<T>(program: &Program<T>, access: Access, expected: i64, nanoseconds: i64) -> wasmtime::Result<i32> {
    let location = access.location()?;
    let memory = GuestMemory::new(program.memory(location.memory));
    let cell = memory.atomic_u64(location.address).map_err(atomic_trap)?;
    let differs = || u64::from_le(cell.load(Ordering::SeqCst)) != expected as u64;
    Ok(program.waiters.wait(location, differs, timeout(nanoseconds)).await as i32)
}

fn notify<T>(program: &Program<T>, access: Access, count: u32) -> wasmtime::Result<u32> {
    let location = access.location()?;
    let memory = GuestMemory::new(program.memory(location.memory));
    memory.atomic_u32(location.address).map_err(atomic_trap)?;
    Ok(program.waiters.notify(location, count))
}
