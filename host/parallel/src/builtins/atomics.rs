//! The instructions on shared memories that the lowering turns into host calls: `memory.atomic.wait32`, `wait64` and
//! `notify`.

use super::arguments::ARGUMENTS;
use crate::log;
use crate::memory::guest_memory::{AtomicAccessError, GuestMemory};
use crate::memory::waiters::{Location, WaitResult};
use crate::metrics::counters::Count;
use crate::state::slice::begin_time_slice;
use crate::state::thread::{Caller, Thread};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tracing::{Level, trace};
use wasmtime::{Linker, Trap};
use weft_lower::plan::{Memory, MemoryIndex};

/// The atomic instruction that became a host call.
#[derive(Clone, Copy)]
pub(super) enum Action {
    Wait32,
    Wait64,
    Notify,
}

/// Addresses have the memory's own width; the instruction's constant offset is the last operand.
pub(super) fn define<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    action: Action,
    memory: MemoryIndex,
    ty: &Memory,
) -> wasmtime::Result<()> {
    let shared = ty.shared;
    macro_rules! wait {
        ($address:ty, $unsigned:ty, $expected:ty, $wait:ident) => {
            linker.func_wrap_async(
                ARGUMENTS,
                name,
                move |mut caller: Caller<'_, T>,
                      (address, expected, timeout, offset): ($address, $expected, i64, i64)| {
                    let access = Access::new(memory, u64::from(address as $unsigned), offset);
                    Box::new(async move {
                        let result = $wait(caller.data(), access, shared, expected, timeout).await?;
                        if result != WaitResult::NotEqual {
                            begin_time_slice(&mut caller);
                        }
                        wasmtime::Result::Ok(result as i32)
                    })
                },
            )
        };
    }
    macro_rules! notify {
        ($address:ty, $unsigned:ty) => {
            linker.func_wrap(
                ARGUMENTS,
                name,
                move |caller: Caller<'_, T>, address: $address, count: i32, offset: i64| {
                    let access = Access::new(memory, u64::from(address as $unsigned), offset);
                    notify(caller.data(), access, count as u32)
                },
            )
        };
    }
    match (action, ty.memory64) {
        (Action::Wait32, false) => wait!(i32, u32, i32, wait32),
        (Action::Wait32, true) => wait!(i64, u64, i32, wait32),
        (Action::Wait64, false) => wait!(i32, u32, i64, wait64),
        (Action::Wait64, true) => wait!(i64, u64, i64, wait64),
        (Action::Notify, false) => notify!(i32, u32),
        (Action::Notify, true) => notify!(i64, u64),
    }?;
    Ok(())
}

/// The target of an atomic instruction.
#[derive(Clone, Copy)]
struct Access {
    memory: MemoryIndex,
    /// `None` if address plus offset overflows.
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

/// No other thread could wake a thread that waits on an unshared memory.
fn check_shared(shared: bool) -> Result<(), Trap> {
    match shared {
        true => Ok(()),
        false => Err(Trap::AtomicWaitNonSharedMemory),
    }
}

fn timeout(nanoseconds: i64) -> Option<Duration> {
    u64::try_from(nanoseconds).ok().map(Duration::from_nanos)
}

async fn wait32<T>(
    thread: &Thread<T>,
    access: Access,
    shared: bool,
    expected: i32,
    nanoseconds: i64,
) -> wasmtime::Result<WaitResult> {
    let location = access.location()?;
    let memory = GuestMemory::new(thread.instance.memory(location.memory));
    let cell = memory.atomic_u32(location.address).map_err(atomic_trap)?;
    check_shared(shared)?;
    let differs = || u32::from_le(cell.load(Ordering::SeqCst)) != expected as u32;
    Ok(wait(thread, location, differs, nanoseconds).await)
}

async fn wait64<T>(
    thread: &Thread<T>,
    access: Access,
    shared: bool,
    expected: i64,
    nanoseconds: i64,
) -> wasmtime::Result<WaitResult> {
    let location = access.location()?;
    let memory = GuestMemory::new(thread.instance.memory(location.memory));
    let cell = memory.atomic_u64(location.address).map_err(atomic_trap)?;
    check_shared(shared)?;
    let differs = || u64::from_le(cell.load(Ordering::SeqCst)) != expected as u64;
    Ok(wait(thread, location, differs, nanoseconds).await)
}

async fn wait<T>(
    thread: &Thread<T>,
    location: Location,
    differs: impl Fn() -> bool + Send,
    nanoseconds: i64,
) -> WaitResult {
    log_wait(thread, location, nanoseconds);
    let result = thread
        .instance
        .waiters
        .wait(location, differs, timeout(nanoseconds))
        .await;
    if nanoseconds == 0 && result == WaitResult::TimedOut {
        // The wait only let other threads run.
        thread.instance.record.counters.here().count(Count::Yield);
    }
    log_waited(thread, location, result);
    result
}

fn log_wait<T>(thread: &Thread<T>, location: Location, nanoseconds: i64) {
    log::rarely(Level::TRACE, || {
        let Thread { instance, id, .. } = thread;
        let (memory, address) = (location.memory.index(), location.address);
        let timeout = timeout(nanoseconds);
        trace!(target: log::WAITS, instance = instance.number, thread = id.index, memory, address, ?timeout, "waits");
    });
}

fn log_waited<T>(thread: &Thread<T>, location: Location, result: WaitResult) {
    log::rarely(Level::TRACE, || {
        let Thread { instance, id, .. } = thread;
        let (memory, address) = (location.memory.index(), location.address);
        trace!(target: log::WAITS, instance = instance.number, thread = id.index, memory, address, ?result, "waited");
    });
}

fn notify<T>(thread: &Thread<T>, access: Access, count: u32) -> wasmtime::Result<u32> {
    let location = access.location()?;
    let memory = GuestMemory::new(thread.instance.memory(location.memory));
    memory.atomic_u32(location.address).map_err(atomic_trap)?;
    let Thread { instance, id, .. } = thread;
    let woken = instance.waiters.notify(location, count);
    log::rarely(Level::TRACE, || {
        let (memory, address) = (location.memory.index(), location.address);
        trace!(target: log::WAITS, instance = instance.number, thread = id.index, memory, address, count, woken, "notifies");
    });
    Ok(woken)
}
