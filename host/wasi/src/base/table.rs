//! The table of descriptors, one for all threads of a program.
//!
//! Problem: one thread closes or renumbers a descriptor while another reads through the same number. Solution: the
//! slots hold reference-counted descriptors. A call takes a reference under a short lock and works without the lock;
//! closing and renumbering change only the slot. So a call uses the descriptor that the number named when the call
//! began, or returns `badf`. It never uses another file. The host's file is closed with the last reference.
//!
//! Rejected: a lock for each descriptor (a blocked read would keep `fd_close` waiting, and a program could not end).

use crate::base::descriptor::Descriptor;
use crate::base::errno::{Errno, Result};
use crate::base::rights::{GivenUp, Rights};
use crate::base::shared_descriptors::OfProcess;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tracing::debug;

/// The open descriptors by number.
pub(crate) struct Table {
    slots: RwLock<Slots>,
    /// How many descriptors there are: open, reserved, or closed while a call uses them.
    alive: Arc<AtomicUsize>,
    /// The most descriptors that there may be.
    limit: usize,
}

#[derive(Default)]
struct Slots {
    open: Vec<Option<Arc<Open>>>,
    /// The numbers that are neither open nor reserved, except those beyond the end of `open`.
    free: BinaryHeap<Reverse<usize>>,
}

/// A number that is reserved for a new descriptor. It becomes free again if it is not filled.
pub(crate) struct Reservation<'a> {
    table: &'a Table,
    number: usize,
    alive: Option<Alive>,
}

/// What a number names: a descriptor, and the rights that the program took from it.
pub(crate) struct Open {
    descriptor: Descriptor,
    pub(crate) given_up: GivenUp,
    _alive: Arc<Alive>,
}

/// Counts a descriptor as long as it exists.
pub(crate) struct Alive {
    of_table: Arc<AtomicUsize>,
    _of_process: OfProcess,
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.of_table.fetch_sub(1, Relaxed);
    }
}

impl Deref for Open {
    type Target = Descriptor;

    fn deref(&self) -> &Descriptor {
        &self.descriptor
    }
}

impl Open {
    /// A descriptor without a number, which is counted as long as `alive` exists.
    pub(crate) fn unnumbered(descriptor: Descriptor, given_up: GivenUp, alive: Arc<Alive>) -> Self {
        Open {
            descriptor,
            given_up,
            _alive: alive,
        }
    }
}

impl Table {
    /// A table in which `descriptors` have the numbers from 0 on. It can hold `limit` descriptors, and at least these.
    pub(crate) fn new(limit: usize, descriptors: impl IntoIterator<Item = Descriptor>) -> Self {
        let alive = Arc::new(AtomicUsize::new(0));
        let open = descriptors.into_iter().map(|descriptor| {
            alive.fetch_add(1, Relaxed);
            Some(Arc::new(Open {
                descriptor,
                given_up: GivenUp::nothing(),
                _alive: Arc::new(Alive {
                    of_table: alive.clone(),
                    _of_process: OfProcess::new(),
                }),
            }))
        });
        let slots = Slots {
            open: open.collect(),
            free: BinaryHeap::new(),
        };
        Table {
            slots: RwLock::new(slots),
            alive,
            limit,
        }
    }

    /// The descriptor that `fd` names now.
    pub(crate) fn get(&self, fd: u32) -> Result<Arc<Open>> {
        self.read().open.get(fd as usize).cloned().flatten().ok_or(Errno::BadF)
    }

    /// The descriptor that `fd` names now, for an operation that needs these rights.
    pub(crate) fn get_for(&self, fd: u32, needed: Rights) -> Result<Arc<Open>> {
        let open = self.get(fd)?;
        open.given_up.require(needed)?;
        Ok(open)
    }

    /// The descriptors that have numbers.
    pub(crate) fn numbered(&self) -> Vec<Arc<Open>> {
        self.read().open.iter().flatten().cloned().collect()
    }

    /// Opens a descriptor that gets no number. It counts as all others do.
    pub(crate) fn open_unnumbered(
        &self,
        given_up: GivenUp,
        open: impl FnOnce() -> Result<Descriptor>,
    ) -> Result<Arc<Open>> {
        let alive = Arc::new(self.count_one_more()?);
        Ok(Arc::new(Open::unnumbered(open()?, given_up, alive)))
    }

    /// Counts a descriptor that is about to be opened.
    pub(crate) fn count_one_more(&self) -> Result<Alive> {
        let more = |alive| (alive < self.limit).then_some(alive + 1);
        let counted = self.alive.fetch_update(Relaxed, Relaxed, more);
        let own = counted.map_err(|_| {
            debug!(target: "weft::limits", limit = self.limit, "no more descriptors: the limit is reached");
            Errno::Mfile
        })?;
        let Some(of_process) = OfProcess::one_more(own) else {
            self.alive.fetch_sub(1, Relaxed);
            debug!(target: "weft::limits", own, "no more descriptors: the last ones of the process (`ulimit -n`) are for other programs");
            return Err(Errno::Mfile);
        };
        Ok(Alive {
            of_table: self.alive.clone(),
            _of_process: of_process,
        })
    }

