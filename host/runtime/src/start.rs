//! The functions that threads start with.
//!
//! A function reference is good in one store only, and a thread starts in a store that may not be there yet when it is made. But
//! every store has the same functions in the same places: so a function is named by its place in a table that is
//! filled alike in all stores. For a table that changes, and for references, that table is the one that
//! [function handles](weft_lower::plan::FunctionHandle) index.
//!
//! Whether a function is of the right type is found out when the thread is made, in the store of who makes it, and as
//! `call_indirect` would ([`thread.new-indirect`]). Since those tables never change, a function that was fit once remains so.
//!
//! [`thread.new-indirect`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadnew-indirect

use crate::error::trap;
use crate::thread::Thread;
use wasmtime::{AsContextMut, Func, FuncType, Module, Ref, Trap};
use weft_lower::Plan;
use weft_lower::plan::{Builtin, Definition, FUNCTIONS_EXPORT, FunctionHandle, StartTable, StartType};

/// What a new thread does: it calls a function with an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start {
    pub function: StartFunction,
    /// Its lower half, if the function takes an `i32`.
    pub argument: i64,
}

/// A function that threads can start with, and of what type they want it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct StartFunction {
    pub table: FixedTable,
    /// The element's index.
    pub index: u64,
    pub ty: StartTypeIndex,
}

/// The number of a table in [`Starts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FixedTable(u32);

/// The number of a type in [`Starts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct StartTypeIndex(u32);

/// What the threads of one program can start with.
#[derive(Default)]
pub(crate) struct Starts {
    /// The names under which the run-time module exports the tables. Of those that it has, the first is
    /// [`FUNCTIONS_EXPORT`].
    tables: Vec<String>,
    types: Vec<(StartType, FuncType)>,
}

impl Starts {
    /// Collects what the built-ins of a plan need.
    pub(crate) fn of(plan: &Plan, module: &Module) -> wasmtime::Result<Self> {
        let mut starts = Starts::default();
        if module.get_export(FUNCTIONS_EXPORT).is_some() {
            starts.tables.push(FUNCTIONS_EXPORT.to_owned());
        }
        for argument in &plan.arguments {
            let (table, ty) = match argument {
                Definition::Builtin(Builtin::SpawnIndirect(table, ty) | Builtin::NewIndirect(table, ty)) => {
                    (Some(table), ty)
                }
                Definition::Builtin(Builtin::SpawnRef(ty)) => (None, ty),
                _ => continue,
            };
            if let Some(StartTable::Fixed { export, .. }) = table
                && !starts.tables.contains(export)
            {
                starts.tables.push(export.clone());
            }
            if starts.types.iter().all(|(known, _)| known != ty) {
                let function = module.get_export(&ty.export);
                let function = function.and_then(|export| export.func().cloned());
                let function = function.ok_or_else(|| lacks(&ty.export))?;
                starts.types.push((ty.clone(), function));
            }
        }
        Ok(starts)
    }

    /// The names of the tables, in their order.
    pub(crate) fn tables(&self) -> &[String] {
        &self.tables
    }

    /// The number of the table with this name.
    pub(crate) fn table(&self, export: &str) -> wasmtime::Result<FixedTable> {
        let number = self.tables.iter().position(|table| table == export);
        Ok(FixedTable(number.ok_or_else(|| lacks(export))? as u32))
    }

    pub(crate) fn ty(&self, ty: &StartType) -> wasmtime::Result<StartTypeIndex> {
        let number = self.types.iter().position(|(known, _)| known == ty);
        Ok(StartTypeIndex(number.ok_or_else(|| lacks(&ty.export))? as u32))
    }

    /// Whether functions of a type take an `i64`.
    pub(crate) fn is_wide(&self, ty: StartTypeIndex) -> bool {
        self.types[ty.0 as usize].0.wide
    }
}

/// The run-time module is not as its plan says.
pub(crate) fn lacks(export: &str) -> wasmtime::Error {
    trap(format_args!("the run-time module does not export `{export}`"))
}

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
    let table = store.data().start_tables[function.table.0 as usize];
    match table.get(&mut store, function.index) {
        None => Err(Trap::TableOutOfBounds.into()),
        Some(Ref::Func(Some(found))) => {
            let (_, wanted) = &store.data().program.starts.types[function.ty.0 as usize];
            match is_subtype(found.ty(&store), wanted) {
                true => Ok(found),
                false => Err(Trap::BadSignature.into()),
            }
        }
        Some(_) => Err(Trap::IndirectCallToNull.into()),
    }
}

/// By declaration, as WebAssembly has it. `FuncType::matches` goes by structure.
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
    // The address is just a key, and stays what it is as long as the store lives.
    let address = function.to_raw(&mut store).addr();
    if store.data().handles.is_empty() {
        let table = store.data().program.starts.table(FUNCTIONS_EXPORT)?;
        let table = store.data().start_tables[table.0 as usize];
        for index in 0..table.size(&store) {
            if let Some(Ref::Func(Some(function))) = table.get(&mut store, index) {
                let address = function.to_raw(&mut store).addr();
                let handle = FunctionHandle(index as u32);
                store.data_mut().handles.entry(address).or_insert(handle);
            }
        }
    }
    let handle = store.data().handles.get(&address).copied();
    handle.ok_or_else(|| trap("a reference to a function that is not the component's own is given to other threads"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A start that differs from others by its argument.
    pub(crate) fn start(argument: i64) -> Start {
        let function = StartFunction {
            table: FixedTable(0),
            index: 0,
            ty: StartTypeIndex(0),
        };
        Start { function, argument }
    }
}
