//! Runs multi-threaded WebAssembly components on Wasmtime.

mod linker;
mod memory;
mod thread;

pub use linker::{HostModule, Linker};
pub use memory::{GuestMemory, OutOfBounds};
pub use thread::{Caller, Exit, Thread};
