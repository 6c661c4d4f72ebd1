//! The types that an embedder holds: a linker with the host's definitions, instances, their functions, and the views
//! that host functions get.
//!
//! **Problem.** An embedder's state has any type `T`. If the runtime were generic in `T`, each program would compile
//! all of it again for each `T`, which takes minutes. **Here,** only thin wrapper types name `T`. Below them, the state
//! of all instances has one type, [`HostState`](state::HostState), so the runtime is compiled once, in this crate. A
//! host function gets its `T` from the state by one comparison of type ids.
//!
//! Functions without type parameters call the layer below ([`erased`]). If a function is generic, even only in `T`, the
//! generic functions that it calls are compiled in the embedder's crate.
//!
//! **Rejected:** `T` as the data of the stores, as in Wasmtime (each built-in would be compiled as a host function for
//! each `T`).

pub(crate) mod context;
mod erased;
pub(crate) mod func;
pub mod guest;
pub(crate) mod host_module;
pub(crate) mod instance;
pub(crate) mod instance_pre;
pub(crate) mod linker;
pub(crate) mod linker_instance;
pub(crate) mod state;
