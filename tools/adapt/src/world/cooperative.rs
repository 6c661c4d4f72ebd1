//! Modules with cooperative threads, by the ABI of `wasm32-wasip3`. wit-component makes their components, except for
//! four functions of `env` with which LLVM's code accesses the stack pointer and the address of thread-local storage.
//! These become accesses to context slots:
//!
//! ```wat
//! (import "env" "__wasm_get_stack_pointer" (func (result i32)))    ;; before
//! (import "$root" "[context-get-0]" (func (result i32)))           ;; after
//! ```

use crate::builtin::{Builtin, ROOT};
use crate::error::AdaptError;
use crate::index::TypeIndex;
use crate::input::foreign::stands_for;
use crate::input::info::ModuleInfo;
use std::borrow::Cow;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ImportSection, Module, RawSection};
use wasmparser::{Parser, Payload, TypeRef, ValType};

/// Rewrites a module so that wit-component knows its imports.
pub(crate) fn with_known_imports<'w>(info: &ModuleInfo<'_>, wasm: &'w [u8]) -> Result<Cow<'w, [u8]>, AdaptError> {
    let mut module = Module::new();
    let mut any = false;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(section) => {
                let mut imports = ImportSection::new();
                for import in section.clone().into_imports() {
                    let import = import?;
                    let ty = RoundtripReencoder.entity_type(import.ty)?;
                    match stands_for(import.module, import.name) {
                        Some(builtin) => {
                            any = true;
                            imports.import(ROOT, &context_name(info, import.ty, builtin)?, ty);
                        }
                        None => {
                            imports.import(import.module, import.name, ty);
                        }
                    }
                }
                module.section(&imports);
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = wasm.get(range).ok_or_else(|| AdaptError::missing("section", id))?;
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(match any {
        true => Cow::Owned(module.finish()),
        false => Cow::Borrowed(wasm),
    })
}

/// A built-in's name for the type with which a module imports it: slots are as wide as the module's addresses.
fn context_name(info: &ModuleInfo<'_>, ty: TypeRef, builtin: Builtin) -> Result<Cow<'static, str>, AdaptError> {
    let is_wide = match ty {
        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
            let ty = info.func_type(TypeIndex(ty))?;
            ty.params().iter().chain(ty.results()).any(|ty| *ty == ValType::I64)
        }
        TypeRef::Memory(_) | TypeRef::Table(_) | TypeRef::Global(_) | TypeRef::Tag(_) => false,
    };
    Ok(match builtin {
        Builtin::ContextGet(slot) if is_wide => format!("[context-get-i64-{}]", slot.number()).into(),
        Builtin::ContextSet(slot) if is_wide => format!("[context-set-i64-{}]", slot.number()).into(),
        builtin => builtin.import_name().into(),
    })
}
