//! Splits bulk instructions, which may take long, into chunks, so that their thread can be interrupted.
//!
//! **Problem.** A thread cannot be interrupted within an instruction, but filling four gigabytes takes seconds in one
//! instruction. **Before:**
//!
//! ```wat
//! (memory.fill $m (TO) (VALUE) (COUNT))
//! ```
//!
//! **After:** if the count is larger than a chunk, the code calls a function. If the whole range is in bounds, the
//! function does all of it, in a loop over chunks, and returns 0. Otherwise it does nothing and returns the count, and
//! then the original instruction traps as before.
//!
//! ```wat
//! (local.set $count (COUNT)) ...
//! (if (i32.gt_u (local.get $count) (i32.const 65536))
//!   (then (local.set $count (call $fill (local.get $to) (local.get $value) (local.get $count)))))
//! (memory.fill $m (local.get $to) (local.get $value) (local.get $count))
//! ```
//!
//! If the count or the segment is known to be small, the code does not change. Memories and tables only grow, so a
//! range in bounds stays in bounds. A copy starts at the end that would otherwise be overwritten before it is read; for
//! other instructions, the order does not matter.
//!
//! **Rejected:** checking for interruption in Wasmtime's own loop (not weft's code); a chunk of megabytes
//! (straight-line code may contain many such instructions in a row). [`table_growth`](super::table_growth) and
//! [`array_bulk`](super::array_bulk) work in the same way.

use super::body::{Body, default_value};
use wasm_encoder::{BlockType, Instruction, ValType};

/// How many bytes one instruction writes.
const BYTES: u32 = 64 << 10;

/// How many elements of a table one instruction writes. An element is a word.
const ELEMENTS: u32 = BYTES / 8;

/// A bulk instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Bulk {
    FillMemory(Space),
    CopyMemory { to: Space, from: Space },
    InitMemory { to: Space, segment: u32, size: u32 },
    FillTable(Space, ValType),
    CopyTable { to: Space, from: Space },
    InitTable { to: Space, segment: u32, size: u32 },
}

/// A memory or a table, by its index in the run-time module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Space {
    pub index: u32,
    /// Whether its addresses or indices are 64 bits wide.
    pub wide: bool,
    /// The binary logarithm of what `memory.size` counts, in bytes. 0 for a table, whose `table.size` counts elements.
    pub page_size_log2: u32,
}

impl Space {
    pub fn address(self) -> ValType {
        if self.wide { ValType::I64 } else { ValType::I32 }
    }
}

impl Bulk {
    /// The types of the three operands. The last is the count.
    pub fn parameters(self) -> [ValType; 3] {
        match self {
            Bulk::FillMemory(space) => [space.address(), ValType::I32, space.address()],
            Bulk::FillTable(space, value) => [space.address(), value, space.address()],
            Bulk::CopyMemory { to, from } | Bulk::CopyTable { to, from } => {
                let count = if to.wide { from } else { to };
                [to.address(), from.address(), count.address()]
            }
            Bulk::InitMemory { to, .. } | Bulk::InitTable { to, .. } => [to.address(), ValType::I32, ValType::I32],
        }
    }

    pub fn name(self) -> String {
        match self {
            Bulk::FillMemory(memory) => format!("weft:memory.fill {}", memory.index),
            Bulk::CopyMemory { to, from } => format!("weft:memory.copy {} {}", to.index, from.index),
            Bulk::InitMemory { to, segment, .. } => format!("weft:memory.init {} {segment}", to.index),
            Bulk::FillTable(table, _) => format!("weft:table.fill {}", table.index),
            Bulk::CopyTable { to, from } => format!("weft:table.copy {} {}", to.index, from.index),
            Bulk::InitTable { to, segment, .. } => format!("weft:table.init {} {segment}", to.index),
        }
    }

    pub fn instruction<'b>(self) -> Instruction<'b> {
        match self {
            Bulk::FillMemory(memory) => Instruction::MemoryFill(memory.index),
            Bulk::CopyMemory { to, from } => Instruction::MemoryCopy {
                src_mem: from.index,
                dst_mem: to.index,
            },
            Bulk::InitMemory { to, segment, .. } => Instruction::MemoryInit {
                mem: to.index,
                data_index: segment,
            },
            Bulk::FillTable(table, _) => Instruction::TableFill(table.index),
            Bulk::CopyTable { to, from } => Instruction::TableCopy {
                src_table: from.index,
                dst_table: to.index,
            },
            Bulk::InitTable { to, segment, .. } => Instruction::TableInit {
                elem_index: segment,
                table: to.index,
            },
        }
    }

