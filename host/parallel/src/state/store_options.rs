//! What canonical options name, in one store: a memory, and `realloc`.
//!
//! A plan names exports of the run-time module. `option_lookup.rs` looks them up.

use crate::state::resources::Resources;
use std::sync::Arc;
use wasmtime::TypedFunc;
use weft_lower::plan::MemoryIndex;

/// See the module. A store counts its references to one by itself. A copy of a typed function counts one that all stores share, and
/// threads that run in parallel would wait for each other's counting.
pub(crate) struct StoreOptions {
    /// Those of the store's instance.
    pub(crate) resources: Arc<Resources>,
    pub(crate) memory: Option<StoreMemory>,
    pub(crate) realloc: Option<Realloc>,
}

/// The memory that options name.
#[derive(Clone, Copy)]
pub(crate) enum StoreMemory {
    /// One that all threads share.
    Shared(MemoryIndex),
    /// One that the store has for itself.
    Unshared(wasmtime::Memory),
}

/// A `realloc` function, by the width of addresses.
pub(crate) enum Realloc {
    W32(TypedFunc<(u32, u32, u32, u32), u32>),
    W64(TypedFunc<(u64, u64, u64, u64), u64>),
}
