//! Passing handles between a guest and the host, for the length of a call.
//!
//! The host has a table of its own. A [`ResourceAny`] is an index into it and the generation of the handle, so that
//! using a copy of a handle that was passed on or dropped is an error.

use super::resource_any::ResourceAny;
use super::{Found, HandleError, HandleTable, Handles, Key, Lends, Scope, TypeNumber};
use crate::types::ResourceIndex;
use std::sync::Arc;

/// Maps the resource types of a component to those of the process.
pub trait ResourceTypes {
    /// The resource type of an index, or `None` if the index is out of range.
    fn id(&self, ty: ResourceIndex) -> Option<TypeNumber>;

    /// Whether the instance of the call defines the resource type itself. It gets the representation where others get a borrowed handle.
    fn defined_here(&self, ty: ResourceIndex) -> bool;
}

/// The handles that one call passes.
pub struct CallHandles<'a, R: ResourceTypes> {
    types: &'a R,
    guest: &'a HandleTable<ResourceIndex>,
    host: &'a HandleTable<TypeNumber>,
    /// The number that identifies the host's table.
    number: u64,
    /// The handles that the guest borrows, if the host calls it and lends any.
    scope: Option<Arc<Scope>>,
    lent_by_guest: Lends,
    lent_by_host: Lends,
    /// The [reserved](CallHandles::reserve) handles, whose ownership the host passes.
    reserved: Vec<Key>,
    /// Whether all handles that the host passes have been reserved.
    reserves: bool,
    /// The handles that the host borrows, if the guest calls it.
    borrowed: Vec<(Key, ResourceIndex)>,
}

impl ResourceAny {
    /// The key in the table with this number.
    ///
    /// # Errors
    ///
    /// The handle belongs to another table.
    pub const fn key(self, table: u64) -> Result<Key, HandleError> {
        match self.table == table {
            true => Ok(Key {
                index: self.handle as u32,
                generation: Some((self.handle >> 32) as u32),
            }),
            false => Err(HandleError::HostType),
        }
    }
}

impl HandleError {
    /// Converts an error about a guest's handle to the one for a host's handle.
    pub fn of_host(self) -> HandleError {
        match self {
            HandleError::Unknown(_) => HandleError::Consumed,
            HandleError::WrongType(_) => HandleError::HostType,
            other => other,
        }
    }
}

impl<'a, R: ResourceTypes> CallHandles<'a, R> {
    /// For a call to or by the instance with the table `guest`. `number` identifies the table `host` in the process.
    pub fn new(
        types: &'a R,
        guest: &'a HandleTable<ResourceIndex>,
        host: &'a HandleTable<TypeNumber>,
        number: u64,
    ) -> Self {
        CallHandles {
            types,
            guest,
            host,
            number,
            scope: None,
            lent_by_guest: Lends::new(),
            lent_by_host: Lends::new(),
            reserved: Vec::new(),
            reserves: false,
            borrowed: Vec::new(),
        }
    }

    fn id(&self, ty: ResourceIndex) -> Result<TypeNumber, HandleError> {
        self.types.id(ty).ok_or(HandleError::None)
    }

    /// Reserves a handle that the host is about to pass, owned or lent, before it passes any. From then on, no other
    /// call and no thread of the host can take the handle. A call reserves either all handles that it passes, or none.
    pub fn reserve(&mut self, resource: ResourceAny, ty: ResourceIndex, owned: bool) -> Result<(), HandleError> {
        let id = self.id(ty)?;
        let key = resource.key(self.number)?;
        self.reserves = true;
        match owned {
            true => {
                self.host.reserve_own(key, &id).map_err(HandleError::of_host)?;
                self.reserved.push(key);
            }
            false => {
                let lent = self.host.lend(key, &id, &mut self.lent_by_host);
                lent.map_err(HandleError::of_host)?;
            }
        }
        Ok(())
    }

    /// Ends the call. Returns an error if the guest keeps handles that it borrowed. Handles that the host borrowed
    /// become invalid.
    pub fn finish(mut self) -> Result<(), HandleError> {
        self.end();
        self.scope.as_ref().map_or(Ok(()), |scope| scope.finish())
    }

    fn end(&mut self) {
        for (key, ty) in std::mem::take(&mut self.borrowed) {
            // The host may have dropped the handle already, or may have lent it to a call that has not returned.
            if let Ok(id) = self.id(ty) {
                drop(self.host.remove(key, &id));
            }
        }
        for key in self.reserved.drain(..) {
            self.host.release(key);
        }
        self.guest.unlend(&mut self.lent_by_guest);
        self.host.unlend(&mut self.lent_by_host);
    }
}

/// A call that ends in a trap also ends its lends.
impl<R: ResourceTypes> Drop for CallHandles<'_, R> {
    fn drop(&mut self) {
        self.end();
    }
}

impl<R: ResourceTypes> Handles for CallHandles<'_, R> {
    fn lift_own_rep(&mut self, index: u32, ty: ResourceIndex) -> Result<u32, HandleError> {
        self.guest.remove_own(index, &ty)
    }

    fn lift_borrow_rep(&mut self, index: u32, ty: ResourceIndex) -> Result<u32, HandleError> {
        Ok(self.guest.lend(index, &ty, &mut self.lent_by_guest)?.rep)
    }

    fn lower_own_rep(&mut self, rep: u32, ty: ResourceIndex) -> Result<u32, HandleError> {
        self.guest.insert_own(ty, rep)
    }

    fn lower_borrow_rep(&mut self, rep: u32, ty: ResourceIndex) -> Result<u32, HandleError> {
        let scope = self.scope.get_or_insert_with(|| Arc::new(Scope::new()));
        self.guest.insert_borrow(ty, rep, scope)
    }

    fn lift_own(&mut self, index: u32, ty: ResourceIndex) -> Result<ResourceAny, HandleError> {
        let id = self.id(ty)?;
        let rep = self.guest.remove_own(index, &ty)?;
        Ok(ResourceAny::new(
            self.number,
            self.host.insert(id, rep, None)?,
            id,
            true,
        ))
    }

    fn lift_borrow(&mut self, index: u32, ty: ResourceIndex) -> Result<ResourceAny, HandleError> {
        let id = self.id(ty)?;
        let Found { rep, .. } = self.guest.lend(index, &ty, &mut self.lent_by_guest)?;
        let added = self.host.insert(id, rep, Some(Arc::new(Scope::new())))?;
        let borrowed = ResourceAny::new(self.number, added, id, false);
        self.borrowed.push((borrowed.key(self.number)?, ty));
        Ok(borrowed)
    }

    fn lower_own(&mut self, resource: ResourceAny, ty: ResourceIndex) -> Result<u32, HandleError> {
        let id = self.id(ty)?;
        let key = resource.key(self.number)?;
        let removed = match self.reserves {
            true => self.host.remove_reserved(key, &id),
            false => self.host.remove_own(key, &id),
        };
        self.guest.insert_own(ty, removed.map_err(HandleError::of_host)?)
    }

    fn lower_borrow(&mut self, resource: ResourceAny, ty: ResourceIndex) -> Result<u32, HandleError> {
        let id = self.id(ty)?;
        let key = resource.key(self.number)?;
        let lent = match self.reserves {
            true => self.host.get(key, &id),
            false => self.host.lend(key, &id, &mut self.lent_by_host),
        };
        let Found { rep, .. } = lent.map_err(HandleError::of_host)?;
        match self.types.defined_here(ty) {
            true => Ok(rep),
            false => self.lower_borrow_rep(rep, ty),
        }
    }
}
