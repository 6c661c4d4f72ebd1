//! The body of a function while it is rewritten.

use wasm_encoder::{Encode, Function, Instruction, ValType};

/// A function's body, with scratch locals after its own locals.
pub(super) struct Body {
    bytes: Vec<u8>,
    locals: Vec<(u32, ValType)>,
    /// The index of the next local.
    next_local: u32,
    /// The scratch locals, and whether each is in use.
    scratch: Vec<(ValType, u32, bool)>,
}

impl Body {
    pub fn new(parameters: u32) -> Self {
        Body {
            bytes: Vec::new(),
            locals: Vec::new(),
            next_local: parameters,
            scratch: Vec::new(),
        }
    }

    /// Adds the function's own locals, before any scratch locals.
    pub fn add_locals(&mut self, count: u32, ty: ValType) {
        self.locals.push((count, ty));
        self.next_local = self.next_local.saturating_add(count);
    }

    /// How many bytes of code there are.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Code that stays as it is.
    pub fn raw(&mut self, code: &[u8]) {
        self.bytes.extend_from_slice(code);
    }

    pub fn finish(self) -> Function {
        let mut function = Function::new(self.locals);
        function.raw(self.bytes);
        function
    }

    pub fn instruction(&mut self, instruction: &Instruction<'_>) {
        instruction.encode(&mut self.bytes);
    }

    /// A local that nothing else uses until all scratch locals are freed.
    pub fn scratch(&mut self, ty: ValType) -> u32 {
        let free = self.scratch.iter_mut().find(|(other, _, used)| *other == ty && !used);
        if let Some((_, local, used)) = free {
            *used = true;
            return *local;
        }
        let local = self.next_local;
        self.next_local += 1;
        self.locals.push((1, ty));
        self.scratch.push((ty, local, true));
        local
    }

    pub fn free_scratch(&mut self) {
        for (_, _, used) in &mut self.scratch {
            *used = false;
        }
    }
}
