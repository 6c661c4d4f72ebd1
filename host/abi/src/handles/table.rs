//! The handle table of a component instance, which all its threads use at once.
//!
//! **Problem.** The specification assigns the index that was freed last. That takes one list, and a list behind a lock
//! makes threads wait for each other at each handle. **Here,** each slot has a lock of its own, so that two threads
//! contend only for the same handle. `free_indices.rs` does the same for the indices.
//!
//! **Rejected:** one lock for the table (two threads were slower than one).
//!
//! Specification: [table state](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#table-state),
//! [resource state](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#resource-state).

use super::HandleError;
use super::free_indices::{FreeIndices, lock};
use super::scope::{Lends, Scope};
use crate::sync::{Mutex, MutexGuard, OnceLock};
use std::fmt;
use std::sync::Arc;

/// The largest index that the specification allows.
pub const MAX_INDEX: u32 = (1 << 28) - 1;

/// How many slots the first chunk has. Each other has twice as many as the one before it.
const FIRST_CHUNK: u32 = 16;

/// The number of chunks, which gives a slot for each index.
const CHUNKS: usize = 25;

/// The value of `lends` for a handle whose ownership a call is about to pass.
const RESERVED: u32 = u32::MAX;

/// A handle: to a resource of type `T`.
#[derive(Debug)]
struct Entry<T> {
    ty: T,
    rep: u32,
    /// How many calls it is lent to, or [`RESERVED`].
    lends: u32,
    /// The call that must drop the handle before it returns. `None` for an owned handle.
    scope: Option<Arc<Scope>>,
}

impl<T> Entry<T> {
    fn is_free(&self, index: u32) -> Result<(), HandleError> {
        match self.lends {
            0 => Ok(()),
            _ => Err(HandleError::Lent(index)),
        }
    }

    fn is_owned(&self, index: u32) -> Result<(), HandleError> {
        match self.scope {
            None => Ok(()),
            Some(_) => Err(HandleError::NotOwned(index)),
        }
    }
}

#[derive(Debug)]
struct Slot<T> {
    /// How many handles have had this index.
    generation: u32,
    entry: Option<Entry<T>>,
}

/// A slot on a cache line of its own: different threads often use neighbouring slots.
#[derive(Debug)]
#[repr(align(64))]
struct Line<T>(Mutex<Slot<T>>);

/// Slots that are made when the first of them is needed.
type Chunk<T> = OnceLock<Box<[Line<T>]>>;

/// An account for a table's memory, which is charged before it is allocated.
pub trait Account: fmt::Debug + Send + Sync {
    /// Charges bytes. Returns false if there is no room for them.
    fn take(&self, bytes: u64) -> bool;

    /// Gives bytes back.
    fn give_back(&self, bytes: u64);
}

/// A handle table. `T` identifies a resource type.
#[derive(Debug)]
pub struct HandleTable<T> {
    chunks: [Chunk<T>; CHUNKS],
    indices: FreeIndices,
    account: Option<Box<dyn Account>>,
}

/// A handle that was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// The resource's representation.
    pub rep: u32,
    /// Whether the handle owned the resource. If so, the destructor must run.
    pub owned: bool,
}

/// A handle that was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The resource's representation.
    pub rep: u32,
    /// Whether the handle owns the resource.
    pub owned: bool,
}

/// Identifies a handle by its index, and optionally by its generation, so that a later handle with the same index does
/// not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The index.
    pub index: u32,
    /// The handle's generation. `None` matches any generation: guests name handles by index alone.
    pub generation: Option<u32>,
}

impl From<u32> for Key {
    fn from(index: u32) -> Self {
        Key {
            index,
            generation: None,
        }
    }
}

/// The chunk of an index, the position in it, and the chunk's length.
#[inline]
const fn place(index: u32) -> (usize, usize, usize) {
    let chunk = (index / FIRST_CHUNK + 1).ilog2();
    let length = FIRST_CHUNK << chunk;
    let begin = length - FIRST_CHUNK;
    (chunk as usize, (index - begin) as usize, length as usize)
}

impl<T: PartialEq> HandleTable<T> {
    /// A table with room for `limit` handles.
    pub fn new(limit: u32) -> HandleTable<T> {
        HandleTable {
            chunks: [const { OnceLock::new() }; CHUNKS],
            indices: FreeIndices::new(limit.min(MAX_INDEX)),
            account: None,
        }
    }

