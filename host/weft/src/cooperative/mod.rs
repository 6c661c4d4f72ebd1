//! The cooperative runtime behind the front door: Wasmtime's component runtime, with the shape of the parallel one.
//!
//! **Problem.** Wasmtime's calls want the store by `&mut`, its host functions get `&mut T`, and its types and values are its own. The
//! door promises `&T`, calls from any thread, and weft's values, limits and errors. **Here,**
//!
//! - an [`instance`] keeps its store behind a lock, so calls take turns, and ends it where the parallel runtime would;
//! - the [`state`] of a store has the embedder's `T`, which host functions are given by reference;
//! - [`types`] describes Wasmtime's types as weft's, so one check of Rust types and one of arguments serves both;
//! - [`values`] converts values, and [`handles`] the handles in them;
//! - [`typed`] takes Rust values to values and back, by the Canonical ABI and a memory of the host's;
//! - [`imports`] defines host functions in Wasmtime's linker.
//!
//! **Rejected:** Wasmtime's own typed functions. They have traits of their own, which the Rust types of weft's users do not implement.

pub(crate) mod calls;
pub(crate) mod component;
pub(crate) mod ending;
pub(crate) mod func;
pub(crate) mod handles;
pub(crate) mod imports;
pub(crate) mod instance;
pub(crate) mod state;
pub(crate) mod typed;
pub(crate) mod types;
pub(crate) mod values;