    fn is_of_memory(self) -> bool {
        match self {
            Bulk::FillMemory(_) | Bulk::CopyMemory { .. } | Bulk::InitMemory { .. } => true,
            Bulk::FillTable(..) | Bulk::CopyTable { .. } | Bulk::InitTable { .. } => false,
        }
    }

    /// How many bytes or elements one instruction writes.
    pub fn chunk(self) -> u32 {
        if self.is_of_memory() { BYTES } else { ELEMENTS }
    }

    /// Whether it is known that one chunk is enough.
    pub fn is_short(self, count: Option<&Instruction<'_>>) -> bool {
        let chunk = self.chunk();
        let of_segment = match self {
            Bulk::InitMemory { size, .. } | Bulk::InitTable { size, .. } => size <= chunk,
            Bulk::FillMemory(_) | Bulk::FillTable(..) | Bulk::CopyMemory { .. } | Bulk::CopyTable { .. } => false,
        };
        of_segment
            || match count {
                Some(Instruction::I32Const(count)) => *count as u32 <= chunk,
                Some(Instruction::I64Const(count)) => *count as u64 <= u64::from(chunk),
                _ => false,
            }
    }

    fn destination(self) -> Space {
        match self {
            Bulk::FillMemory(space) | Bulk::FillTable(space, _) => space,
            Bulk::CopyMemory { to, .. } | Bulk::CopyTable { to, .. } => to,
            Bulk::InitMemory { to, .. } | Bulk::InitTable { to, .. } => to,
        }
    }

    /// Pushes the size of a memory or table, in bytes or elements, as an `i64`.
    fn push_size(self, body: &mut Body, space: Space) {
        body.push(match self.is_of_memory() {
            true => Instruction::MemorySize(space.index),
            false => Instruction::TableSize(space.index),
        });
        if !space.wide {
            body.push(Instruction::I64ExtendI32U);
        }
        if space.page_size_log2 > 0 {
            body.extend([
                Instruction::I64Const(i64::from(space.page_size_log2)),
                Instruction::I64Shl,
            ]);
        }
    }

    /// Whether the second operand is a source position.
    fn reads(self) -> bool {
        !matches!(self, Bulk::FillMemory(_) | Bulk::FillTable(..))
    }

    /// Pushes the size of the source, as an `i64`.
    fn push_source_size(self, body: &mut Body) {
        match self {
            Bulk::FillMemory(_) | Bulk::FillTable(..) => body.push(Instruction::I64Const(0)),
            Bulk::CopyMemory { from, .. } | Bulk::CopyTable { from, .. } => self.push_size(body, from),
            Bulk::InitMemory { size, .. } | Bulk::InitTable { size, .. } => {
                body.push(Instruction::I64Const(i64::from(size)));
            }
        }
    }

    /// Writes the function. Its parameters are the operands, and its result is the count that is left.
    pub fn helper(self, body: &mut Body) {
        let parameters = self.parameters();
        let [to, from, count, size] = body.scratch([ValType::I64; 4]);
        let operands = Operands {
            bulk: self,
            to,
            from,
            count,
        };
        for (local, parameter) in [(to, 0), (from, 1), (count, 2)] {
            if parameter == 1 && !self.reads() {
                continue;
            }
            body.push(Instruction::LocalGet(parameter));
            if parameters[parameter as usize] == ValType::I32 {
                body.push(Instruction::I64ExtendI32U);
            }
            body.push(Instruction::LocalSet(local));
        }
        self.push_size(body, self.destination());
        body.push(Instruction::LocalSet(size));
        return_all_if_out_of_bounds(body, to, count, size, 2);
        if self.reads() {
            self.push_source_size(body);
            body.push(Instruction::LocalSet(size));
            return_all_if_out_of_bounds(body, from, count, size, 2);
        }
        let may_overlap = match self {
            Bulk::CopyMemory { to, from } | Bulk::CopyTable { to, from } => to == from,
            Bulk::FillMemory(_) | Bulk::InitMemory { .. } | Bulk::FillTable(..) | Bulk::InitTable { .. } => false,
        };
        if may_overlap {
            body.extend([
                Instruction::LocalGet(to),
                Instruction::LocalGet(from),
                Instruction::I64LeU,
                Instruction::If(BlockType::Empty),
            ]);
            operands.forwards(body);
            body.push(Instruction::Else);
            operands.backwards(body);
            body.push(Instruction::End);
        } else {
            operands.forwards(body);
        }
        // What is left is at the beginning of both.
        operands.push(body, None, Instruction::LocalGet(count));
        body.push(default_value(parameters[2]));
    }
}

