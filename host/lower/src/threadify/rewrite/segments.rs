//! Data segments: those of shared memories are copied once for all threads, and dropped for all at once.

use super::sections::Sections;
use super::{Result, Rewrite};
use crate::LowerError;
use crate::plan::INITIALIZE_EXPORT;
use crate::threadify::AddedImport;
use crate::threadify::scan::shared;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{BlockType, DataSection, ExportKind, Function, Instruction, ValType};
use wasmparser::{DataKind, Operator};

/// An active segment that is copied by the function which runs once.
pub(super) struct Copied {
    memory: u32,
    offset: Vec<Instruction<'static>>,
    size: u32,
}

impl Rewrite<'_> {
    pub(super) fn add_initialize(&mut self, sections: &mut Sections) -> Result<()> {
        if !self.facts.initialize() {
            return Ok(());
        }
        let mut function = Function::new([]);
        for (copied, segment) in std::mem::take(&mut self.copied).iter().zip(0..) {
            let Some(copied) = copied else { continue };
            for instruction in &copied.offset {
                function.instruction(instruction);
            }
            let size = copied.size as i32;
            let mut instructions = function.instructions();
            instructions
                .i32_const(0)
                .i32_const(size)
                .memory_init(copied.memory, segment);
            self.drop_segment(&mut function, segment);
        }
        if let Some(start) = self.facts.start {
            function.instructions().call(self.function_index(start)?);
        }
        function.instructions().end();
        let ty = self.add_type(sections, &[], &[]);
        sections.functions.function(ty);
        let index = self.functions_before_definitions() + sections.functions.len() - 1;
        sections.exports.export(INITIALIZE_EXPORT, ExportKind::Func, index);
        sections.code.function(&function);
        Ok(())
    }

    /// An active segment of a shared memory becomes a passive one: it is copied once, not for each thread.
    pub(super) fn data(&mut self, data: &mut DataSection, segment: wasmparser::Data<'_>) -> Result<()> {
        match &segment.kind {
            DataKind::Active {
                memory_index,
                offset_expr,
            } if shared(&self.input.items.memories, *memory_index) => {
                let mut offset = Vec::new();
                let mut operators = offset_expr.get_operators_reader();
                while !operators.eof() {
                    match operators.read()? {
                        Operator::End => break,
                        operator => offset.push(self.constant_instruction(operator)?),
                    }
                }
                let memory = self.memory_index(*memory_index)?;
                let size = segment.data.len() as u32;
                self.copied.push(Some(Copied { memory, offset, size }));
                data.passive(segment.data.iter().copied());
                Ok(())
            }
            _ => {
                self.copied.push(None);
                self.parse_data(data, segment)
            }
        }
    }

    /// The instructions that constant expressions of addresses are made of.
    pub(super) fn constant_instruction(&mut self, operator: Operator<'_>) -> Result<Instruction<'static>> {
        Ok(match operator {
            Operator::I32Const { value } => Instruction::I32Const(value),
            Operator::I64Const { value } => Instruction::I64Const(value),
            Operator::GlobalGet { global_index } => Instruction::GlobalGet(self.global_index(global_index)?),
            Operator::I32Add => Instruction::I32Add,
            Operator::I32Sub => Instruction::I32Sub,
            Operator::I32Mul => Instruction::I32Mul,
            Operator::I64Add => Instruction::I64Add,
            Operator::I64Sub => Instruction::I64Sub,
            Operator::I64Mul => Instruction::I64Mul,
            other => {
                return Err(Error::UserError(LowerError::unsupported(
                    format!("`{other:?}` in the offset of a data segment"),
                    "use constants, globals and integer arithmetic",
                )));
            }
        })
    }

    pub(super) fn drop_segment(&self, function: &mut Function, segment: u32) {
        match self.added_function(AddedImport::DropSegment) {
            Some(callee) => function.instructions().i32_const(segment as i32).call(callee),
            None => function.instructions().data_drop(segment),
        };
    }

    /// Copies a segment, or the empty one if some thread has dropped it: that traps where it should.
    pub(super) fn copy_segment(&self, function: &mut Function, segment: u32, memory: u32, address: ValType) {
        let Some(callee) = self.added_function(AddedImport::IsSegmentDropped) else {
            function.instructions().memory_init(memory, segment);
            return;
        };
        let ty = self.copy_types[usize::from(address == ValType::I64)];
        let empty = self.facts.data_segments;
        let mut instructions = function.instructions();
        instructions.i32_const(segment as i32).call(callee);
        instructions.if_(BlockType::FunctionType(ty)).memory_init(memory, empty);
        instructions.else_().memory_init(memory, segment).end();
    }
}
