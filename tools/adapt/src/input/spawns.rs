//! Whether a module that imports `wasi.thread-spawn` can call it.
//!
//! A libc may leave the import in a program that starts no thread. The adapter treats such a module as one without threads,
//! which may use all of WebAssembly 3.0. It looks for any use of the import: a call, a reference, an export. A use counts
//! even if nothing calls the function that contains it.

use crate::error::AdaptError;
use crate::index::FuncIndex;
use crate::input::info::ModuleInfo;
use std::collections::BTreeSet;
use wasmparser::{ConstExpr, ElementItems, ExternalKind, Operator, TypeRef};

/// The import that starts threads, in the wasi-threads ABI.
pub(crate) const SPAWN: (&str, &str) = ("wasi", "thread-spawn");

/// Whether a module imports `wasi.thread-spawn` and can call it.
pub(crate) fn can_spawn(info: &ModuleInfo<'_>) -> Result<bool, AdaptError> {
    let functions = info.imports.iter().filter(|import| match import.ty {
        TypeRef::Func(_) | TypeRef::FuncExact(_) => true,
        TypeRef::Table(_) | TypeRef::Memory(_) | TypeRef::Global(_) | TypeRef::Tag(_) => false,
    });
    let spawns = (0..).map(FuncIndex).zip(functions);
    let spawns = spawns.filter(|(_, import)| (import.module, import.name) == SPAWN);
    let spawns = Spawns(spawns.map(|(func, _)| func).collect());
    if spawns.0.is_empty() {
        return Ok(false);
    }
    Ok(spawns.leave(info) || spawns.are_referred_to(info)? || spawns.are_called(info)?)
}

/// The functions that are imported as `wasi.thread-spawn`.
struct Spawns(BTreeSet<FuncIndex>);

impl Spawns {
    fn contain(&self, func: u32) -> bool {
        self.0.contains(&FuncIndex(func))
    }

    /// Whether one is exported, or is the start function.
    fn leave(&self, info: &ModuleInfo<'_>) -> bool {
        let mut exports = info.exports.iter();
        exports.any(|export| match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => self.contain(export.index),
            ExternalKind::Table | ExternalKind::Memory | ExternalKind::Global | ExternalKind::Tag => false,
        }) || info.start.is_some_and(|start| self.0.contains(&start))
    }

    /// Whether a global, a table or an element segment refers to one.
    fn are_referred_to(&self, info: &ModuleInfo<'_>) -> Result<bool, AdaptError> {
        let globals = info.globals.iter().filter_map(|global| global.init.as_ref());
        let tables = info.tables.iter().filter_map(|table| table.init.as_ref());
        for init in globals.chain(tables) {
            if self.are_in(init)? {
                return Ok(true);
            }
        }
        for segment in info.element_section.iter().flat_map(|section| section.clone()) {
            match segment?.items {
                ElementItems::Functions(functions) => {
                    for func in functions {
                        if self.contain(func?) {
                            return Ok(true);
                        }
                    }
                }
                ElementItems::Expressions(_, expressions) => {
                    for expression in expressions {
                        if self.are_in(&expression?)? {
                            return Ok(true);
                        }
                    }
                }
            }
        }
        Ok(false)
    }

    fn are_in(&self, init: &ConstExpr<'_>) -> Result<bool, AdaptError> {
        for operator in init.get_operators_reader() {
            if self.is_used_by(&operator?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn are_called(&self, info: &ModuleInfo<'_>) -> Result<bool, AdaptError> {
        for body in info.code_section.iter().flat_map(|section| section.clone()) {
            for operator in body?.get_operators_reader()? {
                if self.is_used_by(&operator?) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn is_used_by(&self, operator: &Operator<'_>) -> bool {
        match *operator {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => self.contain(function_index),
            // No other instruction names a function.
            _ => false,
        }
    }
}