/// The operands of a bulk instruction. Numbers that change are in locals of type `i64`.
struct Operands {
    bulk: Bulk,
    to: u32,
    from: u32,
    count: u32,
}

impl Operands {
    /// Processes chunks from the end, until one is left.
    fn backwards(&self, body: &mut Body) {
        self.each_chunk(body, |body, chunk| {
            add(body, self.count, -chunk);
            self.push(body, Some(self.count), Instruction::I64Const(chunk));
        });
    }

    /// Processes chunks from the beginning, until one is left.
    fn forwards(&self, body: &mut Body) {
        self.each_chunk(body, |body, chunk| {
            self.push(body, None, Instruction::I64Const(chunk));
            add(body, self.to, chunk);
            if self.bulk.reads() {
                add(body, self.from, chunk);
            }
            add(body, self.count, -chunk);
        });
    }

    fn each_chunk(&self, body: &mut Body, one: impl FnOnce(&mut Body, i64)) {
        let chunk = i64::from(self.bulk.chunk());
        body.extend([
            Instruction::Block(BlockType::Empty),
            Instruction::Loop(BlockType::Empty),
            Instruction::LocalGet(self.count),
            Instruction::I64Const(chunk),
            Instruction::I64LeU,
            Instruction::BrIf(1),
        ]);
        one(body, chunk);
        body.extend([Instruction::Br(0), Instruction::End, Instruction::End]);
    }

    /// Processes one chunk, at this offset from the beginning.
    fn push(&self, body: &mut Body, offset: Option<u32>, count: Instruction<'static>) {
        let [to, second, count_type] = self.bulk.parameters();
        push_sum(body, self.to, offset, to);
        match self.bulk.reads() {
            true => push_sum(body, self.from, offset, second),
            false => body.push(Instruction::LocalGet(1)),
        }
        body.push(count);
        narrow(body, count_type);
        body.push(self.bulk.instruction());
    }
}

fn push_sum(body: &mut Body, local: u32, offset: Option<u32>, ty: ValType) {
    body.push(Instruction::LocalGet(local));
    if let Some(offset) = offset {
        body.extend([Instruction::LocalGet(offset), Instruction::I64Add]);
    }
    narrow(body, ty);
}

pub(crate) fn narrow(body: &mut Body, ty: ValType) {
    if ty == ValType::I32 {
        body.push(Instruction::I32WrapI64);
    }
}

pub(crate) fn add(body: &mut Body, local: u32, amount: i64) {
    body.extend([
        Instruction::LocalGet(local),
        Instruction::I64Const(amount),
        Instruction::I64Add,
        Instruction::LocalSet(local),
    ]);
}

/// Returns the parameter `all` if `count` elements from `start` exceed `size`.
pub(crate) fn return_all_if_out_of_bounds(body: &mut Body, start: u32, count: u32, size: u32, all: u32) {
    begin_if_out_of_bounds(body, start, count, size);
    body.extend([Instruction::LocalGet(all), Instruction::Return, Instruction::End]);
}

/// Begins a block that runs if `count` elements from `start` exceed `size`.
pub(crate) fn begin_if_out_of_bounds(body: &mut Body, start: u32, count: u32, size: u32) {
    body.extend([
        Instruction::LocalGet(count),
        Instruction::LocalGet(size),
        Instruction::I64GtU,
        Instruction::LocalGet(start),
        Instruction::LocalGet(size),
        Instruction::LocalGet(count),
        Instruction::I64Sub,
        Instruction::I64GtU,
        Instruction::I32Or,
        Instruction::If(BlockType::Empty),
    ]);
}
