//! The Component Model's Canonical ABI: types, values, and how values pass between a guest's memory and the host.
//!
//! **Problem.** Threads that run in parallel share a component's memory. A lifting function reads bytes that another
//! thread may write at the same moment, so the host must copy each byte once and look only at its copy. Wasmtime's own
//! lifting borrows guest memory instead. **Here,** the algorithms are plain functions over [`Types`], [`Val`] and a
//! guest's memory. They depend on no engine, so their tests run in seconds, and a test can implement the memory trait
//! with memory that changes.
//!
//! - [`Types`] contains the interface types and function types of a component, with their sizes, alignments and
//!   flattened forms. It is plain data that a plan can carry.
//! - [`Val`] is a value. [`check`] compares one with a type.
//! - [`Lifter`] makes values of core values and a guest's memory, and [`Lowering`] does the reverse.
//! - [`typed`] does the same for Rust types, without [`Val`].
//! - [`GuestMemory`] and [`Handles`] are what a runtime supplies.
//! - [`Transcoding`] converts strings for the adapters between two components.
//! - [`HandleTable`] is the handle table of a component instance.
//!
//! ```
//! use weft_abi::{AddressWidth, Types, Val, ValType, check};
//!
//! let mut types = Types::new();
//! let point = types.add_record(vec![("x".to_owned(), ValType::U8), ("y".to_owned(), ValType::U32)])?;
//! assert_eq!(types.layout(point).size(AddressWidth::W32), 8);
//! let points = types.add_list(point)?;
//! assert!(check(&types, points, &Val::List(vec![])).is_ok());
//! assert!(check(&types, points, &Val::Bool(true)).is_err());
//! # Ok::<(), weft_abi::TypeError>(())
//! ```
//!
//! Specification: [Canonical ABI](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md).

mod check;
mod first_allocation;
mod float;
pub mod handles;
pub mod lift;
pub mod lower;
pub mod memory;
mod options;
mod sync;
pub mod transcode;
pub mod trap;
pub mod typed;
pub mod types;
mod unmoved;
mod val;

pub use check::{ArgumentError, Mismatch, check, check_arguments, check_arguments_with, check_results};
pub use first_allocation::{first_allocation, first_allocation_of_val};
pub use handles::{
    CallHandles, HandleError, HandleTable, Handles, NoHandles, ResourceAny, ResourceType, ResourceTypes,
};
pub use lift::Lifter;
pub use lower::{Lowering, ReallocCall, Step};
pub use memory::{GuestMemory, OutOfBounds};
pub use options::{AddressWidth, Options, StringEncoding};
pub use transcode::Transcoding;
pub use trap::{Account, Budget, Trap};
pub use typed::{ComponentNamedList, ComponentType, Lift, Lower, Resource};
pub use types::{FuncIndex, FuncType, ResourceIndex, Signature, SignatureMismatch, TypeError, Types, ValType};
pub use val::Val;
