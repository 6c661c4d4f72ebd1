//! `table.grow` by many elements, in steps, so that the thread can be interrupted.
//!
//! **Problem.** Growing a table by a hundred million elements takes a second in one instruction. Simply growing in
//! steps would be wrong, because the table cannot shrink again if a later step fails. **Before:**
//!
//! ```wat
//! (table.grow $t (VALUE) (BY))
//! ```
//!
//! **After:** if the number is large, the code calls a function. The function compares the new length with the table's
//! maximum, and makes the host reserve the memory, so that no step reaches a limit. This is only for tables of a single
//! store, so no other thread sees an intermediate length.
//!
//! ```wat
//! (local.set $by (BY)) (local.set $value (VALUE))
//! (if (result i32) (i32.gt_u (local.get $by) (i32.const 65536))
//!   (then (call $grow (local.get $value) (local.get $by)))
//!   (else (table.grow $t (local.get $value) (local.get $by))))
//! ```
//!
//! If the system refuses memory that the limits allow, a step still fails, and then the thread traps.
//!
//! **Rejected:** copying to a second, larger table (indirect calls name a fixed table).

use super::body::Body;
use super::bulk::{add, narrow};
use super::growth::{Growth, STEP};
use super::helper::Helper;
use super::{Emit, Result};
use crate::threadify::layout::{Added, TableAt};
use wasm_encoder::{BlockType, Instruction, ValType};

impl Emit<'_> {
    /// How many elements the run-time module's table with this index can have. An import may declare more than the
    /// definition.
    pub(super) fn maximum_of_table(&self, table: u32, wide: bool) -> u64 {
        let instances = self.facts.iter().zip(&self.layout.instances);
        let tables = instances.flat_map(|(facts, spaces)| facts.module.tables.iter().zip(&spaces.tables));
        let views = tables.filter(|(_, at)| **at == TableAt::Fixed(table));
        let all = if wide { u64::MAX } else { u64::from(u32::MAX) };
        views.filter_map(|(ty, _)| ty.maximum).fold(all, u64::min)
    }

    /// Writes `table.grow`. Its operands are on the stack.
    pub(super) fn grow_table(&mut self, body: &mut Body, growth: Growth) {
        let grow = Instruction::TableGrow(growth.table.index);
        if growth.is_short(body.last_constant()) {
            body.push(grow);
            return;
        }
        let [value, by] = body.scratch(growth.parameters());
        let helper = self.functions.get(Helper::GrowTable(growth));
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

    /// Writes the function. Its parameters are the value and the number of elements.
    pub(super) fn grow_in_steps(&self, body: &mut Body, growth: Growth) -> Result<()> {
        let (table, index) = (growth.table, growth.table.address());
        let reserve = self.added(Added::ReserveTable)?;
        let [length, left] = body.scratch([ValType::I64; 2]);
        let widened = |body: &mut Body| {
            if !table.wide {
                body.push(Instruction::I64ExtendI32U);
            }
        };
        let fails = |body: &mut Body| {
            body.push(Instruction::If(BlockType::Empty));
            body.push(match table.wide {
                true => Instruction::I64Const(-1),
                false => Instruction::I32Const(-1),
            });
            body.extend([Instruction::Return, Instruction::End]);
        };
        let step = |body: &mut Body, count: Instruction<'static>| {
            body.extend([Instruction::LocalGet(0), count]);
            narrow(body, index);
            body.push(Instruction::TableGrow(table.index));
            match table.wide {
                true => body.extend([Instruction::I64Const(-1), Instruction::I64Eq]),
                false => body.extend([Instruction::I32Const(-1), Instruction::I32Eq]),
            }
            body.push(Instruction::If(BlockType::Empty));
            body.extend([
                Instruction::I64Const(-1),
                Instruction::I64Const(0),
                reserve.clone(),
                Instruction::Drop,
            ]);
            body.push(Instruction::End);
        };
        body.push(Instruction::TableSize(table.index));
        widened(body);
        body.extend([Instruction::LocalSet(length), Instruction::LocalGet(1)]);
        widened(body);
        body.extend([
            Instruction::LocalTee(left),
            Instruction::I64Const(growth.maximum as i64),
            Instruction::LocalGet(length),
            Instruction::I64Sub,
            Instruction::I64GtU,
        ]);
        fails(body);
        body.extend([
            Instruction::LocalGet(length),
            Instruction::LocalGet(left),
            reserve.clone(),
            Instruction::I32Eqz,
        ]);
        fails(body);
        body.extend([
            Instruction::Block(BlockType::Empty),
            Instruction::Loop(BlockType::Empty),
            Instruction::LocalGet(left),
            Instruction::I64Const(i64::from(STEP)),
            Instruction::I64LeU,
            Instruction::BrIf(1),
        ]);
        step(body, Instruction::I64Const(i64::from(STEP)));
        add(body, left, -i64::from(STEP));
        body.extend([Instruction::Br(0), Instruction::End, Instruction::End]);
        step(body, Instruction::LocalGet(left));
        body.push(Instruction::LocalGet(length));
        narrow(body, index);
        Ok(())
    }
}
