//! Function bodies: rewrites the instructions that access changing shared state, and those that would block a core.

use super::adapters::AdapterTask;
use super::{Emit, Result, unknown};
use crate::binary::positions::Moves;
use crate::binary::verbatim::{Part, Staying, for_each_part_at};
use crate::chunks::body::Body;
use crate::chunks::bulk_operators::BulkOperators;
use crate::error::LowerError;
use crate::plan::MemoryIndex;
use crate::threadify::accesses::GlobalAccess;
use crate::threadify::increments::select_increments;
use crate::threadify::input::{ContextAccess, Task};
use crate::threadify::layout::{Added, FunctionAt, GlobalAt, TableAt};
use crate::threadify::order::fences;
use crate::threadify::unroll::unroll;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Instruction};
use wasmparser::{FunctionBody, MemArg, Operator};

impl Emit<'_> {
    pub(super) fn function_body(&mut self, code: &mut CodeSection, body: &FunctionBody<'_>) -> Result<()> {
        let facts = self.facts();
        let function = facts.module.imported.functions + (code.len() - self.first_body);
        let mut locals = Vec::new();
        for local in body.get_locals_reader()? {
            let (count, ty) = local?;
            locals.push((count, self.val_type(ty)?));
        }
        self.task = AdapterTask::default();
        let mut output = Body::new(facts.parameters(function).map_err(Error::UserError)?, locals);
        let number = (function - facts.module.imported.functions) as usize;
        let depends_on_context = facts.depends_on_context.get(number).copied();
        let depends_on_context = depends_on_context.ok_or_else(|| unknown("function", function))?;
        let moves = match (depends_on_context, self.positions.is_followed()) {
            (true, false) => {
                self.code_in_context(&mut output, function, body)?;
                Moves::default()
            }
            (true, true) => self.followed_code_in_context(&mut output, function, body)?,
            (false, _) => self.straight_code(&mut output, body)?,
        };
        self.positions.moved(&moves, number, code.len());
        code.function(&output.finish());
        Ok(())
    }

    /// Writes code with instructions that depend on their context.
    fn code_in_context(&mut self, output: &mut Body, function: u32, body: &FunctionBody<'_>) -> Result<()> {
        let operators = body.get_operators_reader()?.into_iter();
        let operators = select_increments(operators.collect::<std::result::Result<_, _>>()?);
        let operators = unroll(operators);
        let mut fences = fences(&operators).into_iter();
        let last = operators.len() - 1;
        for (position, operator) in operators.into_iter().enumerate() {
            self.exit_before(output, position == last)?;
            self.operator_in_context(output, function, operator, &mut fences)?;
        }
        Ok(())
    }

    /// Does the same as [`Self::code_in_context`] one instruction at a time, so that each instruction's origin is
    /// known. Loops are not unrolled.
    fn followed_code_in_context(&mut self, output: &mut Body, function: u32, body: &FunctionBody<'_>) -> Result<Moves> {
        let mut reader = body.get_operators_reader()?;
        let (start, mut operators, mut ranges) = (reader.original_position(), Vec::new(), Vec::new());
        while !reader.eof() {
            let from = reader.original_position() - start;
            operators.push(reader.read()?);
            ranges.push(from..reader.original_position() - start);
        }
        let mut fences = fences(&operators).into_iter();
        let (last, mut moves) = (operators.len() - 1, Moves::default());
        for ((position, operator), from) in operators.into_iter().enumerate().zip(ranges) {
            self.exit_before(output, position == last)?;
            moves.push_instruction(from, output.len());
            self.operator_in_context(output, function, operator, &mut fences)?;
        }
        Ok(moves)
    }

    /// If a task has begun, ends it before the last instruction.
    fn exit_before(&self, output: &mut Body, is_last: bool) -> Result<()> {
        if is_last && let Some(exit) = self.task.exit {
            output.push(self.added(exit)?);
        }
        Ok(())
    }

    /// Writes an instruction of a body with instructions that depend on their context. `fences` are for the
    /// notifications to come.
    fn operator_in_context(
        &mut self,
        output: &mut Body,
        function: u32,
        operator: Operator<'_>,
        fences: &mut impl Iterator<Item = bool>,
    ) -> Result<()> {
        match operator {
            Operator::MemoryAtomicNotify { memarg } => {
                let missing = || LowerError::Internal("a notification has not been looked at".to_owned());
                let fence = fences.next().ok_or_else(missing).map_err(Error::UserError)?;
                self.notify(output, operator, memarg, fence)
            }
            Operator::Call { function_index } => match self.task_at(function_index) {
                Some(Task::Enter { borrows, stays }) => self.enter(output, function, borrows, stays),
                Some(Task::Exit { .. }) | None => self.operator(output, operator),
            },
            operator => self.operator(output, operator),
        }
    }

    /// Writes code whose instructions do not depend on their context. Unchanged code is copied.
    fn straight_code(&mut self, output: &mut Body, body: &FunctionBody<'_>) -> Result<Moves> {
        let memories = &self.spaces().memories;
        let staying = match memories.iter().copied().eq(0..memories.len() as u32) {
            true => Staying::Memories,
            false => Staying::Nameless,
        };
        let mut moves = Moves::default();
        for_each_part_at(body, staying, |from, part| {
            moves.push(from, &part, output.len());
            match part {
                Part::Same(code) => {
                    output.copy(code);
                    Ok(())
                }
                Part::Changing(operator) => self.operator(output, operator),
            }
        })?;
        Ok(moves)
    }

    /// Writes one instruction as one or several. Instructions without indices stay unchanged.
    fn operator(&mut self, body: &mut Body, operator: Operator<'_>) -> Result<()> {
        match operator {
            Operator::Call { function_index } => {
                if let Some(access) = self.context_access(function_index) {
                    body.push(self.access(access)?);
                    return Ok(());
                }
                if let Some(Task::Exit { borrows }) = self.task_at(function_index) {
                    return self.leave(body, borrows);
                }
                if self.is_post_return(function_index) {
                    return self.post_return(body, operator);
                }
            }
            Operator::ReturnCall { function_index } => {
                if let Some(access) = self.context_access(function_index) {
                    body.extend([self.access(access)?, Instruction::Return]);
                    return Ok(());
                }
            }
            Operator::GlobalSet { global_index } => self.say_leaves(global_index)?,
            Operator::MemoryAtomicWait32 { memarg } => return self.atomic(body, operator, memarg, Added::Wait32),
            Operator::MemoryAtomicWait64 { memarg } => return self.atomic(body, operator, memarg, Added::Wait64),
            Operator::MemoryAtomicNotify { memarg } => return self.notify(body, operator, memarg, true),
            Operator::MemoryGrow { mem } => return self.memory_grow(body, operator, mem),
            Operator::MemoryInit { data_index, mem } => return self.memory_init(body, data_index, mem),
            Operator::DataDrop { data_index } => return self.data_drop(body, data_index),
            Operator::ElemDrop { elem_index } => return self.elem_drop(body, elem_index),
            _ => {}
        }
        if let Some(GlobalAccess { global, .. }) = GlobalAccess::of(&operator)
            && let Some(GlobalAt::Cell(cell)) = self.spaces().globals.get(global as usize)
        {
            return self.cell_access(body, &operator, global, *cell);
        }
        if self.table_operator(body, &operator)? || self.bulk_operator(body, &operator)? {
            return Ok(());
        }
        // If a shared global is no cell, no code writes it.
        if let Operator::GlobalAtomicGet { global_index, .. } = operator {
            body.push(Instruction::GlobalGet(self.global_index(global_index)?));
            return Ok(());
        }
        body.push(self.instruction(operator)?);
        Ok(())
    }

    fn context_access(&self, function: u32) -> Option<ContextAccess> {
        match self.spaces().functions.get(function as usize) {
            Some(FunctionAt::Context(access)) => Some(*access),
            Some(FunctionAt::Index(_) | FunctionAt::Task(_)) | None => None,
        }
    }

    /// The instruction for an access to a context slot.
    pub(super) fn access(&self, access: ContextAccess) -> Result<Instruction<'static>> {
        let global = self.layout.context_slots.get(&access.slot).copied();
        let global = global.ok_or_else(|| unknown("context slot", access.slot.slot))?;
        Ok(match access.set {
            true => Instruction::GlobalSet(global),
            false => Instruction::GlobalGet(global),
        })
    }

    /// A wait on a shared memory is the host's. Of another memory the instruction itself does what is to
    /// be done.
    fn atomic(
        &mut self,
        body: &mut Body,
        operator: Operator<'_>,
        memarg: MemArg,
        added: fn(MemoryIndex) -> Added,
    ) -> Result<()> {
        match self.shared_memory(memarg.memory).map(added) {
            Some(callee) => body.extend([Instruction::I64Const(memarg.offset as i64), self.added(callee)?]),
            None => body.push(self.instruction(operator)?),
        }
        Ok(())
    }

    /// The host grows shared memories: the engine grows them beyond what the program is allowed.
    fn memory_grow(&mut self, body: &mut Body, operator: Operator<'_>, memory: u32) -> Result<()> {
        match self.shared_memory(memory).map(Added::GrowMemory) {
            Some(grow) => body.push(self.added(grow)?),
            None => body.push(self.instruction(operator)?),
        }
        Ok(())
    }

    pub(super) fn shared_memory(&self, memory: u32) -> Option<MemoryIndex> {
        self.instance().memories.get(memory as usize).copied().flatten()
    }

    pub(super) fn table_at(&self, table: u32) -> Option<TableAt> {
        self.spaces().tables.get(table as usize).copied()
    }
}
