//! The host's handles to resources of a program on the cooperative runtime.
//!
//! **Problem.** weft's [`ResourceAny`] is a number. Wasmtime's counterpart can be created and read only with the store,
//! and a resource of the host is only a representation until a guest gets it. **Here,** each instance has a table from
//! weft's numbers to what they stand for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use wasmtime::component as engine;
use weft_abi::handles::{Key, TypeNumber};
use weft_abi::{HandleError, ResourceAny, ResourceType};

/// Starts here because the tables of the parallel runtime have small numbers.
static NEXT: AtomicU64 = AtomicU64::new(1 << 63);

/// See the module.
pub(crate) struct HandleTable {
    number: u64,
    /// The host's resource types. Wasmtime knows each by its position.
    types: Vec<ResourceType>,
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// The resource types of guests. The handles know them by their positions.
    guests: Vec<engine::ResourceType>,
}

#[derive(Default)]
struct Slot {
    generation: u32,
    content: Option<Content>,
}

/// What a handle stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    /// A resource of the host, by the position of its type and its representation.
    Host { ty: u32, rep: u32, owned: bool },
    /// A resource that a guest defines.
    Guest(engine::ResourceAny),
}

impl Content {
    pub(crate) fn owned(self) -> bool {
        match self {
            Content::Host { owned, .. } => owned,
            Content::Guest(resource) => resource.owned(),
        }
    }

    /// The resource type as Wasmtime knows it.
    pub(crate) fn ty(self) -> engine::ResourceType {
        match self {
            Content::Host { ty, .. } => engine::ResourceType::host_dynamic(ty),
            Content::Guest(resource) => resource.ty(),
        }
    }
}

impl HandleTable {
    /// For an instance whose linker has these resource types.
    pub(crate) fn new(types: Vec<ResourceType>) -> Self {
        HandleTable {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            types,
            slots: Mutex::default(),
        }
    }

    /// The position of a type of the host.
    pub(crate) fn host_type(&self, ty: ResourceType) -> Option<u32> {
        let position = self.types.iter().position(|known| *known == ty)?;
        Some(position as u32)
    }

    /// A resource type of a guest, as handles of this table have it, or of the host.
    pub(crate) fn ty(&self, ty: engine::ResourceType) -> ResourceType {
        match self.position(ty) {
            Some(position) => self.types[position as usize],
            None => ResourceType::of_number(self.number, self.lock().number(ty)),
        }
    }

    /// The position of a type of the host, as Wasmtime knows it.
    pub(crate) fn position(&self, ty: engine::ResourceType) -> Option<u32> {
        let mut positions = 0..self.types.len() as u32;
        positions.find(|position| engine::ResourceType::host_dynamic(*position) == ty)
    }

    /// A new handle.
    pub(crate) fn insert(&self, content: Content) -> ResourceAny {
        let mut slots = self.lock();
        let number = match content {
            Content::Host { ty, .. } => match self.types.get(ty as usize).and_then(|ty| ty.number()) {
                Some(number) => number,
                None => unreachable!("the types of the table are the host's"),
            },
            Content::Guest(resource) => slots.number(resource.ty()),
        };
        let index = slots.free.pop().unwrap_or_else(|| {
            slots.slots.push(Slot::default());
            slots.slots.len() as u32 - 1
        });
        let slot = &mut slots.slots[index as usize];
        slot.content = Some(content);
        ResourceAny::new(self.number, (index, slot.generation), number, content.owned())
    }

    /// What a handle stands for.
    pub(crate) fn get(&self, resource: ResourceAny) -> Result<Content, HandleError> {
        let key = resource.key(self.number)?;
        let slots = self.lock();
        slots
            .slot(key)
            .and_then(|slot| slot.content)
            .ok_or(HandleError::Consumed)
    }

    /// Takes a handle out of the table.
    pub(crate) fn remove(&self, resource: ResourceAny) -> Result<Content, HandleError> {
        let key = resource.key(self.number)?;
        let mut slots = self.lock();
        let content = slots
            .slot(key)
            .and_then(|slot| slot.content)
            .ok_or(HandleError::Consumed)?;
        let slot = &mut slots.slots[key.index as usize];
        slot.content = None;
        slot.generation = slot.generation.wrapping_add(1);
        slots.free.push(key.index);
        Ok(content)
    }

    /// A new handle that owns a resource of a type of the host.
    pub(crate) fn make(&self, ty: ResourceType, rep: u32) -> Result<ResourceAny, HandleError> {
        let ty = self.host_type(ty).ok_or(HandleError::HostType)?;
        Ok(self.insert(Content::Host { ty, rep, owned: true }))
    }

    /// The representation of a resource of a type of the host.
    pub(crate) fn rep(&self, resource: ResourceAny, ty: ResourceType) -> Result<u32, HandleError> {
        match self.get(resource)? {
            Content::Host { ty: found, rep, .. } if self.host_type(ty) == Some(found) => Ok(rep),
            Content::Host { .. } | Content::Guest(_) => Err(HandleError::HostType),
        }
    }

    /// Takes a resource of a type of the host out of its handle, and returns the representation.
    pub(crate) fn take(&self, resource: ResourceAny, ty: ResourceType) -> Result<u32, HandleError> {
        let rep = self.rep(resource, ty)?;
        if !resource.owned() {
            return Err(HandleError::NotOwned(0));
        }
        self.remove(resource)?;
        Ok(rep)
    }

    /// No code under the lock panics, and every state of the table is valid.
    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots {
    fn slot(&self, key: Key) -> Option<&Slot> {
        let slot = self.slots.get(key.index as usize)?;
        (key.generation == Some(slot.generation)).then_some(slot)
    }

    fn number(&mut self, ty: engine::ResourceType) -> TypeNumber {
        let known = self.guests.iter().position(|known| *known == ty);
        let position = known.unwrap_or_else(|| {
            self.guests.push(ty);
            self.guests.len() - 1
        });
        TypeNumber::defined(position as u32)
    }
}
