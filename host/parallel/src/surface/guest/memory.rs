//! Memories that core modules export.

use super::context::{AsContext, Context, Item};
use crate::engine::component::Component;
use crate::error::Error;
use crate::memory::guest_memory::GuestMemory as SharedView;
use crate::state::core_items;
use crate::state::option_lookup;
use crate::surface::context::StoreData;
use crate::values::memory::{StoreMemoryView, view};
use wasmtime::StoreContextMut;
use weft_abi::{GuestMemory, OutOfBounds};
use weft_lower::plan::{CoreExport, CoreItem, OptionMemory};

/// A memory that a core module exports: see [`Exports::get_memory`](super::Exports::get_memory).
///
/// Guest threads may write the memory at any time, so all access is by copies. A copy is not atomic as a whole: validate the copy, and do
/// not read a second time.
///
/// If the memory is neither shared nor given to host functions, it is in the store of the calls that take turns. Then a method with an
/// [`Instance`](crate::Instance) waits for its turn.
#[derive(Clone)]
pub struct Memory {
    component: Component,
    export: usize,
}

impl Memory {
    pub(super) fn new(component: &Component, export: usize) -> Self {
        Memory {
            component: component.clone(),
            export,
        }
    }

    /// The size in bytes. It never shrinks.
    ///
    /// # Errors
    ///
    /// The context has no access to it ([`Error::NotShared`], [`Error::OtherComponent`]), the program has ended, or the calling thread
    /// must not wait ([`Error::WaitOnWorker`]).
    pub fn data_size(&self, mut context: impl AsContext) -> Result<u64, Error> {
        self.with(&mut context.context(), |view| Ok(view.size()))
    }

    /// Copies `buffer.len()` bytes from `address` on into `buffer`.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfBounds`]: a part of the range is outside of the memory, and `buffer` is unchanged. Or those of [`Self::data_size`].
    pub fn read(&self, mut context: impl AsContext, address: u64, buffer: &mut [u8]) -> Result<(), Error> {
        let length = buffer.len();
        let mut context = context.context();
        if let Some(view) = self.shared_view(&context)? {
            return view.read(address, buffer).map_err(outside);
        }
        let bytes = self.with(&mut context, move |view| {
            view.read_vec(address, length).map_err(outside)
        })?;
        buffer.copy_from_slice(&bytes);
        Ok(())
    }

    /// Copies `bytes` into the memory from `address` on.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfBounds`]: a part of the range is outside of the memory, which is unchanged. Or those of [`Self::data_size`].
    pub fn write(&self, mut context: impl AsContext, address: u64, bytes: &[u8]) -> Result<(), Error> {
        let mut context = context.context();
        if let Some(mut view) = self.shared_view(&context)? {
            return view.write(address, bytes).map_err(outside);
        }
        let bytes = bytes.to_vec();
        self.with(&mut context, move |view| view.write(address, &bytes).map_err(outside))
    }

    /// Returns a view of the memory, if the host has created it for all threads.
    fn shared_view<'c>(&self, context: &'c Context<'_>) -> Result<Option<StoreMemoryView<'c>>, Error> {
        match self.memory() {
            OptionMemory::Planned(memory) => {
                let memory = context.state(self.item())?.memory(*memory);
                Ok(Some(StoreMemoryView::Shared(SharedView::new(memory).now())))
            }
            OptionMemory::Unshared { .. } => Ok(None),
        }
    }

    /// Does something with the memory, in the store that has it.
    fn with<R: Send + 'static>(
        &self,
        context: &mut Context<'_>,
        work: impl FnOnce(&mut StoreMemoryView<'_>) -> Result<R, Error> + Send + 'static,
    ) -> Result<R, Error> {
        if let Some(mut view) = self.shared_view(context)? {
            return work(&mut view);
        }
        let memory = self.memory().clone();
        context.now(self.item(), move |store| work(&mut store_view(store, &memory)?))
    }

    fn export(&self) -> &CoreExport {
        &self.component.plan().core_exports.items[self.export]
    }

    fn memory(&self) -> &OptionMemory {
        match &self.export().item {
            CoreItem::Memory(memory) => memory,
            CoreItem::Function(_) | CoreItem::Table(_) => unreachable!("the export was found to be a memory"),
        }
    }

    fn item(&self) -> Item<'_> {
        let export = self.export();
        Item {
            component: &self.component,
            name: &export.name,
            place: core_items::place(export, false),
        }
    }
}

fn store_view<'a>(
    store: &'a mut StoreContextMut<'_, StoreData>,
    memory: &OptionMemory,
) -> Result<StoreMemoryView<'a>, Error> {
    let memory = option_lookup::memory(store, memory);
    let memory = memory.map_err(|error| Error::engine("cannot access a memory", &error))?;
    Ok(view(store, Some(memory)))
}

fn outside(error: OutOfBounds) -> Error {
    let OutOfBounds { address, length, size } = error;
    Error::OutOfBounds { address, length, size }
}
