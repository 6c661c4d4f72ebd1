//! The result of a lowered function that waits for memory in the guest.
//!
//! The run-time module calls the host's function, then `realloc`, then the host again with the pointer: see
//! [`Lowered::allocates`](weft_lower::plan::Lowered::allocates). In between the result is here.

use crate::state::context::SavedContext;
use wasmtime::StoreContextMut;

/// Stores a result, with the pointer that `realloc` gave.
type StoreResult<D> = dyn FnOnce(&mut StoreContextMut<'_, D>, u64) -> wasmtime::Result<()> + Send + Sync;

/// See the module.
pub(crate) struct PendingResult<D: 'static> {
    /// The context slots of the caller.
    pub(crate) saved: SavedContext,
    pub(crate) store: Box<StoreResult<D>>,
}
