//! Runs components whose threads are cooperative, or that have none, on Wasmtime's component runtime.
//!
//! Cooperative threads take turns: a thread lets others run only when it calls a built-in that allows it. Wasmtime has
//! all built-ins for that except the spawns. [`compile`] rewrites a component to use only built-ins that Wasmtime has.
//! From there on all types are Wasmtime's, and an embedder can use everything that Wasmtime offers for components.
//! `docs/cooperative.md` lists the differences from the specification.
//!
//! ```
//! use wasmtime::component::{Linker, Val};
//! use wasmtime::{Config, Engine};
//! use weft_cooperative::{Profile, in_tokio};
//!
//! let engine = Engine::new(weft_cooperative::configure(&mut Config::new()))?;
//! let component = weft_cooperative::compile(&engine, br#"(component
//!     (core module $table (table (export "t") 1 funcref))
//!     (core instance $table (instantiate $table))
//!     (core type $start (func (param i32)))
//!     (core func $new (canon thread.new-indirect $start (core table $table "t")))
//!     (core func $switch (canon thread.yield-then-resume))
//!     (core module $main
//!         (import "" "t" (table 1 funcref))
//!         (import "" "new" (func $new (param i32 i32) (result i32)))
//!         (import "" "switch" (func $switch (param i32) (result i32)))
//!         (global $sum (mut i32) (i32.const 0))
//!         (func $add (param i32) (global.set $sum (i32.add (global.get $sum) (local.get 0))))
//!         (elem (i32.const 0) func $add)
//!         (func (export "sum") (result i32)
//!             (drop (call $switch (call $new (i32.const 0) (i32.const 40))))
//!             (drop (call $switch (call $new (i32.const 0) (i32.const 2))))
//!             (global.get $sum)))
//!     (core instance $main (instantiate $main (with "" (instance
//!         (export "t" (table $table "t"))
//!         (export "new" (func $new))
//!         (export "switch" (func $switch))))))
//!     (func (export "sum") (result u32) (canon lift (core func $main "sum"))))"#, Profile::Full)?;
//!
//! let sum = in_tokio(async {
//!     let mut store = weft_cooperative::store(&engine, ());
//!     let instance = weft_cooperative::instantiate(&Linker::new(&engine), &mut store, &component).await?;
//!     let sum = instance.get_func(&mut store, "sum").ok_or(weft_cooperative::Error::NotACommand)?;
//!     weft_cooperative::call(&mut store, sum, &[]).await
//! })??;
//! assert_eq!(sum, [Val::U32(42)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod call;
mod command;
mod compile;
mod finish;
mod link;
mod precompiled;
mod procfs;
mod tokio_runtime;
mod types;
mod values;

pub use call::{MAX_THREADS, call, call_error, guest_error, store};
pub use command::{Host, add_wasi, add_wasi_with_procfs, run};
pub use compile::{can_run, check, compile, compile_module, compile_unshared, configure};
pub use link::{instantiate, link, missing};
pub use precompiled::{deserialize, serialize};
pub use tokio_runtime::{TokioHandle, in_tokio, tokio_handle};
pub use values::{from_wasmtime, to_wasmtime};
pub use wasmtime;
pub use wasmtime_wasi;

/// For the front door and the runner of scripts. Not part of the stable API.
#[doc(hidden)]
pub mod __shared {
    pub use crate::types::{Described, Description};
}

/// The types of components that have been read.
pub use weft_lower::{self, Profile};
/// Stacks for deep recursion.
pub use weft_parallel::{DEFAULT_MAX_WASM_STACK, StackAccount, configure_stacks};
/// The errors, which are those of weft's other runtime.
pub use weft_parallel::{Error, Trap};
