//! `memory.grow` of shared memories, which all count against one limit of the instance's.

use super::arguments::{ARGUMENTS, Operand};
use crate::limits::budget::{self, NotGrown};
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
                <$pages>::from_unsigned(grow(caller.data(), memory, pages.unsigned()))
            })
        };
    }
    match memory64 {
        false => define!(i32),
        true => define!(i64),
    }?;
    Ok(())
}

fn grow<T: Send + Sync + 'static>(thread: &Thread<T>, memory: MemoryIndex, pages: u64) -> Option<u64> {
    let Thread { instance, id, .. } = thread;
    let grown = budget::grow_shared(&instance.budget, instance.memory(memory), pages);
    let log = |reason: &NotGrown| {
        let memory = memory.index();
        debug!(target: log::LIMITS, instance = instance.number, thread = id.index, memory, pages, %reason, "a memory did not grow");
    };
    grown.inspect_err(log).ok()
}
