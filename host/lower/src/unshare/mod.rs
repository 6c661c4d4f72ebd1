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
mod items;
mod list_holder;
mod module;
mod reencode;
mod shim_modules;
mod shims;
mod stand_ins;
mod start;
mod tables;

use crate::binary::module_items::SharedItems;
use crate::binary::thread_start::ThreadStart;
use crate::{LOG, LowerError};
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

/// The readers of the unshared form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Stock tools, and Wasmtime's component runtime: threads take turns, and each built-in that Wasmtime lacks is put in terms of
    /// those that are. See [`shims`].
    Stock(Profile),
    /// The pass [flatten](crate::flatten): each built-in that the translator lacks is a [`StandIn`].
    Plan,
}

/// What `thread.spawn-ref` and `thread.spawn-indirect` do in the unshared form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// They start threads.
    Full,
    /// They start nothing, and give 0. This is the specification's [deterministic profile]. Threads that `thread.new-indirect`
    /// makes do run.
    ///
    /// [deterministic profile]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
    Deterministic,
}

/// A component in the unshared form.
pub(crate) struct Output {
    /// The binary.
    pub bytes: Vec<u8>,
    /// In [`Form::Plan`] its core modules, in the order in which they stand in the binary, nested ones included.
    pub modules: Vec<UnsharedModule>,
}

/// What is known of one core module of an [`Output`] beside its bytes.
pub(crate) enum UnsharedModule {
    /// A module of the input, and what of it was shared.
    Input(SharedItems),
    /// A module that stands for a built-in.
    StandIn(StandIn),
}

/// A start type that a [`StandIn`]'s module declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StandInStart {
    /// Whether its parameter is an `i64` rather than an `i32`.
    pub wide: bool,
    /// Whether it can have no subtypes.
    pub is_final: bool,
    /// Its index.
    pub ty: u32,
    /// Whether it is in no recursion group with others, and has no supertype.
    pub is_alone: bool,
}

/// A built-in that a module stands for in [`Form::Plan`]: see [`stand_ins`]. A table is the module's only import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StandIn {
    /// `thread.spawn-indirect`.
    SpawnIndirect(StandInStart),
    /// `thread.spawn-ref`.
    SpawnRef(StandInStart),
    /// `thread.new-indirect`.
    NewIndirect(StandInStart),
    /// `thread.available-parallelism`.
    AvailableParallelism,
    /// `context.get`, or `context.set` where `set` holds. The slot is an `i64` where `wide` holds.
    Context { slot: u32, set: bool, wide: bool },
}

impl StandIn {
    /// Whether the built-in enters threads in the thread table.
    pub(crate) fn starts_threads(self) -> bool {
        match self {
            StandIn::SpawnIndirect(_) | StandIn::SpawnRef(_) | StandIn::NewIndirect(_) => true,
            StandIn::AvailableParallelism | StandIn::Context { .. } => false,
        }
    }
}

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
