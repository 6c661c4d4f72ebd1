//! Segments: an active segment of a shared memory or table is copied once for all threads, and a segment that one
//! thread drops is dropped for all.
//!
//! An active segment of a shared memory becomes a passive one, which `weft:initialize` copies. An active segment of a
//! written table becomes a list of handles, which it also copies. If code copies a segment that instantiation has
//! dropped, it copies an empty segment instead. If code both copies and drops a passive segment, a cell records whether
//! it is dropped; the segment of the run-time module is never dropped.
//!
//! Only unshared functions reach unshared memories and tables, and they run in the same store as `weft:initialize`. So
//! it can copy their segments too. It does so if an earlier instance has a start function, which must run before: see
//! [`CopyTime`]. It also copies the segments of all unshared memories if they are small in total: if a memory has
//! active segments, Wasmtime maps an image of it, which takes as long as copying some pages, and one more of the
//! process's mappings in each store. Other segments stay active.

use super::helper::Helper;
use super::helper::TablePlace;
use super::{Emit, Result};
use crate::chunks::Chunks;
use crate::chunks::body::Body;
use crate::chunks::bulk_operators::BulkOperators;
use crate::threadify::layout::{Added, TableAt};
use crate::threadify::scan::shared;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{BlockType, DataSection, ElementSection, Elements, Instruction, ValType};
use wasmparser::{DataKind, ElementItems, ElementKind, Operator};

/// When an active segment is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CopyTime {
    /// When the run-time module is instantiated for a thread.
    Always,
    /// In `weft:initialize`.
    Once,
}

/// If the active segments of all unshared memories have this many bytes in total, they stay active.
const LARGE_DATA: u64 = 64 << 10;

impl<'a> Emit<'a> {
    pub(super) fn data(&mut self, data: &mut DataSection, section: wasmparser::DataSectionReader<'a>) -> Result<()> {
        for (segment, index) in section.into_iter().zip(0..) {
            let segment = segment?;
            let DataKind::Active {
                memory_index,
                offset_expr,
            } = &segment.kind
            else {
                self.parse_data(data, segment)?;
                continue;
            };
            if self.data_turn(*memory_index) == CopyTime::Always {
                self.parse_data(data, segment)?;
                continue;
            }
            let mut operands = self.constant(offset_expr)?;
            let (mem, data_index) = (self.memory_index(*memory_index)?, self.data_index(index)?);
            let size = segment.data.len() as i32;
            operands.extend([Instruction::I32Const(0), Instruction::I32Const(size)]);
            let init = Instruction::MemoryInit { mem, data_index };
            let bulk = self.init_memory(index, *memory_index)?;
            match self.long_init(bulk) {
                None => {
                    self.initialize.extend(operands);
                    self.initialize.extend([init]);
                }
                // If the function leaves something to do, it is out of bounds.
                Some(helper) => {
                    self.initialize.extend(operands.clone());
                    self.initialize
                        .extend([Instruction::Call(helper), Instruction::If(BlockType::Empty)]);
                    self.initialize.extend(operands);
                    self.initialize.extend([init, Instruction::End]);
                }
            }
            data.passive(segment.data.iter().copied());
        }
        Ok(())
    }

    fn data_turn(&self, memory: u32) -> CopyTime {
        let memory = self.instance().memories.get(memory as usize);
        match memory.is_some_and(Option::is_some) || self.follows_start() || self.has_little_data() {
            true => CopyTime::Once,
            false => CopyTime::Always,
        }
    }

    /// Whether the active segments of all unshared memories are small. The answer is the same for all of them, so that
    /// they are copied in their order.
    fn has_little_data(&self) -> bool {
        let instances = self.input.instances.iter().zip(self.facts);
        let sizes = instances.flat_map(|(instance, facts)| {
            let segments = facts.data.active.iter().zip(&facts.data_sizes);
            segments.filter_map(|(memory, size)| {
                let memory = instance.memories.get((*memory)? as usize)?;
                memory.is_none().then_some(u64::from(*size))
            })
        });
        sizes.sum::<u64>() < LARGE_DATA
    }

    /// When to copy an active segment of a table that no code writes. If the table is shared, every thread fills it
    /// alike.
    fn elements_turn(&self, table: u32) -> Result<CopyTime> {
        let is_shared = shared(&self.instance().items.tables, table).map_err(Error::UserError)?;
        Ok(match self.follows_start() && !is_shared {
            true => CopyTime::Once,
            false => CopyTime::Always,
        })
    }

