//! A guest to which lowering only seems to pass something: its memory ignores writes, and handles stay where they are.
//!
//! Lowering to it finds out something about a value: whether the host has the handles in it
//! ([`DryRun`](crate::typed::DryRun)), or what memory it needs ([`first_allocation`](crate::first_allocation)).

use crate::handles::{HandleCheck, HandleError, Handles, ResourceAny, ResourceTypes};
use crate::memory::{GuestMemory, OutOfBounds};
use crate::types::ResourceIndex;

/// A memory of some size that ignores writes.
pub(crate) struct IgnoringMemory {
    pub(crate) size: u64,
}

impl GuestMemory for IgnoringMemory {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, _: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        into.fill(0);
        Ok(())
    }

    fn write(&mut self, _: u64, _: &[u8]) -> Result<(), OutOfBounds> {
        Ok(())
    }
}

/// Handles that stay where they are.
pub struct Unmoved<L>(pub(crate) L);

/// What happens to a handle instead of moving it.
pub trait LookUp {
    /// Looks up a handle that the guest is to own, or else to borrow.
    fn look_up(&mut self, resource: ResourceAny, ty: ResourceIndex, owns: bool) -> Result<(), HandleError>;
}

/// Looks nothing up.
impl LookUp for () {
    fn look_up(&mut self, _: ResourceAny, _: ResourceIndex, _: bool) -> Result<(), HandleError> {
        Ok(())
    }
}

impl<R: ResourceTypes> LookUp for HandleCheck<'_, R> {
    fn look_up(&mut self, resource: ResourceAny, ty: ResourceIndex, owns: bool) -> Result<(), HandleError> {
        self.handle(resource, ty, owns)
    }
}

impl<L: LookUp> Handles for Unmoved<L> {
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
        self.0.look_up(resource, ty, true).map(|()| 0)
    }

    fn lower_borrow(&mut self, resource: ResourceAny, ty: ResourceIndex) -> Result<u32, HandleError> {
        self.0.look_up(resource, ty, false).map(|()| 0)
    }

    fn takes(&self) -> bool {
        false
    }
}
