//! The functions that read and write a shared vector atomically. No single instruction does.

use super::{Emit, Result};
use crate::chunks::body::Body;
use wasm_encoder::{BlockType, Instruction, MemArg, ValType};

/// The offsets of a vector's halves, after its version.
const LOW: u64 = 8;
const HIGH: u64 = 16;

impl Emit<'_> {
    /// Reads until the version is even, and the same before and after.
    pub(super) fn get_vector(&self, body: &mut Body) -> Result<()> {
        let [version, low, high] = body.scratch([ValType::I32, ValType::I64, ValType::I64]);
        let address = || Instruction::LocalGet(0);
        body.push(Instruction::Loop(BlockType::Empty));
        body.extend([address(), Instruction::I32AtomicLoad(self.version()?)]);
        body.extend([Instruction::LocalSet(version), address()]);
        body.extend([
            Instruction::I64AtomicLoad(self.half(LOW)?),
            Instruction::LocalSet(low),
            address(),
        ]);
        body.extend([
            Instruction::I64AtomicLoad(self.half(HIGH)?),
            Instruction::LocalSet(high),
        ]);
        push_is_odd(body, version);
        body.extend([
            address(),
            Instruction::I32AtomicLoad(self.version()?),
            Instruction::LocalGet(version),
        ]);
        body.extend([
            Instruction::I32Ne,
            Instruction::I32Or,
            Instruction::BrIf(0),
            Instruction::End,
        ]);
        body.extend([
            Instruction::LocalGet(low),
            Instruction::I64x2Splat,
            Instruction::LocalGet(high),
        ]);
        body.push(Instruction::I64x2ReplaceLane(1));
        Ok(())
    }

    /// Makes the version odd, as the only writer, then writes the vector, then makes the version even. The thread does
    /// not yield in between.
    pub(super) fn set_vector(&self, body: &mut Body) -> Result<()> {
        let [version] = body.scratch([ValType::I32]);
        let (value, address) = (|| Instruction::LocalGet(0), || Instruction::LocalGet(1));
        body.push(Instruction::Loop(BlockType::Empty));
        body.extend([
            address(),
            Instruction::I32AtomicLoad(self.version()?),
            Instruction::LocalSet(version),
        ]);
        push_is_odd(body, version);
        body.extend([
            Instruction::BrIf(0),
            address(),
            Instruction::LocalGet(version),
            Instruction::LocalGet(version),
        ]);
        body.extend([Instruction::I32Const(1), Instruction::I32Add]);
        body.extend([
            Instruction::I32AtomicRmwCmpxchg(self.version()?),
            Instruction::LocalGet(version),
        ]);
        body.extend([Instruction::I32Ne, Instruction::BrIf(0), Instruction::End]);
        for (offset, lane) in [(LOW, 0), (HIGH, 1)] {
            body.extend([address(), value(), Instruction::I64x2ExtractLane(lane)]);
            body.push(Instruction::I64AtomicStore(self.half(offset)?));
        }
        body.extend([
            address(),
            Instruction::LocalGet(version),
            Instruction::I32Const(2),
            Instruction::I32Add,
        ]);
        body.push(Instruction::I32AtomicStore(self.version()?));
        Ok(())
    }

    fn version(&self) -> Result<MemArg> {
        self.cells_memarg(0, 2)
    }

    fn half(&self, offset: u64) -> Result<MemArg> {
        self.cells_memarg(offset, 3)
    }
}

fn push_is_odd(body: &mut Body, version: u32) {
    body.extend([
        Instruction::LocalGet(version),
        Instruction::I32Const(1),
        Instruction::I32And,
    ]);
}
