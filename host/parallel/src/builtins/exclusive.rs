//! Calls to component instances with their own homes: the start and end of such a call, and the calls of core functions
//! in between.
//!
//! An adapter makes these calls. It runs in the store of its caller, which may be the store of any thread.

use super::arguments::ARGUMENTS;
use crate::error::{lacks, trap};
use crate::state::context;
use crate::state::exclusive::ExclusiveCall;
use crate::state::leaving;
use crate::state::thread::{Caller, Thread};
use std::sync::Arc;
use wasmtime::{AsContextMut, FuncType, Linker, StoreContextMut, Val};
use weft_lower::plan::{ComponentInstanceIndex, HomeIndex};

/// Begins a call.
pub(super) fn define_enter<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    instance: ComponentInstanceIndex,
) -> wasmtime::Result<()> {
    let defined = linker.func_wrap_async(ARGUMENTS, name, move |mut caller: Caller<'_, T>, (): ()| {
        Box::new(async move {
            let thread = caller.data();
            let call = Box::into_pin(thread.control.enter(thread.id, thread.calls(), instance)).await?;
            caller.data_mut().exclusive.push(call);
            wasmtime::Result::Ok(())
        })
    });
    defined.map(drop)
}

/// Ends a call.
pub(super) fn define_exit<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    let exit = |mut caller: Caller<'_, T>| {
        let call = caller.data_mut().exclusive.pop();
        call.ok_or_else(|| trap("an exclusive call ends that has not begun"))?
            .end();
        wasmtime::Result::Ok(())
    };
    linker.func_wrap(ARGUMENTS, name, exit).map(drop)
}

/// Calls a core function in the home.
pub(super) fn define_call<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    home: HomeIndex,
    export: &str,
    ty: &FuncType,
) -> wasmtime::Result<()> {
    let export: Arc<str> = export.into();
    let defined = linker.func_new_async(ARGUMENTS, name, ty.clone(), move |mut caller, arguments, results| {
        let export = Arc::clone(&export);
        Box::new(async move {
            let mut store = caller.as_context_mut();
            match store.data().home == Some(home) {
                true => call_here(&mut store, &export, arguments, results).await,
                false => call_at_home(&mut store, home, &export, arguments, results).await,
            }
        })
    });
    defined.map(drop)
}

/// For a caller of the adapter that runs in this home itself: the function is its `realloc`.
async fn call_here<T: Send + Sync + 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    export: &str,
    arguments: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    let function = store
        .data()
        .module
        .and_then(|module| module.get_func(&mut *store, export));
    let function = function.ok_or_else(|| lacks(export))?;
    function.call_async(store, arguments, results).await
}

async fn call_at_home<T: Send + Sync + 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    home: HomeIndex,
    export: &str,
    arguments: &[Val],
    results: &mut [Val],
) -> wasmtime::Result<()> {
    let (position, mut call) = take(store.data_mut(), home)?;
    let (values, may_leave) = (context::values(store), leaving::may_leave(&mut *store));
    let values = Box::into_pin(call.call(export, values, may_leave, arguments, results)).await?;
    context::restore(store, values)?;
    store.data_mut().exclusive.insert(position, call);
    Ok(())
}

/// Takes the call in progress to `home`, and its position. It need not be the innermost call: an instance can lift a
/// function that it has lowered, and then the adapter of the inner call calls the instance's `realloc`. While that
/// runs, nothing else happens in the caller's store.
fn take<T>(thread: &mut Thread<T>, home: HomeIndex) -> wasmtime::Result<(usize, Box<dyn ExclusiveCall>)> {
    let position = thread.exclusive.iter().rposition(|call| call.home() == home);
    let position = position.ok_or_else(|| trap("a component instance is called that has not been entered"))?;
    Ok((position, thread.exclusive.remove(position)))
}
