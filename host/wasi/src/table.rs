//! The table of descriptors, one for all threads of a program.
//!
//! Problem: one thread closes or renumbers a descriptor while another reads through the same number.
//! Representation: the slots hold reference-counted descriptors. A call takes a reference under a short lock and works on
//! it without the lock; closing and renumbering change the slot only. So a call acts on the descriptor that the number
//! named when the call began, or gives `badf`: never on another file. The host's file is closed with the last reference.
//!
//! Rejected: a lock for each descriptor (a blocked read would keep `fd_close` waiting, and a program could not end).

use crate::descriptor::Descriptor;
use crate::errno::{Errno, Result};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The most descriptors that a program has open at once.
const MAX_DESCRIPTORS: usize = 1 << 14;

/// The open descriptors by number.
pub(crate) struct Table {
    slots: RwLock<Vec<Option<Arc<Descriptor>>>>,
}

impl Table {
    /// A table in which `descriptors` have the numbers from 0 on.
    pub(crate) fn new(descriptors: impl IntoIterator<Item = Descriptor>) -> Self {
        let slots = descriptors
            .into_iter()
            .map(|descriptor| Some(Arc::new(descriptor)))
            .collect();
        Table {
            slots: RwLock::new(slots),
        }
    }

    /// The descriptor that `fd` names now.
    pub(crate) fn get(&self, fd: u32) -> Result<Arc<Descriptor>> {
        self.read().get(fd as usize).cloned().flatten().ok_or(Errno::BadF)
    }

    /// Gives `descriptor` the lowest free number.
    pub(crate) fn insert(&self, descriptor: Descriptor) -> Result<u32> {
        let descriptor = Some(Arc::new(descriptor));
        let mut slots = self.write();
        if let Some(free) = slots.iter().position(Option::is_none) {
            slots[free] = descriptor;
            return Ok(free as u32);
        }
        if slots.len() >= MAX_DESCRIPTORS {
            return Err(Errno::Mfile);
        }
        slots.push(descriptor);
        Ok(slots.len() as u32 - 1)
    }

    /// Frees the number `fd`. Calls that are under way go on.
    pub(crate) fn close(&self, fd: u32) -> Result<()> {
        // Dropped after the lock: closing a file may block.
        let _closed = {
            let mut slots = self.write();
            slots.get_mut(fd as usize).and_then(Option::take).ok_or(Errno::BadF)?
        };
        Ok(())
    }

    /// Moves the descriptor `from` to the number `to`, which must be open and whose descriptor is closed. No other thread
    /// sees one without the other.
    pub(crate) fn renumber(&self, from: u32, to: u32) -> Result<()> {
        let (from, to) = (from as usize, to as usize);
        let _replaced = {
            let mut slots = self.write();
            if !slots.get(to).is_some_and(Option::is_some) {
                return Err(Errno::BadF);
            }
            let moved = slots.get_mut(from).and_then(Option::take).ok_or(Errno::BadF)?;
            slots[to].replace(moved)
        };
        Ok(())
    }

    /// The lock is held for a few instructions that do not panic, so a poisoned one holds a whole table all the same.
    fn read(&self) -> RwLockReadGuard<'_, Vec<Option<Arc<Descriptor>>>> {
        self.slots.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Vec<Option<Arc<Descriptor>>>> {
        self.slots.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipe::MemoryInputPipe;

    fn pipe(contents: &str) -> Descriptor {
        Descriptor::Input(MemoryInputPipe::new(contents.to_owned()))
    }

    #[test]
    fn the_lowest_free_number_is_given() {
        let table = Table::new([]);
        for number in 0..4 {
            assert_eq!(table.insert(pipe("")), Ok(number));
        }
        table.close(1).expect("open");
        table.close(2).expect("open");
        assert_eq!(table.insert(pipe("")), Ok(1));
        assert_eq!(table.insert(pipe("")), Ok(2));
        assert_eq!(table.insert(pipe("")), Ok(4));
    }

    #[test]
    fn numbers_that_are_not_open_are_refused() {
        let table = Table::new([]);
        table.insert(pipe("")).expect("room");
        for fd in [1, 2, u32::MAX] {
            assert_eq!(table.get(fd).err(), Some(Errno::BadF));
            assert_eq!(table.close(fd), Err(Errno::BadF));
            assert_eq!(table.renumber(0, fd), Err(Errno::BadF));
            assert_eq!(table.renumber(fd, 0), Err(Errno::BadF));
        }
        table.get(0).expect("a refused renumbering closes nothing");
        table.close(0).expect("open");
        assert_eq!(table.close(0), Err(Errno::BadF), "closed twice");
    }

    #[test]
    fn renumbering_moves_and_keeps_itself() {
        let table = Table::new([]);
        table.insert(pipe("")).expect("room");
        table.insert(pipe("")).expect("room");
        let moved = table.get(1).expect("open");
        table.renumber(1, 0).expect("both open");
        assert!(Arc::ptr_eq(&moved, &table.get(0).expect("open")));
        assert_eq!(table.get(1).err(), Some(Errno::BadF));
        table.renumber(0, 0).expect("open");
        assert!(Arc::ptr_eq(&moved, &table.get(0).expect("open")));
    }

    #[test]
    fn a_full_table_says_so() {
        let table = Table::new([]);
        for _ in 0..MAX_DESCRIPTORS {
            table.insert(pipe("")).expect("room");
        }
        assert_eq!(table.insert(pipe("")), Err(Errno::Mfile));
        table.close(77).expect("open");
        assert_eq!(table.insert(pipe("")), Ok(77));
    }
}
