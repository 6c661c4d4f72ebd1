//! Rewrites accesses to shared tables that code writes: each is an array of handles in a hidden memory of its own.
//!
//! ```wat
//! (call_indirect $t (type $f) (I))                                            ;; before
//! (local.set $i (I))                                                          ;; after
//! (if (i64.ge_u (i64.extend_i32_u (local.get $i)) LENGTH) (then TRAP))
//! (call_indirect $functions (type $f) (i32.load $elements (i32.shl (local.get $i) (i32.const 2))))
//! ```
//!
//! The length of a table that cannot grow is a constant.
//!
//! A call or an access traps as before: a comparison with the length traps if the index is out of bounds, and the
//! instruction on `$functions` traps if the element is null or has another type.

use super::helper::Helper;
use super::helper::{Source, TablePlace};
use super::{Emit, Result, internal, unknown};
use crate::chunks::Chunks;
use crate::chunks::body::Body;
use crate::plan::{TABLE_LENGTH_ADDRESS, WrittenTableIndex};
use crate::threadify::layout::{Added, TableAt};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{Instruction, MemArg, TableSection, ValType};
use wasmparser::{Operator, TableInit};

impl<'a> Emit<'a> {
    /// Defines the tables. Written tables get their initial length and elements once.
    pub(super) fn tables(
        &mut self,
        tables: &mut TableSection,
        section: wasmparser::TableSectionReader<'a>,
    ) -> Result<()> {
        for (table, index) in section.into_iter().zip(self.facts().module.imported.tables..) {
            let table = table?;
            let Some(TableAt::Written(written)) = self.table_at(index) else {
                self.parse_table(tables, table)?;
                continue;
            };
            self.initialize.extend([
                Instruction::I32Const(0),
                Instruction::I64Const(table.ty.initial as i64),
                Instruction::I64AtomicStore(self.table_memarg(written, TABLE_LENGTH_ADDRESS, 3)),
            ]);
            if let TableInit::Expr(value) = &table.init {
                let value = self.constant(value)?;
                let constant = |value: u64| match table.ty.table64 {
                    true => Instruction::I64Const(value as i64),
                    false => Instruction::I32Const(value as i32),
                };
                self.initialize.extend([constant(0)]);
                self.initialize.extend(value);
                let handle = self.added(Added::FunctionHandle)?;
                let fill = self.functions.get(Helper::Fill(written));
                self.initialize
                    .extend([handle, constant(table.ty.initial), Instruction::Call(fill)]);
            }
        }
        Ok(())
    }

    /// Writes an instruction if it is one on a written table or on a segment that may be dropped.
    pub(super) fn table_operator(&mut self, body: &mut Body, operator: &Operator<'_>) -> Result<bool> {
        match *operator {
            Operator::TableCopy { dst_table, src_table } => return self.table_copy(body, dst_table, src_table),
            Operator::TableInit { elem_index, table } => return self.table_init(body, elem_index, table),
            _ => {}
        }
        let Some(table) = table_of(operator) else {
            return Ok(false);
        };
        let written = match self.table_at(table) {
            Some(TableAt::Written(written)) => written,
            Some(TableAt::Fixed(_)) => return Ok(false),
            None => return Err(unknown("table", table)),
        };
        match *operator {
            Operator::TableGet { .. } => {
                self.element(body, written);
                let ty = self.facts().module.tables.get(table as usize);
                let ty = ty.ok_or_else(|| unknown("table", table))?.element_type;
                self.reference(body, ty)?;
            }
            Operator::TableSet { .. } => {
                let set = self.functions.get(Helper::SetElement(written));
                body.extend([self.added(Added::FunctionHandle)?, Instruction::Call(set)]);
            }
            Operator::TableSize { .. } => {
                self.push_length(body, written);
                if !self.is_wide(written) {
                    body.push(Instruction::I32WrapI64);
                }
            }
            Operator::TableGrow { .. } => {
                let [delta] = body.scratch([self.place_index(TablePlace::Written(written))]);
                let grow = self.added(Added::GrowTable(written))?;
                let handle = self.added(Added::FunctionHandle)?;
                body.extend([Instruction::LocalSet(delta), handle, Instruction::LocalGet(delta), grow]);
            }
            Operator::TableFill { .. } => {
                let [count] = body.scratch([self.place_index(TablePlace::Written(written))]);
                let fill = Instruction::Call(self.functions.get(Helper::Fill(written)));
                let handle = self.added(Added::FunctionHandle)?;
                body.extend([Instruction::LocalSet(count), handle, Instruction::LocalGet(count), fill]);
            }
            Operator::CallIndirect { type_index, .. } => {
                self.element(body, written);
                body.push(Instruction::CallIndirect {
                    type_index: self.type_index(type_index)?,
                    table_index: self.functions_table(),
                });
            }
            Operator::ReturnCallIndirect { type_index, .. } => {
                self.element(body, written);
                body.push(Instruction::ReturnCallIndirect {
                    type_index: self.type_index(type_index)?,
                    table_index: self.functions_table(),
                });
            }
            _ => {
                let message =
                    format!("an access to written table {table} by an instruction that is not known: {operator:?}");
                return Err(internal(message));
            }
        }
        Ok(true)
    }