    pub(super) fn elements(
        &mut self,
        elements: &mut ElementSection,
        section: wasmparser::ElementSectionReader<'a>,
    ) -> Result<()> {
        for (segment, index) in section.into_iter().zip(0..) {
            let mut segment = segment?;
            if self.layout.has_handles {
                self.refer_to_elements(&segment.items)?;
            }
            let cells = self.spaces().cells_of(index);
            if let Some(address) = cells.handles {
                self.initialize_handles(address, &segment.items)?;
            }
            if let ElementKind::Active {
                table_index,
                offset_expr,
            } = &segment.kind
            {
                let table = table_index.unwrap_or(0);
                if let Some(TableAt::Written(written)) = self.table_at(table) {
                    let source = self.segment_source(index, true)?;
                    let copy = self.functions.get(Helper::Copy(TablePlace::Written(written), source));
                    self.initialize_elements(index, offset_expr, [Instruction::Call(copy)])?;
                    segment.kind = ElementKind::Declared;
                } else if self.elements_turn(table)? == CopyTime::Once {
                    let (table, elem_index) = (self.table_index(table)?, self.element_index(index)?);
                    let init = Instruction::TableInit { elem_index, table };
                    self.initialize_elements(index, offset_expr, [init, Instruction::ElemDrop(elem_index)])?;
                    segment.kind = ElementKind::Passive;
                }
            }
            self.write_elements(elements, segment)?;
        }
        Ok(())
    }

    /// Writes a segment. If it contains only functions, writes a list of their indices: Wasmtime keeps such a list as
    /// data, while for expressions it compiles code that evaluates them one by one at each instantiation.
    fn write_elements(&mut self, elements: &mut ElementSection, segment: wasmparser::Element<'a>) -> Result<()> {
        let Some(functions) = self.listed_functions(&segment.items)? else {
            return self.parse_element(elements, segment);
        };
        let items = Elements::Functions(functions.into());
        match segment.kind {
            ElementKind::Passive => elements.passive(items),
            ElementKind::Declared => elements.declared(items),
            ElementKind::Active {
                table_index,
                offset_expr,
            } => {
                let table = self.table_index(table_index.unwrap_or(0))?;
                elements.active(Some(table), &self.const_expr(offset_expr)?, items)
            }
        };
        Ok(())
    }

    /// The functions of a segment of expressions, if it contains only functions, of any type.
    fn listed_functions(&mut self, items: &ElementItems<'_>) -> Result<Option<Vec<u32>>> {
        let ElementItems::Expressions(ty, expressions) = items else {
            return Ok(None);
        };
        if !ty.is_func_ref() {
            return Ok(None);
        }
        let mut functions = Vec::with_capacity(expressions.count() as usize);
        for expression in expressions.clone() {
            let mut operators = expression?.get_operators_reader();
            let Operator::RefFunc { function_index } = operators.read()? else {
                return Ok(None);
            };
            if !operators.is_end_then_eof() {
                return Ok(None);
            }
            functions.push(self.function_index(function_index)?);
        }
        if self.layout.has_handles {
            for function in &functions {
                self.handles.refer(*function);
            }
        }
        Ok(Some(functions))
    }

