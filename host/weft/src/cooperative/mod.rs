//! The cooperative runtime behind the front door: Wasmtime's component runtime, with the shape of the parallel one.
//!
//! **Problem.** Wasmtime's calls take the store by `&mut`, its host functions get `&mut T`, and it has its own types
//! and values. The front door promises `&T`, calls from any thread, and weft's values, limits and errors. **Here,**
//!
//! - an [`instance`] keeps its store behind a lock, so calls take turns, and ends it where the parallel runtime would;
//! - the [`state`] of a store holds the embedder's `T`, which host functions get by reference;
//! - [`Described`](weft_cooperative::__shared::Described) has Wasmtime's types as weft's, so both runtimes share the checks of Rust types and of arguments;
//! - [`values`] converts values, and [`handles`] the handles in them;
//! - [`typed`] converts Rust values to values and back, by the Canonical ABI and a memory of the host;
//! - [`imports`] defines host functions in Wasmtime's linker.
//!
//! **Rejected:** Wasmtime's own typed functions (they need other traits, which the Rust types of weft's users do not
//! implement).

pub(crate) mod calls;
pub(crate) mod component;
pub(crate) mod ending;
pub(crate) mod func;
pub(crate) mod handles;
pub(crate) mod imports;
pub(crate) mod instance;
pub(crate) mod memory_use;
mod processor_time;
pub(crate) mod state;
pub(crate) mod typed;
pub(crate) mod values;