    fn table_copy(&mut self, body: &mut Body, to: u32, from: u32) -> Result<bool> {
        let (to_place, from_place) = (self.place(to)?, self.place(from)?);
        if let (TablePlace::Fixed { .. }, TablePlace::Fixed { .. }) = (to_place, from_place) {
            return Ok(false);
        }
        let copy = self.functions.get(Helper::Copy(to_place, Source::Table(from_place)));
        body.push(Instruction::Call(copy));
        Ok(true)
    }

    fn table_init(&mut self, body: &mut Body, segment: u32, table: u32) -> Result<bool> {
        let cells = self.spaces().cells_of(segment);
        match self.table_at(table) {
            Some(TableAt::Written(_)) => {
                let source = self.segment_source(segment, false)?;
                let copy = self.functions.get(Helper::Copy(self.place(table)?, source));
                body.push(Instruction::Call(copy));
                Ok(true)
            }
            None => Err(unknown("table", table)),
            Some(TableAt::Fixed(_)) => match cells.dropped {
                Some(dropped) => self.init_unless_dropped(body, segment, table, dropped).map(|()| true),
                None => Ok(false),
            },
        }
    }

    /// The elements of a segment. For code, a segment that instantiation drops has none.
    pub(super) fn segment_source(&self, segment: u32, at_instantiation: bool) -> Result<Source> {
        let cells = self.spaces().cells_of(segment);
        let count = match self.facts().elements.is_empty(segment) && !at_instantiation {
            true => 0,
            false => self.element_count(segment)?,
        };
        let handles = match (cells.handles, count) {
            (Some(address), _) => address,
            // Nothing is read from this address.
            (None, 0) => 0,
            (None, _) => {
                let message = format!("the handles of element segment {segment} have no place");
                return Err(internal(message));
            }
        };
        Ok(Source::Segment {
            handles,
            count,
            dropped: cells.dropped,
        })
    }

    pub(super) fn is_wide(&self, table: WrittenTableIndex) -> bool {
        self.layout.tables[table.index()].table64
    }

    /// Pushes a table's length, as an `i64`.
    pub(super) fn push_length(&self, body: &mut Body, table: WrittenTableIndex) {
        let memarg = self.table_memarg(table, TABLE_LENGTH_ADDRESS, 3);
        body.extend([Instruction::I32Const(0), Instruction::I64AtomicLoad(memarg)]);
    }

    /// The immediate of an access to a table's memory. `align` is a logarithm.
    pub(super) fn table_memarg(&self, table: WrittenTableIndex, offset: u64, align: u32) -> MemArg {
        MemArg {
            offset,
            align,
            memory_index: self.layout.tables[table.index()].memory.0,
        }
    }

    /// The types of the operands and results of a built-in that weft adds.
    pub(super) fn added_type(&self, added: Added) -> (Vec<ValType>, Vec<ValType>) {
        let address = |memory: crate::plan::MemoryIndex| match self.layout.memories[memory.index()].memory64 {
            true => ValType::I64,
            false => ValType::I32,
        };
        match added {
            Added::Wait32(memory) => (
                vec![address(memory), ValType::I32, ValType::I64, ValType::I64],
                vec![ValType::I32],
            ),
            Added::Wait64(memory) => (
                vec![address(memory), ValType::I64, ValType::I64, ValType::I64],
                vec![ValType::I32],
            ),
            Added::Notify(memory) => (vec![address(memory), ValType::I32, ValType::I64], vec![ValType::I32]),
            Added::GrowMemory(memory) => (vec![address(memory)], vec![address(memory)]),
            Added::EnterInstance(_)
            | Added::ExitInstance
            | Added::EnterExclusively(_)
            | Added::ExitExclusively
            | Added::InitializeAtHome(..) => (vec![], vec![]),
            Added::FunctionHandle => (vec![ValType::FUNCREF], vec![ValType::I32]),
            Added::ReserveTable => (vec![ValType::I64; 2], vec![ValType::I32]),
            Added::GrowTable(table) => {
                let index = self.place_index(TablePlace::Written(table));
                (vec![ValType::I32, index], vec![index])
            }
            Added::EndBorrows => (vec![], vec![]),
        }
    }
}

/// The table that an instruction accesses, unless it accesses two or a segment.
fn table_of(operator: &Operator<'_>) -> Option<u32> {
    match *operator {
        Operator::TableGet { table }
        | Operator::TableSet { table }
        | Operator::TableSize { table }
        | Operator::TableGrow { table }
        | Operator::TableFill { table } => Some(table),
        Operator::CallIndirect { table_index, .. } | Operator::ReturnCallIndirect { table_index, .. } => {
            Some(table_index)
        }
        // SETV-17: none of these instructions works on a table of functions.
        Operator::TableAtomicGet { table_index, .. }
        | Operator::TableAtomicSet { table_index, .. }
        | Operator::TableAtomicRmwXchg { table_index, .. }
        | Operator::TableAtomicRmwCmpxchg { table_index, .. } => Some(table_index),
        _ => None,
    }
}
