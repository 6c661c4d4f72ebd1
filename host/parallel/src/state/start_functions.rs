//! The functions that threads start with, in the store of one thread: type checks and handles.
//!
//! When a thread is created, the creator checks the function's type in its own store, as `call_indirect` would
//! ([`thread.new-indirect`]). The tables of [`start`](crate::threads::start) never change, so a check stays valid.
//!
//! [`thread.new-indirect`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadnew-indirect

use crate::error::trap;
use crate::state::thread::Thread;
use crate::threads::start::StartFunction;
use wasmtime::{AsContextMut, Func, FuncType, Ref, Trap};
use weft_lower::plan::{FUNCTIONS_EXPORT, FunctionHandle};

/// Checks that a thread can start with a function.
pub(crate) fn check<T: Send + Sync + 'static>(
    mut store: impl AsContextMut<Data = Thread<T>>,
    function: StartFunction,
) -> wasmtime::Result<()> {
    let mut store = store.as_context_mut();
    if !store.data().fit_to_start.contains(&function) {
        find(&mut store, function)?;
        store.data_mut().fit_to_start.insert(function);
    }
    Ok(())
}

/// The function in this store.
pub(crate) fn find<T: Send + Sync + 'static>(
    mut store: impl AsContextMut<Data = Thread<T>>,
    function: StartFunction,
) -> wasmtime::Result<Func> {
    let mut store = store.as_context_mut();
    let table = store.data().start_tables[function.table.index()];
    match table.get(&mut store, function.index) {
        None => Err(Trap::TableOutOfBounds.into()),
        Some(Ref::Func(Some(found))) => {
            let wanted = store.data().instance.program.starts.function_type(function.ty);
            match is_subtype(found.ty(&store), wanted) {
                true => Ok(found),
                false => Err(Trap::BadSignature.into()),
            }
        }
        Some(_) => Err(Trap::IndirectCallToNull.into()),
    }
}

/// Compares declared types, as WebAssembly does. `FuncType::matches` compares structure.
fn is_subtype(ty: FuncType, wanted: &FuncType) -> bool {
    let mut declared = Some(ty);
    while let Some(ty) = declared {
        if FuncType::eq(&ty, wanted) {
            return true;
        }
        declared = ty.supertype();
    }
    false
}

/// The handle of a function of this store.
pub(crate) fn handle<T: Send + Sync + 'static>(
    mut store: impl AsContextMut<Data = Thread<T>>,
    function: Option<Func>,
) -> wasmtime::Result<FunctionHandle> {
    let Some(function) = function else {
        return Ok(FunctionHandle(0));
    };
    let mut store = store.as_context_mut();
    // The address is only a key. It does not change while the store lives.
    let address = function.to_raw(&mut store).addr();
    if store.data().handles.is_empty() {
        let table = store.data().instance.program.starts.table(FUNCTIONS_EXPORT)?;
        let table = store.data().start_tables[table.index()];
        for index in 0..table.size(&store) {
            if let Some(Ref::Func(Some(function))) = table.get(&mut store, index) {
                let address = function.to_raw(&mut store).addr();
                let handle = FunctionHandle(index as u32);
                store.data_mut().handles.entry(address).or_insert(handle);
            }
        }
    }
    let handle = store.data().handles.get(&address).copied();
    handle.ok_or_else(|| trap("threads can only share references to functions that the component defines"))
}
