//! A dry run of lowering, which finds out whether the host can pass the handles among some values.
//!
//! **Problem.** If the host passes a handle that it no longer has, that must not end the program. But only lowering
//! knows where in a Rust value the handles are. **Here,** values are lowered to a guest that takes nothing: its memory
//! ignores writes, and its handles are only looked up.

use super::Guest;
use crate::handles::{HandleCheck, ResourceTypes};
use crate::lower::ReallocCall;
use crate::memory::{GuestMemory, OutOfBounds};
use crate::trap::Trap;
use crate::unmoved::{IgnoringMemory, Unmoved};

/// See the module.
pub struct DryRun<'a, R: ResourceTypes>(Unmoved<HandleCheck<'a, R>>);

impl<'a, R: ResourceTypes> DryRun<'a, R> {
    /// For the handles of one call.
    pub const fn new(check: HandleCheck<'a, R>) -> Self {
        DryRun(Unmoved(check))
    }
}

impl<'a, R: ResourceTypes + Sync> Guest for DryRun<'a, R> {
    type Error = Trap;
    type Handles = Unmoved<HandleCheck<'a, R>>;

    fn memory_size(&mut self) -> u64 {
        u64::MAX
    }

    fn write(&mut self, _: u64, _: &[u8]) -> Result<(), OutOfBounds> {
        Ok(())
    }

    fn with_memory<V>(&mut self, work: impl FnOnce(&mut dyn GuestMemory) -> V) -> V {
        work(&mut IgnoringMemory { size: u64::MAX })
    }

    fn handles(&mut self) -> &mut Unmoved<HandleCheck<'a, R>> {
        &mut self.0
    }

    async fn realloc(&mut self, _: ReallocCall) -> Result<u64, Trap> {
        Ok(0)
    }
}
