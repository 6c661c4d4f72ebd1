//! Unshare: from a shared-everything component to the same component in the subset that stock tools read.
//!
//! **Problem.** Wasmtime's translator flattens components, but knows nothing of shared functions, tables and globals, and
//! has no `thread.spawn-*`. **Before:** a component with `shared` in its types:
//!
//! ```wat
//! (core type $start (shared (func (param i32))))
//! (core func $spawn (canon thread.spawn-indirect $start (core table $t)))
//! ```
//!
//! **After:** no type says `shared`, and each spawn is expressed, as the specification defines it, by built-ins that exist:
//!
//! ```wat
//! (core type $start (func (param i32)))
//! (core func $new (canon thread.new-indirect $start (core table $t)))
//! (core func $resume (canon thread.resume-later))
//! (core module $m ...)                     ;; calls $new, then $resume, and returns the index
//! (core instance $i (instantiate $m ...))
//! (alias core export $i "spawn" (core func $spawn))
//! ```
//!
//! What was shared is recorded beside the bytes ([`UnsharedModule`]), a record for each core module, so that threadify
//! can act on it later. A component that spawns only cooperative threads runs on stock Wasmtime after this pass.
//!
//! **Rejected:** leaving a spawn as a bare `thread.new-indirect` and remembering that it is meant otherwise: it needs no new
//! indices, but the translator interns built-ins, so that an honest `thread.new-indirect` on the same table would
//! become the same thing. Rejected as well: a translator of our own, which would have to follow every change of the
//! component model, where re-encoding follows the two that we care for.
//!
//! Specification: [`thread.spawn-indirect`].
//!
//! [`thread.spawn-indirect`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect

mod builtins;
mod items;
mod reencode;

pub(crate) use builtins::NEW_IMPORT;
pub(crate) use items::SharedItems;

use crate::LowerError;
use reencode::Unshare;
use wasm_encoder::reencode::ReencodeComponent;

/// A component in the unshared form.
pub(crate) struct Unshared {
    /// The binary.
    pub bytes: Vec<u8>,
    /// Its core modules, in the order in which they stand in the binary, nested ones included.
    pub modules: Vec<UnsharedModule>,
}

/// What is known of one core module of an [`Unshared`] component beside its bytes.
pub(crate) enum UnsharedModule {
    /// A module of the input, and what of it was shared.
    Input(SharedItems),
    /// The module that stands for one `thread.spawn-indirect`.
    SpawnIndirect,
    /// The module that stands for one `thread.available-parallelism`.
    AvailableParallelism,
}

/// Runs the pass on a binary component.
pub(crate) fn unshare(component: &[u8]) -> Result<Unshared, LowerError> {
    let mut unshare = Unshare::default();
    let mut output = wasm_encoder::Component::new();
    unshare.push_depth();
    unshare.parse_component(&mut output, wasmparser::Parser::new(0), component)?;
    Ok(Unshared {
        bytes: output.finish(),
        modules: unshare.modules,
    })
}
