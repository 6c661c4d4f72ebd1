//! Which instructions are written by the same bytes in a module with other index spaces.
//!
//! Most of a function's body neither names an item nor a type. A pass that moves items looks at every instruction, and copies
//! what is between those that change, which takes a fraction of the time of writing each instruction anew.
//!
//! The instructions are told by the bytes of their opcodes, which no later proposal can give to others. What is not known
//! here is for the pass to write.

use wasmparser::{BinaryReaderError, FunctionBody, Operator};

/// A part of a function's code.
pub enum Part<'a> {
    /// Instructions that stay, as they are written.
    Same(&'a [u8]),
    /// An instruction that may change.
    Changing(Operator<'a>),
}

/// Hands out the code of a function, locals excepted, in order. `stays` tells of an instruction by its bytes.
///
/// # Errors
///
/// The code is malformed; or what `write` gives.
pub fn for_each_part<'a, E: From<BinaryReaderError>>(
    body: &FunctionBody<'a>,
    stays: impl Fn(&[u8]) -> bool,
    mut write: impl FnMut(Part<'a>) -> Result<(), E>,
) -> Result<(), E> {
    let start = body.range().start;
    let code = |from: usize, to: usize| body.as_bytes().get(from - start..to - start).unwrap_or_default();
    let end = body.range().end;
    let mut operators = body.get_operators_reader()?;
    let mut written = operators.original_position();
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset()?;
        if stays(code(offset, end)) {
            continue;
        }
        write(Part::Same(code(written, offset)))?;
        write(Part::Changing(operator))?;
        written = operators.original_position();
    }
    write(Part::Same(code(written, end)))
}

/// Whether the instruction that begins here names nothing but locals, labels and types of numbers.
pub fn names_nothing(code: &[u8]) -> bool {
    match code {
        // `block`, `loop` and `if`, without a type or with a number for a result.
        [0x02..=0x04, 0x40 | 0x7c..=0x7f, ..] => true,
        // `unreachable`, `nop`, `else`, `end`, branches, `return`; `drop` and `select`; locals; constants and arithmetic.
        [
            0x00 | 0x01 | 0x05 | 0x0b..=0x0f | 0x1a | 0x1b | 0x20..=0x22 | 0x41..=0xc4,
            ..,
        ] => true,
        _ => false,
    }
}

/// Whether the instruction that begins here is a load or store, which names nothing but a memory.
pub fn names_memory(code: &[u8]) -> bool {
    matches!(code, [0x28..=0x3e, ..])
}

#[cfg(test)]
mod tests {
    use super::{names_memory, names_nothing};
    use wasm_encoder::{BlockType, Encode, HeapType, Instruction, MemArg, ValType};

    fn bytes(instruction: &Instruction<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        instruction.encode(&mut bytes);
        bytes
    }

    #[test]
    fn what_names_an_item_or_a_type_is_written_anew() {
        let memarg = MemArg {
            offset: 3,
            align: 2,
            memory_index: 1,
        };
        for (instruction, nothing, memory) in [
            (Instruction::Nop, true, false),
            (Instruction::LocalTee(300), true, false),
            (Instruction::I32Const(-1), true, false),
            (Instruction::I64Extend32S, true, false),
            (Instruction::BrTable([1].as_slice().into(), 0), true, false),
            (Instruction::Loop(BlockType::Empty), true, false),
            (Instruction::If(BlockType::Result(ValType::F64)), true, false),
            (Instruction::If(BlockType::Result(ValType::FUNCREF)), false, false),
            (Instruction::Block(BlockType::FunctionType(2)), false, false),
            (Instruction::Call(0), false, false),
            (Instruction::GlobalGet(0), false, false),
            (Instruction::TableGet(0), false, false),
            (Instruction::MemorySize(0), false, false),
            (Instruction::RefNull(HeapType::FUNC), false, false),
            (Instruction::TypedSelect(ValType::I32), false, false),
            (Instruction::Throw(0), false, false),
            (Instruction::MemoryFill(0), false, false),
            (Instruction::I32AtomicLoad(memarg), false, false),
            (Instruction::V128Load(memarg), false, false),
            (Instruction::I32Load(memarg), false, true),
            (Instruction::I64Store32(memarg), false, true),
        ] {
            let code = bytes(&instruction);
            assert_eq!(names_nothing(&code), nothing, "{instruction:?}");
            assert_eq!(names_memory(&code), memory, "{instruction:?}");
        }
    }
}
