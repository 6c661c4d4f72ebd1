//! Adapters between component instances: the start and end of a call's task, and `post-return`.
//!
//! **Before:** calls of functions that the translator imports to announce the start and end of a task. **After:**
//! instructions that save the caller's state in locals and restore it, and built-ins if the callee's instance has its
//! own thread table or home.

use super::{Emit, Result, unknown};
use crate::chunks::body::Body;
use crate::plan::{Builtin, Definition};
use crate::threadify::input::{InstanceIndex, SlotType, Task};
use crate::threadify::layout::{Added, FunctionAt, GlobalAt};
use crate::threadify::scan::entered;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{BlockType, Instruction};
use wasmparser::Operator;

/// What an adapter has done so far.
#[derive(Default)]
pub(super) struct AdapterTask {
    /// The built-in that ends the current task at the end of the function.
    pub exit: Option<Added>,
    /// After the start of the call's task: how often the adapter has set since then whether the instance may be left.
    leaves_said: Option<u32>,
}

impl Emit<'_> {
    /// The start or end of a task that replaces a function, if one does.
    pub(super) fn task_at(&self, function: u32) -> Option<Task> {
        match self.spaces().functions.get(function as usize) {
            Some(FunctionAt::Task(task)) => Some(*task),
            Some(FunctionAt::Index(_) | FunctionAt::Context(_)) | None => None,
        }
    }

    /// Begins the task of another component instance. Saves the caller's context slots and the number of its borrow
    /// scope. The task ends with the adapter, because `post-return` belongs to the task. If it stays in the caller's
    /// instance, no thread begins.
    pub(super) fn enter(&mut self, body: &mut Body, function: u32, borrows: bool, stays: bool) -> Result<()> {
        let callee = match body.last_constant() {
            Some(Instruction::I32Const(callee)) => Some(*callee),
            _ => None,
        };
        let callee = entered(callee).map_err(Error::UserError)?;
        body.extend([Instruction::Drop, Instruction::Drop, Instruction::Drop]);
        if !stays && let Some([enter, exit]) = Added::task(self.input, self.instance(), function, callee) {
            body.push(self.added(enter)?);
            self.task.exit = Some(exit);
        }
        let globals = self.kept_globals(borrows)?;
        let kept = body.keep(globals.iter().map(|(ty, _)| ty.val_type()).collect());
        for ((ty, global), local) in globals.into_iter().zip(kept) {
            let zero = match ty {
                SlotType::I32 => Instruction::I32Const(0),
                SlotType::I64 => Instruction::I64Const(0),
            };
            body.extend([
                Instruction::GlobalGet(global),
                Instruction::LocalSet(local),
                zero,
                Instruction::GlobalSet(global),
            ]);
        }
        Ok(())
    }

    /// Ends the call's borrows, and restores the caller's state.
    pub(super) fn leave(&mut self, body: &mut Body, borrows: bool) -> Result<()> {
        if borrows {
            body.extend([
                Instruction::GlobalGet(self.borrow_scope()?),
                Instruction::If(BlockType::Empty),
                self.added(Added::EndBorrows)?,
                Instruction::End,
            ]);
        }
        for ((_, global), local) in self.kept_globals(borrows)?.into_iter().zip(body.kept()) {
            body.extend([Instruction::LocalGet(local), Instruction::GlobalSet(global)]);
        }
        self.task.leaves_said = Some(0);
        Ok(())
    }

    /// The globals that a call saves for its caller.
    fn kept_globals(&self, borrows: bool) -> Result<Vec<(SlotType, u32)>> {
        let slots = self.layout.context_slots.iter();
        let mut globals: Vec<_> = slots.map(|(slot, global)| (slot.ty, *global)).collect();
        if borrows {
            globals.push((SlotType::I32, self.borrow_scope()?));
        }
        Ok(globals)
    }

    /// Counts how often an adapter sets whether the instance may be left.
    pub(super) fn say_leaves(&mut self, global: u32) -> Result<()> {
        if let (Some(said), Some(_)) = (self.task.leaves_said, self.input.may_leave)
            && self.global_of(self.current, global)? == self.may_leave()?
        {
            self.task.leaves_said = Some(said + 1);
        }
        Ok(())
    }

    /// Whether a call in an adapter is that of a `post-return` function. After the callee has returned, the adapter
    /// clears the flag that the instance may be left, passes the results, and sets the flag again. The only functions
    /// that it calls after that are `post-return` and the one that traps.
    pub(super) fn is_post_return(&self, function: u32) -> bool {
        if self.task.leaves_said != Some(2) {
            return false;
        }
        match self.spaces().functions.get(function as usize) {
            Some(FunctionAt::Index(index)) => {
                let imported = self.layout.imported_function(*index);
                !matches!(imported, Some(Definition::Builtin(Builtin::Trap)))
            }
            Some(FunctionAt::Context(_) | FunctionAt::Task(_)) | None => false,
        }
    }

    /// Clears the flag around `post-return`, because the translator's adapter does not: the instance may not be left
    /// meanwhile (LV-01).
    pub(super) fn post_return(&mut self, body: &mut Body, call: Operator<'_>) -> Result<()> {
        let may_leave = self.may_leave()?;
        body.extend([Instruction::I32Const(0), Instruction::GlobalSet(may_leave)]);
        body.push(self.instruction(call)?);
        body.extend([Instruction::I32Const(1), Instruction::GlobalSet(may_leave)]);
        Ok(())
    }

    /// The global that says whether the instance may be left.
    fn may_leave(&self) -> Result<u32> {
        let (instance, global) = self.input.may_leave.ok_or_else(|| unknown("flag", 0))?;
        self.global_of(instance, global)
    }

    /// The global with the number of a call's borrow scope.
    fn borrow_scope(&self) -> Result<u32> {
        let (instance, global) = self.input.borrow_scope.ok_or_else(|| unknown("borrow scope", 0))?;
        self.global_of(instance, global)
    }

    fn global_of(&self, instance: InstanceIndex, global: u32) -> Result<u32> {
        match self.layout.spaces(instance).globals.get(global as usize) {
            Some(GlobalAt::Index(index)) => Ok(*index),
            Some(GlobalAt::Cell(_)) | None => Err(unknown("global", global)),
        }
    }
}
