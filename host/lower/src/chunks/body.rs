//! A function's code while it is written: instructions, and the locals that some of them need.

use wasm_encoder::{Encode, Function, Instruction, ValType};

/// The code of a function.
#[derive(Default)]
pub(crate) struct Body {
    code: Vec<u8>,
    /// The last instruction that was pushed, if it is a constant.
    last_constant: Option<Instruction<'static>>,
    locals: Vec<(u32, ValType)>,
    next_local: u32,
    /// Locals that hold a value between neighbouring instructions, by type.
    scratch: Vec<(ValType, u32)>,
    /// Locals that hold values until a later part of the code.
    kept: Vec<u32>,
}

impl Body {
    /// A function with parameters and locals. The locals are given as counts and types.
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

    /// The last instruction, if it is a constant.
    pub fn last_constant(&self) -> Option<&Instruction<'static>> {
        self.last_constant.as_ref()
    }

    /// The scratch locals of some types, all different.
    pub fn scratch<const N: usize>(&mut self, types: [ValType; N]) -> [u32; N] {
        let mut taken = Vec::with_capacity(N);
        types.map(|ty| self.scratch_beside(&mut taken, ty))
    }

    /// The same for any number of types.
    pub fn scratch_list(&mut self, types: &[ValType]) -> Vec<u32> {
        let mut taken = Vec::with_capacity(types.len());
        for ty in types {
            self.scratch_beside(&mut taken, *ty);
        }
        taken
    }

    /// A scratch local that is not one of `taken`. Adds it to those.
    fn scratch_beside(&mut self, taken: &mut Vec<u32>, ty: ValType) -> u32 {
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
    }

    /// New locals of some types. [`Self::kept`] returns them later.
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

/// The default value of a type.
pub(super) fn default_value(ty: ValType) -> Instruction<'static> {
    match ty {
        ValType::I32 => Instruction::I32Const(0),
        ValType::I64 => Instruction::I64Const(0),
        ValType::F32 => Instruction::F32Const(0.0.into()),
        ValType::F64 => Instruction::F64Const(0.0.into()),
        ValType::V128 => Instruction::V128Const(0),
        ValType::Ref(reference) => Instruction::RefNull(reference.heap_type),
    }
}
