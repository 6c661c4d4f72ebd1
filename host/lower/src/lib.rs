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

mod builtins;
mod check;
mod command;
mod decode;
mod error;
mod features;
mod flatten;
mod imports;
mod imports_alone;
mod index_space;
pub mod inspect;
mod limits;
pub mod messages;
pub mod plan;
mod probes;
mod rules;
mod threadify;
mod threads;
mod unshare;
pub mod verbatim;

pub use builtins::CanonicalBuiltin;
pub use check::Rules;
pub use command::run_interface;
pub use decode::{CanonicalEncoding, Encoding, encoding, respell, text, to_binary};
pub use error::LowerError;
pub use features::{COMPONENT_FEATURES, CORE_FEATURES, FEATURES};
pub use imports::{imports_core_module, refuse_component_items};
pub use imports_alone::imports_alone;
pub use inspect::inspect;
pub use plan::Plan;
pub use probes::{Probe, probes};
pub use rules::Rule;
pub use threads::Threads;
use threads::Uses;
use tracing::info_span;
use unshare::{Form, Profile};

/// The target of what this crate logs with `tracing`: a span for each pass.
const LOG: &str = "weft::lower";

/// Lowers a component, text or binary.
///
/// # Errors
///
/// The component is malformed or invalid, or uses what weft cannot run: the error says which, and where. One of them is
/// [`LowerError::Cooperative`]: its threads take turns, which [`unshare`] is for.
pub fn lower(component: &[u8]) -> Result<Plan, LowerError> {
    let _span = info_span!(target: LOG, "lower", bytes = component.len()).entered();
    let input = decode::component(component)?;
    input.read(|decoded| {
        let starts = check::check(decoded, Rules::Extended)?.starts;
        let uses = Uses::of(decoded)?;
        uses.refuse_cooperative()?;
        let unshared = unshare::unshare(&decoded.bytes, Form::Plan, starts)?;
        check::check_output(&unshared.bytes)?;
        let mut plan = flatten::flatten(&unshared, &decoded.bytes, &uses.builtins)?;
        imports::add_unused(&mut plan, &unshared.bytes)?;
        Ok(plan)
    })
}

/// What kind of threads a component, text or binary, starts.
///
/// # Errors
///
/// The component is malformed, or starts threads of both kinds. It is not validated.
pub fn threads(component: &[u8]) -> Result<Threads, LowerError> {
    decode::component(component)?.read(|decoded| Uses::of(decoded)?.threads())
}

/// Takes a component, text or binary, to the unshared form: no type says `shared`, and the thread built-ins that stock tools
/// do not have are put in terms of those that they have. It runs on Wasmtime's own component runtime, where threads take
/// turns.
///
/// # Errors
///
/// The component is malformed or invalid, uses what has no unshared form, or starts threads of both kinds.
pub fn unshare(component: &[u8]) -> Result<Vec<u8>, LowerError> {
    to_stock(component, Profile::Full)
}

/// Like [`unshare`], for the specification's [deterministic profile]: `thread.spawn-ref` and `thread.spawn-indirect` start
/// nothing, and give 0.
///
/// # Errors
///
/// Those of [`unshare`].
///
/// [deterministic profile]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
pub fn unshare_deterministic(component: &[u8]) -> Result<Vec<u8>, LowerError> {
    to_stock(component, Profile::Deterministic)
}

/// Refuses a component of the unshared form, a binary, that Wasmtime refuses before it compiles anything.
///
/// # Errors
///
/// The component is malformed or invalid, or Wasmtime does not have what it uses.
pub fn check_unshared(component: &[u8]) -> Result<(), LowerError> {
    flatten::check(component)
}

fn to_stock(component: &[u8], profile: Profile) -> Result<Vec<u8>, LowerError> {
    let input = decode::component(component)?;
    let (unshared, mut unfinished) = input.read(|decoded| {
        let checked = check::check(decoded, Rules::Extended)?;
        Uses::of(decoded)?.threads()?;
        let unshared = unshare::unshare(&decoded.bytes, Form::Stock(profile), checked.starts)?;
        Ok((unshared, checked.unfinished))
    })?;
    check::check_output(&unshared.bytes)?;
    flatten::refuse_module_types(&unshared.bytes)?;
    for definition in &mut unfinished {
        definition.offset = input.original_offset(definition.offset);
    }
    flatten::refuse_unfinished(&unshared.bytes, &unfinished)?;
    Ok(unshared.bytes)
}

/// Validates a component or a core module, text or binary. Under [`Rules::Extended`] it may be more than weft can run.
///
/// # Errors
///
/// The input is malformed or invalid: the error says which rule it breaks, if the rule has an id, and where.
pub fn validate(input: &[u8], rules: Rules) -> Result<(), LowerError> {
    decode::decode(input)?.read(|decoded| {
        limits::check(&decoded.bytes)?;
        check::check(decoded, rules).map(drop)
    })
}

/// Takes a core module, text or binary, to the form in which it runs in one store: no type but those of memories says
/// `shared`, and atomic accesses of globals, tables, structs and arrays are plain ones. While one thread at a time runs in the
/// store, no program can tell.
///
/// # Errors
///
/// The input is malformed, or a component.
pub fn unshare_module(module: &[u8]) -> Result<Vec<u8>, LowerError> {
    decode::decode(module)?.read(|decoded| match encoding(&decoded.bytes)? {
        Encoding::Module => unshare::unshare_module(&decoded.bytes),
        Encoding::Component => Err(LowerError::Component),
    })
}
