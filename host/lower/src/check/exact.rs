//! Refuses exact types, a feature of the proposal `custom-descriptors`, which weft does not support.
//!
//! **Problem.** wasmparser refuses exact types of values, but overlooks them in casts and in the imports and exports of
//! modules:
//!
//! ```wat
//! (ref.test (ref (exact $t)) (local.get 0))
//! (import "" "" (func (exact (type $t))))
//! ```

use super::Checker;
use crate::error::LowerError;
use crate::features::missing_feature;
use wasmparser::{
    CoreType, CoreTypeSectionReader, ExportSectionReader, ExternalKind, HeapType, ImportSectionReader,
    ModuleTypeDeclaration, Operator, TypeRef, WasmFeatures,
};

impl Checker<'_> {
    pub(super) fn inexact_imports(section: &ImportSectionReader<'_>) -> Result<(), LowerError> {
        for import in section.clone().into_imports_with_offsets() {
            let (offset, import) = import?;
            inexact_type(import.ty, offset)?;
        }
        Ok(())
    }

    pub(super) fn inexact_exports(section: &ExportSectionReader<'_>) -> Result<(), LowerError> {
        for export in section.clone().into_iter_with_offsets() {
            let (offset, export) = export?;
            if export.kind == ExternalKind::FuncExact {
                return Err(exact(offset));
            }
        }
        Ok(())
    }

    /// The types of modules.
    pub(super) fn inexact_core_types(section: &CoreTypeSectionReader<'_>) -> Result<(), LowerError> {
        for ty in section.clone().into_iter_with_offsets() {
            let (offset, CoreType::Module(declarations)) = ty? else {
                continue;
            };
            for declaration in &declarations {
                match declaration {
                    ModuleTypeDeclaration::Import(import) => inexact_type(import.ty, offset)?,
                    ModuleTypeDeclaration::Export { ty, .. } => inexact_type(*ty, offset)?,
                    ModuleTypeDeclaration::Type(_) | ModuleTypeDeclaration::OuterAlias { .. } => {}
                }
            }
        }
        Ok(())
    }
}

fn inexact_type(ty: TypeRef, offset: usize) -> Result<(), LowerError> {
    match ty {
        TypeRef::FuncExact(_) => Err(exact(offset)),
        TypeRef::Func(_) | TypeRef::Table(_) | TypeRef::Memory(_) | TypeRef::Global(_) | TypeRef::Tag(_) => Ok(()),
    }
}

/// An instruction that casts, or asks whether it could.
pub(super) fn inexact_cast(operator: &Operator<'_>, offset: usize) -> Result<(), LowerError> {
    let is_exact = match operator {
        Operator::RefTestNonNull { hty }
        | Operator::RefTestNullable { hty }
        | Operator::RefCastNonNull { hty }
        | Operator::RefCastNullable { hty } => matches!(hty, HeapType::Exact(_)),
        Operator::BrOnCast {
            from_ref_type,
            to_ref_type,
            ..
        }
        | Operator::BrOnCastFail {
            from_ref_type,
            to_ref_type,
            ..
        } => [from_ref_type, to_ref_type]
            .iter()
            .any(|ty| matches!(ty.heap_type(), HeapType::Exact(_))),
        _ => false,
    };
    if is_exact { Err(exact(offset)) } else { Ok(()) }
}

fn exact(offset: usize) -> LowerError {
    let message = "custom descriptors required for exact reference types";
    missing_feature(WasmFeatures::CUSTOM_DESCRIPTORS, message, offset)
}
