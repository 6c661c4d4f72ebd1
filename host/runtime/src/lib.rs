//! Runs multi-threaded WebAssembly components on Wasmtime.
//!
//! A component that uses the Component Model's thread built-ins is lowered to what Wasmtime has (by `weft-lower`), and each
//! of its threads runs in a store of its own, as a fiber on a few OS threads. Wasmtime's users know the shape:
//!
//! ```
//! use weft::{Component, Config, Engine, Linker, Val};
//!
//! let engine = Engine::new(&Config::new())?;
//! let component = Component::new(&engine, br#"(component
//!     (core module $m (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
//!     (core instance $i (instantiate $m))
//!     (func (export "next") (param "n" s32) (result s32) (canon lift (core func $i "f"))))"#)?;
//! let instance = Linker::new(&engine).instantiate(&component, ())?;
//! let next = instance.get_func(&["next"]).ok_or("no function `next`")?;
//! assert_eq!(next.call(&[Val::S32(41)])?, Some(Val::S32(42)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod blocking;
mod budget;
mod builtins;
mod call_chain;
pub mod compilation;
mod component;
mod config;
mod demangle;
mod error;
mod guard;
mod guest_thread;
mod instance;
mod link;
mod linker;
mod log;
mod machine;
mod memory;
pub mod os_threads;
mod program;
mod scheduler;
mod stacks;
mod start;
mod sync;
mod thread;
mod threads;
mod value;
mod waiters;
mod waiting;
#[cfg(test)]
mod watchdog;
mod worker;
mod workers;
mod written_table;

pub use blocking::unblock;
pub use budget::StoreAccount;
pub use component::Component;
pub use config::{Config, Engine};
pub use error::{Error, Exit, Frame, Trap};
pub use guard::guarded;
pub use instance::{Func, Instance};
pub use linker::{HostModule, Linker};
pub use machine::default_max_memory;
pub use memory::{AtomicAccessError, GuestMemory, OutOfBounds};
pub use scheduler::yield_now;
pub use stacks::{DEFAULT_MAX_WASM_STACK, configure_stacks};
pub use thread::{BlockingCaller, Caller, Thread};
pub use value::Val;
/// The engine, in the version that host functions have to be written against.
pub use wasmtime;
pub use weft_cache::{Cache, CacheError};
pub use weft_lower::plan::ValueType;
