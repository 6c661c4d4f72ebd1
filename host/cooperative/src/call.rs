//! Calls of exported functions, and their errors.

use crate::{Error, Trap};
use tracing::info;
use wasmtime::component::{Func, Val};
use wasmtime::{Engine, Store, WasmBacktrace};
use wasmtime_wasi::I32Exit;

/// The log target for the ends of programs. Wasmtime does not say which thread ends one.
const LOG: &str = "weft::threads";

/// The greatest index of a thread, and so the most threads in one component instance. [Table]
///
/// [Table]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#table-state
pub const MAX_THREADS: usize = (1 << 28) - 1;

/// Creates a store whose instances can have as many threads as the specification allows.
///
/// Wasmtime counts threads as handles, and by default allows 100,000 of all kinds in a store.
pub fn store<T: 'static>(engine: &Engine, data: T) -> Store<T> {
    let mut store = Store::new(engine, data);
    store.set_max_component_handles(MAX_THREADS);
    store
}

/// Calls a function, and runs all threads of the store until it has returned.
///
/// Threads that have not ended by then continue during the next call. Host functions may need tokio, as WASI does: see
/// [`in_tokio`](crate::in_tokio).
///
/// # Errors
///
/// The arguments do not fit; a thread traps or exits; or all threads are suspended, and none waits for an event. After a trap or an exit,
/// no function of the store can be called any more.
pub async fn call<T: Send>(store: &mut Store<T>, function: Func, arguments: &[Val]) -> Result<Vec<Val>, Error> {
    let ty = function.ty(&*store);
    if arguments.len() != ty.params().len() {
        return Err(Error::Arguments(format!(
            "expected {} argument(s), found {}",
            ty.params().len(),
            arguments.len()
        )));
    }
    let mut results = vec![Val::Bool(false); ty.results().len()];
    let called = function.call_async(store, arguments, &mut results).await;
    called.map_err(|error| guest_error("cannot call the function", error))?;
    Ok(results)
}

/// Turns an error from running a guest, or from preparing it, into an [`Error`]. `context` says which operation failed.
pub fn guest_error(context: &'static str, error: wasmtime::Error) -> Error {
    logged(match typed(&error) {
        Some(typed) => typed,
        None if error.is::<wasmtime::Trap>() || error.is::<WasmBacktrace>() => Error::Trap(Trap::from(error)),
        None => engine_error(context, &error),
    })
}

/// Turns an error of a call with valid arguments into an [`Error`]. Unless the guest exited or met a limit, the error is a trap: Wasmtime
/// has no type of its own for the traps of the Canonical ABI, such as a result that is not a character.
pub fn call_error(error: wasmtime::Error) -> Error {
    logged(typed(&error).unwrap_or_else(|| Error::Trap(Trap::from(error))))
}

fn logged(error: Error) -> Error {
    match &error {
        Error::Trap(trap) => info!(target: LOG, reason = trap.message(), "trapped"),
        Error::Exit(code) => info!(target: LOG, code, "exited"),
        error => info!(target: LOG, %error, "failed"),
    }
    error
}

/// The error of a guest that exited or met a limit.
fn typed(error: &wasmtime::Error) -> Option<Error> {
    match error.downcast_ref() {
        Some(I32Exit(code)) => Some(Error::Exit(*code)),
        None => weft_parallel::__shared::program_error(error),
    }
}

pub(crate) fn engine_error(context: &'static str, error: &wasmtime::Error) -> Error {
    Error::Engine {
        context,
        message: format!("{error:#}"),
    }
}
