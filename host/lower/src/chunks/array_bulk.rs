//! Instructions that work on whole arrays, in chunks, as in [`bulk`](super::bulk) for memories and tables.
//!
//! ```wat
//! (array.fill $t (ARRAY) (FROM) (VALUE) (COUNT))                                                    ;; before
//! (local.set $count (COUNT)) ...                                                                    ;; after
//! (if (i32.gt_u (local.get $count) (i32.const 8192))
//!   (then (local.set $count (call $fill (local.get $array) (local.get $from) (local.get $value) (local.get $count)))))
//! (array.fill $t (local.get $array) (local.get $from) (local.get $value) (local.get $count))
//! ```
//!
//! `array.new` and `array.new_default` with a large count become a call of a function that contains only `array.new`.
//! There, Wasmtime knows the value only at run time, so it compiles a loop that writes the elements, and a signal can
//! interrupt that loop. For a known value, and always for bytes, Wasmtime would call the host's `memset`. A new array
//! from a segment is first created with zeros or nulls, and then filled in chunks. If its elements have no default or
//! are immutable, that is not possible, but then the segment's length limits the array.
//!
//! **Rejected:** creating zeros and then filling chunks for `array.new` too (writes each element twice, and writing the
//! zeros cannot be interrupted).

use super::body::Body;
use super::bulk::{add, narrow, return_all_if_out_of_bounds};
use wasm_encoder::{BlockType, HeapType, Instruction, RefType, ValType};

/// How many elements one instruction writes.
pub(crate) const CHUNK: i64 = 8 << 10;

/// Types are given by their index in the run-time module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ArrayBulk {
    Fill {
        array: u32,
        value: ValType,
    },
    Copy {
        to: u32,
        from: u32,
    },
    InitData {
        array: u32,
        segment: u32,
        size: u32,
        width: u32,
    },
    InitElements {
        array: u32,
        segment: u32,
        count: u32,
    },
}

/// A new array from a value or a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NewArray(pub ArrayBulk);

fn reference(array: u32, nullable: bool) -> ValType {
    ValType::Ref(RefType {
        nullable,
        heap_type: HeapType::Concrete(array),
    })
}

impl ArrayBulk {
    /// The types of the operands. The last is the count.
    pub fn parameters(self) -> Vec<ValType> {
        match self {
            ArrayBulk::Fill { array, value } => vec![reference(array, true), ValType::I32, value, ValType::I32],
            ArrayBulk::Copy { to, from } => vec![
                reference(to, true),
                ValType::I32,
                reference(from, true),
                ValType::I32,
                ValType::I32,
            ],
            ArrayBulk::InitData { array, .. } | ArrayBulk::InitElements { array, .. } => {
                vec![reference(array, true), ValType::I32, ValType::I32, ValType::I32]
            }
        }
    }

    pub fn name(self) -> String {
        match self {
            ArrayBulk::Fill { array, .. } => format!("weft:array.fill {array}"),
            ArrayBulk::Copy { to, from } => format!("weft:array.copy {to} {from}"),
            ArrayBulk::InitData { array, segment, .. } => format!("weft:array.init_data {array} {segment}"),
            ArrayBulk::InitElements { array, segment, .. } => format!("weft:array.init_elem {array} {segment}"),
        }
    }

