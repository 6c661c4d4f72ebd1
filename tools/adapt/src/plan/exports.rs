//! How each export is adapted.
//!
//! `_start` becomes the command's `run`; `wasi_thread_start` is called by the thread entry and nothing else; every
//! other function is lifted under the kebab-case form of its name (see `names.rs`), with `s32`, `s64`, `f32` and `f64`
//! for the core types.
//!
//! Two names may have the same form, especially if a module is linked with `--export-all`. If exactly one of them has no
//! leading underscore, it wins: `lseek`, not `__lseek`, which C reserves for its library. If that does not decide, a
//! command's exports are left out, because no host calls them. A library is refused, because its user could get the wrong
//! function.
//!
//! The adapter also leaves out functions whose name has no kebab-case form, and functions that cannot be lifted without
//! a memory of the caller: those with vectors, references, more than one result or more than 16 parameters. Only
//! compiled code calls such functions, and never across a component boundary. Memories, tables, globals and tags cannot
//! be component exports.

use crate::builtin::TypeText;
use crate::error::AdaptError;
use crate::index::FuncIndex;
use crate::input::info::ModuleInfo;
use crate::names::kebab;
use crate::notes::{LeftOut, Note};
use crate::world::{Parts, Use};
use std::collections::{BTreeMap, HashSet};
use wasm_encoder::PrimitiveValType;
use wasmparser::{Export, ExternalKind, FuncType, ValType};

/// The most parameters that the canonical ABI passes as core parameters: `MAX_FLAT_PARAMS`.
const MAX_FLAT_PARAMS: usize = 16;

/// A function that a component's caller calls.
pub(crate) struct Entry<'a> {
    /// The core export's name.
    pub(crate) name: &'a str,
    pub(crate) func: FuncIndex,
    pub(crate) kind: EntryKind,
}

/// How an entry is exported.
pub(crate) enum EntryKind {
    /// `_start`, exported as `run` of `wasi:cli/run`.
    Run,
    /// A function of a reactor.
    Lifted {
        label: String,
        params: Vec<PrimitiveValType>,
        result: Option<PrimitiveValType>,
    },
    /// An export of the module's world.
    World(Use),
}

/// The exports that the adapter uses.
#[derive(Default)]
pub(crate) struct Exports<'a> {
    pub(crate) entries: Vec<Entry<'a>>,
    pub(crate) wasi_thread_start: Option<FuncIndex>,
    /// A function of the world that returns a pointer to its results.
    pub(crate) returns_in_memory: Option<&'a str>,
    /// The functions that are left out.
    pub(crate) notes: Vec<Note>,
}

/// The exports with each label: their names and functions, in the module's order.
type Claims<'a> = BTreeMap<String, Vec<(&'a str, FuncIndex)>>;

/// The export that keeps a label, if several have it.
fn kept<'a>(claims: &[(&'a str, FuncIndex)]) -> Option<&'a str> {
    // `_initialize` is not internal: by the ABI of libraries, the user calls it.
    let is_internal = |name: &str| name.starts_with('_') && name != "_initialize";
    let public = || claims.iter().filter(|(name, _)| !is_internal(name));
    // If both names are of one function, it does not matter which one is kept.
    let first_of_one = |claims: Vec<&(&'a str, FuncIndex)>| {
        let (name, func) = *claims.first()?;
        claims.iter().all(|(_, other)| other == func).then_some(*name)
    };
    match public().next() {
        Some(_) => first_of_one(public().collect()),
        None => first_of_one(claims.iter().collect()),
    }
}

/// Whether the linker, the C library or the bindings export a function for weft and not for callers, by its name.
fn is_helper(name: &str) -> bool {
    name.starts_with("cabi_") || name.starts_with("__wasm_") || name == "malloc"
}

