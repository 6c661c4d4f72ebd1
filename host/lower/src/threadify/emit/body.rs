//! A function's code while it is being written: instructions, and locals that some of them need.

use crate::threadify::layout::Added;
use wasm_encoder::{Encode, Function, Instruction, ValType};

/// The code of a function.
#[derive(Default)]
pub(super) struct Body {
    code: Vec<u8>,
    /// The last instruction that was pushed, if it is a constant.
    last_constant: Option<Instruction<'static>>,
    locals: Vec<(u32, ValType)>,
    next_local: u32,
    /// Locals that hold a value from one instruction to the next, by type.
    scratch: Vec<(ValType, u32)>,
    /// Locals that hold values from one part of the code to a later one.
    kept: Vec<u32>,
    /// In an adapter behind the end of the call's task: how often it has said since then whether the instance may be left.
    pub leaves_said: Option<u32>,
    /// What ends the task that has begun, where the function ends.
    pub exit: Option<Added>,
}

impl Body {
    /// A function with parameters, and with locals of its own: how many of which type.
    pub fn new(parameters: u32, locals: Vec<(u32, ValType)>) -> Self {
        let declared = locals.iter().map(|(count, _)| *count);
        Body {
            next_local: declared.fold(parameters, u32::saturating_add),
            locals,
            ..Body::default()
        }
    }

    /// How many bytes of code there are.
    pub fn len(&self) -> usize {
        self.code.len()
    }

    pub fn push(&mut self, instruction: Instruction<'_>) {
        instruction.encode(&mut self.code);
        self.last_constant = match instruction {
            Instruction::I32Const(value) => Some(Instruction::I32Const(value)),
            Instruction::I64Const(value) => Some(Instruction::I64Const(value)),
            _ => None,
        };
    }

    pub fn extend<const N: usize>(&mut self, instructions: [Instruction<'_>; N]) {
        for instruction in instructions {
            self.push(instruction);
        }
    }

    /// Adds instructions that have been written before.
    pub fn copy(&mut self, code: &[u8]) {
        self.code.extend_from_slice(code);
        self.last_constant = None;
    }

    /// The constant that was pushed last, if nothing came behind it.
    pub fn last_constant(&self) -> Option<&Instruction<'static>> {
        self.last_constant.as_ref()
    }

    /// The scratch locals of some types, all different.
    pub fn scratch<const N: usize>(&mut self, types: [ValType; N]) -> [u32; N] {
        let mut taken: Vec<u32> = Vec::with_capacity(N);
        types.map(|ty| {
            let free = |(known, local): &&(ValType, u32)| *known == ty && !taken.contains(local);
            let found = self.scratch.iter().find(free).map(|(_, local)| *local);
            let local = found.unwrap_or_else(|| {
                let local = self.next_local;
                self.next_local += 1;
                self.locals.push((1, ty));
                self.scratch.push((ty, local));
                local
            });
            taken.push(local);
            local
        })
    }

    /// New locals of some types, which [`Self::kept`] gives again.
    pub fn keep(&mut self, types: Vec<ValType>) -> Vec<u32> {
        let first = self.next_local;
        self.next_local += types.len() as u32;
        self.locals.extend(types.into_iter().map(|ty| (1, ty)));
        self.kept = (first..self.next_local).collect();
        self.kept()
    }

    pub fn kept(&self) -> Vec<u32> {
        self.kept.clone()
    }

    pub fn finish(self) -> Function {
        let mut function = Function::new(self.locals);
        function.raw(self.code);
        function
    }
}
