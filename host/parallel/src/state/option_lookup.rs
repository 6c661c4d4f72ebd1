//! Finds what canonical options name in a store, and calls `realloc`.
//!
//! A store looks items up when it first needs them, since most stores serve threads that pass no values.

use crate::error::{lacks, trap};
use crate::state::context;
use crate::state::leaving;
use crate::state::store_options::{Realloc, StoreMemory, StoreOptions};
use crate::state::thread::{InstanceState, Thread};
use std::sync::Arc;
use wasmtime::{AsContextMut, Instance, StoreContextMut};
use weft_abi::AddressWidth;
use weft_lower::plan::{OptionMemory, OptionsIndex};

/// What canonical options name in this store.
pub(crate) fn options<T: 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    index: OptionsIndex,
) -> wasmtime::Result<Arc<StoreOptions>> {
    let known = store.data().options.get(index.index());
    if let Some(Some(options)) = known {
        return Ok(Arc::clone(options));
    }
    let state = Arc::clone(&store.data().instance);
    let options = Arc::new(find(store, &state, index)?);
    let known = &mut store.data_mut().options;
    if known.len() <= index.index() {
        known.resize_with(index.index() + 1, || None);
    }
    known[index.index()] = Some(Arc::clone(&options));
    Ok(options)
}

/// The memory that canonical options name in this store. Cheaper than [`options`]: it clones no `Arc`.
#[inline]
pub(crate) fn option_memory<T: 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    index: OptionsIndex,
) -> wasmtime::Result<Option<StoreMemory>> {
    match store.data().options.get(index.index()) {
        Some(Some(options)) => Ok(options.memory),
        Some(None) | None => Ok(options(store, index)?.memory),
    }
}

fn find<T: 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    state: &InstanceState<T>,
    index: OptionsIndex,
) -> wasmtime::Result<StoreOptions> {
    let options = &state.component.plan().options[index.index()];
    let memory = options.memory.as_ref();
    let memory = memory.map(|option| self::memory(store, option)).transpose()?;
    let realloc = match &options.realloc {
        None => None,
        Some(export) => {
            let function = module(store)?
                .get_func(&mut *store, export)
                .ok_or_else(|| lacks(export))?;
            Some(match options.form.width {
                AddressWidth::W32 => Realloc::W32(function.typed(&*store)?),
                AddressWidth::W64 => Realloc::W64(function.typed(&*store)?),
            })
        }
    };
    Ok(StoreOptions {
        resources: Arc::clone(&state.resources),
        memory,
        realloc,
    })
}

/// The memory of this store that an option names.
pub(crate) fn memory<T: 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    option: &OptionMemory,
) -> wasmtime::Result<StoreMemory> {
    match option {
        OptionMemory::Planned(memory) => Ok(StoreMemory::Shared(*memory)),
        OptionMemory::Unshared { export } => {
            let memory = module(store)?.get_memory(&mut *store, export);
            Ok(StoreMemory::Unshared(memory.ok_or_else(|| lacks(export))?))
        }
    }
}

fn module<T: 'static>(store: &StoreContextMut<'_, Thread<T>>) -> wasmtime::Result<Instance> {
    let module = store.data().module;
    module.ok_or_else(|| trap("a value is passed before the run-time module is instantiated"))
}

impl Realloc {
    /// Calls the function as a task of its own, which may not leave the component instance ([`CTX-14`, `LV-01`]).
    ///
    /// [`CTX-14`, `LV-01`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#canonical-options
    pub(crate) async fn call<T: Send + Sync + 'static>(
        &self,
        store: &mut StoreContextMut<'_, Thread<T>>,
        arguments: [u64; 4],
    ) -> wasmtime::Result<u64> {
        let saved = context::interrupt(store)?;
        leaving::set(&mut *store, false)?;
        let address = match self {
            Realloc::W32(function) => {
                let [old, old_size, align, size] = arguments.map(|argument| argument as u32);
                let result = function.call_async(store.as_context_mut(), (old, old_size, align, size));
                u64::from(result.await?)
            }
            Realloc::W64(function) => {
                let [old, old_size, align, size] = arguments;
                let result = function.call_async(store.as_context_mut(), (old, old_size, align, size));
                result.await?
            }
        };
        // Not reached after a trap: then nothing in the store runs any more.
        leaving::set(&mut *store, true)?;
        context::restore(store, saved)?;
        Ok(address)
    }
}
