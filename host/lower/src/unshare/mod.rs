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
//! **After:** no type says `shared`, and an instance of a small core module replaces each built-in that Wasmtime lacks:
//!
//! ```wat
//! (core module $m ...)
//! (core instance $i (instantiate $m ...))
//! (alias core export $i "builtin" (core func $spawn))
//! ```
//!
//! The next reader of the component decides what that module is: see [`Form`]. What was shared is recorded beside the bytes
//! ([`UnsharedModule`]), a record for each core module, so that threadify can act on it later.
//!
//! **Rejected:** a translator of our own. It would follow every change of the component model, where re-encoding follows the two
//! that we care for.
//!
//! Specification: [`thread.spawn-ref`], [`thread.spawn-indirect`].
//!
//! [`thread.spawn-ref`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-ref
//! [`thread.spawn-indirect`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect

mod atomics;
mod body;
mod builtins;
mod form;
mod items;
mod list_holder;
mod module;
mod reencode;
mod shim_modules;
mod shims;
mod stand_ins;
mod start;
mod tables;

use crate::binary::thread_start::ThreadStart;
use crate::error::LowerError;
use crate::log::LOG;
pub use form::Profile;
pub(crate) use form::{Form, Output, StandIn, StandInStart, UnsharedModule};
use module::{Atomics, SharedMemories};
use reencode::Unshare;
use tracing::debug_span;
use wasm_encoder::reencode::ReencodeComponent;
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, FunctionSection, ImportSection, Module, TypeSection,
};

/// What the function is exported as that takes a built-in's place.
const BUILTIN_EXPORT: &str = "builtin";
/// What a stand-in imports its table as, from the module named by the empty string.
const TABLE_IMPORT: &str = "table";

/// Runs the pass on a binary component. `starts` are those of its definitions that start threads.
pub(crate) fn unshare(component: &[u8], form: Form, starts: Vec<ThreadStart>) -> Result<Output, LowerError> {
    let _span = debug_span!(target: LOG, "unshare", ?form).entered();
    let mut unshare = Unshare::new(form, starts);
    let mut output = wasm_encoder::Component::new();
    unshare.push_depth();
    unshare.parse_component(&mut output, wasmparser::Parser::new(0), component)?;
    Ok(Output {
        bytes: output.finish(),
        modules: unshare.modules,
    })
}

/// Takes `shared` off a core module, for one store in which one thread at a time runs.
pub(crate) fn unshare_module(module: &[u8]) -> Result<Vec<u8>, LowerError> {
    let _span = debug_span!(target: LOG, "unshare_module").entered();
    let items = items::read(module)?;
    let parser = wasmparser::Parser::new(0);
    let module = module::unshare_module(module, parser, &items, Atomics::Plain, SharedMemories::Keep)?;
    Ok(module.finish())
}

/// A module that imports no functions but `imports`, and exports `body`, of type `ty`, as [`BUILTIN_EXPORT`].
fn one_function_module(
    types: &TypeSection,
    imports: &ImportSection,
    functions: u32,
    ty: u32,
    body: &Function,
) -> Module {
    let mut defined = FunctionSection::new();
    defined.function(ty);
    let mut exports = ExportSection::new();
    exports.export(BUILTIN_EXPORT, ExportKind::Func, functions);
    let mut code = CodeSection::new();
    code.function(body);
    let mut module = Module::new();
    module
        .section(types)
        .section(imports)
        .section(&defined)
        .section(&exports)
        .section(&code);
    module
}
