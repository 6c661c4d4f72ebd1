//! The layout of the list of contexts in the memory that the adapter adds for it. `pool.rs` and `blocks.rs` write the code that reads
//! and changes the list.

use crate::index::MemoryIndex;
use wasm_encoder::MemArg;

/// The size of a context in the list, and of the header before the first one.
pub(crate) const CONTEXT: i32 = 32;
/// In the header: the head of the list of free contexts, and the size of all contexts in bytes.
pub(crate) const HEAD: u64 = 0;
pub(crate) const USED: u64 = 8;
/// Whether a call of an export has the main thread's globals, including its stack pointer.
pub(crate) const MAIN_TAKEN: u64 = 12;
/// The context in which the module's allocator runs, and the lock of the thread that uses it.
pub(crate) const FIRST: u64 = 16;
pub(crate) const LOCK: u64 = 20;
/// The fields of a context.
pub(crate) const NEXT: u64 = 0;
pub(crate) const STACK: u64 = 4;
pub(crate) const TLS: u64 = 8;
pub(crate) const FUNCTION: u64 = 12;
pub(crate) const ARGUMENT: u64 = 16;
/// The most pages of the list. They have room for 131,071 contexts.
pub(crate) const LIST_PAGES: u64 = 64;

/// A field of 32 bits in the list, which is in this memory.
pub(crate) fn field(offset: u64, memory: MemoryIndex) -> MemArg {
    MemArg {
        offset,
        align: 2,
        memory_index: memory.0,
    }
}

/// A field of 64 bits.
pub(crate) fn wide(offset: u64, memory: MemoryIndex) -> MemArg {
    MemArg {
        offset,
        align: 3,
        memory_index: memory.0,
    }
}
