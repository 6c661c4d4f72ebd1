//! Results for which the run-time module calls `realloc`: what the host does before that call, and after it.
//!
//! `realloc` runs as a task of its own, which may not leave the component instance ([`CTX-14`, `LV-01`]).
//!
//! [`CTX-14`, `LV-01`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#canonical-options

use super::arguments::{ARGUMENTS, Operand};
use super::core_functions::FlatCall;
use crate::error::trap;
use crate::state::context;
use crate::state::import::Import;
use crate::state::leaving;
use crate::state::option_lookup::{option_memory, options};
use crate::state::pending_result::PendingResult;
use crate::state::thread::{Caller, Thread};
use crate::values::guest::{PlainGuest, StoreGuest};
use crate::values::memory::view;
use crate::values::step;
use std::sync::Arc;
use wasmtime::{AsContextMut, Linker, StoreContextMut};
use weft_abi::typed::now;
use weft_abi::{
    AddressWidth, ComponentNamedList, GuestMemory, Lower, ReallocCall, Step, Val, first_allocation,
    first_allocation_of_val,
};

/// Gives the guest a result for which it is asked for memory once at most: stores it, or keeps it and gives what the guest is to
/// allocate. `flat` begins with the core values that the guest passed.
#[inline]
pub(super) fn give_typed<T, P, R>(
    import: &Arc<Import>,
    store: &mut StoreContextMut<'_, Thread<T>>,
    result: R,
    flat: &FlatCall,
) -> wasmtime::Result<u64>
where
    T: Send + Sync + 'static,
    P: ComponentNamedList + 'static,
    R: ComponentNamedList + Lower + 'static,
{
    let signature = import.signature();
    let memory = option_memory(store, import.lowered().options)?;
    let passed = (flat.as_slice(), view(store, memory).size());
    match first_allocation::<P, R>(signature.types, signature.options, signature.func, &result, passed)? {
        None => store_typed::<T, P, R>(import, store, &result, flat, None),
        Some(call) => {
            let (import, flat) = (Arc::clone(import), *flat);
            ask(store, call, move |store, pointer| {
                store_typed::<T, P, R>(&import, store, &result, &flat, Some(pointer)).map(drop)
            })
        }
    }
}

/// Stores a result, and gives that there is nothing to allocate.
#[inline]
fn store_typed<T, P, R>(
    import: &Import,
    store: &mut StoreContextMut<'_, Thread<T>>,
    result: &R,
    flat: &FlatCall,
    allocated: Option<u64>,
) -> wasmtime::Result<u64>
where
    T: Send + Sync + 'static,
    P: ComponentNamedList,
    R: ComponentNamedList + Lower,
{
    let signature = import.signature();
    if const { !R::FORM.handles } {
        let memory = option_memory(store, import.lowered().options)?;
        let guest = PlainGuest::with_allocation(view(store, memory), allocated);
        return signature.lower_plain_result::<P, R>(guest, result, flat);
    }
    let items = options(store, import.lowered().options)?;
    let mut handles = import.handles(&items);
    let guest = StoreGuest {
        store,
        items: &items,
        handles: &mut handles,
        allocated,
    };
    let bits = now(signature.lower_typed_result::<T, P, R>(guest, result, flat))?;
    handles.finish()?;
    Ok(bits)
}

/// Does the same as [`give_typed`] for a `Val`.
pub(super) fn give_val<T: Send + Sync + 'static>(
    import: &Arc<Import>,
    store: &mut StoreContextMut<'_, Thread<T>>,
    result: Option<Val>,
    flat: &[u64],
) -> wasmtime::Result<u64> {
    let signature = import.signature();
    let memory = option_memory(store, import.lowered().options)?;
    let passed = (flat, view(store, memory).size());
    import.check_result(result.as_ref())?;
    match first_allocation_of_val(
        signature.types,
        signature.options,
        signature.func,
        result.as_ref(),
        passed,
    )? {
        None => store_val(import, store, result.as_ref(), flat, None),
        Some(call) => {
            let (import, flat) = (Arc::clone(import), flat.to_vec());
            ask(store, call, move |store, pointer| {
                store_val(&import, store, result.as_ref(), &flat, Some(pointer)).map(drop)
            })
        }
    }
}

fn store_val<T: Send + Sync + 'static>(
    import: &Import,
    store: &mut StoreContextMut<'_, Thread<T>>,
    result: Option<&Val>,
    flat: &[u64],
    mut allocated: Option<u64>,
) -> wasmtime::Result<u64> {
    let items = options(store, import.lowered().options)?;
    let mut handles = import.handles(&items);
    let mut lowering = import.signature().lower_result(store, &items, result, flat)?;
    while let Step::Realloc(_) = step(store, &items, &mut lowering, &mut handles)? {
        let pointer = allocated.take();
        lowering.allocated(pointer.ok_or_else(|| trap("a result needs memory for which the guest was not asked"))?);
    }
    handles.finish()?;
    Ok(0)
}

/// Keeps what is to be stored, and gives what the run-time module is to pass to `realloc`.
fn ask<T, F>(store: &mut StoreContextMut<'_, Thread<T>>, call: ReallocCall, store_result: F) -> wasmtime::Result<u64>
where
    T: 'static,
    F: FnOnce(&mut StoreContextMut<'_, Thread<T>>, u64) -> wasmtime::Result<()> + Send + Sync + 'static,
{
    let size = u32::try_from(call.new_size).map_err(|_| trap("a result takes 4 GiB of memory or more"))?;
    let saved = context::interrupt(store)?;
    leaving::set(&mut *store, false)?;
    store.data_mut().pending_result = Some(PendingResult {
        saved,
        store: Box::new(store_result),
    });
    Ok(u64::from(call.alignment) << 32 | u64::from(size))
}

/// Defines what the run-time module calls when `realloc` has returned.
pub(super) fn define_store<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    width: AddressWidth,
) -> wasmtime::Result<()> {
    match width {
        AddressWidth::W32 => linker.func_wrap(ARGUMENTS, name, store_result::<T, i32>),
        AddressWidth::W64 => linker.func_wrap(ARGUMENTS, name, store_result::<T, i64>),
    }
    .map(drop)
}

fn store_result<T: Send + Sync + 'static, A: Operand>(mut caller: Caller<'_, T>, pointer: A) -> wasmtime::Result<()> {
    let mut store = caller.as_context_mut();
    let pending = store.data_mut().pending_result.take();
    let pending = pending.ok_or_else(|| trap("memory is given for a result that nobody waits for"))?;
    leaving::set(&mut store, true)?;
    context::restore(&mut store, pending.saved)?;
    (pending.store)(&mut store, pointer.unsigned())
}
