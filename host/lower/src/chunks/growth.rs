//! A table that grows: the key of a function of [`table_growth`](super::table_growth).

use super::bulk::Space;
use wasm_encoder::{Instruction, ValType};

/// By how many elements a table grows in one step. Adding elements takes longer than writing them, because most are on
/// fresh pages.
pub const STEP: u32 = 64 << 10;

/// A table that grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Growth {
    pub table: Space,
    pub element: ValType,
    /// How many elements the table can have.
    pub maximum: u64,
}

impl Growth {
    pub fn name(self) -> String {
        format!("weft:table.grow {}", self.table.index)
    }

    pub fn parameters(self) -> [ValType; 2] {
        [self.element, self.table.address()]
    }

    pub(crate) fn step(self, count: u32) -> Instruction<'static> {
        match self.table.wide {
            true => Instruction::I64Const(i64::from(count)),
            false => Instruction::I32Const(count as i32),
        }
    }

    pub(crate) fn is_short(self, by: Option<&Instruction<'_>>) -> bool {
        match by {
            Some(Instruction::I32Const(by)) => *by as u32 <= STEP,
            Some(Instruction::I64Const(by)) => *by as u64 <= u64::from(STEP),
            _ => false,
        }
    }
}
