//! The initialization that happens once for all threads, in the specification's order of instantiation: initialize
//! shared globals and tables, copy active segments, call start functions.

use super::{Emit, Result};
use crate::plan::Initialization;
use crate::threadify::layout::Added;
use wasm_encoder::Instruction;
use wasm_encoder::reencode::Reencode;

impl Emit<'_> {
    /// Whether the start function of an earlier instance runs before the current one is instantiated.
    pub(super) fn follows_start(&self) -> bool {
        let mut earlier = self.facts[..self.current.0].iter();
        earlier.any(|facts| facts.start.is_some())
    }

    /// Calls the start function, at the end of an instance.
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

    /// The kind of the initialization function, once all instances are written.
    pub(super) fn initialization(&self) -> Initialization {
        let mut facts = self.facts.iter();
        let calls = facts.any(|facts| facts.start.is_some() && !facts.start_is_short);
        let calls = calls || !self.initialize.at_home.is_empty();
        match (calls, self.initialize.instructions.is_empty()) {
            (true, _) => Initialization::Functions,
            (false, false) => Initialization::Items,
            (false, true) => Initialization::Nothing,
        }
    }

    /// How many instructions come before those of the instance that is written next.
    pub(super) fn initialized(&self) -> usize {
        self.initialize.instructions.len()
    }

    /// Moves the initialization of the current instance to the home of its component instance. `before` is what
    /// [`Self::initialized`] returned at the beginning of the instance.
    pub(super) fn initialize_at_home(&mut self, before: usize) -> Result<()> {
        let Some(component) = self.input.home(self.instance()) else {
            return Ok(());
        };
        let instructions = self.initialize.instructions.split_off(before);
        let part = self.current;
        let calls = [
            self.added(Added::EnterExclusively(component))?,
            self.added(Added::InitializeAtHome(component, part))?,
            self.added(Added::ExitExclusively)?,
        ];
        self.initialize.at_home.insert(part, instructions);
        self.initialize.extend(calls);
        Ok(())
    }
}
