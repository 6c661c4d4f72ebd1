//! What core modules export for the host ([`CoreExports`]), in one store.
//!
//! Items that are not shared exist once, in the store of a home. So a thread of another store is refused.
//!
//! [`CoreExports`]: weft_lower::plan::CoreExports

use crate::error::{Error, lacks};
use crate::state::start_functions;
use crate::state::thread::Thread;
use std::future::Future;
use std::pin::Pin;
use wasmtime::{Func, Instance, Ref, StoreContextMut, Table};
use weft_lower::plan::{ComponentInstanceIndex, CoreExport, FUNCTIONS_EXPORT, FunctionHandle};

/// Work with a store.
pub(crate) type Work<T> = Box<dyn for<'a> FnOnce(StoreContextMut<'a, Thread<T>>) -> Working<'a> + Send>;

/// See [`Work`].
pub(crate) type Working<'a> = Pin<Box<dyn Future<Output = Result<(), WorkError>> + Send + 'a>>;

/// Why [`Work`] failed.
pub(crate) enum WorkError {
    /// Guest code failed, which ends the program.
    Guest(wasmtime::Error),
    /// The host asked for what is not possible. The program continues.
    Host(Error),
}

impl WorkError {
    /// Separates the two kinds: returns the first as the error, and the second in the result, which goes to the host.
    pub(crate) fn separate<R>(result: Result<R, WorkError>) -> wasmtime::Result<Result<R, Error>> {
        match result {
            Ok(result) => Ok(Ok(result)),
            Err(WorkError::Host(error)) => Ok(Err(error)),
            Err(WorkError::Guest(error)) => Err(error),
        }
    }
}

impl From<wasmtime::Error> for WorkError {
    fn from(error: wasmtime::Error) -> Self {
        WorkError::Guest(error)
    }
}

impl From<Error> for WorkError {
    fn from(error: Error) -> Self {
        WorkError::Host(error)
    }
}

/// Where an item can be used.
#[derive(Clone, Copy)]
pub(crate) struct ItemPlace {
    pub(crate) instance: ComponentInstanceIndex,
    /// Whether every store has it.
    pub(crate) shared: bool,
    /// Whether the use calls guest code, which needs a stack.
    pub(crate) calls: bool,
}

impl ItemPlace {
    /// Checks that the thread that this store serves can use the item, which messages call `name`.
    pub(crate) fn check<T: 'static>(self, thread: &Thread<T>, name: &str) -> Result<(), Error> {
        if let Some(outcome) = thread.instance.outcome() {
            return Err(outcome.error());
        }
        let home = thread.instance.component.plan().home(self.instance);
        match self.shared || thread.home == Some(home) {
            true => Ok(()),
            false => Err(Error::NotShared(name.to_owned())),
        }
    }
}

fn module<T: 'static>(store: &StoreContextMut<'_, Thread<T>>) -> Result<Instance, Error> {
    store.data().module.ok_or(Error::Ended)
}

fn internal(error: &wasmtime::Error) -> Error {
    Error::engine("cannot use an item of a core module", error)
}

/// The function of this store that the run-time module exports.
pub(crate) fn function<T: 'static>(store: &mut StoreContextMut<'_, Thread<T>>, export: &str) -> Result<Func, Error> {
    let function = module(store)?.get_func(&mut *store, export);
    function.ok_or_else(|| internal(&lacks(export)))
}

/// The table of this store that the run-time module exports.
pub(crate) fn table<T: 'static>(store: &mut StoreContextMut<'_, Thread<T>>, export: &str) -> Result<Table, Error> {
    let table = module(store)?.get_table(&mut *store, export);
    table.ok_or_else(|| internal(&lacks(export)))
}

/// Returns this store's function for a handle, or `None` for the null handle.
pub(crate) fn function_of<T: 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    handle: FunctionHandle,
) -> Result<Option<Func>, Error> {
    let table = table(store, FUNCTIONS_EXPORT)?;
    Ok(match table.get(&mut *store, handle.0.into()) {
        Some(Ref::Func(function)) => function,
        Some(_) | None => None,
    })
}

/// The handle of a function of this store.
pub(crate) fn handle_of<T: Send + Sync + 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    function: Option<Func>,
) -> Result<FunctionHandle, Error> {
    start_functions::handle(store, function).map_err(|error| internal(&error))
}

/// The place of an exported item.
pub(crate) fn place(export: &CoreExport, calls: bool) -> ItemPlace {
    ItemPlace {
        instance: export.instance,
        shared: export.shared || export.planned_memory().is_some(),
        calls,
    }
}
