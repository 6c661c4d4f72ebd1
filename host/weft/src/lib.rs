//! Runs WebAssembly programs: core modules, and components whose threads run in parallel or take turns.
//!
//! [`Component::new`] takes a component or a core module and finds out which runtime it needs: weft's own, whose threads run in parallel
//! on all cores, or Wasmtime's component runtime, where threads take turns. Everything else is the same for both: host functions, WASI,
//! calls, limits and errors.
//!
//! ```
//! use weft::{Component, Config, Engine, Linker, ThreadContext};
//!
//! let engine = Engine::new(&Config::new())?;
//! let component = Component::new(&engine, br#"(component
//!     (import "add" (func $add (param "a" u32) (param "b" u32) (result u32)))
//!     (core func $add (canon lower (func $add)))
//!     (core module $m
//!         (import "" "add" (func $add (param i32 i32) (result i32)))
//!         (func (export "twice") (param i32) (result i32) (call $add (local.get 0) (local.get 0))))
//!     (core instance $m (instantiate $m (with "" (instance (export "add" (func $add))))))
//!     (func (export "twice") (param "n" u32) (result u32) (canon lift (core func $m "twice"))))"#)?;
//!
//! let mut linker = Linker::new(&engine);
//! linker.root().func_wrap("add", |_: ThreadContext<'_, ()>, (a, b): (u32, u32)| Ok((a.wrapping_add(b),)))?;
//!
//! let instance = linker.instantiate(&component, ())?;
//! let twice = instance.get_typed_func::<(u32,), (u32,)>(&["twice"])?;
//! assert_eq!(twice.call((21,))?, (42,));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod component;
mod config;
mod cooperative;
mod end_handle;
mod engine;
mod func;
mod host;
mod instance;
mod instance_limits;
mod instance_pre;
mod linker;
mod precompiled;
mod resource_table;
pub mod types;
pub mod wave;

pub use component::{Component, ComponentExportIndex, ExportLookup};
pub use config::{Config, Runtime};
pub use end_handle::{EndGuard, EndHandle};
pub use engine::Engine;
pub use func::{Func, TypedFunc};
pub use host::{BlockingCaller, Thread, ThreadContext};
pub use instance::Instance;
pub use instance_pre::InstancePre;
pub use linker::{Linker, LinkerInstance, Validated};
pub use precompiled::PrecompiledInfo;
pub use resource_table::{ResourceTable, ResourceTableError};
/// Notes about a core module that weft adapts.
pub use weft_adapt::{self, Note};
/// A program that was read, and the kinds of threads that programs start.
pub use weft_lower::{Input, Threads};
/// The parallel runtime alone. Its types have the same names and nearly the same methods.
pub use weft_parallel as parallel;
/// Functions, memories and tables that core modules export, as hosts of plug-ins use them.
pub use weft_parallel::guest;
pub use weft_parallel::{
    AtomicAccessError, Cache, CacheError, Caller, ComponentNamedList, ComponentType, ContainerError,
    DEFAULT_MAX_WASM_STACK, EndReason, EngineMetrics, Error, Exit, Frame, FuncType, GuestMemory, HandleError,
    HostModule, HostParams, HostResult, InstanceLimits, InstanceMetrics, Interruption, IntoFunc, Lift, Lower,
    MAX_WORKERS, MemoryRefusals, MetricsHandle, Module, OutOfBounds, PrecompiledError, Resource, ResourceAny,
    ResourceLimiter, ResourceType, SignalUnsupported, Signature, SignatureMismatch, SourceLocation, SpawnRefusals,
    ThreadEvent, Trap, Types, Val, ValType, WASM_STACK_SIZES, bindgen, default_max_memory, flags, os_threads, unblock,
    wasmtime, yield_now,
};

/// For the code that the macros generate. Not part of the stable API.
#[doc(hidden)]
pub use weft_parallel::__internal;
