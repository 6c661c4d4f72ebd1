//! Unshare: rewrites a shared-everything component in the subset that stock tools read.
//!
//! **Problem.** Wasmtime's translator flattens components, but supports neither shared functions, tables and globals
//! nor `thread.spawn-*`. **Before:** a component with `shared` in its types:
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
//! That module depends on the next reader of the component: see [`Form`]. For each core module, unshare records beside
//! the bytes what was shared ([`UnsharedModule`]), for threadify to use later.
//!
//! **Rejected:** our own translator (it would have to follow every change of the component model; re-encoding only
//! follows shared types and the thread built-ins).
//!
//! Specification: [`thread.spawn-ref`], [`thread.spawn-indirect`].
//!
//! [`thread.spawn-ref`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-ref
//! [`thread.spawn-indirect`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect

mod atomics;
mod body;
mod builtins;
mod destructors;
mod error_contexts;
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

use crate::check::Checked;
use crate::error::LowerError;
use crate::log::LOG;
pub use form::Profile;
pub(crate) use form::{Form, Output, StandIn, StandInStart, UnsharedModule};
use module::Atomics;
pub(crate) use module::SharedMemories;
use reencode::Unshare;
use tracing::debug_span;
use wasm_encoder::reencode::ReencodeComponent;
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, FunctionSection, ImportSection, Module, TypeSection,
};

/// The export name of the function that replaces a built-in.
const BUILTIN_EXPORT: &str = "builtin";
/// The name under which a stand-in imports its table, from the module with the empty name.
const TABLE_IMPORT: &str = "table";

/// Runs the pass on a binary component, which has been checked.
pub(crate) fn unshare(component: &[u8], form: Form, checked: &Checked) -> Result<Output, LowerError> {
    let _span = debug_span!(target: LOG, "unshare", ?form).entered();
    let mut unshare = Unshare::new(form, checked);
    let mut output = wasm_encoder::Component::new();
    unshare.push_depth();
    unshare.parse_component(&mut output, wasmparser::Parser::new(0), component)?;
    Ok(Output {
        bytes: output.finish(),
        modules: unshare.modules,
    })
}

/// Removes `shared` from a core module, for a store in which threads take turns.
pub(crate) fn unshare_module(module: &[u8], memories: SharedMemories) -> Result<Vec<u8>, LowerError> {
    let _span = debug_span!(target: LOG, "unshare_module").entered();
    let items = items::read(module)?;
    let parser = wasmparser::Parser::new(0);
    let module = module::unshare_module(module, parser, &items, Atomics::Plain, memories)?;
    Ok(module.finish())
}

/// A module that imports the functions `imports`, and exports `body`, of type `ty`, as [`BUILTIN_EXPORT`].
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
