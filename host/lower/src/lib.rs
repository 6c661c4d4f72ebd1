//! Lowers shared-everything components to what Wasmtime runs.
//!
//! Of the shared-everything-threads proposal, Wasmtime's core engine has only shared memories and atomics. This crate
//! turns a component that uses the thread built-ins into a [`Plan`]: a core module that every thread instantiates, and
//! what to link it with. No program can tell that its threads do not share one instance. The crate takes bytes, returns
//! bytes and plain data, and does not depend on an engine.
//!
//! [`Component::read`] decodes an input once, and its methods do the rest. To debug a component or this crate, print the [`Unshared`]
//! form, the [`Plan`], or the [run-time module](Plan::module_to_text).
//!
//! The passes, in order, each in a module that says what it does and why: decode, check, unshare, flatten, threadify.
//!
//! ```
//! use weft_lower::Component;
//!
//! let component = Component::read(br#"(component
//!     (core module $m (func (export "f") (result i32) (i32.const 42)))
//!     (core instance $i (instantiate $m))
//!     (func (export "answer") (result s32) (canon lift (core func $i "f"))))"#)?;
//! let plan = component.lower()?;
//! assert_eq!(plan.exports[0].path, ["answer"]);
//! # Ok::<(), weft_lower::LowerError>(())
//! ```

mod binary;
mod builtins;
mod check;
mod chunks;
mod command;
mod decode;
mod error;
mod features;
mod flatten;
mod foreign_errors;
mod imports;
mod imports_alone;
mod input;
pub mod inspect;
mod limits;
mod log;
pub mod messages;
mod panics;
pub mod plan;
mod print;
mod probes;
mod rules;
mod supply;
mod threadify;
mod threads;
mod unshare;
mod unshared;

pub use binary::encoding::CanonicalEncoding;
pub use binary::{positions, verbatim};
pub use builtins::CanonicalBuiltin;
pub use check::Rules;
/// By how many elements [interruptible](Unshared::interruptible) code grows a table in one step.
pub use chunks::growth::STEP as TABLE_STEP;
pub use command::run_interface;
pub use decode::{text, to_binary};
pub use error::LowerError;
pub use features::{COMPONENT_FEATURES, CORE_FEATURES, FEATURES};
pub use input::{Component, Input, Module};
pub use limits::check_module;
pub use panics::panic_message;
pub use plan::Plan;
pub use probes::Probe;
pub use rules::Rule;
pub use threads::Threads;
pub use unshare::Profile;
pub use unshared::Unshared;