    pub fn instruction(self) -> Instruction<'static> {
        match self {
            ArrayBulk::Fill { array, .. } => Instruction::ArrayFill(array),
            ArrayBulk::Copy { to, from } => Instruction::ArrayCopy {
                array_type_index_dst: to,
                array_type_index_src: from,
            },
            ArrayBulk::InitData { array, segment, .. } => Instruction::ArrayInitData {
                array_type_index: array,
                array_data_index: segment,
            },
            ArrayBulk::InitElements { array, segment, .. } => Instruction::ArrayInitElem {
                array_type_index: array,
                array_elem_index: segment,
            },
        }
    }

    /// How far the source offset advances with each element, or `None` if the operation has no source.
    fn stride(self) -> Option<i64> {
        match self {
            ArrayBulk::Fill { .. } => None,
            ArrayBulk::Copy { .. } | ArrayBulk::InitElements { .. } => Some(1),
            ArrayBulk::InitData { width, .. } => Some(i64::from(width)),
        }
    }

    /// Whether one chunk is known to be enough.
    pub fn is_short(self, count: Option<&Instruction<'_>>) -> bool {
        let of_segment = match self {
            ArrayBulk::InitData { size, width, .. } => i64::from(size) <= CHUNK * i64::from(width),
            ArrayBulk::InitElements { count, .. } => i64::from(count) <= CHUNK,
            ArrayBulk::Fill { .. } | ArrayBulk::Copy { .. } => false,
        };
        of_segment || matches!(count, Some(Instruction::I32Const(count)) if i64::from(*count as u32) <= CHUNK)
    }

    /// Writes the function. Its parameters are the operands. Its result is the count that is left: 0, or all of it if
    /// the instruction must trap.
    pub fn helper(self, body: &mut Body) {
        let last = self.parameters().len() as u32 - 1;
        let [to, from, count, size, read] = body.scratch([ValType::I64; 5]);
        let source = last - 1;
        body.extend([
            Instruction::LocalGet(last),
            Instruction::I64ExtendI32U,
            Instruction::LocalSet(count),
        ]);
        body.extend([
            Instruction::LocalGet(1),
            Instruction::I64ExtendI32U,
            Instruction::LocalSet(to),
        ]);
        push_length(body, 0, last);
        body.push(Instruction::LocalSet(size));
        return_all_if_out_of_bounds(body, to, count, size, last);
        if let Some(stride) = self.stride() {
            body.extend([
                Instruction::LocalGet(source),
                Instruction::I64ExtendI32U,
                Instruction::LocalSet(from),
            ]);
            match self {
                ArrayBulk::Copy { .. } => push_length(body, 2, last),
                ArrayBulk::InitData { size, .. } => body.push(Instruction::I64Const(i64::from(size))),
                ArrayBulk::InitElements { count, .. } => body.push(Instruction::I64Const(i64::from(count))),
                ArrayBulk::Fill { .. } => body.push(Instruction::I64Const(0)),
            }
            body.push(Instruction::LocalSet(size));
            body.extend([
                Instruction::LocalGet(count),
                Instruction::I64Const(stride),
                Instruction::I64Mul,
                Instruction::LocalSet(read),
            ]);
            return_all_if_out_of_bounds(body, from, read, size, last);
        }
        let places = Places {
            bulk: self,
            to,
            from,
            count,
        };
        match self {
            ArrayBulk::Copy { .. } => {
                body.extend([
                    Instruction::LocalGet(0),
                    Instruction::LocalGet(2),
                    Instruction::RefEq,
                    Instruction::LocalGet(to),
                    Instruction::LocalGet(from),
                    Instruction::I64GtU,
                    Instruction::I32And,
                    Instruction::If(BlockType::Empty),
                ]);
                places.backwards(body);
                body.push(Instruction::Else);
                places.forwards(body);
                body.push(Instruction::End);
            }
            ArrayBulk::Fill { .. } | ArrayBulk::InitData { .. } | ArrayBulk::InitElements { .. } => {
                places.forwards(body);
            }
        }
        // The rest is at the beginning of both ranges.
        places.push(body, false, Instruction::LocalGet(count));
        body.push(Instruction::I32Const(0));
    }
}

/// Pushes the length of the array in a parameter, as an `i64`. If the array is null, returns `count`, and the instruction that handles the rest traps.
fn push_length(body: &mut Body, array: u32, count: u32) {
    body.extend([
        Instruction::LocalGet(array),
        Instruction::RefIsNull,
        Instruction::If(BlockType::Empty),
        Instruction::LocalGet(count),
        Instruction::Return,
        Instruction::End,
        Instruction::LocalGet(array),
        Instruction::ArrayLen,
        Instruction::I64ExtendI32U,
    ]);
}

/// The positions that the instruction reads and writes, in locals of type `i64`.
struct Places {
    bulk: ArrayBulk,
    to: u32,
    from: u32,
    count: u32,
}

impl Places {
    fn forwards(&self, body: &mut Body) {
        self.each_chunk(body, |body| {
            self.push(body, false, Instruction::I64Const(CHUNK));
            add(body, self.to, CHUNK);
            if let Some(stride) = self.bulk.stride() {
                add(body, self.from, CHUNK * stride);
            }
            add(body, self.count, -CHUNK);
        });
    }

    fn backwards(&self, body: &mut Body) {
        self.each_chunk(body, |body| {
            add(body, self.count, -CHUNK);
            self.push(body, true, Instruction::I64Const(CHUNK));
        });
    }

