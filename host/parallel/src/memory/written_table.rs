//! Shared tables that change after instantiation, as the host sees them.
//!
//! Guest code compares the index with the length, and then reads or writes the element in place. So growing first
//! enlarges the memory, then writes the new elements, and then publishes the length: a thread that sees a length sees
//! all elements below it (rules SETS-04 and SETS-05). Lengths never shrink, so a comparison stays valid. Threads that
//! grow one table take turns. A guest may ask for gigabytes, so growing pauses now and then to let other threads run
//! and the program end.
//!
//! Specification: [shared tables](https://github.com/WebAssembly/shared-everything-threads/blob/065aa53/proposals/shared-everything-threads/Overview.md#tables).

use crate::limits::budget::{self, Budget, PAGE};
use crate::limits::limiter::Resource;
use crate::memory::guest_memory::GuestMemory;
use async_lock::Mutex;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use wasmtime::{SharedMemory, Trap};
use weft_lower::plan::{FunctionHandle, TABLE_ELEMENTS_ADDRESS, TABLE_LENGTH_ADDRESS};

/// The size in bytes of an element.
const ELEMENT: u64 = size_of::<u32>() as u64;

/// How many bytes of new elements are written between two pauses.
const PAUSE_INTERVAL: u64 = 1 << 20;

/// See the module.
pub(crate) struct WrittenTable {
    memory: SharedMemory,
    /// The greatest length.
    maximum: u64,
    budget: Arc<Budget>,
    growing: Mutex<()>,
}

impl WrittenTable {
    /// A table in `memory`. The memory is charged to `budget`, and so is its growth.
    pub(crate) fn new(memory: SharedMemory, maximum: u64, budget: &Arc<Budget>) -> Self {
        WrittenTable {
            memory,
            maximum,
            budget: Arc::clone(budget),
            growing: Mutex::new(()),
        }
    }