    /// A table with room for `limit` handles. Its memory is charged to an account.
    pub fn charged(limit: u32, account: Box<dyn Account>) -> HandleTable<T> {
        HandleTable {
            account: Some(account),
            ..HandleTable::new(limit)
        }
    }

    /// Adds a handle that owns a resource.
    pub fn insert_own(&self, ty: T, rep: u32) -> Result<u32, HandleError> {
        self.insert(ty, rep, None).map(|(index, _)| index)
    }

    /// Adds a handle that is borrowed for the length of a call.
    pub fn insert_borrow(&self, ty: T, rep: u32, scope: &Arc<Scope>) -> Result<u32, HandleError> {
        self.insert(ty, rep, Some(Arc::clone(scope))).map(|(index, _)| index)
    }

    /// Adds a handle, and returns its index and generation.
    pub fn insert(&self, ty: T, rep: u32, scope: Option<Arc<Scope>>) -> Result<(u32, u32), HandleError> {
        let index = self.indices.take()?;
        let (chunk, position, length) = place(index);
        // The last chunk is no longer than the table can become.
        let length = length.min(position + 1 + (self.indices.largest() - index) as usize);
        let chunk = match self.chunks[chunk].get() {
            Some(chunk) => chunk,
            None => match self.make_chunk(chunk, length) {
                Some(chunk) => chunk,
                None => {
                    self.indices.give(index);
                    return Err(HandleError::NoMemory);
                }
            },
        };
        if let Some(scope) = &scope {
            scope.borrowed();
        }
        let mut slot = lock(&chunk[position].0);
        slot.generation = slot.generation.wrapping_add(1);
        slot.entry = Some(Entry {
            ty,
            rep,
            lends: 0,
            scope,
        });
        Ok((index, slot.generation))
    }

    /// Returns the chunk with this number, and allocates it unless another thread did so first. `None` if the budget has no room.
    #[cold]
    fn make_chunk(&self, chunk: usize, length: usize) -> Option<&[Line<T>]> {
        // A free index takes room in a list, whose capacity can be twice its length.
        let bytes = (length * (size_of::<Line<T>>() + 2 * size_of::<u32>())) as u64;
        if self.account.as_ref().is_some_and(|account| !account.take(bytes)) {
            return None;
        }
        let mut made = false;
        let lines = self.chunks[chunk].get_or_init(|| {
            made = true;
            let empty = || {
                Line(Mutex::new(Slot {
                    generation: 0,
                    entry: None,
                }))
            };
            std::iter::repeat_with(empty).take(length).collect()
        });
        if let (false, Some(account)) = (made, &self.account) {
            account.give_back(bytes);
        }
        Some(lines)
    }

    /// Looks a handle up. `resource.rep` gives the guest the representation.
    pub fn get(&self, key: impl Into<Key>, ty: &T) -> Result<Found, HandleError> {
        self.with(key.into(), ty, |entry| {
            Ok(Found {
                rep: entry.rep,
                owned: entry.scope.is_none(),
            })
        })
    }

    /// Lends a handle to a call, so that no thread can remove it until [`HandleTable::unlend`].
    pub fn lend(&self, key: impl Into<Key>, ty: &T, lends: &mut Lends) -> Result<Found, HandleError> {
        let key = key.into();
        self.with(key, ty, |entry| {
            entry.lends = match entry.lends {
                RESERVED => return Err(HandleError::Consumed),
                lends if lends == RESERVED - 1 => return Err(HandleError::TooManyLends(key.index)),
                lends => lends + 1,
            };
            lends.add(key.index);
            Ok(Found {
                rep: entry.rep,
                owned: entry.scope.is_none(),
            })
        })
    }

    /// Ends a call's lends.
    pub fn unlend(&self, lends: &mut Lends) {
        for index in lends.take() {
            // No thread could remove it, so it is the same handle.
            let Some(mut slot) = self.slot(index).map(lock) else {
                continue;
            };
            if let Some(entry) = &mut slot.entry {
                entry.lends = entry.lends.saturating_sub(1);
            }
        }
    }