    /// Reserves the lowest free number for a descriptor that is about to be opened, so that a full table is detected
    /// before there is anything to undo. Until it is filled, the number names nothing.
    pub(crate) fn reserve(&self) -> Result<Reservation<'_>> {
        let alive = self.count_one_more()?;
        let mut slots = self.write();
        let number = match slots.free.pop() {
            Some(Reverse(number)) => number,
            None => {
                slots.open.push(None);
                slots.open.len() - 1
            }
        };
        Ok(Reservation {
            table: self,
            number,
            alive: Some(alive),
        })
    }

    /// Frees the number `fd`. Calls in progress continue.
    pub(crate) fn close(&self, fd: u32) -> Result<()> {
        // Dropped after the lock: closing a file may block.
        let _closed = {
            let mut slots = self.write();
            slots.take(fd as usize)?
        };
        Ok(())
    }

    /// Moves the descriptor `from` to the number `to`, which must be open, and closes the descriptor that was there.
    /// Other threads see both changes at once.
    pub(crate) fn renumber(&self, from: u32, to: u32) -> Result<()> {
        let (from, to) = (from as usize, to as usize);
        // Dropped after the lock, as in `close`.
        let _replaced = {
            let mut slots = self.write();
            if !slots.open.get(to).is_some_and(Option::is_some) {
                return Err(Errno::BadF);
            }
            if from == to {
                return Ok(());
            }
            let moved = slots.take(from)?;
            slots.open[to].replace(moved)
        };
        Ok(())
    }

    /// The code under the lock does not panic, so the table is consistent even if the lock is poisoned.
    fn read(&self) -> RwLockReadGuard<'_, Slots> {
        self.slots.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Slots> {
        self.slots.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slots {
    /// Frees the number, and returns the descriptor.
    fn take(&mut self, number: usize) -> Result<Arc<Open>> {
        let open = self.open.get_mut(number).and_then(Option::take).ok_or(Errno::BadF)?;
        self.free.push(Reverse(number));
        Ok(open)
    }
}

impl Reservation<'_> {
    /// Fills the number with a descriptor.
    pub(crate) fn fill(mut self, descriptor: Descriptor, given_up: GivenUp) -> u32 {
        let number = self.number;
        // From here on, the program can use the number, and may close it before this call ends.
        if let Some(alive) = self.alive.take()
            && let Some(slot) = self.table.write().open.get_mut(number)
        {
            *slot = Some(Arc::new(Open {
                descriptor,
                given_up,
                _alive: Arc::new(alive),
            }));
        }
        number as u32
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        if self.alive.is_some() {
            self.table.write().free.push(Reverse(self.number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::pipe::MemoryInputPipe;

    fn pipe(contents: &str) -> Descriptor {
        Descriptor::Input(MemoryInputPipe::new(contents.to_owned()))
    }

    fn insert(table: &Table) -> Result<u32> {
        Ok(table.reserve()?.fill(pipe(""), GivenUp::nothing()))
    }

    #[test]
    fn the_lowest_free_number_is_given() {
        let table = Table::new(10, []);
        for number in 0..4 {
            assert_eq!(insert(&table), Ok(number));
        }
        table.close(1).expect("open");
        table.close(2).expect("open");
        assert_eq!(insert(&table), Ok(1));
        assert_eq!(insert(&table), Ok(2));
        assert_eq!(insert(&table), Ok(4));
    }

    #[test]
    fn numbers_that_are_not_open_are_refused() {
        let table = Table::new(10, []);
        insert(&table).expect("room");
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
        let table = Table::new(10, []);
        insert(&table).expect("room");
        insert(&table).expect("room");
        let moved = table.get(1).expect("open");
        table.renumber(1, 0).expect("both open");
        assert!(Arc::ptr_eq(&moved, &table.get(0).expect("open")));
        assert_eq!(table.get(1).err(), Some(Errno::BadF));
        table.renumber(0, 0).expect("open");
        assert!(Arc::ptr_eq(&moved, &table.get(0).expect("open")));
    }

    #[test]
    fn a_full_table_says_so() {
        let table = Table::new(100, []);
        for _ in 0..100 {
            insert(&table).expect("room");
        }
        assert_eq!(insert(&table), Err(Errno::Mfile));
        table.close(77).expect("open");
        assert_eq!(insert(&table), Ok(77));
    }

    #[test]
    fn a_reserved_number_names_nothing_and_is_nobody_elses() {
        let table = Table::new(2, []);
        let first = table.reserve().expect("room");
        assert_eq!(table.get(0).err(), Some(Errno::BadF));
        assert_eq!(table.close(0), Err(Errno::BadF));
        assert_eq!(insert(&table), Ok(1));
        assert_eq!(table.renumber(1, 0), Err(Errno::BadF));
        assert_eq!(insert(&table), Err(Errno::Mfile));
        drop(first);
        assert_eq!(insert(&table), Ok(0));
    }

    /// Otherwise a program could open any number of files, by closing them while calls still wait for them.
    #[test]
    fn what_a_call_uses_counts_until_the_call_is_over() {
        let table = Table::new(2, [pipe("")]);
        assert_eq!(insert(&table), Ok(1));
        let used = table.get(1).expect("open");
        table.close(1).expect("open");
        assert_eq!(insert(&table), Err(Errno::Mfile));
        drop(used);
        assert_eq!(insert(&table), Ok(1));
        let replaced = table.get(0).expect("open");
        table.renumber(1, 0).expect("both open");
        assert_eq!(insert(&table), Err(Errno::Mfile));
        drop(replaced);
        assert_eq!(insert(&table), Ok(1));
    }
}
