//! Rewrites instructions on whole arrays. The instruction remains; if the count may be large, a call of the
//! [function](super::array_bulk) that works in chunks comes before it.

use super::array_bulk::{ArrayBulk, CHUNK, NewArray};
use super::body::{Body, default_value};
use super::{ChunkFunction, Chunks, Result, unknown};
use wasm_encoder::{BlockType, Instruction};
use wasmparser::{CompositeInnerType, Operator, StorageType};

/// Instructions that work on whole arrays.
pub(crate) trait ArrayOperators: Chunks {
    /// Writes an instruction that works on a whole array, if it is one.
    fn array_operator(&mut self, body: &mut Body, operator: &Operator<'_>) -> Result<bool> {
        let (bulk, is_new) = match *operator {
            Operator::ArrayFill { array_type_index } => (self.array_fill(array_type_index)?, false),
            Operator::ArrayCopy {
                array_type_index_dst,
                array_type_index_src,
            } => {
                let (to, from) = (
                    self.type_index(array_type_index_dst)?,
                    self.type_index(array_type_index_src)?,
                );
                (ArrayBulk::Copy { to, from }, false)
            }
            Operator::ArrayInitData {
                array_type_index,
                array_data_index,
            } => (self.array_data(array_type_index, array_data_index)?, false),
            Operator::ArrayInitElem {
                array_type_index,
                array_elem_index,
            } => (self.array_elements(array_type_index, array_elem_index)?, false),
            Operator::ArrayNew { array_type_index } => (self.array_fill(array_type_index)?, true),
            Operator::ArrayNewDefault { array_type_index } => {
                self.new_default_array(body, array_type_index)?;
                return Ok(true);
            }
            Operator::ArrayNewData {
                array_type_index,
                array_data_index,
            } if self.can_be_filled(array_type_index)? => (self.array_data(array_type_index, array_data_index)?, true),
            Operator::ArrayNewElem {
                array_type_index,
                array_elem_index,
            } if self.can_be_filled(array_type_index)? => {
                (self.array_elements(array_type_index, array_elem_index)?, true)
            }
            _ => return Ok(false),
        };
        match is_new {
            true => self.new_array(body, NewArray(bulk)),
            false => self.array_bulk(body, bulk),
        }
        Ok(true)
    }

    fn array_fill(&mut self, array: u32) -> Result<ArrayBulk> {
        let value = self.array_element(array)?.0.unpack();
        Ok(ArrayBulk::Fill {
            array: self.type_index(array)?,
            value: self.val_type(value)?,
        })
    }

    fn array_data(&mut self, array: u32, segment: u32) -> Result<ArrayBulk> {
        Ok(ArrayBulk::InitData {
            array: self.type_index(array)?,
            size: self.data_size(segment)?,
            width: width(self.array_element(array)?.0),
            segment: self.data_index(segment)?,
        })
    }

    fn array_elements(&mut self, array: u32, segment: u32) -> Result<ArrayBulk> {
        Ok(ArrayBulk::InitElements {
            array: self.type_index(array)?,
            count: self.element_count(segment)?,
            segment: self.element_index(segment)?,
        })
    }

    /// Whether an array of this type can be created first and filled later.
    fn can_be_filled(&self, array: u32) -> Result<bool> {
        let (element, mutable) = self.array_element(array)?;
        Ok(mutable && element.unpack().is_defaultable())
    }

    fn array_element(&self, array: u32) -> Result<(StorageType, bool)> {
        let ty = self.items().types.get(array as usize);
        match ty.map(|ty| &ty.composite_type.inner) {
            Some(CompositeInnerType::Array(ty)) => Ok((ty.0.element_type, ty.0.mutable)),
            _ => Err(unknown("array type", array)),
        }
    }

    /// Writes an instruction whose operands are on the stack.
    fn array_bulk(&mut self, body: &mut Body, bulk: ArrayBulk) {
        if bulk.is_short(body.last_constant()) {
            body.push(bulk.instruction());
            return;
        }
        let operands = body.scratch_list(&bulk.parameters());
        for operand in operands.iter().rev() {
            body.push(Instruction::LocalSet(*operand));
        }
        let push_all = |body: &mut Body| {
            operands
                .iter()
                .for_each(|operand| body.push(Instruction::LocalGet(*operand)))
        };
        let count = operands[operands.len() - 1];
        push_is_long(body, count);
        body.push(Instruction::If(BlockType::Empty));
        push_all(body);
        let helper = self.chunk_function(ChunkFunction::Array(bulk));
        body.extend([
            Instruction::Call(helper),
            Instruction::LocalSet(count),
            Instruction::End,
        ]);
        push_all(body);
        body.push(bulk.instruction());
    }

    /// Writes `array.new_default`, whose operand is on the stack.
    fn new_default_array(&mut self, body: &mut Body, array: u32) -> Result<()> {
        let bulk = self.array_fill(array)?;
        let instruction = Instruction::ArrayNewDefault(self.type_index(array)?);
        if bulk.is_short(body.last_constant()) {
            body.push(instruction);
            return Ok(());
        }
        let new = NewArray(bulk);
        let [value, count] = new.parameters();
        let [count] = body.scratch([count]);
        body.extend([
            Instruction::LocalSet(count),
            default_value(value),
            Instruction::LocalGet(count),
        ]);
        self.new_array(body, new);
        Ok(())
    }

    fn new_array(&mut self, body: &mut Body, new: NewArray) {
        if new.0.is_short(body.last_constant()) {
            body.push(new.instruction());
            return;
        }
        let [first, count] = body.scratch(new.parameters());
        let operands = [first, count].map(Instruction::LocalGet);
        body.extend([count, first].map(Instruction::LocalSet));
        push_is_long(body, count);
        body.push(Instruction::If(BlockType::Result(new.result())));
        body.extend(operands.clone());
        let helper = self.chunk_function(ChunkFunction::NewArray(new));
        body.extend([Instruction::Call(helper), Instruction::Else]);
        body.extend(operands);
        body.extend([new.instruction(), Instruction::End]);
    }
}

impl<C: Chunks> ArrayOperators for C {}

fn push_is_long(body: &mut Body, count: u32) {
    body.extend([
        Instruction::LocalGet(count),
        Instruction::I32Const(CHUNK as i32),
        Instruction::I32GtU,
    ]);
}

/// How many bytes of a data segment an element takes.
fn width(element: StorageType) -> u32 {
    match element {
        StorageType::I8 => 1,
        StorageType::I16 => 2,
        StorageType::Val(ty) => match ty {
            wasmparser::ValType::I32 | wasmparser::ValType::F32 => 4,
            wasmparser::ValType::I64 | wasmparser::ValType::F64 => 8,
            wasmparser::ValType::V128 => 16,
            // Validation does not allow references here.
            wasmparser::ValType::Ref(_) => 1,
        },
    }
}