    fn memory(&self) -> GuestMemory<'_> {
        GuestMemory::new(&self.memory)
    }

    fn length(&self) -> Result<&AtomicU64, Trap> {
        let cell = self.memory().atomic_u64(TABLE_LENGTH_ADDRESS);
        cell.map_err(|_| Trap::MemoryOutOfBounds)
    }

    /// Asks the limiter whether the table may have its initial length.
    pub(crate) fn check_length(&self) -> wasmtime::Result<()> {
        let length = u64::from_le(self.length()?.load(Ordering::SeqCst));
        self.budget.check_elements(length)?;
        Ok(self.budget.limiter.check(Resource::Table, length, Some(self.maximum))?)
    }

    /// How many elements it has now.
    pub(crate) fn size(&self) -> Result<u64, Trap> {
        Ok(u64::from_le(self.length()?.load(Ordering::SeqCst)))
    }

    /// Reads an element, once.
    pub(crate) fn get(&self, index: u64) -> Result<FunctionHandle, Trap> {
        if index >= u64::from_le(self.length()?.load(Ordering::SeqCst)) {
            return Err(Trap::TableOutOfBounds);
        }
        let cell = self.memory().atomic_u32(TABLE_ELEMENTS_ADDRESS + index * ELEMENT);
        let element = cell.map_err(|_| Trap::TableOutOfBounds)?;
        Ok(FunctionHandle(u32::from_le(element.load(Ordering::SeqCst))))
    }

    /// Appends `by` copies of `element`, and returns the old length. `None` if there is no room for them.
    ///
    /// An error comes from the limiter.
    ///
    /// If the future is dropped while it pauses, elements beyond the length remain written. This happens only if the
    /// program has ended.
    pub(crate) async fn grow<P: Future<Output = ()>>(
        &self,
        element: FunctionHandle,
        by: u64,
        pause: impl Fn() -> P,
    ) -> wasmtime::Result<Option<u64>> {
        let _turn = self.growing.lock().await;
        let cell = self.length()?;
        let length = u64::from_le(cell.load(Ordering::SeqCst));
        let Some(grown) = length.checked_add(by).filter(|grown| *grown <= self.maximum) else {
            return Ok(None);
        };
        if self.budget.check_elements(grown).is_err() {
            return Ok(None);
        }
        let limiter = &self.budget.limiter;
        if !limiter.allows(Resource::Table, length, grown, Some(self.maximum))? {
            return Ok(None);
        }
        if !self.reserve(grown) {
            limiter.failed(Resource::Table);
            return Ok(None);
        }
        self.fill(length..grown, element, pause).await?;
        cell.store(grown.to_le(), Ordering::SeqCst);
        Ok(Some(length))
    }

    /// Makes the memory large enough for `elements` elements. Returns false if that is not possible.
    fn reserve(&self, elements: u64) -> bool {
        let bytes = elements
            .checked_mul(ELEMENT)
            .and_then(|bytes| bytes.checked_add(TABLE_ELEMENTS_ADDRESS));
        let Some(bytes) = bytes else { return false };
        match bytes.div_ceil(PAGE).checked_sub(self.memory.size()) {
            None | Some(0) => true,
            // The limiter has already allowed the table to grow.
            Some(missing) => {
                let allows = |_, _, _| Ok::<bool, Infallible>(true);
                let Ok(grown) = budget::grow_shared(&self.budget, &self.memory, missing, allows);
                grown.is_ok()
            }
        }
    }

    /// Writes elements that no other thread reads yet. Until then they are null.
    async fn fill<P: Future<Output = ()>>(
        &self,
        range: std::ops::Range<u64>,
        element: FunctionHandle,
        pause: impl Fn() -> P,
    ) -> Result<(), Trap> {
        if element == FunctionHandle(0) {
            return Ok(());
        }
        let elements = [element.0.to_le_bytes(); 1024];
        let bytes = elements.as_flattened();
        let start = TABLE_ELEMENTS_ADDRESS + range.start * ELEMENT;
        let end = TABLE_ELEMENTS_ADDRESS + range.end * ELEMENT;
        let mut address = start;
        while address < end {
            if address > start && (address - start).is_multiple_of(PAUSE_INTERVAL) {
                pause().await;
            }
            let length = (end - address).min(bytes.len() as u64);
            let written = self.memory().write(address, &bytes[..length as usize]);
            written.map_err(|_| Trap::MemoryOutOfBounds)?;
            address += length;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduler::block_on;
    use std::future::ready;
    use std::sync::Barrier;
    use std::sync::atomic::AtomicBool;
    use wasmtime::{Config, Engine, MemoryType};

    fn table(pages: u32, maximum: u64) -> WrittenTable {
        let mut config = Config::new();
        config.shared_memory(true);
        let engine = Engine::new(&config).expect("an engine");
        let memory = SharedMemory::new(&engine, MemoryType::shared(1, pages)).expect("a memory");
        WrittenTable::new(memory, maximum, &Budget::new(u64::MAX))
    }

    fn grow(table: &WrittenTable, element: FunctionHandle, by: u64) -> Result<Option<u64>, Trap> {
        let grown = block_on(table.grow(element, by, || ready(())));
        grown.map_err(|error| *error.downcast_ref::<Trap>().expect("a trap"))
    }

    const F: FunctionHandle = FunctionHandle(7);

    #[test]
    fn growing_gives_the_length_before_and_fills() {
        let table = table(1, 10);
        assert_eq!(table.get(0), Err(Trap::TableOutOfBounds));
        assert_eq!(grow(&table, F, 3), Ok(Some(0)));
        assert_eq!(grow(&table, FunctionHandle(0), 2), Ok(Some(3)));
        assert_eq!(grow(&table, F, 0), Ok(Some(5)));
        assert_eq!([table.get(2), table.get(3)], [Ok(F), Ok(FunctionHandle(0))]);
        assert_eq!(table.get(5), Err(Trap::TableOutOfBounds));
        assert_eq!(table.get(u64::MAX), Err(Trap::TableOutOfBounds));
    }

    #[test]
    fn growing_beyond_the_maximum_or_the_memory_changes_nothing() {
        let small = table(1, 10);
        assert_eq!(grow(&small, F, 9), Ok(Some(0)));
        for by in [2, u64::from(u32::MAX), u64::MAX] {
            assert_eq!(grow(&small, F, by), Ok(None));
        }
        assert_eq!(grow(&small, F, 1), Ok(Some(9)));
        let large = table(2, u64::MAX);
        let room = (2 * PAGE - TABLE_ELEMENTS_ADDRESS) / ELEMENT;
        assert_eq!(grow(&large, F, room + 1), Ok(None));
        assert_eq!(grow(&large, F, u64::MAX / 2), Ok(None));
        assert_eq!(grow(&large, F, room - 1), Ok(Some(0)));
        assert_eq!(grow(&large, FunctionHandle(8), 1), Ok(Some(room - 1)));
        assert_eq!(grow(&large, F, 1), Ok(None));
        assert_eq!(
            [large.get(room - 2), large.get(room - 1)],
            [Ok(F), Ok(FunctionHandle(8))]
        );
    }

    #[test]
    fn readers_find_every_element_below_the_length_while_many_grow_it() {
        const GROWERS: u32 = 3;
        const TIMES: u64 = 2_000;
        let table = table(16, u64::MAX);
        let (done, begin) = (AtomicBool::new(false), Barrier::new(GROWERS as usize + 1));
        std::thread::scope(|scope| {
            let growers: Vec<_> = (1..=GROWERS)
                .map(|grower| {
                    let (table, begin) = (&table, &begin);
                    scope.spawn(move || {
                        begin.wait();
                        (0..TIMES)
                            .map(|_| {
                                grow(table, FunctionHandle(grower), 5)
                                    .expect("in bounds")
                                    .expect("room")
                            })
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            let reader = scope.spawn(|| {
                begin.wait();
                let mut seen = 0;
                while !done.load(Ordering::SeqCst) {
                    match table.get(seen) {
                        Ok(element) => {
                            assert_ne!(element, FunctionHandle(0), "an element that was not written yet");
                            seen += 1;
                        }
                        Err(trap) => assert_eq!(trap, Trap::TableOutOfBounds),
                    }
                }
                seen
            });
            let mut starts = growers
                .into_iter()
                .flat_map(|grower| grower.join().expect("no panic"))
                .collect::<Vec<_>>();
            done.store(true, Ordering::SeqCst);
            assert!(reader.join().expect("no panic") <= u64::from(GROWERS) * TIMES * 5);
            starts.sort_unstable();
            let expected = (0..u64::from(GROWERS) * TIMES).map(|turn| turn * 5).collect::<Vec<_>>();
            assert_eq!(starts, expected, "each has grown it where nobody else did");
        });
    }
}
