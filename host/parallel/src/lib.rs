//! Runs multi-threaded WebAssembly components on Wasmtime.
//!
//! This is weft's parallel runtime alone. Most programs use the crate `weft`, which also runs components whose threads take turns.
//!
//! `weft-lower` lowers a component that uses the Component Model's thread built-ins to code that Wasmtime can run. Each thread of the
//! component runs in a store of its own, as a fiber on a few OS threads. The types have the names that Wasmtime's users know:
//!
//! ```
//! use weft_parallel::{Component, Config, Engine, Linker, Val};
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

mod builtins;
mod embedding;
mod engine;
mod error;
mod interruption;
mod lifecycle;
mod limits;
mod log;
mod memory;
mod metrics;
mod scheduler;
mod state;
mod store;
mod surface;
mod sync;
mod system;
mod threads;
mod values;
#[cfg(test)]
mod watchdog;

pub use builtins::typed_imports::{HostParams, HostResult};
pub use embedding::end_handle::EndHandle;
pub use embedding::stack_account::StackAccount;
pub use engine::compilation;
pub use engine::component::Component;
pub use engine::config::{Config, MAX_WORKERS};
pub use engine::guard::guarded;
pub use engine::handle::Engine;
pub use engine::module::Module;
pub use engine::precompiled::{CodeOptions, Precompiled};
pub use error::{EndReason, Error, Exit, Frame, PrecompiledError, SourceLocation, Trap};
pub use interruption::Interruption;
pub use limits::budget::MemoryRefusals;
pub use limits::host_memory::{MemoryAccount, MemoryCharge};
pub use limits::instance_limits::InstanceLimits;
pub use limits::limiter::ResourceLimiter;
pub use limits::store_account::StoreAccount;
pub use memory::guest_memory::{AtomicAccessError, GuestMemory, OutOfBounds};
pub use metrics::hooks::ThreadEvent;
pub use metrics::{EngineMetrics, InstanceMetrics, MetricsHandle};
pub use scheduler::yield_now;
pub use surface::context::{BlockingCaller, Caller, Thread, ThreadContext};
pub use surface::func::{Func, TypedFunc};
pub use surface::guest;
pub use surface::host_module::{HostModule, IntoFunc};
pub use surface::instance::Instance;
pub use surface::instance_pre::InstancePre;
pub use surface::linker::{Linker, LinkerPart};
pub use surface::linker_instance::LinkerInstance;
pub use system::blocking::unblock;
pub use system::machine::default_max_memory;
pub use system::os_threads;
pub use system::stacks::{DEFAULT_MAX_WASM_STACK, WASM_STACK_SIZES, configure_stacks};
pub use threads::spawn_refusals::SpawnRefusals;
/// The engine, in the version that host functions are written against.
pub use wasmtime;
pub use weft_abi::{
    ComponentNamedList, ComponentType, FuncType, HandleError, Lift, Lower, Resource, ResourceAny, ResourceType,
    Signature, SignatureMismatch, Types, Val, ValType, types,
};
pub use weft_cache::container::ContainerError;
pub use weft_cache::{Cache, CacheError};
pub use weft_interrupt::Unsupported as SignalUnsupported;
pub use weft_macros::{ComponentType, Lift, Lower, bindgen, flags};

/// For the code that the macros generate. Not part of the stable API.
#[doc(hidden)]
pub mod __internal {
    pub use weft_abi::typed::*;
    pub use weft_abi::{GuestMemory, Handles, Lifter, Mismatch, Trap, ValType};
}

/// For the crates `weft` and `weft-cooperative`. Not part of the stable API.
#[doc(hidden)]
pub mod __shared {
    pub use crate::embedding::host_functions::other_signature;
    pub use crate::embedding::versions::{compatibility, find_beginning, find_export};
    pub use crate::engine::config::SetConfig;
    pub use crate::engine::precompiled::{open, seal};
    pub use crate::error::program_error;
    pub use crate::limits::instance_limits::SetLimits;
    pub use crate::limits::limiter::Limiter;
    pub use crate::limits::processor_time::ProcessorTime;
    pub use crate::scheduler::on_worker;
    pub use crate::system::blocking::start as start_blocking;
}
