//! Lowers shared-everything components to what Wasmtime runs.
//!
//! Wasmtime's core engine has shared memories and atomics, and nothing else of the shared-everything-threads proposal.
//! This crate turns a component that uses the thread built-ins into a [`Plan`]: core modules in a form that every thread
//! instantiates anew, and what to link them with, such that no program can tell that its threads do not share
//! one instance. It is pure: bytes in, bytes and plain data out, no engine.
//!
//! The passes, in order, each in a module that says what it does and why: decode, check, unshare, flatten, threadify.
//!
//! ```
//! let component = br#"(component
//!     (core module $m (func (export "f") (result i32) (i32.const 42)))
//!     (core instance $i (instantiate $m))
//!     (func (export "answer") (result s32) (canon lift (core func $i "f"))))"#;
//! let plan = weft_lower::lower(component)?;
//! assert_eq!(plan.exports[0].path, ["answer"]);
//! # Ok::<(), weft_lower::LowerError>(())
//! ```

mod check;
mod decode;
mod error;
mod flatten;
pub mod plan;
mod threadify;
mod unshare;

pub use decode::{Encoding, encoding, to_binary};
pub use error::LowerError;
pub use plan::Plan;
use unshare::Form;

/// Lowers a component, text or binary.
///
/// # Errors
///
/// The component is malformed or invalid, or uses what weft cannot run: the error says which, and where.
pub fn lower(component: &[u8]) -> Result<Plan, LowerError> {
    let component = decode::component(component)?;
    check::check(&component)?;
    let unshared = unshare::unshare(&component, Form::Plan)?;
    check::validate(&unshared.bytes)?;
    flatten::flatten(&unshared)
}

/// Takes a component, text or binary, to the unshared form: no type says `shared`, and the thread built-ins that stock tools
/// do not have are put in terms of those that they have.
///
/// # Errors
///
/// The component is malformed, or uses what has no unshared form.
pub fn unshare(component: &[u8]) -> Result<Vec<u8>, LowerError> {
    let component = decode::component(component)?;
    check::check(&component)?;
    Ok(unshare::unshare(&component, Form::Stock)?.bytes)
}