impl<'a> Exports<'a> {
    /// Sorts the exports of a module.
    pub(crate) fn new(info: &ModuleInfo<'a>, world: Option<&Parts>) -> Result<Exports<'a>, AdaptError> {
        let mut exports = Exports::default();
        let mut claims = Claims::new();
        for export in &info.exports {
            let func = FuncIndex(export.index);
            let ty = match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact => info.function_type(func)?,
                ExternalKind::Table | ExternalKind::Memory | ExternalKind::Global | ExternalKind::Tag => continue,
            };
            match export.name {
                "_start" if !world.is_some_and(|world| world.exports_run) => {
                    check_abi(export, ty, &[], "(func)")?;
                    exports.entries.push(Entry {
                        name: export.name,
                        func,
                        kind: EntryKind::Run,
                    });
                }
                "wasi_thread_start" => {
                    check_abi(export, ty, &[ValType::I32; 2], "(func (param i32 i32))")?;
                    exports.wasi_thread_start = Some(func);
                }
                name if let Some(how) = world.and_then(|world| world.uses.get(name)) => {
                    if info
                        .world
                        .as_ref()
                        .is_some_and(|names| names.is_returned_in_memory(name))
                    {
                        exports.returns_in_memory = Some(name);
                    }
                    exports.entries.push(Entry {
                        name,
                        func,
                        kind: EntryKind::World(*how),
                    });
                }
                name if world.is_some() && is_helper(name) => {}
                // A world without exports, such as that of `weft:threads`, does not restrict them.
                name if world.is_some_and(|world| world.exports_any) => exports.leave_out(name, LeftOut::World),
                name => match (component_type(ty), kebab(name)) {
                    (None, _) => exports.leave_out(name, LeftOut::Type(TypeText(ty).to_string())),
                    (Some(_), None) => exports.leave_out(name, LeftOut::NoLabel),
                    (Some((params, result)), Some(label)) => {
                        claims.entry(label.clone()).or_default().push((name, func));
                        let kind = EntryKind::Lifted { label, params, result };
                        exports.entries.push(Entry { name, func, kind });
                    }
                },
            }
        }
        exports.keep_one_for_each_label(&claims)?;
        Ok(exports)
    }

    fn leave_out(&mut self, export: &str, reason: LeftOut) {
        let export = export.to_string();
        self.notes.push(Note::LeftOut { export, reason });
    }

    /// Leaves out the functions whose label another function keeps.
    fn keep_one_for_each_label(&mut self, claims: &Claims<'a>) -> Result<(), AdaptError> {
        let is_command = self.entries.iter().any(|entry| matches!(entry.kind, EntryKind::Run));
        let mut left_out = Vec::new();
        for (label, claims) in claims {
            let [(first, _), (second, _), ..] = claims.as_slice() else {
                continue;
            };
            let kept = kept(claims);
            if kept.is_none() && !is_command {
                return Err(AdaptError::SameKebabName {
                    what: "export",
                    first: first.to_string(),
                    second: second.to_string(),
                    label: label.clone(),
                });
            }
            for (name, _) in claims.iter().filter(|(name, _)| kept != Some(*name)) {
                // If none is kept, each of them excludes the others.
                let other = kept.unwrap_or(if name == first { second } else { first }).to_string();
                let label = label.clone();
                left_out.push((*name, LeftOut::SameLabel { label, other }));
            }
        }
        let names: HashSet<&str> = left_out.iter().map(|(name, _)| *name).collect();
        self.entries.retain(|entry| !names.contains(entry.name));
        left_out
            .into_iter()
            .for_each(|(name, reason)| self.leave_out(name, reason));
        Ok(())
    }

    /// Whether the module is a command whose world, if it has one, exports nothing else.
    pub(crate) fn is_command(&self) -> bool {
        let has = |is: fn(&EntryKind) -> bool| self.entries.iter().any(|entry| is(&entry.kind));
        has(|kind| matches!(kind, EntryKind::Run)) && !has(|kind| matches!(kind, EntryKind::World(_)))
    }

    /// Whether the embedder can call more than a command's `run`.
    pub(crate) fn any_lifted(&self) -> bool {
        self.entries.iter().any(|entry| match entry.kind {
            EntryKind::Lifted { .. } | EntryKind::World(Use::Call) => true,
            EntryKind::Run | EntryKind::World(Use::Callee) => false,
        })
    }
}

fn check_abi(export: &Export<'_>, ty: &FuncType, params: &[ValType], expected: &'static str) -> Result<(), AdaptError> {
    if ty.params() == params && ty.results().is_empty() {
        return Ok(());
    }
    Err(AdaptError::AbiType {
        name: export.name.to_string(),
        found: TypeText(ty).to_string(),
        expected,
    })
}

/// The component function type whose flattening is the core type, if there is one.
fn component_type(ty: &FuncType) -> Option<(Vec<PrimitiveValType>, Option<PrimitiveValType>)> {
    if ty.params().len() > MAX_FLAT_PARAMS {
        return None;
    }
    let params = ty
        .params()
        .iter()
        .map(|ty| primitive(*ty))
        .collect::<Option<Vec<_>>>()?;
    match ty.results() {
        [] => Some((params, None)),
        [result] => Some((params, Some(primitive(*result)?))),
        _ => None,
    }
}

fn primitive(ty: ValType) -> Option<PrimitiveValType> {
    match ty {
        ValType::I32 => Some(PrimitiveValType::S32),
        ValType::I64 => Some(PrimitiveValType::S64),
        ValType::F32 => Some(PrimitiveValType::F32),
        ValType::F64 => Some(PrimitiveValType::F64),
        ValType::V128 | ValType::Ref(_) => None,
    }
}
