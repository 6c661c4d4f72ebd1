//! What an embedder holds: a linker with the host's definitions, instances, their functions, and the views that host functions get.
//!
//! **Problem.** An embedder has a state of any type `T`. Code that is generic in `T` is compiled again in each program, for each `T`, and
//! that is all of the runtime: minutes. **Here,** types that name `T` and do nothing but name it. Below them, the state of all instances is
//! of one type, [`HostState`](state::HostState), so the runtime is compiled once, in this crate. A host function finds its `T` in there by
//! one comparison of a type id.
//!
//! Functions without type parameters call the layer below ([`erased`]). A function that is generic, even in nothing but `T`, would have
//! what it calls compiled in the embedder's crate.
//!
//! **Rejected:** `T` as the data of the engine's stores, as in Wasmtime. Each built-in is then a host function for each `T`.

pub(crate) mod context;
mod erased;
pub(crate) mod func;
pub(crate) mod host_module;
pub(crate) mod instance;
pub(crate) mod instance_pre;
pub(crate) mod linker;
pub(crate) mod linker_instance;
pub(crate) mod state;
