//! Start types: the type `$ft` of the functions that threads start with.

use super::module::unshared;
use crate::binary::declared::FirstTypes;
use crate::binary::thread_start;
use crate::error::LowerError;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{HeapType, RefType, ValType};

/// A start type. It has one parameter and no results.
#[derive(Debug, Clone)]
pub(super) struct UnsharedStart {
    /// Whether the parameter is an `i64` rather than an `i32`.
    pub wide: bool,
    /// Whether it can have no subtypes.
    pub is_final: bool,
    /// The types, in the unshared form, that modules with this start type declare first.
    pub types: FirstTypes,
}

impl UnsharedStart {
    pub fn of(start: &thread_start::StartType) -> Result<Self, LowerError> {
        let wide = start.parameter == wasmparser::ValType::I64;
        Ok(UnsharedStart {
            wide,
            is_final: start.is_final,
            types: start.declared.declare(&mut Unsharer)?,
        })
    }

    /// Whether it is alone in its recursion group and has no supertype.
    pub fn is_alone(&self) -> bool {
        self.types.next == 1
    }

    /// Whether it is the type with which Wasmtime starts threads, `(func (param i32))`.
    pub fn is_plain(&self) -> bool {
        self.is_final && !self.wide && self.is_alone()
    }

    /// The type of the parameter.
    pub fn parameter(&self) -> ValType {
        match self.wide {
            true => ValType::I64,
            false => ValType::I32,
        }
    }

    /// The type itself, in the modules that declare it.
    pub fn heap_type(&self) -> HeapType {
        HeapType::Concrete(self.types.index)
    }

    /// The type of references to functions of this type.
    pub fn reference(&self, nullable: bool) -> ValType {
        ValType::Ref(RefType {
            nullable,
            heap_type: self.heap_type(),
        })
    }
}

/// Removes `shared` from types.
struct Unsharer;

impl Reencode for Unsharer {
    type Error = LowerError;

    fn heap_type(&mut self, ty: wasmparser::HeapType) -> Result<HeapType, Error<LowerError>> {
        unshared::heap_type(self, ty)
    }

    fn composite_type(
        &mut self,
        ty: wasmparser::CompositeType,
    ) -> Result<wasm_encoder::CompositeType, Error<LowerError>> {
        unshared::composite_type(self, ty)
    }
}
