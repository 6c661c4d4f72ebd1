//! Whether the host has the handles that it is going to pass.
//!
//! What a guest gets wrong is a trap, which ends the program. What the host gets wrong should not be, so its handles are checked
//! before a call begins.

use super::resource_any::ResourceAny;
use super::{HandleError, HandleTable, ResourceTypes, TypeNumber};
use crate::types::ResourceIndex;
use std::collections::HashMap;

/// The check of the handles that one call passes.
pub struct HandleCheck<'a, R: ResourceTypes> {
    types: &'a R,
    host: &'a HandleTable<TypeNumber>,
    /// The number that tells the host's table from others.
    number: u64,
    /// Whether each of the handles goes to the guest for good.
    passed: HashMap<ResourceAny, bool>,
}

impl<'a, R: ResourceTypes> HandleCheck<'a, R> {
    /// A call of an instance by the host that has the table `host`, which `number` tells from others of the process.
    pub fn new(types: &'a R, host: &'a HandleTable<TypeNumber>, number: u64) -> Self {
        HandleCheck {
            types,
            host,
            number,
            passed: HashMap::new(),
        }
    }

    /// Whether a handle can be passed, after those that were checked before: owned, or lent.
    pub fn handle(&mut self, resource: ResourceAny, ty: ResourceIndex, owned: bool) -> Result<(), HandleError> {
        let id = self.types.id(ty).ok_or(HandleError::None)?;
        let key = resource.key(self.number)?;
        match owned {
            true => self.host.check_own(key, &id),
            false => self.host.get(key, &id).map(drop),
        }
        .map_err(HandleError::of_host)?;
        match self.passed.insert(resource, owned) {
            Some(true) => Err(HandleError::Consumed),
            Some(false) if owned => Err(HandleError::Lent(key.index)),
            Some(false) | None => Ok(()),
        }
    }
}
