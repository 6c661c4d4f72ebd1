//! `memory.grow` of shared memories, which all count against one limit of the program's.

use super::{ARGUMENTS, Operand};
use crate::thread::{Caller, Thread};
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
                let before = caller.data().program.grow_memory(memory, pages.unsigned());
                <$pages>::from_unsigned(before)
            })
        };
    }
    match memory64 {
        false => define!(i32),
        true => define!(i64),
    }?;
    Ok(())
}
