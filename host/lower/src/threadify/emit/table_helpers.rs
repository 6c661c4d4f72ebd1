//! The functions that read and write shared tables: loops over handles, with the bounds checks of the table
//! instructions.
//!
//! The length of a table only grows, so a range in bounds stays in bounds. The length of an element segment becomes
//! zero when another thread drops it, so a function reads the length once and checks the range against that. Each
//! element is read and written as a whole.

use super::helper::{Source, TablePlace};
use super::{Emit, Result, unknown};
use crate::chunks::body::Body;
use crate::chunks::bulk::begin_if_out_of_bounds;
use crate::plan::{TABLE_ELEMENTS_ADDRESS, WrittenTableIndex};
use crate::threadify::input::{InstanceIndex, TableOf};
use crate::threadify::layout::{Added, TableAt};
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{BlockType, Instruction, ValType};

/// The locals of a function that copies.
struct Copying {
    to: u32,
    from: u32,
    count: u32,
    step: u32,
}

impl Emit<'_> {
    /// A table of the current instance's module.
    pub(super) fn place(&self, table: u32) -> Result<TablePlace> {
        let ty = self.facts().module.tables.get(table as usize);
        match (self.table_at(table), ty) {
            (Some(TableAt::Written(written)), _) => Ok(TablePlace::Written(written)),
            (Some(TableAt::Fixed(_)), Some(ty)) => Ok(TablePlace::Fixed(TableOf {
                instance: self.current,
                table,
                table64: ty.table64,
            })),
            _ => Err(unknown("table", table)),
        }
    }

    fn is_place_wide(&self, place: TablePlace) -> bool {
        match place {
            TablePlace::Written(table) => self.is_wide(table),
            TablePlace::Fixed(table) => table.table64,
        }
    }

    /// The type of a table's indices.
    pub(super) fn place_index(&self, place: TablePlace) -> ValType {
        if self.is_place_wide(place) {
            ValType::I64
        } else {
            ValType::I32
        }
    }

    /// The parameters of a function that copies elements: destination, source, and count.
    pub(super) fn copy_parameters(&self, to: TablePlace, from: Source) -> [ValType; 3] {
        let to = self.place_index(to);
        let from = match from {
            Source::Table(place) => self.place_index(place),
            Source::Segment { .. } => ValType::I32,
        };
        let count = if to == from { to } else { ValType::I32 };
        [to, from, count]
    }

    /// Replaces an index on the stack by the handle at that index. Written inline and not as a function, because the
    /// call took longer than the rest.
    pub(super) fn element(&self, body: &mut Body, table: WrittenTableIndex) {
        let [index] = body.scratch([self.place_index(TablePlace::Written(table))]);
        body.push(Instruction::LocalTee(index));
        if !self.is_wide(table) {
            body.push(Instruction::I64ExtendI32U);
        }
        match self.layout.fixed_lengths.get(&table) {
            Some(length) => body.push(Instruction::I64Const(*length as i64)),
            None => self.push_length(body, table),
        }
        body.extend([Instruction::I64GeU, Instruction::If(BlockType::Empty)]);
        self.trap_out_of_bounds(body);
        body.extend([Instruction::End, Instruction::LocalGet(index)]);
        if self.is_wide(table) {
            body.push(Instruction::I32WrapI64);
        }
        body.extend([Instruction::I32Const(2), Instruction::I32Shl, self.load(table)]);
    }

    pub(super) fn set_element(&self, body: &mut Body, table: WrittenTableIndex) {
        let [index] = body.scratch([ValType::I64]);
        self.get_wide(body, 0, self.is_wide(table));
        body.push(Instruction::LocalSet(index));
        self.check_index(body, table, index);
        self.push_address(body, index);
        body.extend([Instruction::LocalGet(1), self.store(table)]);
    }

    pub(super) fn fill(&self, body: &mut Body, table: WrittenTableIndex) {
        let [to, count, length] = body.scratch([ValType::I64; 3]);
        for (parameter, local) in [(0, to), (2, count)] {
            self.get_wide(body, parameter, self.is_wide(table));
            body.push(Instruction::LocalSet(local));
        }
        self.push_length(body, table);
        body.push(Instruction::LocalSet(length));
        self.check_range(body, to, count, length);
        body.extend([
            Instruction::Block(BlockType::Empty),
            Instruction::Loop(BlockType::Empty),
        ]);
        body.extend([Instruction::LocalGet(count), Instruction::I64Eqz, Instruction::BrIf(1)]);
        self.push_address(body, to);
        body.extend([Instruction::LocalGet(1), self.store(table)]);
        add(body, to, Instruction::I64Const(1));
        add(body, count, Instruction::I64Const(-1));
        body.extend([Instruction::Br(0), Instruction::End, Instruction::End]);
    }

    pub(super) fn copy(&mut self, body: &mut Body, to: TablePlace, from: Source) -> Result<()> {
        let [to_local, from_local, count, step, length] = body.scratch([ValType::I64; 5]);
        let copying = Copying {
            to: to_local,
            from: from_local,
            count,
            step,
        };
        let parameters = self.copy_parameters(to, from);
        for ((ty, local), parameter) in parameters.into_iter().zip([to_local, from_local, count]).zip(0..) {
            self.get_wide(body, parameter, ty == ValType::I64);
            body.push(Instruction::LocalSet(local));
        }
        self.push_source_length(body, from)?;
        body.push(Instruction::LocalSet(length));
        self.check_range(body, from_local, count, length);
        if from != Source::Table(to) {
            self.push_place_length(body, to)?;
            body.push(Instruction::LocalSet(length));
        }
        self.check_range(body, to_local, count, length);
        body.extend([Instruction::I64Const(1), Instruction::LocalSet(step)]);
        if from == Source::Table(to) {
            copy_backwards_if_it_overlaps(body, &copying);
        }
        body.extend([
            Instruction::Block(BlockType::Empty),
            Instruction::Loop(BlockType::Empty),
        ]);
        body.extend([Instruction::LocalGet(count), Instruction::I64Eqz, Instruction::BrIf(1)]);
        self.copy_element(body, to, from, &copying)?;
        add(body, to_local, Instruction::LocalGet(step));
        add(body, from_local, Instruction::LocalGet(step));
        add(body, count, Instruction::I64Const(-1));
        body.extend([Instruction::Br(0), Instruction::End, Instruction::End]);
        Ok(())
    }

    fn copy_element(&mut self, body: &mut Body, to: TablePlace, from: Source, copying: &Copying) -> Result<()> {
        match to {
            TablePlace::Written(_) => self.push_address(body, copying.to),
            TablePlace::Fixed(table) => get_index(body, copying.to, table.table64),
        }
        match from {
            Source::Table(TablePlace::Written(table)) => {
                self.push_address(body, copying.from);
                body.push(self.load(table));
            }
            Source::Table(TablePlace::Fixed(table)) => {
                get_index(body, copying.from, table.table64);
                let index = self.fixed_index(table)?;
                body.extend([Instruction::TableGet(index), self.added(Added::FunctionHandle)?]);
            }
            // Never runs: there are no elements, and perhaps no memory that could hold some.
            Source::Segment { count: 0, .. } => body.push(Instruction::I32Const(0)),
            Source::Segment { handles, .. } => {
                self.push_address(body, copying.from);
                body.push(Instruction::I32Load(self.cells_memarg(u64::from(handles), 2)?));
            }
        }
        match to {
            TablePlace::Written(table) => body.push(self.store(table)),
            TablePlace::Fixed(table) => {
                let index = self.fixed_index(table)?;
                let ty = self.facts[table.instance.0].module.tables.get(table.table as usize);
                let ty = ty.ok_or_else(|| unknown("table", table.table))?.element_type;
                self.within(table.instance, |emit| emit.reference(body, ty))?;
                body.push(Instruction::TableSet(index));
            }
        }
        Ok(())
    }

    fn push_source_length(&mut self, body: &mut Body, source: Source) -> Result<()> {
        match source {
            Source::Table(place) => self.push_place_length(body, place)?,
            Source::Segment { count, dropped, .. } => {
                let count = i64::from(count);
                match dropped {
                    None => body.push(Instruction::I64Const(count)),
                    Some(dropped) => {
                        body.extend([Instruction::I64Const(0), Instruction::I64Const(count)]);
                        self.push_flag(body, dropped)?;
                        body.push(Instruction::Select);
                    }
                }
            }
        }
        Ok(())
    }

    fn push_place_length(&mut self, body: &mut Body, place: TablePlace) -> Result<()> {
        match place {
            TablePlace::Written(table) => self.push_length(body, table),
            TablePlace::Fixed(table) => {
                body.push(Instruction::TableSize(self.fixed_index(table)?));
                if !table.table64 {
                    body.push(Instruction::I64ExtendI32U);
                }
            }
        }
        Ok(())
    }

    /// Runs something as if another instance were being written, so that indices and types are those of its module.
    fn within<T>(&mut self, instance: InstanceIndex, run: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let current = std::mem::replace(&mut self.current, instance);
        let result = run(self);
        self.current = current;
        result
    }

    fn fixed_index(&mut self, table: TableOf) -> Result<u32> {
        self.within(table.instance, |emit| emit.table_index(table.table))
    }

    /// Traps as an out-of-bounds table access does, unless an index is below the table's length.
    fn check_index(&self, body: &mut Body, table: WrittenTableIndex, index: u32) {
        body.push(Instruction::LocalGet(index));
        self.push_length(body, table);
        body.extend([Instruction::I64GeU, Instruction::If(BlockType::Empty)]);
        self.trap_out_of_bounds(body);
        body.push(Instruction::End);
    }

    /// Traps unless a range is within a length. The length is in a local, so no other thread changes it between the two
    /// comparisons.
    fn check_range(&self, body: &mut Body, start: u32, count: u32, length: u32) {
        begin_if_out_of_bounds(body, start, count, length);
        self.trap_out_of_bounds(body);
        body.push(Instruction::End);
    }

    fn trap_out_of_bounds(&self, body: &mut Body) {
        let beyond = [Instruction::I32Const(-1), Instruction::TableGet(self.functions_table())];
        body.extend(beyond);
        body.push(Instruction::Drop);
    }

    /// Pushes the address of an element, relative to the first element.
    fn push_address(&self, body: &mut Body, index: u32) {
        body.extend([
            Instruction::LocalGet(index),
            Instruction::I32WrapI64,
            Instruction::I32Const(2),
            Instruction::I32Shl,
        ]);
    }

    fn load(&self, table: WrittenTableIndex) -> Instruction<'static> {
        Instruction::I32Load(self.table_memarg(table, TABLE_ELEMENTS_ADDRESS, 2))
    }

    fn store(&self, table: WrittenTableIndex) -> Instruction<'static> {
        Instruction::I32Store(self.table_memarg(table, TABLE_ELEMENTS_ADDRESS, 2))
    }

    /// Pushes a parameter as an `i64`.
    fn get_wide(&self, body: &mut Body, parameter: u32, is_wide: bool) {
        body.push(Instruction::LocalGet(parameter));
        if !is_wide {
            body.push(Instruction::I64ExtendI32U);
        }
    }
}

fn get_index(body: &mut Body, local: u32, is_wide: bool) {
    body.push(Instruction::LocalGet(local));
    if !is_wide {
        body.push(Instruction::I32WrapI64);
    }
}

fn add(body: &mut Body, local: u32, amount: Instruction<'_>) {
    body.extend([
        Instruction::LocalGet(local),
        amount,
        Instruction::I64Add,
        Instruction::LocalSet(local),
    ]);
}

/// Copies from the end if the copy would otherwise overwrite source elements before it reads them.
fn copy_backwards_if_it_overlaps(body: &mut Body, copying: &Copying) {
    body.extend([
        Instruction::LocalGet(copying.to),
        Instruction::LocalGet(copying.from),
        Instruction::I64GtU,
        Instruction::If(BlockType::Empty),
    ]);
    for local in [copying.to, copying.from] {
        add(body, local, Instruction::LocalGet(copying.count));
        add(body, local, Instruction::I64Const(-1));
    }
    body.extend([
        Instruction::I64Const(-1),
        Instruction::LocalSet(copying.step),
        Instruction::End,
    ]);
}
