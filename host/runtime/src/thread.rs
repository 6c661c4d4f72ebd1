//! What a guest thread's store holds.

use crate::memory::GuestMemory;
use std::sync::Arc;
use wasmtime::SharedMemory;

/// The view that a host function has of the guest thread that calls it.
///
/// It is Wasmtime's own caller, so what is known of that one holds here: [`Caller::data`](wasmtime::Caller::data) gives
/// the [`Thread`].
pub type Caller<'a, T> = wasmtime::Caller<'a, Thread<T>>;

/// A guest thread, as host functions see it.
pub struct Thread<T> {
    host: Arc<T>,
    memory: Option<SharedMemory>,
}

impl<T> Thread<T> {
    /// The embedder's state, one for all threads of the program.
    pub fn host(&self) -> &T {
        &self.host
    }

    /// The memory that the component passes to the host modules that it imports.
    ///
    /// # Errors
    ///
    /// The component passes none.
    pub fn memory(&self) -> wasmtime::Result<GuestMemory<'_>> {
        match &self.memory {
            Some(memory) => Ok(GuestMemory::new(memory)),
            None => Err(wasmtime::Error::msg("the component passes no memory to its host modules")),
        }
    }
}

/// The error that a host function returns to end the whole program with an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("exit with code {0}")]
pub struct Exit(pub i32);
