//! Which instructions keep their bytes in a module with other index spaces.
//!
//! Most instructions of a function's body name neither an item nor a type. A pass that moves items copies these
//! instructions, which takes a fraction of the time of decoding and encoding each.
//!
//! These instructions are those of WebAssembly 1.0, so no proposal can change their opcodes. The pass decodes all
//! others. If the code was not validated before, malformed code may be copied.

use std::ops::Range;
use wasmparser::{BinaryReader, BinaryReaderError, FunctionBody, Operator, OperatorsReader};

/// A part of a function's code.
pub enum Part<'a> {
    /// Instructions that stay, as bytes.
    Same(&'a [u8]),
    /// An instruction that may change.
    Changing(Operator<'a>),
}

/// Which instructions stay, beside those that name only locals, labels and number types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staying {
    /// No others.
    Nameless,
    /// Loads and stores.
    Memories,
    /// Loads and stores, calls, and accesses to globals and tables.
    Items,
}

/// Passes the code of a function, without its locals, to `write` in order.
///
/// # Errors
///
/// The code is malformed, or `write` returns an error.
pub fn for_each_part<'a, E: From<BinaryReaderError>>(
    body: &FunctionBody<'a>,
    staying: Staying,
    mut write: impl FnMut(Part<'a>) -> Result<(), E>,
) -> Result<(), E> {
    for_each_part_at(body, staying, |_, part| write(part))
}

/// As [`for_each_part`], with where in the code each part is: offsets from the first instruction.
///
/// # Errors
///
/// Those of [`for_each_part`].
pub fn for_each_part_at<'a, E: From<BinaryReaderError>>(
    body: &FunctionBody<'a>,
    staying: Staying,
    mut write: impl FnMut(Range<usize>, Part<'a>) -> Result<(), E>,
) -> Result<(), E> {
    let code = Code::of(body)?;
    let (mut written, mut position) = (0, 0);
    while position < code.bytes.len() {
        if let Some(length) = code.length(position, staying) {
            position += length;
            continue;
        }
        write(written..position, Part::Same(code.get(written..position)?))?;
        let (operator, end) = code.decode(position)?;
        write(position..end, Part::Changing(operator))?;
        (written, position) = (end, end);
    }
    write(written..position, Part::Same(code.get(written..position)?))
}

/// The code of a function, without its locals.
struct Code<'a> {
    bytes: &'a [u8],
    /// Where in the binary it begins.
    offset: usize,
}

impl<'a> Code<'a> {
    fn of(body: &FunctionBody<'a>) -> Result<Self, BinaryReaderError> {
        let offset = body.get_binary_reader_for_operators()?.original_position();
        let mut reader = BinaryReader::new(body.as_bytes(), body.range().start);
        reader.read_bytes(offset - body.range().start)?;
        let bytes = reader.read_bytes(reader.bytes_remaining())?;
        Ok(Code { bytes, offset })
    }

    fn get(&self, range: Range<usize>) -> Result<&'a [u8], BinaryReaderError> {
        let mut reader = BinaryReader::new(self.bytes, self.offset);
        reader.read_bytes(range.start)?;
        reader.read_bytes(range.len())
    }

    /// Uses a new reader for each instruction, because a single reader would have to see all instructions to track the
    /// blocks.
    fn decode(&self, position: usize) -> Result<(Operator<'a>, usize), BinaryReaderError> {
        let reader = BinaryReader::new(self.get(position..self.bytes.len())?, self.offset + position);
        let mut operators = OperatorsReader::new(reader);
        let operator = operators.read()?;
        Ok((operator, operators.original_position() - self.offset))
    }

    /// The length of an instruction that stays and is there as a whole.
    fn length(&self, position: usize, staying: Staying) -> Option<usize> {
        let code = self.bytes.get(position..)?;
        let (opcode, immediates) = code.split_first()?;
        let behind = match opcode {
            // `unreachable`, `nop`, `else`, `end`, `return`; `drop` and `select`; arithmetic.
            0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 => 0,
            // Branches, locals, constants of integers.
            0x0c | 0x0d | 0x20..=0x22 | 0x41 | 0x42 => number(immediates)?,
            // Constants of floating-point numbers.
            0x43 => 4,
            0x44 => 8,
            // `block`, `loop` and `if`, without a type or with a number for a result.
            0x02..=0x04 if matches!(immediates.first()?, 0x40 | 0x7c..=0x7f) => 1,
            // Loads and stores.
            0x28..=0x3e if staying != Staying::Nameless => memory_argument(immediates)?,
            // Calls, `global.get`, `global.set`, `table.get`, `table.set`.
            0x10 | 0x12 | 0x23..=0x26 if staying == Staying::Items => number(immediates)?,
            // Indirect calls.
            0x11 | 0x13 if staying == Staying::Items => numbers(immediates, 2)?,
            _ => return None,
        };
        (behind <= immediates.len()).then_some(1 + behind)
    }
}

/// The length of an integer.
fn number(code: &[u8]) -> Option<usize> {
    Some(code.iter().position(|byte| byte & 0x80 == 0)? + 1)
}

