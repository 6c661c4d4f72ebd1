//! The stores that guest threads run in: one store for each thread that has started and not ended.

pub(crate) mod guest_calls;
mod import_check;
pub(crate) mod interruption;
pub(crate) mod lifted;
mod lifted_core;
pub(crate) mod linked_module;
pub(crate) mod own_exports;
pub(crate) mod pool;
pub(crate) mod thread_store;