    fn each_chunk(&self, body: &mut Body, one: impl FnOnce(&mut Body)) {
        body.extend([
            Instruction::Block(BlockType::Empty),
            Instruction::Loop(BlockType::Empty),
            Instruction::LocalGet(self.count),
            Instruction::I64Const(CHUNK),
            Instruction::I64LeU,
            Instruction::BrIf(1),
        ]);
        one(body);
        body.extend([Instruction::Br(0), Instruction::End, Instruction::End]);
    }

    /// Processes one chunk, at the start or at the end of the remaining range.
    fn push(&self, body: &mut Body, behind: bool, count: Instruction<'static>) {
        let place = |body: &mut Body, local: u32| {
            body.push(Instruction::LocalGet(local));
            if behind {
                body.extend([Instruction::LocalGet(self.count), Instruction::I64Add]);
            }
            narrow(body, ValType::I32);
        };
        body.push(Instruction::LocalGet(0));
        place(body, self.to);
        match self.bulk {
            ArrayBulk::Fill { .. } => body.push(Instruction::LocalGet(2)),
            ArrayBulk::Copy { .. } => {
                body.push(Instruction::LocalGet(2));
                place(body, self.from);
            }
            ArrayBulk::InitData { .. } | ArrayBulk::InitElements { .. } => place(body, self.from),
        }
        body.push(count);
        narrow(body, ValType::I32);
        body.push(self.bulk.instruction());
    }
}

impl NewArray {
    fn array(self) -> u32 {
        match self.0 {
            ArrayBulk::Fill { array, .. }
            | ArrayBulk::Copy { to: array, .. }
            | ArrayBulk::InitData { array, .. }
            | ArrayBulk::InitElements { array, .. } => array,
        }
    }

    /// The types of the operands: the value or the place in the segment, and the count.
    pub fn parameters(self) -> [ValType; 2] {
        match self.0 {
            ArrayBulk::Fill { value, .. } => [value, ValType::I32],
            ArrayBulk::Copy { .. } | ArrayBulk::InitData { .. } | ArrayBulk::InitElements { .. } => [ValType::I32; 2],
        }
    }

    pub fn result(self) -> ValType {
        reference(self.array(), false)
    }

    pub fn name(self) -> String {
        format!("{}, new", self.0.name())
    }

    pub fn instruction(self) -> Instruction<'static> {
        match self.0 {
            ArrayBulk::Fill { array, .. } | ArrayBulk::Copy { to: array, .. } => Instruction::ArrayNew(array),
            ArrayBulk::InitData { array, segment, .. } => Instruction::ArrayNewData {
                array_type_index: array,
                array_data_index: segment,
            },
            ArrayBulk::InitElements { array, segment, .. } => Instruction::ArrayNewElem {
                array_type_index: array,
                array_elem_index: segment,
            },
        }
    }

    /// Whether the function contains only the instruction.
    pub fn is_one_loop(self) -> bool {
        matches!(self.0, ArrayBulk::Fill { .. })
    }

    /// Writes the function that contains only the instruction.
    pub fn one_loop(self, body: &mut Body) {
        body.extend([Instruction::LocalGet(0), Instruction::LocalGet(1), self.instruction()]);
    }

    /// Writes the function for a segment. It calls `fill` only if the source range is in bounds, so an instruction that traps allocates no
    /// array first.
    pub fn helper(self, body: &mut Body, fill: u32) {
        let [array] = body.scratch([reference(self.array(), true)]);
        let (all, stride) = match self.0 {
            ArrayBulk::InitData { size, width, .. } => (size, width),
            ArrayBulk::InitElements { count, .. } => (count, 1),
            ArrayBulk::Fill { .. } | ArrayBulk::Copy { .. } => (0, 1),
        };
        body.extend([
            Instruction::LocalGet(0),
            Instruction::I64ExtendI32U,
            Instruction::LocalGet(1),
            Instruction::I64ExtendI32U,
            Instruction::I64Const(i64::from(stride)),
            Instruction::I64Mul,
            Instruction::I64Add,
            Instruction::I64Const(i64::from(all)),
            Instruction::I64GtU,
            Instruction::If(BlockType::Empty),
            Instruction::LocalGet(0),
            Instruction::LocalGet(1),
            self.instruction(),
            Instruction::Return,
            Instruction::End,
        ]);
        body.extend([
            Instruction::LocalGet(1),
            Instruction::ArrayNewDefault(self.array()),
            Instruction::LocalTee(array),
            Instruction::I32Const(0),
            Instruction::LocalGet(0),
            Instruction::LocalGet(1),
            Instruction::Call(fill),
            Instruction::Drop,
            Instruction::LocalGet(array),
            Instruction::RefAsNonNull,
        ]);
    }
}
