//! What canonical options name, in one store: a memory, and `realloc`.
//!
//! A plan names exports of the run-time module. `option_lookup.rs` looks them up.

use crate::state::resources::Resources;
use std::sync::Arc;
use wasmtime::TypedFunc;
use weft_lower::plan::MemoryIndex;

/// See the module. A store keeps one in its own `Arc`. Cloning a typed function changes a reference count that all
/// stores share, and parallel threads would contend for it.
pub(crate) struct StoreOptions {
    /// The resources of the store's instance.
    pub(crate) resources: Arc<Resources>,
    pub(crate) memory: Option<StoreMemory>,
    pub(crate) realloc: Option<Realloc>,
}

/// The memory that options name.
#[derive(Clone, Copy)]
pub(crate) enum StoreMemory {
    /// A memory that all threads share.
    Shared(MemoryIndex),
    /// A memory of this store alone.
    Unshared(wasmtime::Memory),
}

/// A `realloc` function, by the width of addresses.
pub(crate) enum Realloc {
    W32(TypedFunc<(u32, u32, u32, u32), u32>),
    W64(TypedFunc<(u64, u64, u64, u64), u64>),
}
