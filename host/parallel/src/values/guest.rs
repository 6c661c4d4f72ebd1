//! A store as the guest that gets typed values.

use super::memory::{StoreMemoryView, view};
use crate::error::trap;
use crate::state::resources::PassedHandles;
use crate::state::store_options::StoreOptions;
use crate::state::thread::Thread;
use wasmtime::StoreContextMut;
use weft_abi::typed::Guest;
use weft_abi::{GuestMemory, NoHandles, OutOfBounds, ReallocCall, Trap};

/// See the module.
pub(crate) struct StoreGuest<'a, 's, 'h, T: 'static> {
    pub(crate) store: &'a mut StoreContextMut<'s, Thread<T>>,
    pub(crate) items: &'a StoreOptions,
    pub(crate) handles: &'a mut PassedHandles<'h>,
    /// What the run-time module has allocated already.
    pub(crate) allocated: Option<u64>,
}

impl<'h, T: Send + Sync + 'static> Guest for StoreGuest<'_, '_, 'h, T> {
    type Error = wasmtime::Error;
    type Handles = PassedHandles<'h>;

    fn memory_size(&mut self) -> u64 {
        view(self.store, self.items.memory).size()
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        view(self.store, self.items.memory).write(address, bytes)
    }

    fn with_memory<R>(&mut self, work: impl FnOnce(&mut dyn GuestMemory) -> R) -> R {
        work(&mut view(self.store, self.items.memory))
    }

    fn handles(&mut self) -> &mut PassedHandles<'h> {
        self.handles
    }

    async fn realloc(&mut self, call: ReallocCall) -> wasmtime::Result<u64> {
        if let Some(pointer) = self.allocated.take() {
            return Ok(pointer);
        }
        reallocate(self.store, self.items, call).await
    }
}

/// Calls the guest's `realloc`.
pub(super) async fn reallocate<T: Send + Sync + 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    items: &StoreOptions,
    call: ReallocCall,
) -> wasmtime::Result<u64> {
    let realloc = items.realloc.as_ref();
    let realloc = realloc.ok_or_else(|| trap("a value needs memory, but the function has no `realloc` option"))?;
    let arguments = [call.old_pointer, call.old_size, call.alignment.into(), call.new_size];
    realloc.call(store, arguments).await
}

/// A memory as the guest that gets values without handles. Strings and lists need what `allocated` says.
pub(crate) struct PlainGuest<'a> {
    memory: StoreMemoryView<'a>,
    handles: NoHandles,
    allocated: Option<u64>,
}

impl<'a> PlainGuest<'a> {
    pub(crate) const fn new(memory: StoreMemoryView<'a>) -> Self {
        PlainGuest::with_allocation(memory, None)
    }

    /// With what the run-time module has allocated, if it has.
    pub(crate) const fn with_allocation(memory: StoreMemoryView<'a>, allocated: Option<u64>) -> Self {
        PlainGuest {
            memory,
            handles: NoHandles,
            allocated,
        }
    }
}

impl Guest for PlainGuest<'_> {
    type Error = Trap;
    type Handles = NoHandles;

    fn memory_size(&mut self) -> u64 {
        self.memory.size()
    }

    fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        self.memory.write(address, bytes)
    }

    fn with_memory<R>(&mut self, work: impl FnOnce(&mut dyn GuestMemory) -> R) -> R {
        work(&mut self.memory)
    }

    fn handles(&mut self) -> &mut NoHandles {
        &mut self.handles
    }

    async fn realloc(&mut self, _: ReallocCall) -> Result<u64, Trap> {
        self.allocated.take().ok_or(Trap::FlatValues)
    }
}
