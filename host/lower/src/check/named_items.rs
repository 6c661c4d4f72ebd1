//! Checks that the instructions of a shared function name only shared items, and that its types are shared.
//!
//! **Rejected:** a visitor with a method for each of the six hundred instructions. Instead, this is a reencoder, which
//! gets each index of any instruction to translate; it checks the index and leaves it unchanged.

use super::refusal::broken;
use super::resources::exception;
use super::rules::Rules;
use crate::binary::module_items::SharedItems;
use crate::error::LowerError;
use crate::rules::Rule;
use std::fmt::Arguments;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasmparser::{BlockType, HeapType, Operator, RefType, ValType, ValidatorResources, WasmModuleResources};

/// Whether an instruction is one of the common ones that name no item: examining each of these would take as long as
/// everything else.
pub(super) fn names_nothing(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::LocalGet { .. }
            | Operator::LocalSet { .. }
            | Operator::LocalTee { .. }
            | Operator::I32Const { .. }
            | Operator::I64Const { .. }
            | Operator::I32Add
            | Operator::I32Sub
            | Operator::I32And
            | Operator::I32Eqz
            | Operator::I64Add
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::Drop
            | Operator::Select
            | Operator::Return
            | Operator::End
    )
}

/// SETV-05: a type in a shared function.
pub(super) fn check_value(
    module: &ValidatorResources,
    rules: Rules,
    ty: ValType,
    what: Arguments<'_>,
    offset: usize,
) -> Result<(), LowerError> {
    match ty {
        ValType::Ref(reference) if !module.is_shared(reference) => {
            let advice = match (exception(reference), rules) {
                (Some(_), Rules::Extended) => return Ok(()),
                (Some(_), Rules::Strict) => "use `catch` or `catch_all`, which produce no reference",
                (None, _) => "use a shared type",
            };
            let ty = name(module, reference);
            let message = format!("a shared function {what} type `{ty}`, which is not shared: {advice}");
            Err(broken(Rule::Setv05, offset, message))
        }
        _ => Ok(()),
    }
}

/// A type in the text format, with its definition instead of an index.
fn name(module: &ValidatorResources, ty: RefType) -> String {
    match ty.heap_type() {
        HeapType::Concrete(index) | HeapType::Exact(index) => match index.as_core_type_id() {
            Some(id) => {
                let null = if ty.is_nullable() { "null " } else { "" };
                format!("(ref {null}{})", module.sub_type_at_id(id))
            }
            None => ty.to_string(),
        },
        HeapType::Abstract { .. } => ty.to_string(),
    }
}

/// Checks what an instruction of a shared function names.
pub(super) struct Look<'a> {
    pub items: &'a SharedItems,
    pub module: &'a ValidatorResources,
    pub rules: Rules,
    pub offset: usize,
}

impl Look<'_> {
    pub fn operator(&mut self, operator: &Operator<'_>) -> Result<(), LowerError> {
        match operator {
            Operator::Block { blockty }
            | Operator::Loop { blockty }
            | Operator::If { blockty }
            | Operator::Try { blockty } => self.block_type_is_shared(*blockty)?,
            Operator::TryTable { try_table } => self.block_type_is_shared(try_table.ty)?,
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. }
            | Operator::CallRef { type_index }
            | Operator::ReturnCallRef { type_index } => self.callee_is_shared(*type_index)?,
            _ => {}
        }
        self.instruction(operator.clone())?;
        Ok(())
    }

    /// An index out of bounds is left to validation.
    fn item(&self, is_shared: Option<bool>, index: u32, kind: &str, rule: Rule) -> Result<u32, Error<LowerError>> {
        match is_shared {
            Some(false) => {
                let kinds = kind
                    .strip_suffix('y')
                    .map_or(format!("{kind}s"), |stem| format!("{stem}ies"));
                let message = format!(
                    "shared functions cannot access unshared {kinds}: add `shared` to the type of {kind} {index}"
                );
                Err(Error::UserError(broken(rule, self.offset, message)))
            }
            Some(true) | None => Ok(index),
        }
    }

    fn block_type_is_shared(&self, ty: BlockType) -> Result<(), LowerError> {
        let types = match ty {
            BlockType::Empty => Vec::new(),
            BlockType::Type(mut ty) => {
                if let ValType::Ref(reference) = &mut ty {
                    self.module.check_ref_type(reference, self.offset)?;
                }
                vec![ty]
            }
            BlockType::FuncType(index) => match self.module.sub_type_at(index).map(|ty| &ty.composite_type.inner) {
                Some(wasmparser::CompositeInnerType::Func(ty)) => {
                    ty.params().iter().chain(ty.results()).copied().collect()
                }
                _ => Vec::new(),
            },
        };
        let mut types = types.into_iter();
        types.try_for_each(|ty| check_value(self.module, self.rules, ty, format_args!("has a block of"), self.offset))
    }

    fn callee_is_shared(&self, ty: u32) -> Result<(), LowerError> {
        match self.module.sub_type_at(ty) {
            Some(callee) if !callee.composite_type.shared => {
                let message = format!("shared functions cannot access unshared functions: add `shared` to type {ty}");
                Err(broken(Rule::Setv02, self.offset, message))
            }
            _ => Ok(()),
        }
    }

    /// SETV-04, for segments.
    fn segment(&self, index: u32, kind: &str) -> Result<u32, Error<LowerError>> {
        if self.rules == Rules::Extended {
            return Ok(index);
        }
        let message =
            format!("shared functions cannot access unshared segments: {kind} segment {index} is not marked as shared");
        Err(Error::UserError(broken(Rule::Setv04, self.offset, message)))
    }
}

impl Reencode for Look<'_> {
    type Error = LowerError;

    /// SETV-05: checks a type that an instruction names, because not every such type, for example that of a test, shows
    /// on the operand stack.
    fn heap_type(&mut self, mut ty: HeapType) -> Result<wasm_encoder::HeapType, Error<LowerError>> {
        let named = ty;
        self.module.check_heap_type(&mut ty, self.offset)?;
        if let Some(reference) = RefType::new(true, ty) {
            let what = format_args!("names");
            check_value(self.module, self.rules, reference.into(), what, self.offset).map_err(Error::UserError)?;
        }
        utils::heap_type(self, named)
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.globals.get(global as usize).copied();
        self.item(is_shared, global, "global", Rule::Setv01)
    }

    fn table_index(&mut self, table: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.tables.get(table as usize).copied();
        self.item(is_shared, table, "table", Rule::Setv01)
    }

    fn function_index(&mut self, function: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.functions.get(function as usize).copied();
        self.item(is_shared, function, "function", Rule::Setv02)
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.memories.get(memory as usize).copied();
        self.item(is_shared, memory, "memory", Rule::Setv03)
    }

    fn tag_index(&mut self, tag: u32) -> Result<u32, Error<LowerError>> {
        let is_shared = self.items.tags.get(tag as usize).copied();
        self.item(is_shared, tag, "tag", Rule::Setv04)
    }

    fn data_index(&mut self, data: u32) -> Result<u32, Error<LowerError>> {
        self.segment(data, "data")
    }

    fn element_index(&mut self, element: u32) -> Result<u32, Error<LowerError>> {
        if let Some(ty) = self.module.element_type_at(element)
            && !self.module.is_shared(ty)
        {
            let message = format!(
                "shared functions cannot access unshared segments: give the elements of segment {element} a shared type"
            );
            return Err(Error::UserError(broken(Rule::Setv04, self.offset, message)));
        }
        self.segment(element, "element")
    }
}