fn numbers(code: &[u8], count: usize) -> Option<usize> {
    (0..count).try_fold(0, |length, _| Some(length + number(code.get(length..)?)?))
}

/// The length of an alignment, of a memory's index if the alignment says that there is one, and of an offset.
fn memory_argument(code: &[u8]) -> Option<usize> {
    const HAS_INDEX: u8 = 0x40;
    let has_index = code.first()? & HAS_INDEX != 0;
    numbers(code, if has_index { 3 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::{Part, Staying, for_each_part};
    use wasm_encoder::{BlockType, CodeSection, Encode, Function, HeapType, Instruction, MemArg, ValType};
    use wasmparser::{BinaryReader, BinaryReaderError, FunctionBody};

    const MEMARG: MemArg = MemArg {
        offset: 300,
        align: 2,
        memory_index: 1,
    };

    /// The code of a function with some locals; how many of its instructions change; and the code without those.
    fn parts(instructions: &[Instruction<'_>], staying: Staying) -> (usize, Vec<u8>) {
        let mut function = Function::new([(2, ValType::I32), (1, ValType::F64)]);
        for instruction in instructions {
            function.instruction(instruction);
        }
        let mut section = CodeSection::new();
        section.function(&function);
        let mut bytes = Vec::new();
        section.encode(&mut bytes);
        // Behind the section's size and count, and the body's size.
        let body = FunctionBody::new(BinaryReader::new(&bytes[bytes.len() - function.byte_len()..], 7));
        let (mut changing, mut same) = (0, Vec::new());
        let read = for_each_part(&body, staying, |part| {
            match part {
                Part::Same(code) => same.extend_from_slice(code),
                Part::Changing(_) => changing += 1,
            }
            Ok::<_, BinaryReaderError>(())
        });
        read.expect("the code is well formed");
        (changing, same)
    }

    fn bytes(instructions: &[Instruction<'_>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for instruction in instructions {
            instruction.encode(&mut bytes);
        }
        bytes
    }

    #[test]
    fn what_names_nothing_stays() {
        let code = [
            Instruction::Nop,
            Instruction::Loop(BlockType::Empty),
            Instruction::If(BlockType::Result(ValType::F64)),
            Instruction::LocalTee(300),
            Instruction::I32Const(-70_000),
            Instruction::I64Const(i64::MIN),
            Instruction::F32Const(1.5.into()),
            Instruction::F64Const(1.5.into()),
            Instruction::Else,
            Instruction::I64Extend32S,
            Instruction::BrIf(200),
            Instruction::End,
            Instruction::End,
            Instruction::Select,
            Instruction::Return,
            Instruction::End,
        ];
        for staying in [Staying::Nameless, Staying::Memories, Staying::Items] {
            assert_eq!(parts(&code, staying), (0, bytes(&code)), "{staying:?}");
        }
    }

    #[test]
    fn what_names_something_stays_as_far_as_it_is_said() {
        use Staying::{Items, Memories, Nameless};
        let call_indirect = Instruction::CallIndirect {
            type_index: 200,
            table_index: 300,
        };
        for (instruction, staying) in [
            (Instruction::I32Load(MEMARG), &[Memories, Items][..]),
            (Instruction::I64Store32(MEMARG), &[Memories, Items]),
            (Instruction::Call(200), &[Items]),
            (call_indirect, &[Items]),
            (Instruction::GlobalSet(0), &[Items]),
            (Instruction::TableGet(0), &[Items]),
            (Instruction::If(BlockType::Result(ValType::FUNCREF)), &[]),
            (Instruction::Block(BlockType::FunctionType(2)), &[]),
            (Instruction::BrTable([1].as_slice().into(), 0), &[]),
            (Instruction::MemorySize(0), &[]),
            (Instruction::RefNull(HeapType::FUNC), &[]),
            (Instruction::TypedSelect(ValType::I32), &[]),
            (Instruction::Throw(0), &[]),
            (Instruction::MemoryFill(0), &[]),
            (Instruction::I32AtomicLoad(MEMARG), &[]),
            (Instruction::V128Load(MEMARG), &[]),
        ] {
            let code = [
                Instruction::LocalGet(1),
                instruction.clone(),
                Instruction::Nop,
                Instruction::End,
            ];
            let without = [Instruction::LocalGet(1), Instruction::Nop, Instruction::End];
            for level in [Nameless, Memories, Items] {
                let expected = match staying.contains(&level) {
                    true => (0, bytes(&code)),
                    false => (1, bytes(&without)),
                };
                assert_eq!(parts(&code, level), expected, "{instruction:?}, {level:?}");
            }
        }
    }

    #[test]
    fn code_that_is_cut_is_an_error() {
        for code in [&[0x41, 0x80][..], &[0x44, 0, 0], &[0x28, 2], &[0x10], &[0x02]] {
            let body = [&[0][..], code].concat();
            let body = FunctionBody::new(BinaryReader::new(&body, 0));
            let read = for_each_part(&body, Staying::Items, |_| Ok::<_, BinaryReaderError>(()));
            assert!(read.is_err(), "{code:x?}");
        }
    }
}
