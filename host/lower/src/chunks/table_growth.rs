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
//! maximum, and makes the host or the store's limiter reserve the memory ([`Reserve`]), so that no step reaches a limit.
//! This is only for tables of a single store, so no other thread sees an intermediate length.
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
use wasm_encoder::{BlockType, Instruction, ValType};

/// How the function reserves the memory that the new elements take.
pub(crate) enum Reserve {
    /// The host has a function for it. Its parameters are the table's length and the number of elements, and its result
    /// is 0 if the table cannot grow. If the length is -1, it ends the thread.
    Host(Instruction<'static>),
    /// The store's limiter does it when the table is to grow by so many elements in one instruction. It refuses that
    /// instruction, and allows the steps, or else refuses the first step too.
    Limiter,
}

impl Reserve {
    /// Pushes whether the table cannot grow. If the limiter reserves the memory, the first step is done.
    fn write(&self, growth: Growth, body: &mut Body, length: u32, left: u32) {
        match self {
            Reserve::Host(reserve) => body.extend([
                Instruction::LocalGet(length),
                Instruction::LocalGet(left),
                reserve.clone(),
                Instruction::I32Eqz,
            ]),
            Reserve::Limiter => {
                let table = Instruction::TableGrow(growth.table.index);
                let is_minus_one = || match growth.table.wide {
                    true => [Instruction::I64Const(-1), Instruction::I64Eq],
                    false => [Instruction::I32Const(-1), Instruction::I32Eq],
                };
                body.extend([Instruction::LocalGet(0), Instruction::LocalGet(1), table.clone()]);
                body.extend(is_minus_one());
                body.push(Instruction::I32Eqz);
                // It has grown at once: no limiter asks for steps.
                body.push(Instruction::If(BlockType::Empty));
                body.push(Instruction::LocalGet(length));
                narrow(body, growth.table.address());
                body.extend([Instruction::Return, Instruction::End]);
                body.extend([Instruction::LocalGet(0), growth.step(STEP), table]);
                body.extend(is_minus_one());
            }
        }
    }

    /// A step has failed, although the memory is reserved.
    fn trap(&self, body: &mut Body) {
        match self {
            Reserve::Host(reserve) => body.extend([
                Instruction::I64Const(-1),
                Instruction::I64Const(0),
                reserve.clone(),
                Instruction::Drop,
            ]),
            Reserve::Limiter => body.push(Instruction::Unreachable),
        }
    }
}

impl Growth {
    /// Writes the function. Its parameters are the value and the number of elements.
    pub fn helper(self, body: &mut Body, reserve: &Reserve) {
        let (table, index) = (self.table, self.table.address());
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
            reserve.trap(body);
            body.push(Instruction::End);
        };
        body.push(Instruction::TableSize(table.index));
        widened(body);
        body.extend([Instruction::LocalSet(length), Instruction::LocalGet(1)]);
        widened(body);
        body.extend([
            Instruction::LocalTee(left),
            Instruction::I64Const(self.maximum as i64),
            Instruction::LocalGet(length),
            Instruction::I64Sub,
            Instruction::I64GtU,
        ]);
        fails(body);
        reserve.write(self, body, length, left);
        fails(body);
        if let Reserve::Limiter = reserve {
            add(body, left, -i64::from(STEP));
        }
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
    }
}