    /// Makes `weft:initialize` copy a segment, by the instructions that take the destination, the first element and the
    /// count.
    fn initialize_elements<const N: usize>(
        &mut self,
        segment: u32,
        offset: &wasmparser::ConstExpr<'a>,
        copy: [Instruction<'a>; N],
    ) -> Result<()> {
        let offset = self.constant(offset)?;
        let count = self.element_count(segment)?;
        self.initialize.extend(offset);
        self.initialize
            .extend([Instruction::I32Const(0), Instruction::I32Const(count as i32)]);
        self.initialize.extend(copy);
        Ok(())
    }

    /// Assigns handles: a thread can convert each function that it reads from a table to a handle.
    fn refer_to_elements(&mut self, items: &ElementItems<'_>) -> Result<()> {
        if let ElementItems::Functions(functions) = items {
            for function in functions.clone() {
                let function = self.function_index(function?)?;
                self.handles.refer(function);
            }
        }
        Ok(())
    }

    /// Makes `weft:initialize` write the handles of a segment's elements to the cells.
    fn initialize_handles(&mut self, address: u32, items: &ElementItems<'a>) -> Result<()> {
        let mut handles = Vec::new();
        let mut computed = Vec::new();
        match items {
            ElementItems::Functions(functions) => {
                for function in functions.clone() {
                    let function = self.function_index(function?)?;
                    handles.push(self.handles.refer(function).0);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions.clone() {
                    let expression = expression?;
                    let mut operators = expression.get_operators_reader();
                    handles.push(match operators.read()? {
                        Operator::RefFunc { function_index } => {
                            let function = self.function_index(function_index)?;
                            self.handles.refer(function).0
                        }
                        Operator::RefNull { .. } => 0,
                        _ => {
                            computed.push((handles.len() as u32, self.constant(&expression)?));
                            0
                        }
                    });
                }
            }
        }
        let bytes = handles
            .iter()
            .flat_map(|handle| handle.to_le_bytes())
            .collect::<Vec<_>>();
        let size = bytes.len() as i32;
        let data_index = self.segments.add_data(bytes);
        let mem = self.cells_memarg(0, 2)?.memory_index;
        self.initialize.extend([
            Instruction::I32Const(address as i32),
            Instruction::I32Const(0),
            Instruction::I32Const(size),
            Instruction::MemoryInit { mem, data_index },
        ]);
        for (position, value) in computed {
            let place = Instruction::I32Const((address + 4 * position) as i32);
            let handle = self.added(Added::FunctionHandle)?;
            let store = Instruction::I32Store(self.cells_memarg(0, 2)?);
            self.initialize.extend([place]);
            self.initialize.extend(value);
            self.initialize.extend([handle, store]);
        }
        Ok(())
    }

    pub(super) fn memory_init(&mut self, body: &mut Body, segment: u32, memory: u32) -> Result<()> {
        let mem = self.memory_index(memory)?;
        let active = self.facts().data.active.get(segment as usize).copied().flatten();
        if active.is_some_and(|memory| self.data_turn(memory) == CopyTime::Once) {
            let data_index = self.segments.empty_data();
            body.push(Instruction::MemoryInit { mem, data_index });
            return Ok(());
        }
        let init = self.init_memory(segment, memory)?;
        let Some(dropped) = self.spaces().data_dropped.get(&segment).copied() else {
            self.bulk(body, init);
            return Ok(());
        };
        let ty = self.facts().module.memories.get(memory as usize);
        let wide = ty.ok_or_else(|| super::unknown("memory", memory))?.memory64;
        let address = if wide { ValType::I64 } else { ValType::I32 };
        let ty = self.add_type(&[address, ValType::I32, ValType::I32], &[]);
        let empty = Instruction::MemoryInit {
            mem,
            data_index: self.segments.empty_data(),
        };
        self.push_flag(body, dropped)?;
        body.extend([Instruction::If(BlockType::FunctionType(ty)), empty, Instruction::Else]);
        self.bulk(body, init);
        body.push(Instruction::End);
        Ok(())
    }

    /// Writes `table.init` of an ordinary table from a segment that may be dropped.
    pub(super) fn init_unless_dropped(
        &mut self,
        body: &mut Body,
        segment: u32,
        table: u32,
        dropped: u32,
    ) -> Result<()> {
        let ty = self.facts().module.tables.get(table as usize);
        let ty = ty.ok_or_else(|| super::unknown("table", table))?;
        let address = if ty.table64 { ValType::I64 } else { ValType::I32 };
        let element_type = self.ref_type(ty.element_type)?;
        let init = self.init_table(segment, table)?;
        let table = self.table_index(table)?;
        let empty = self.segments.empty_elements(element_type);
        let block = self.add_type(&[address, ValType::I32, ValType::I32], &[]);
        self.push_flag(body, dropped)?;
        body.push(Instruction::If(BlockType::FunctionType(block)));
        body.push(Instruction::TableInit {
            elem_index: empty,
            table,
        });
        body.push(Instruction::Else);
        self.bulk(body, init);
        body.push(Instruction::End);
        Ok(())
    }

    pub(super) fn data_drop(&mut self, body: &mut Body, segment: u32) -> Result<()> {
        match self.spaces().data_dropped.get(&segment) {
            Some(dropped) => self.set_flag(body, *dropped)?,
            None => body.push(Instruction::DataDrop(self.data_index(segment)?)),
        }
        Ok(())
    }

    pub(super) fn elem_drop(&mut self, body: &mut Body, segment: u32) -> Result<()> {
        let cells = self.spaces().cells_of(segment);
        match cells.dropped {
            Some(dropped) => self.set_flag(body, dropped)?,
            None => body.push(Instruction::ElemDrop(self.element_index(segment)?)),
        }
        Ok(())
    }

    /// Pushes whether a segment is dropped.
    pub(super) fn push_flag(&self, body: &mut Body, address: u32) -> Result<()> {
        let memarg = self.cells_memarg(0, 2)?;
        body.extend([
            Instruction::I32Const(address as i32),
            Instruction::I32AtomicLoad(memarg),
        ]);
        Ok(())
    }

    fn set_flag(&self, body: &mut Body, address: u32) -> Result<()> {
        let memarg = self.cells_memarg(0, 2)?;
        body.extend([
            Instruction::I32Const(address as i32),
            Instruction::I32Const(1),
            Instruction::I32AtomicStore(memarg),
        ]);
        Ok(())
    }
}