    /// Removes a handle. If it owned the resource, `resource.drop` then runs the destructor. If two threads remove one
    /// handle, one of them succeeds.
    pub fn remove(&self, key: impl Into<Key>, ty: &T) -> Result<Removed, HandleError> {
        let key = key.into();
        self.remove_if(key, ty, |entry| entry.is_free(key.index))
    }

    /// Removes a handle that must own its resource, in order to pass it on.
    pub fn remove_own(&self, key: impl Into<Key>, ty: &T) -> Result<u32, HandleError> {
        let key = key.into();
        let allowed = |entry: &Entry<T>| entry.is_free(key.index).and_then(|()| entry.is_owned(key.index));
        self.remove_if(key, ty, allowed).map(|removed| removed.rep)
    }

    /// Reserves a handle that must own its resource: nothing but [`HandleTable::remove_reserved`] removes it, and no call can lend it.
    pub fn reserve_own(&self, key: impl Into<Key>, ty: &T) -> Result<(), HandleError> {
        let key = key.into();
        self.with(key, ty, |entry| {
            entry.is_free(key.index)?;
            entry.is_owned(key.index)?;
            entry.lends = RESERVED;
            Ok(())
        })
    }

    /// Removes a handle that was reserved, in order to pass it on.
    pub fn remove_reserved(&self, key: impl Into<Key>, ty: &T) -> Result<u32, HandleError> {
        let key = key.into();
        let allowed = |entry: &Entry<T>| match entry.lends {
            RESERVED => Ok(()),
            _ => Err(HandleError::Consumed),
        };
        self.remove_if(key, ty, allowed).map(|removed| removed.rep)
    }

    /// Gives up the reservation of a handle, unless it was removed.
    pub fn release(&self, key: impl Into<Key>) {
        let Ok(mut slot) = self.find(key.into()) else { return };
        if let Some(entry) = slot.entry.as_mut().filter(|entry| entry.lends == RESERVED) {
            entry.lends = 0;
        }
    }

    /// Whether [`HandleTable::remove_own`] would remove a handle.
    pub fn check_own(&self, key: impl Into<Key>, ty: &T) -> Result<(), HandleError> {
        let key = key.into();
        self.with(key, ty, |entry| {
            entry.is_free(key.index)?;
            entry.is_owned(key.index)
        })
    }

    fn remove_if(
        &self,
        key: Key,
        ty: &T,
        allowed: impl Fn(&Entry<T>) -> Result<(), HandleError>,
    ) -> Result<Removed, HandleError> {
        let mut slot = self.find(key)?;
        let entry = match &slot.entry {
            None => return Err(HandleError::Unknown(key.index)),
            Some(entry) if entry.ty != *ty => return Err(HandleError::WrongType(key.index)),
            Some(entry) => entry,
        };
        allowed(entry)?;
        let removed = Removed {
            rep: entry.rep,
            owned: entry.scope.is_none(),
        };
        let entry = slot.entry.take();
        drop(slot);
        if let Some(scope) = entry.and_then(|entry| entry.scope) {
            scope.dropped();
        }
        self.indices.give(key.index);
        Ok(removed)
    }

    fn with<R>(
        &self,
        key: Key,
        ty: &T,
        then: impl FnOnce(&mut Entry<T>) -> Result<R, HandleError>,
    ) -> Result<R, HandleError> {
        match &mut self.find(key)?.entry {
            None => Err(HandleError::Unknown(key.index)),
            Some(entry) if entry.ty != *ty => Err(HandleError::WrongType(key.index)),
            Some(entry) => then(entry),
        }
    }

    fn find(&self, key: Key) -> Result<MutexGuard<'_, Slot<T>>, HandleError> {
        let unknown = HandleError::Unknown(key.index);
        let slot = lock(self.slot(key.index).ok_or(unknown.clone())?);
        match key.generation {
            Some(generation) if generation != slot.generation => Err(HandleError::Consumed),
            Some(_) | None => Ok(slot),
        }
    }

    fn slot(&self, index: u32) -> Option<&Mutex<Slot<T>>> {
        // A guest may pass any bits.
        if index > MAX_INDEX {
            return None;
        }
        let (chunk, position, _) = place(index);
        Some(&self.chunks.get(chunk)?.get()?.get(position)?.0)
    }
}
