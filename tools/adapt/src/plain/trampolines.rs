//! Functions between a module without threads and its hosts, for imports that no host can supply with exactly that
//! type.
//!
//! **Problem.** A host's function has a final type in a recursion group of its own. A module may import it at a type that has subtypes
//! or shares its group, and to an engine these are two types. A module may also import `wasi.thread-spawn` and never call it. **Before:**
//!
//! ```wat
//! (type $open (sub (func (result i32))))
//! (import "env" "open" (func $open (type $open)))
//! ```
//!
//! **After:** `$main` imports the function from a core module between the two, which declares the module's types, so that
//! `$open` is the same type in both:
//!
//! ```wat
//! (core module $trampolines
//!   (type $open (sub (func (result i32))))
//!   (import "env" "open" (func $host (result i32)))
//!   (func (export "0") (type $open) (call $host)))
//! ```
//!
//! The core module `$entries` does the same for exports: the component lifts its functions.
//!
//! **Rejected:** functions in `$main` (they would change every function index of the module); declaring the host module
//! with the module's types (then no host could supply WASI).

use crate::builtin::Builtin;
use crate::error::AdaptError;
use crate::index::FuncIndex;
use crate::input::info::ModuleInfo;
use crate::plan::exports::{Entry, EntryKind};
use crate::plan::imports::{FunctionSource, HostFunction, Imports};
use std::collections::{BTreeMap, BTreeSet, btree_map};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection, Module, TypeSection,
    ValType,
};

/// What a trampoline does.
#[derive(Clone, Copy)]
enum Target {
    /// It calls a host's function.
    Host(HostFunction),
    /// It is a `wasi.thread-spawn` that nothing calls, and starts no thread.
    Spawn,
}

/// The imported functions that `$main` gets from the core module `$trampolines`.
#[derive(Default)]
pub(crate) struct Trampolines<'a> {
    functions: BTreeMap<FuncIndex, Target>,
    /// The host modules whose functions they call.
    hosts: BTreeSet<&'a str>,
}

fn of_threads(builtin: Builtin) -> AdaptError {
    let name = builtin.import_name();
    AdaptError::Internal(format!("a module without threads imports `{name}`"))
}

