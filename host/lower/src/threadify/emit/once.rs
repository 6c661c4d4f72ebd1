//! The code of the functions that run once for all threads: see [`initialize`](super::initialize).

use crate::threadify::input::InstanceIndex;
use std::collections::HashMap;
use wasm_encoder::Instruction;

/// See the module.
#[derive(Default)]
pub(super) struct Initialize<'a> {
    pub(super) instructions: Vec<Instruction<'a>>,
    /// The initialization that runs in homes, by the instance that it initializes.
    pub(super) at_home: HashMap<InstanceIndex, Vec<Instruction<'a>>>,
}

impl<'a> Initialize<'a> {
    pub fn extend(&mut self, instructions: impl IntoIterator<Item = Instruction<'a>>) {
        self.instructions.extend(instructions);
    }

    /// Takes the initialization of an instance that runs in the home of its component instance.
    pub fn take_at_home(&mut self, instance: InstanceIndex) -> Option<Vec<Instruction<'a>>> {
        self.at_home.remove(&instance)
    }

    pub fn take(&mut self) -> Vec<Instruction<'a>> {
        std::mem::take(&mut self.instructions)
    }
}
