//! What is done once for all threads, in the order in which the specification has it done at instantiation: shared globals and
//! tables get their first values, active segments are copied, start functions are called.

use super::{Emit, Result};
use crate::threadify::layout::Added;
use wasm_encoder::Instruction;
use wasm_encoder::reencode::Reencode;

/// The code of the function that does it.
#[derive(Default)]
pub(super) struct Initialize<'a> {
    instructions: Vec<Instruction<'a>>,
}

impl<'a> Initialize<'a> {
    pub fn extend(&mut self, instructions: impl IntoIterator<Item = Instruction<'a>>) {
        self.instructions.extend(instructions);
    }

    pub fn take(&mut self) -> Vec<Instruction<'a>> {
        std::mem::take(&mut self.instructions)
    }
}

impl Emit<'_> {
    /// Whether the start function of an earlier instance runs before the current one is instantiated.
    pub(super) fn follows_start(&self) -> bool {
        let mut earlier = self.facts[..self.current.0].iter();
        earlier.any(|facts| facts.start.is_some())
    }

    /// At the end of an instance.
    pub(super) fn call_start(&mut self) -> Result<()> {
        if let Some(start) = self.facts().start {
            let start = Instruction::Call(self.function_index(start)?);
            match self.input.start_table(self.instance()) {
                Some(table) => {
                    let (enter, exit) = (
                        self.added(Added::EnterInstance(table))?,
                        self.added(Added::ExitInstance)?,
                    );
                    self.initialize.extend([enter, start, exit]);
                }
                None => self.initialize.extend([start]),
            }
        }
        Ok(())
    }
}
