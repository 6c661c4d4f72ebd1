//! Checks that the host has the handles that it is about to pass.
//!
//! A guest's mistake is a trap, which ends the program. A host's mistake should not end it, so weft checks the host's
//! handles before a call begins.

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
    /// Whether the guest gets ownership, for each of the handles so far.
    passed: HashMap<ResourceAny, bool>,
}

impl<'a, R: ResourceTypes> HandleCheck<'a, R> {
    /// For a call by the host with the table `host`, which `number` identifies in the process.
    pub fn new(types: &'a R, host: &'a HandleTable<TypeNumber>, number: u64) -> Self {
        HandleCheck {
            types,
            host,
            number,
            passed: HashMap::new(),
        }
    }

    /// Checks that a handle can be passed, owned or lent, together with those that were checked before.
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
