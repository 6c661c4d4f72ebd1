//! Checks the sections of a core module to which the rules about `shared` apply.

use super::Checker;
use super::core_module::{CoreModule, may_be_operand};
use super::refusal::{broken, invalid};
use super::rules::Rules;
use crate::binary::single_item::contents;
use crate::error::LowerError;
use crate::rules::Rule;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ConstExpr, ElementMode, ElementSection, ElementSegment, Elements, Encode, HeapType, RefType};
use wasmparser::{
    BinaryReader, Element, ElementItems, ElementKind, ElementSectionReader, Operator, Payload, SectionLimited,
    TableInit, ValType,
};

impl Checker<'_> {
    pub(super) fn code_section(&mut self) -> Result<(), LowerError> {
        self.module = Some(CoreModule::of(self.types()?, self.rules));
        Ok(())
    }

    /// SETV-24: the initializers of shared globals, of shared tables, and of segments that count as shared may read
    /// only shared globals. [`Self::check_elements`] checks segments.
    pub(super) fn initialised_section(&mut self, payload: &Payload<'_>) -> Result<(), LowerError> {
        self.validator.payload(payload)?;
        match payload {
            Payload::GlobalSection(section) => {
                for global in section.clone() {
                    let global = global?;
                    if global.ty.shared {
                        self.check_initialiser(&global.init_expr, "a shared global")?;
                    }
                }
            }
            Payload::TableSection(section) => {
                for table in section.clone() {
                    let table = table?;
                    if let (true, TableInit::Expr(initialiser)) = (table.ty.shared, &table.init) {
                        self.check_initialiser(initialiser, "a shared table")?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn check_initialiser(&self, initialiser: &wasmparser::ConstExpr<'_>, of: &str) -> Result<(), LowerError> {
        let types = self.types()?;
        for operator in initialiser.get_operators_reader().into_iter_with_offsets() {
            let (Operator::GlobalGet { global_index }, offset) = operator? else {
                continue;
            };
            if global_index < types.global_count() && !types.global_at(global_index).shared {
                let message = format!(
                    "the initial value of {of} reads global {global_index}, which is not shared: add `shared` to the global's type"
                );
                return Err(broken(Rule::Setv24, offset, message));
            }
        }
        Ok(())
    }

    /// SETV-24 for the elements of a segment that may reach a shared table: an active segment of such a table, or a
    /// passive one whose type may be shared. An active segment of another table reaches only that table, and a
    /// declarative one reaches none.
    fn check_elements(&self, element: &Element<'_>) -> Result<(), LowerError> {
        let ElementItems::Expressions(ty, elements) = &element.items else {
            return Ok(());
        };
        let types = self.types()?;
        let counts_as_shared = match &element.kind {
            ElementKind::Passive => may_be_operand(types, ValType::Ref(*ty), Rules::Strict),
            ElementKind::Active { table_index, .. } => {
                let table = table_index.unwrap_or(0);
                table < types.table_count() && types.table_at(table).shared
            }
            ElementKind::Declared => false,
        };
        if counts_as_shared {
            for initialiser in elements.clone() {
                self.check_initialiser(&initialiser?, "an element of a segment that counts as shared")?;
            }
        }
        Ok(())
    }

    /// SETV-13: if all functions of a segment of function indices are shared, it is a segment of shared references.
    /// wasmparser takes all such segments for unshared ones, so this rewrites them as expressions.
    pub(super) fn element_section(&mut self, section: ElementSectionReader<'_>) -> Result<(), LowerError> {
        let mut bytes = Vec::new();
        section.count().encode(&mut bytes);
        // The start of each item: in the rewritten section, and in the input.
        let mut offsets = Vec::new();
        let mut changed = false;
        for element in section.clone().into_iter_with_offsets() {
            let (offset, element) = element?;
            offsets.push((bytes.len(), offset));
            self.check_elements(&element)?;
            let mut rewritten = ElementSection::new();
            match self.shared_functions(&element, offset)? {
                Some(functions) => {
                    changed = true;
                    add_shared_functions(&mut rewritten, &element, &functions)?;
                }
                None => RoundtripReencoder
                    .parse_element(&mut rewritten, element)
                    .map_err(|error| invalid(offset, error.to_string()))?,
            }
            bytes.extend(contents(&rewritten)?.iter().skip(1));
        }
        if !changed {
            return self.pass(&Payload::ElementSection(section));
        }
        let rewritten = SectionLimited::new(BinaryReader::new(&bytes, 0))?;
        self.validator.element_section(&rewritten).map_err(|error| {
            let item = offsets.iter().rev().find(|(start, _)| *start <= error.offset());
            let offset = item.map_or(section.original_position(), |(_, offset)| *offset);
            invalid(offset, error.message())
        })
    }

    /// The functions of a segment, if they are shared and it lists them by their indices.
    fn shared_functions(&self, element: &Element<'_>, offset: usize) -> Result<Option<Vec<u32>>, LowerError> {
        let ElementItems::Functions(indices) = &element.items else {
            return Ok(None);
        };
        let table = match &element.kind {
            ElementKind::Declared | ElementKind::Passive => None,
            ElementKind::Active { table_index, .. } => Some(table_index.unwrap_or(0)),
        };
        let types = self.types()?;
        let functions = indices.clone().into_iter().collect::<Result<Vec<u32>, _>>()?;
        if functions.iter().any(|function| *function >= types.function_count()) {
            return Ok(None);
        }
        let is_shared = |function: &u32| types[types.core_function_at(*function)].composite_type.shared;
        // An instruction can only drop a declared segment, so its functions may be of both kinds.
        if let ElementKind::Declared = element.kind
            && (self.rules == Rules::Strict || !functions.iter().all(is_shared))
        {
            return Ok(None);
        }
        let is_table_shared = match table {
            Some(table) if table < types.table_count() => types.table_at(table).shared,
            Some(_) => return Ok(None),
            None => functions.iter().any(is_shared),
        };
        if let Some(function) = functions.iter().find(|function| is_shared(function) != is_table_shared) {
            let (one, other) = match is_table_shared {
                true => ("unshared", "shared"),
                false => ("shared", "unshared"),
            };
            let message = match table {
                Some(table) => format!(
                    "an element segment writes {one} function {function} to {other} table {table}: make both shared or neither"
                ),
                None => {
                    format!("an element segment mixes shared functions with unshared function {function}: split it")
                }
            };
            return Err(broken(Rule::Setv11, offset, message));
        }
        if !is_table_shared {
            return Ok(None);
        }
        if self.rules == Rules::Strict {
            let message = "an element segment that is not marked as shared lists shared functions by index: \
                           write `(shared func)` and a `ref.func` for each";
            return Err(broken(Rule::Setv13, offset, message));
        }
        Ok(Some(functions))
    }
}

fn add_shared_functions(
    section: &mut ElementSection,
    element: &Element<'_>,
    functions: &[u32],
) -> Result<(), LowerError> {
    let functions = functions.iter().map(|function| ConstExpr::ref_func(*function));
    let ty = RefType {
        nullable: false,
        heap_type: HeapType::Abstract {
            shared: true,
            ty: wasm_encoder::AbstractHeapType::Func,
        },
    };
    let elements = Elements::Expressions(ty, functions.collect());
    let (table, offset) = match &element.kind {
        ElementKind::Active {
            table_index,
            offset_expr,
        } => {
            let offset = RoundtripReencoder.const_expr(offset_expr.clone());
            let offset = offset.map_err(|error| LowerError::Internal(error.to_string()))?;
            (Some(table_index.unwrap_or(0)), Some(offset))
        }
        ElementKind::Passive | ElementKind::Declared => (None, None),
    };
    let mode = match &offset {
        Some(offset) => ElementMode::Active { table, offset },
        None => ElementMode::Passive,
    };
    section.segment(ElementSegment { mode, elements });
    Ok(())
}
