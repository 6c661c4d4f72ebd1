//! The memory that canonical options name, as lifting and lowering see it.

use crate::memory::guest_memory::{GuestMemory, MemoryNow};
use crate::state::store_options::{StoreMemory, StoreOptions};
use crate::state::thread::Thread;
use wasmtime::StoreContextMut;
use weft_abi::OutOfBounds;

/// A view of the memory. It is valid while no guest code of this store runs.
pub(crate) enum StoreMemoryView<'a> {
    /// Other threads may write this memory.
    Shared(MemoryNow<'a>),
    /// A memory of this store alone. Functions without a memory get an empty one.
    Unshared(&'a mut [u8]),
}

/// Runs `work` on the memory of a store.
pub(crate) fn with<T: 'static, R>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    items: &StoreOptions,
    work: impl FnOnce(&mut StoreMemoryView<'_>) -> wasmtime::Result<R>,
) -> wasmtime::Result<R> {
    work(&mut view(store, items.memory))
}

/// The memory of a store.
#[inline]
pub(crate) fn view<'a, T: 'static>(
    store: &'a mut StoreContextMut<'_, Thread<T>>,
    memory: Option<StoreMemory>,
) -> StoreMemoryView<'a> {
    match memory {
        None => StoreMemoryView::Unshared(&mut []),
        Some(StoreMemory::Unshared(memory)) => StoreMemoryView::Unshared(memory.data_mut(store)),
        Some(StoreMemory::Shared(index)) => {
            StoreMemoryView::Shared(GuestMemory::new(store.data().instance.memory(index)).now())
        }
    }
}

impl weft_abi::GuestMemory for StoreMemoryView<'_> {
    #[inline]
    fn size(&self) -> u64 {
        match self {
            StoreMemoryView::Shared(memory) => memory.size(),
            StoreMemoryView::Unshared(memory) => memory.len() as u64,
        }
    }

    #[inline]
    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfBounds> {
        match self {
            StoreMemoryView::Shared(memory) => memory
                .read(address, into)
                .map_err(|_| self.outside(address, into.len())),
            StoreMemoryView::Unshared(memory) => weft_abi::GuestMemory::read(*memory, address, into),
        }
    }

    #[inline]
    fn read_vec(&self, address: u64, length: usize) -> Result<Vec<u8>, OutOfBounds> {
        match self {
            StoreMemoryView::Shared(memory) => memory
                .read_vec(address, length)
                .map_err(|_| self.outside(address, length)),
            StoreMemoryView::Unshared(memory) => weft_abi::GuestMemory::read_vec(*memory, address, length),
        }
    }

    #[inline]
    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        match self {
            StoreMemoryView::Shared(memory) => memory
                .write(address, bytes)
                .map_err(|_| self.outside(address, bytes.len())),
            StoreMemoryView::Unshared(memory) => weft_abi::GuestMemory::write(*memory, address, bytes),
        }
    }
}

impl StoreMemoryView<'_> {
    #[cold]
    fn outside(&self, address: u64, length: usize) -> OutOfBounds {
        OutOfBounds {
            address,
            length: length as u64,
            size: weft_abi::GuestMemory::size(self),
        }
    }
}
