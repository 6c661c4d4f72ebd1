//! Functions, memories and tables that core modules export, as the host uses them: inside of host functions, and outside.
//!
//! **Problem.** Hosts of plug-in modules get callbacks as indices into a table, allocate with the module's `malloc`, and read and write
//! its memory. Component-level exports have none of this. **Here,** [`Exports`] finds the items that a core module exports, by name. The
//! shapes are those of Wasmtime's `Memory`, `Table`, `Func` and `TypedFunc`. In place of a store, a method takes an [`AsContext`]: the
//! view that a host function gets, or the instance.
//!
//! | context | where it runs |
//! |---|---|
//! | `&mut Caller`, `&mut ThreadContext` | on the guest thread that called the host function, within that call |
//! | `&BlockingCaller` | on the guest thread that called the host function, which waits for it |
//! | `&Instance` | on a new thread of the guest, as a call of an export |
//!
//! Handles name an item of a component, and belong to no store and no thread. So they can be kept in the host's state and used from any
//! thread, as long as the context is one of the same component.
//!
//! **Rejected:** Wasmtime's own handles. Each belongs to one store, and each thread has a store of its own.

mod context;
mod exports;
mod func;
mod memory;
mod table;

pub use context::{AsContext, Context};
pub use exports::Exports;
pub use func::{Func, TypedFunc};
pub use memory::Memory;
pub use table::Table;