impl<'a> Trampolines<'a> {
    pub(crate) fn new(info: &ModuleInfo<'_>, imports: &Imports<'a>) -> Result<Self, AdaptError> {
        let mut trampolines = Trampolines::default();
        for (func, source) in (0..).map(FuncIndex).zip(&imports.functions) {
            match *source {
                FunctionSource::Host(host) if info.is_open(func)? => {
                    trampolines.functions.insert(func, Target::Host(host));
                    trampolines.hosts.insert(imports.host_function(host)?.0);
                }
                FunctionSource::Host(_) => {}
                FunctionSource::ThreadSpawn => _ = trampolines.functions.insert(func, Target::Spawn),
                FunctionSource::Builtin(builtin) => return Err(of_threads(builtin)),
                FunctionSource::InContext(start) => return Err(of_threads(start.builtin())),
            }
        }
        Ok(trampolines)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// Whether a function is one of them. `$trampolines` exports it under its index.
    pub(crate) fn contain(&self, func: FuncIndex) -> bool {
        self.functions.contains_key(&func)
    }

    /// Whether they call functions of a host module.
    pub(crate) fn call_host(&self, host: &str) -> bool {
        self.hosts.contains(host)
    }

    /// Encodes `$trampolines`.
    pub(crate) fn encode(&self, info: &ModuleInfo<'_>, imports: &Imports<'_>) -> Result<Module, AdaptError> {
        let (mut types, first_type) = types(info)?;
        let mut imported = ImportSection::new();
        // The index of the import, by host function. A module may import one function many times.
        let mut callees = BTreeMap::new();
        for (func, target) in &self.functions {
            let Target::Host(host) = *target else { continue };
            let index = callees.len() as u32;
            if let btree_map::Entry::Vacant(vacant) = callees.entry(host.0) {
                vacant.insert(index);
                let ty = RoundtripReencoder.func_type(info.function_type(*func)?.clone())?;
                types.ty().func_type(&ty);
                let (module, name, _) = imports.host_function(host)?;
                imported.import(module, name, EntityType::Function(first_type + index));
            }
        }
        let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        for (number, (func, target)) in (callees.len() as u32..).zip(&self.functions) {
            functions.function(info.type_of(*func)?.0);
            exports.export(&export_name(*func), ExportKind::Func, number);
            let mut body = Function::new([]);
            match target {
                Target::Host(host) => {
                    let callee = callees.get(&host.0);
                    let callee = *callee.ok_or_else(|| AdaptError::missing("callee of trampoline", number))?;
                    for parameter in 0..info.function_type(*func)?.params().len() as u32 {
                        body.instructions().local_get(parameter);
                    }
                    body.instructions().call(callee);
                }
                // What a spawn returns if no thread can be started.
                Target::Spawn => _ = body.instructions().i32_const(-1),
            }
            body.instructions().end();
            code.function(&body);
        }
        let mut module = Module::new();
        module.section(&types).section(&imported).section(&functions);
        module.section(&exports).section(&code);
        Ok(module)
    }
}

/// The name under which `$trampolines` exports an imported function.
pub(crate) fn export_name(func: FuncIndex) -> String {
    func.0.to_string()
}

/// The module's types, and the index of the next one.
fn types(info: &ModuleInfo<'_>) -> Result<(TypeSection, u32), AdaptError> {
    let mut types = TypeSection::new();
    if let Some(section) = &info.type_section {
        RoundtripReencoder.parse_type_section(&mut types, section.clone())?;
    }
    Ok((types, info.types.len() as u32))
}

/// Whether an export of `$main` is lifted through the core module `$entries`: if its type is not alone in its recursion group, or if
/// it is a command's `run`, which needs a result.
pub(crate) fn needs_entry(info: &ModuleInfo<'_>, entry: &Entry<'_>) -> Result<bool, AdaptError> {
    match entry.kind {
        EntryKind::Run => Ok(true),
        EntryKind::Lifted { .. } | EntryKind::World(_) => info.is_open(entry.func),
    }
}

/// Encodes `$entries`: each function calls the export of `$main` of the same name. `_start` returns the `ok` of `result`: a command
/// that fails calls `proc_exit` or traps.
pub(crate) fn encode_entries(info: &ModuleInfo<'_>, entries: &[&Entry<'_>]) -> Result<Module, AdaptError> {
    let mut any_open = false;
    for entry in entries {
        any_open |= info.is_open(entry.func)?;
    }
    let (mut types, mut next_type) = match any_open {
        true => types(info)?,
        false => (TypeSection::new(), 0),
    };
    let (mut imports, mut functions) = (ImportSection::new(), FunctionSection::new());
    let (mut exports, mut code) = (ExportSection::new(), CodeSection::new());
    for (callee, entry) in (0..).zip(entries) {
        let ty = RoundtripReencoder.func_type(info.function_type(entry.func)?.clone())?;
        let imported = match info.is_open(entry.func)? {
            true => info.type_of(entry.func)?.0,
            false => {
                types.ty().func_type(&ty);
                next_type += 1;
                next_type - 1
            }
        };
        imports.import("main", entry.name, EntityType::Function(imported));
        let mut body = Function::new([]);
        for parameter in 0..ty.params().len() as u32 {
            body.instructions().local_get(parameter);
        }
        body.instructions().call(callee);
        match entry.kind {
            EntryKind::Run => {
                types.ty().function([], [ValType::I32]);
                body.instructions().i32_const(0);
            }
            EntryKind::Lifted { .. } | EntryKind::World(_) => types.ty().func_type(&ty),
        }
        functions.function(next_type);
        next_type += 1;
        exports.export(entry.name, ExportKind::Func, entries.len() as u32 + callee);
        body.instructions().end();
        code.function(&body);
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions);
    module.section(&exports).section(&code);
    Ok(module)
}
