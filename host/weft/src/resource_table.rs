//! A table of the host's resources.
//!
//! **Problem.** To weft, a resource of the host is a number, so each host needs a map from these numbers to its values. Wasmtime's
//! `ResourceTable` takes `&mut self`, which only one thread at a time can have. **Here,** all methods take `&self`, and a value is shared:
//! a thread keeps what it has looked up, even if another thread deletes the resource in the meantime.

use std::any::Any;
use std::sync::{Arc, PoisonError, RwLock};
use weft_abi::Resource;

/// Why a [`ResourceTable`] has no such resource, or takes no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResourceTableError {
    /// The table is at its [capacity](ResourceTable::set_max_capacity).
    #[error("the resource table has no free keys: drop a resource, or raise its capacity")]
    Full,
    /// The table has no such resource.
    #[error("the resource is not in the resource table")]
    NotPresent,
    /// The resource has another Rust type.
    #[error("the resource has another type than the host expects")]
    WrongType,
}

type Value = Arc<dyn Any + Send + Sync>;

/// The values of the host's resources, which guest threads use at the same time. It chooses their representations.
///
/// ```
/// use weft::ResourceTable;
///
/// let table = ResourceTable::new();
/// let file = table.push("a.txt".to_owned())?;
/// assert_eq!(*table.get(&file)?, "a.txt");
/// table.delete(file)?;
/// # Ok::<(), weft::ResourceTableError>(())
/// ```
#[derive(Debug)]
pub struct ResourceTable {
    slots: RwLock<Slots>,
}

#[derive(Debug)]
struct Slots {
    values: Vec<Option<Value>>,
    free: Vec<u32>,
    max_capacity: usize,
}

impl Default for ResourceTable {
    fn default() -> Self {
        ResourceTable::new()
    }
}

impl ResourceTable {
    /// Creates an empty table, for up to 1,000,000 resources.
    pub fn new() -> Self {
        ResourceTable {
            slots: RwLock::new(Slots {
                values: Vec::new(),
                free: Vec::new(),
                max_capacity: 1_000_000,
            }),
        }
    }

    /// Sets how many resources the table holds at most. A guest that creates resources without dropping them makes the host allocate
    /// memory, up to this limit.
    pub fn set_max_capacity(&self, max: usize) {
        self.slots.write().unwrap_or_else(PoisonError::into_inner).max_capacity = max;
    }

    /// Whether the table has no resources.
    pub fn is_empty(&self) -> bool {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.values.len() == slots.free.len()
    }

    /// Adds a value. Return the resource from a host function, and the guest owns it.
    ///
    /// # Errors
    ///
    /// [`ResourceTableError::Full`].
    pub fn push<R: Send + Sync + 'static>(&self, value: R) -> Result<Resource<R>, ResourceTableError> {
        let value: Option<Value> = Some(Arc::new(value));
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        if slots.values.len() - slots.free.len() >= slots.max_capacity {
            return Err(ResourceTableError::Full);
        }
        if let Some(rep) = slots.free.pop() {
            slots.values[rep as usize] = value;
            return Ok(Resource::new_own(rep));
        }
        let rep = u32::try_from(slots.values.len()).map_err(|_| ResourceTableError::Full)?;
        slots.values.push(value);
        Ok(Resource::new_own(rep))
    }

    /// The value of a resource.
    ///
    /// # Errors
    ///
    /// [`ResourceTableError::NotPresent`] and [`ResourceTableError::WrongType`].
    pub fn get<R: Send + Sync + 'static>(&self, resource: &Resource<R>) -> Result<Arc<R>, ResourceTableError> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        let value = slots.values.get(resource.rep() as usize).and_then(Option::as_ref);
        let value = Arc::clone(value.ok_or(ResourceTableError::NotPresent)?);
        value.downcast().map_err(|_| ResourceTableError::WrongType)
    }

    /// Removes a resource, and returns its value. Call it in the resource's destructor.
    ///
    /// # Errors
    ///
    /// [`ResourceTableError::NotPresent`] and [`ResourceTableError::WrongType`].
    pub fn delete<R: Send + Sync + 'static>(&self, resource: Resource<R>) -> Result<Arc<R>, ResourceTableError> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let place = slots.values.get_mut(resource.rep() as usize);
        let place = place
            .filter(|place| place.is_some())
            .ok_or(ResourceTableError::NotPresent)?;
        let found = place.as_ref().is_some_and(|value| (**value).is::<R>());
        let value = place.take_if(|_| found).ok_or(ResourceTableError::WrongType)?;
        slots.free.push(resource.rep());
        value.downcast().map_err(|_| ResourceTableError::WrongType)
    }
}

#[cfg(test)]
mod tests {
    use super::{ResourceTable, ResourceTableError};
    use weft_abi::Resource;

    #[test]
    fn resources_have_types_and_end_once() {
        let table = ResourceTable::new();
        let number = table.push(7_u32).expect("room");
        let text = table.push("seven").expect("room");
        assert_ne!(number.rep(), text.rep());
        assert_eq!(*table.get(&number).expect("present"), 7);
        let wrong = Resource::<&str>::new_borrow(number.rep());
        assert_eq!(table.get(&wrong), Err(ResourceTableError::WrongType));
        assert_eq!(table.delete(wrong), Err(ResourceTableError::WrongType));
        let kept = table.get(&number).expect("present");
        assert_eq!(*table.delete(number).expect("present"), 7);
        assert_eq!(*kept, 7);
        assert_eq!(
            table.get(&Resource::<u32>::new_borrow(0)),
            Err(ResourceTableError::NotPresent)
        );
        assert_eq!(
            table.delete(Resource::<u32>::new_own(9)),
            Err(ResourceTableError::NotPresent)
        );
        table.delete(text).expect("present");
        assert!(table.is_empty());
    }

    #[test]
    fn a_full_table_takes_a_resource_again_when_one_is_dropped() {
        let table = ResourceTable::new();
        table.set_max_capacity(1);
        let first = table.push(1_u8).expect("room");
        assert_eq!(table.push(2_u8).err(), Some(ResourceTableError::Full));
        table.delete(first).expect("present");
        assert_eq!(*table.get(&table.push(2_u8).expect("room")).expect("present"), 2);
    }
}
