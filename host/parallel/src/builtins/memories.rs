//! `memory.grow` of shared memories. All of them count against one limit of the instance.

use super::arguments::{ARGUMENTS, Operand};
use crate::limits::budget::{self, NotGrown, PAGE};
use crate::limits::limiter::Resource;
use crate::log;
use crate::state::thread::{Caller, Thread};
use tracing::debug;
use wasmtime::Linker;
use weft_lower::plan::MemoryIndex;

/// `memory.grow`.
pub(super) fn define_grow<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    memory: MemoryIndex,
    memory64: bool,
) -> wasmtime::Result<()> {
    macro_rules! define {
        ($pages:ty) => {
            linker.func_wrap(ARGUMENTS, name, move |caller: Caller<'_, T>, pages: $pages| {
                let before = grow(caller.data(), memory, pages.unsigned())?;
                wasmtime::Result::Ok(<$pages>::from_unsigned(before))
            })
        };
    }
    match memory64 {
        false => define!(i32),
        true => define!(i64),
    }?;
    Ok(())
}

/// Returns the old size, or `None` if the memory does not grow. An error comes from the limiter.
fn grow<T: Send + Sync + 'static>(
    thread: &Thread<T>,
    memory: MemoryIndex,
    pages: u64,
) -> wasmtime::Result<Option<u64>> {
    let Thread { instance, id, .. } = thread;
    let limiter = &instance.budget.limiter;
    let bytes = |pages: u64| pages.saturating_mul(PAGE);
    let allows = |size, grown, maximum: Option<u64>| {
        limiter.allows(Resource::Memory, bytes(size), bytes(grown), maximum.map(bytes))
    };
    let grown = budget::grow_shared(&instance.budget, instance.memory(memory), pages, allows)?;
    if grown == Err(NotGrown::System) {
        limiter.failed(Resource::Memory);
    }
    let log = |reason: &NotGrown| {
        let memory = memory.index();
        debug!(target: log::LIMITS, instance = instance.number, thread = id.index, memory, pages, %reason, "a memory did not grow");
    };
    Ok(grown.inspect_err(log).ok())
}
