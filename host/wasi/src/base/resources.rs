//! The resources of a program, by the numbers in its handles.
//!
//! **Problem.** WASI 0.2 gives a program handles to streams, files and much else, and any thread may use or drop one
//! while another thread is in a call with it. **Here**, a table holds reference-counted objects by number. A call takes
//! a reference and then works without the table. So a dropped object is freed when the last call with it returns, as in
//! the [table of descriptors](super::table).
//!
//! **Rejected:** a table for each kind of resource (all kinds are created, found and dropped in the same way, and the
//! runtime already checks that a handle has the right type).

use std::any::Any;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};
use weft_parallel::MemoryCharge;

type Object = Arc<dyn Any + Send + Sync>;

/// The resources that exist, by number.
#[derive(Default)]
pub(crate) struct Resources(RwLock<Slots>);

#[derive(Default)]
struct Slots {
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
}

struct Entry {
    object: Object,
    /// What the host allocates for the resource.
    _charge: MemoryCharge,
}

impl Resources {
    /// Adds a resource. `None`: there are no more numbers.
    pub(crate) fn insert(&self, object: Object, charge: MemoryCharge) -> Option<u32> {
        let entry = Some(Entry {
            object,
            _charge: charge,
        });
        let mut slots = self.write();
        if let Some(number) = slots.free.pop() {
            slots.entries[number as usize] = entry;
            return Some(number);
        }
        let number = u32::try_from(slots.entries.len()).ok()?;
        slots.entries.push(entry);
        Some(number)
    }

    /// The resource of this number, if it exists and is of the kind `R`.
    pub(crate) fn get<R: Send + Sync + 'static>(&self, number: u32) -> Option<Arc<R>> {
        let slots = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let entry = slots.entries.get(number as usize)?.as_ref()?;
        Arc::clone(&entry.object).downcast().ok()
    }

    /// Forgets a resource. Calls in progress keep what they use.
    pub(crate) fn remove(&self, number: u32) {
        // Dropped after the lock: closing a file may block.
        let _removed = {
            let mut slots = self.write();
            let entry = slots.entries.get_mut(number as usize).and_then(Option::take);
            if entry.is_some() {
                slots.free.push(number);
            }
            entry
        };
    }

    /// No code under this lock panics.
    fn write(&self) -> RwLockWriteGuard<'_, Slots> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use weft_parallel::MemoryAccount;

    #[test]
    fn a_number_stands_for_one_resource_of_one_kind() {
        let account = MemoryAccount::new(2 << 20);
        let resources = Resources::default();
        let first = resources.insert(Arc::new(1u8), account.charge(1 << 20).expect("room"));
        let second = resources.insert(Arc::new(2u16), account.charge(1 << 20).expect("room"));
        assert_eq!((first, second), (Some(0), Some(1)));
        assert!(account.charge(1 << 20).is_none(), "both are charged");
        assert_eq!(resources.get::<u16>(1).as_deref(), Some(&2));
        assert!(resources.get::<u8>(1).is_none(), "it is of another kind");
        let held = resources.get::<u8>(0).expect("it exists");
        resources.remove(0);
        resources.remove(0);
        assert!(resources.get::<u8>(0).is_none());
        assert_eq!(*held, 1, "a call goes on with what it uses");
        let charge = account.charge(1 << 20).expect("what was removed is charged no more");
        assert_eq!(resources.insert(Arc::new(3u8), charge), Some(0));
        assert_eq!(
            resources.insert(Arc::new(4u8), MemoryAccount::new(1).charge(1).expect("room")),
            Some(2)
        );
    }
}
