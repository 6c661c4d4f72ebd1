//! Function handles: numbers for references to functions that mean the same on all threads.

use super::sections::Sections;
use super::{Emit, Result};
use crate::chunks::body::Body;
use crate::plan::FUNCTIONS_EXPORT;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{ConstExpr, Elements, ExportKind, HeapType, Instruction, RefType, TableType};

impl Emit<'_> {
    /// The table that is filled alike on every thread.
    pub(super) fn functions_table(&self) -> u32 {
        self.layout.fixed_tables
    }

    /// Adds that table, or declares the functions to which code refers.
    pub(super) fn add_handles(&mut self, sections: &mut Sections) {
        let functions = std::mem::take(&mut self.handles.functions);
        if self.layout.has_handles {
            let size = functions.len() as u64 + 1;
            sections.tables.table(TableType {
                element_type: RefType::FUNCREF,
                table64: false,
                minimum: size,
                maximum: Some(size),
                shared: false,
            });
            let table = self.functions_table();
            sections.exports.export(FUNCTIONS_EXPORT, ExportKind::Table, table);
            let elements = Elements::Functions(functions.into());
            self.segments.last_elements = Some((Some((table, ConstExpr::i32_const(1))), elements));
        } else if !functions.is_empty() {
            self.segments.last_elements = Some((None, Elements::Functions(functions.into())));
        }
    }

    /// Converts a handle to a reference of a type of the current instance's module.
    pub(super) fn reference(&mut self, body: &mut Body, ty: wasmparser::RefType) -> Result<()> {
        body.push(Instruction::TableGet(self.functions_table()));
        let heap_type = self.heap_type(ty.heap_type())?;
        match (ty.is_nullable(), heap_type) {
            (true, HeapType::FUNC) => {}
            (true, heap_type) => body.push(Instruction::RefCastNullable(heap_type)),
            (false, heap_type) => body.push(Instruction::RefCastNonNull(heap_type)),
        }
        Ok(())
    }
}
