//! Modules with cooperative threads, by the ABI of `wasm32-wasip3`. wit-component makes their components, except for
//! four functions of `env` with which LLVM's code accesses the stack pointer and the address of thread-local storage.
//! These become accesses to context slots:
//!
//! ```wat
//! (import "env" "__wasm_get_stack_pointer" (func (result i32)))    ;; before
//! (import "$root" "[context-get-0]" (func (result i32)))           ;; after
//! ```

use crate::builtin::ROOT;
use crate::error::AdaptError;
use crate::foreign::stands_for;
use std::borrow::Cow;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ImportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

/// A module whose imports wit-component knows.
pub(crate) fn with_known_imports(wasm: &[u8]) -> Result<Cow<'_, [u8]>, AdaptError> {
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
                            imports.import(ROOT, builtin.import_name(), ty);
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
