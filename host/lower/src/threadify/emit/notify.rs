//! `memory.atomic.notify`: reads the count of waiters, and calls the host only if the count is not zero.
//!
//! ```wat
//! (memory.atomic.notify offset=4 (ADDRESS) (COUNT))                       ;; before
//!
//! (local.set $a (ADDRESS)) (local.set $c (COUNT))                         ;; after
//! (drop (i32.atomic.load offset=4 (local.get $a)))                        ;; traps where the instruction does
//! (atomic.fence)                                                          ;; where it is needed, see `order`
//! (if (result i32) (i32.atomic.load $counts (i32.and (i32.shl (i32.add (local.get $a) (i32.const 4)) ...) ...))
//!   (then (call $notify (local.get $a) (local.get $c) (i64.const 4)))
//!   (else (i32.const 0)))
//! ```
//!
//! Once a thread has waited for a mutex, many mutexes notify at each unlock, even if no waiter is left. The host call
//! for that took longer than the lock.
//!
//! **Rejected:** one count for all addresses (a main thread that joins others waits all the time, so the count would
//! never be zero).

use super::{Emit, Result};
use crate::chunks::body::Body;
use crate::plan::{MemoryIndex, WAITER_COUNT_STRIDE, WAITER_COUNTS};
use crate::threadify::layout::Added;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{BlockType, Instruction, MemArg, ValType};
use wasmparser::Operator;

/// The size of a word in bytes. The address of a notification is a multiple of it.
const WORD: u64 = 4;

/// By how many bits the address of a word is shifted to get the address of its count.
const SHIFT: u32 = (WAITER_COUNT_STRIDE / WORD).ilog2();

/// The bits of a shifted address that are kept.
const MASK: u64 = (WAITER_COUNTS - 1) * WAITER_COUNT_STRIDE;

const _: () = assert!(WAITER_COUNTS.is_power_of_two() && WAITER_COUNT_STRIDE == WORD << SHIFT);

impl Emit<'_> {
    /// Writes a notification on a shared memory. On an unshared memory, no thread can wait, so the plain instruction
    /// remains.
    pub(super) fn notify(
        &mut self,
        body: &mut Body,
        operator: Operator<'_>,
        memarg: wasmparser::MemArg,
        fence: bool,
    ) -> Result<()> {
        let (Some(memory), Some(counts)) = (self.shared_memory(memarg.memory), self.layout.waiter_counts) else {
            body.push(self.instruction(operator)?);
            return Ok(());
        };
        let callee = self.added(Added::Notify(memory))?;
        let is_wide = self.layout.memories[memory.index()].memory64;
        let ty = if is_wide { ValType::I64 } else { ValType::I32 };
        let [address, count] = body.scratch([ty, ValType::I32]);
        body.extend([
            Instruction::LocalSet(count),
            Instruction::LocalTee(address),
            Instruction::I32AtomicLoad(self.mem_arg(memarg)?),
            Instruction::Drop,
        ]);
        if fence {
            body.push(Instruction::AtomicFence);
        }
        push_count(body, address, is_wide, memarg.offset, counts);
        body.extend([
            Instruction::If(BlockType::Result(ValType::I32)),
            Instruction::LocalGet(address),
            Instruction::LocalGet(count),
            Instruction::I64Const(memarg.offset as i64),
            callee,
            Instruction::Else,
            Instruction::I32Const(0),
            Instruction::End,
        ]);
        Ok(())
    }
}

/// Pushes the count of an address. The address was found to be in bounds, so adding the offset does not wrap around.
fn push_count(body: &mut Body, address: u32, is_wide: bool, offset: u64, counts: MemoryIndex) {
    body.push(Instruction::LocalGet(address));
    if is_wide {
        body.push(Instruction::I32WrapI64);
    }
    if offset != 0 {
        body.extend([Instruction::I32Const(offset as u32 as i32), Instruction::I32Add]);
    }
    let memarg = MemArg {
        offset: 0,
        align: 2,
        memory_index: counts.0,
    };
    body.extend([
        Instruction::I32Const(SHIFT as i32),
        Instruction::I32Shl,
        Instruction::I32Const(MASK as i32),
        Instruction::I32And,
        Instruction::I32AtomicLoad(memarg),
    ]);
}
