//! What becomes of each export.
//!
//! `_start` becomes the command's `run`; `wasi_thread_start` is called by the thread entry and nothing else; every
//! other function is lifted under the kebab-case form of its name (see `names.rs`), with `s32`, `s64`, `f32` and `f64`
//! for the core types. Two exports whose names meet are refused, and so is a name that has no such form: an embedder
//! that looks for a function should not find another one, or none.
//!
//! Left out are functions that cannot be lifted without a memory of the caller's: those with vectors, references, more
//! than one result or more than 16 parameters. Only compiled code calls such functions, and it does not cross a
//! component boundary. Memories, tables, globals and tags are no component exports at all.

use crate::builtin::TypeText;
use crate::error::AdaptError;
use crate::index::FuncIndex;
use crate::info::ModuleInfo;
use crate::names::kebab;
use std::collections::HashMap;
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
}

/// The exports that mean something to the adapter.
#[derive(Default)]
pub(crate) struct Exports<'a> {
    pub(crate) entries: Vec<Entry<'a>>,
    pub(crate) wasi_thread_start: Option<FuncIndex>,
}

impl<'a> Exports<'a> {
    /// Sorts the exports of a module.
    pub(crate) fn new(info: &ModuleInfo<'a>) -> Result<Exports<'a>, AdaptError> {
        let mut exports = Exports::default();
        let mut labels: HashMap<String, &'a str> = HashMap::new();
        for export in &info.exports {
            let func = FuncIndex(export.index);
            let ty = match (export.kind, info.function_type(func)) {
                (ExternalKind::Func | ExternalKind::FuncExact, Some(ty)) => ty,
                _ => continue,
            };
            match export.name {
                "_start" => {
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
                name => {
                    if let Some((params, result)) = component_type(ty) {
                        let label = label(name, &mut labels)?;
                        let kind = EntryKind::Lifted { label, params, result };
                        exports.entries.push(Entry { name, func, kind });
                    }
                }
            }
        }
        Ok(exports)
    }

    /// Whether the embedder can call more than a command's `run`.
    pub(crate) fn any_lifted(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry.kind, EntryKind::Lifted { .. }))
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

fn label<'a>(name: &'a str, labels: &mut HashMap<String, &'a str>) -> Result<String, AdaptError> {
    let what = "export";
    let label = kebab(name).ok_or_else(|| AdaptError::NoKebabName {
        what,
        name: name.to_string(),
    })?;
    match labels.insert(label.clone(), name) {
        None => Ok(label),
        Some(first) => {
            let (first, second) = (first.to_string(), name.to_string());
            Err(AdaptError::SameKebabName {
                what,
                first,
                second,
                label,
            })
        }
    }
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
