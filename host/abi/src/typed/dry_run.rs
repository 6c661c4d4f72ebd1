//! A dry run of lowering, which finds out whether the host can pass the handles among some values.
//!
//! **Problem.** If the host passes a handle that it no longer has, that must not end the program. But only lowering
//! knows where in a Rust value the handles are. **Here,** values are lowered to a guest that takes nothing: its memory
//! ignores writes, and its handles are only looked up.

use super::Guest;
use crate::handles::{HandleCheck, HandleError, Handles, ResourceAny, ResourceTypes};
use crate::lower::ReallocCall;
use crate::memory::{GuestMemory, OutOfBounds};
use crate::trap::Trap;
use crate::types::ResourceIndex;

/// See the module.
pub struct DryRun<'a, R: ResourceTypes>(LookedUp<'a, R>);

/// Handles that are looked up.
pub struct LookedUp<'a, R: ResourceTypes>(HandleCheck<'a, R>);

/// Memory that ignores writes.
struct Swallowed;

impl<'a, R: ResourceTypes> DryRun<'a, R> {
    /// For the handles of one call.
    pub const fn new(check: HandleCheck<'a, R>) -> Self {
        DryRun(LookedUp(check))
    }
}

impl<'a, R: ResourceTypes + Sync> Guest for DryRun<'a, R> {
    type Error = Trap;
    type Handles = LookedUp<'a, R>;

    fn memory_size(&mut self) -> u64 {
        u64::MAX
    }

    fn write(&mut self, _: u64, _: &[u8]) -> Result<(), OutOfBounds> {
        Ok(())
    }

    fn with_memory<V>(&mut self, work: impl FnOnce(&mut dyn GuestMemory) -> V) -> V {
        work(&mut Swallowed)
    }

    fn handles(&mut self) -> &mut LookedUp<'a, R> {
        &mut self.0
    }

    async fn realloc(&mut self, _: ReallocCall) -> Result<u64, Trap> {
        Ok(0)
    }
}

impl GuestMemory for Swallowed {
    fn size(&self) -> u64 {
        u64::MAX
    }

    fn read(&self, _: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        into.fill(0);
        Ok(())
    }

    fn write(&mut self, _: u64, _: &[u8]) -> Result<(), OutOfBounds> {
        Ok(())
    }
}

impl<R: ResourceTypes> Handles for LookedUp<'_, R> {
    fn lift_own_rep(&mut self, _: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Err(HandleError::None)
    }

    fn lift_borrow_rep(&mut self, _: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Err(HandleError::None)
    }

    fn lower_own_rep(&mut self, _: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Ok(0)
    }

    fn lower_borrow_rep(&mut self, _: u32, _: ResourceIndex) -> Result<u32, HandleError> {
        Ok(0)
    }

    fn lift_own(&mut self, _: u32, _: ResourceIndex) -> Result<ResourceAny, HandleError> {
        Err(HandleError::None)
    }

    fn lift_borrow(&mut self, _: u32, _: ResourceIndex) -> Result<ResourceAny, HandleError> {
        Err(HandleError::None)
    }

    fn lower_own(&mut self, resource: ResourceAny, ty: ResourceIndex) -> Result<u32, HandleError> {
        self.0.handle(resource, ty, true).map(|()| 0)
    }

    fn lower_borrow(&mut self, resource: ResourceAny, ty: ResourceIndex) -> Result<u32, HandleError> {
        self.0.handle(resource, ty, false).map(|()| 0)
    }

    fn takes(&self) -> bool {
        false
    }
}
