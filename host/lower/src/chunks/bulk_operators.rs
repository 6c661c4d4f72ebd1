//! Rewrites bulk instructions. The instruction remains; if the count may be large, a call of the
//! [function](super::bulk) that works in chunks comes before it.

use super::array_operators::ArrayOperators;
use super::body::Body;
use super::bulk::{Bulk, Space};
use super::growth::{Growth, STEP};
use super::{ChunkFunction, Chunks, Result, unknown};
use crate::binary::module_items::page_size_log2;
use wasm_encoder::{BlockType, Instruction, ValType};
use wasmparser::Operator;

/// Whether an instruction may take long. The code that replaces such an instruction depends on a constant before it.
pub(crate) fn is_bulk(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::MemoryFill { .. }
            | Operator::MemoryCopy { .. }
            | Operator::MemoryInit { .. }
            | Operator::TableFill { .. }
            | Operator::TableCopy { .. }
            | Operator::TableInit { .. }
            | Operator::TableGrow { .. }
            | Operator::ArrayNew { .. }
            | Operator::ArrayNewDefault { .. }
            | Operator::ArrayNewData { .. }
            | Operator::ArrayNewElem { .. }
            | Operator::ArrayFill { .. }
            | Operator::ArrayCopy { .. }
            | Operator::ArrayInitData { .. }
            | Operator::ArrayInitElem { .. }
    )
}

/// Bulk instructions on memories, tables and arrays.
pub(crate) trait BulkOperators: Chunks {
    /// Writes a bulk instruction on memories, on tables that stay tables, or on arrays, if it is one.
    fn bulk_operator(&mut self, body: &mut Body, operator: &Operator<'_>) -> Result<bool> {
        if !is_bulk(operator) {
            return Ok(false);
        }
        let bulk = match *operator {
            Operator::MemoryFill { mem } => Bulk::FillMemory(self.memory_space(mem)?),
            Operator::MemoryCopy { dst_mem, src_mem } => Bulk::CopyMemory {
                to: self.memory_space(dst_mem)?,
                from: self.memory_space(src_mem)?,
            },
            Operator::TableFill { table } => Bulk::FillTable(self.table_space(table)?, self.table_element(table)?),
            Operator::TableCopy { dst_table, src_table } => Bulk::CopyTable {
                to: self.table_space(dst_table)?,
                from: self.table_space(src_table)?,
            },
            Operator::TableInit { elem_index, table } => self.init_table(elem_index, table)?,
            Operator::TableGrow { table } => {
                let growth = self.growth(table)?;
                self.grow_table(body, growth);
                return Ok(true);
            }
            _ => return self.array_operator(body, operator),
        };
        self.bulk(body, bulk);
        Ok(true)
    }

    fn growth(&mut self, table: u32) -> Result<Growth> {
        let space = self.table_space(table)?;
        Ok(Growth {
            table: space,
            element: self.table_element(table)?,
            maximum: self.maximum_of_table(space.index, space.wide),
        })
    }

    fn table_element(&mut self, table: u32) -> Result<ValType> {
        let ty = self.items().tables.get(table as usize);
        let ty = ty.ok_or_else(|| unknown("table", table))?.element_type;
        Ok(ValType::Ref(self.ref_type(ty)?))
    }

    fn init_memory(&mut self, segment: u32, memory: u32) -> Result<Bulk> {
        Ok(Bulk::InitMemory {
            to: self.memory_space(memory)?,
            size: self.data_size(segment)?,
            segment: self.data_index(segment)?,
        })
    }

    fn init_table(&mut self, segment: u32, table: u32) -> Result<Bulk> {
        Ok(Bulk::InitTable {
            to: self.table_space(table)?,
            size: self.element_count(segment)?,
            segment: self.element_index(segment)?,
        })
    }

    /// Writes a bulk instruction whose operands are on the stack.
    fn bulk(&mut self, body: &mut Body, bulk: Bulk) {
        if bulk.is_short(body.last_constant()) {
            body.push(bulk.instruction());
            return;
        }
        let parameters = bulk.parameters();
        let [first, second, count] = body.scratch(parameters);
        let chunk = bulk.chunk();
        let (limit, is_greater) = match parameters[2] {
            ValType::I64 => (Instruction::I64Const(i64::from(chunk)), Instruction::I64GtU),
            _ => (Instruction::I32Const(chunk as i32), Instruction::I32GtU),
        };
        body.extend([count, second, first].map(Instruction::LocalSet));
        body.extend([
            Instruction::LocalGet(count),
            limit,
            is_greater,
            Instruction::If(BlockType::Empty),
        ]);
        body.extend([first, second, count].map(Instruction::LocalGet));
        let helper = self.chunk_function(ChunkFunction::Bulk(bulk));
        body.extend([
            Instruction::Call(helper),
            Instruction::LocalSet(count),
            Instruction::End,
        ]);
        body.extend([first, second, count].map(Instruction::LocalGet));
        body.push(bulk.instruction());
    }

    /// The function that copies an active segment in chunks, if the segment is larger than a chunk.
    fn long_init(&mut self, bulk: Bulk) -> Option<u32> {
        (!bulk.is_short(None)).then(|| self.chunk_function(ChunkFunction::Bulk(bulk)))
    }

    /// Writes `table.grow`. Its operands are on the stack.
    fn grow_table(&mut self, body: &mut Body, growth: Growth) {
        let grow = Instruction::TableGrow(growth.table.index);
        if growth.is_short(body.last_constant()) {
            body.push(grow);
            return;
        }
        let [value, by] = body.scratch(growth.parameters());
        let helper = self.chunk_function(ChunkFunction::GrowTable(growth));
        let is_greater = match growth.table.wide {
            true => Instruction::I64GtU,
            false => Instruction::I32GtU,
        };
        let operands = [value, by].map(Instruction::LocalGet);
        body.extend([by, value].map(Instruction::LocalSet));
        body.extend([Instruction::LocalGet(by), growth.step(STEP), is_greater]);
        body.push(Instruction::If(BlockType::Result(growth.table.address())));
        body.extend(operands.clone());
        body.extend([Instruction::Call(helper), Instruction::Else]);
        body.extend(operands);
        body.extend([grow, Instruction::End]);
    }

    fn memory_space(&mut self, memory: u32) -> Result<Space> {
        let ty = self.items().memories.get(memory as usize);
        let ty = *ty.ok_or_else(|| unknown("memory", memory))?;
        Ok(Space {
            wide: ty.memory64,
            index: self.memory_index(memory)?,
            page_size_log2: page_size_log2(&ty),
        })
    }

    fn table_space(&mut self, table: u32) -> Result<Space> {
        let ty = self.items().tables.get(table as usize);
        Ok(Space {
            wide: ty.ok_or_else(|| unknown("table", table))?.table64,
            index: self.table_index(table)?,
            page_size_log2: 0,
        })
    }
}

impl<C: Chunks> BulkOperators for C {}
