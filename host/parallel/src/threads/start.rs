//! The functions that threads start with.
//!
//! A function reference is valid in one store only. A thread starts in another store, which may not exist yet when the
//! thread is created. But every store has the same functions in the same table elements. So a start names a function by
//! its index in a table with the same contents in all stores. For functions from tables that change, and for
//! references, that is the table that [function handles](weft_lower::plan::FunctionHandle) index.
//!
//! [`start_functions`](crate::state::start_functions) finds the function for such an index in a store.

use crate::error::lacks;
use wasmtime::{FuncType, Module};
use weft_lower::Plan;
use weft_lower::plan::{Definition, FUNCTIONS_EXPORT, StartExport, StartTable, ThreadEffect};

/// What a new thread does: it calls a function with an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start {
    pub function: StartFunction,
    /// If the function takes an `i32`, only the lower half counts.
    pub argument: i64,
}

/// A function that threads can start with, and the type that it must have.
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

impl FixedTable {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The number of a type in [`Starts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct StartTypeIndex(u32);

/// What the threads of one instance can start with.
#[derive(Default)]
pub(crate) struct Starts {
    /// The names under which the run-time module exports the tables. If it exports [`FUNCTIONS_EXPORT`], that is the
    /// first.
    tables: Vec<String>,
    types: Vec<(StartExport, FuncType)>,
}

impl Starts {
    /// Collects what the built-ins of a plan need.
    pub(crate) fn of(plan: &Plan, module: &Module) -> wasmtime::Result<Self> {
        let mut starts = Starts::default();
        if module.get_export(FUNCTIONS_EXPORT).is_some() {
            starts.tables.push(FUNCTIONS_EXPORT.to_owned());
        }
        for argument in &plan.arguments {
            let Definition::Builtin(builtin) = argument else {
                continue;
            };
            let ThreadEffect::Start(table, ty) = builtin.thread_effect() else {
                continue;
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

    pub(crate) fn ty(&self, ty: &StartExport) -> wasmtime::Result<StartTypeIndex> {
        let number = self.types.iter().position(|(known, _)| known == ty);
        Ok(StartTypeIndex(number.ok_or_else(|| lacks(&ty.export))? as u32))
    }

    /// The type that a function must have to start a thread.
    pub(crate) fn function_type(&self, ty: StartTypeIndex) -> &FuncType {
        &self.types[ty.0 as usize].1
    }

    /// Whether functions of a type take an `i64`.
    pub(crate) fn is_wide(&self, ty: StartTypeIndex) -> bool {
        self.types[ty.0 as usize].0.wide
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A start that tests tell from others by its argument.
    pub(crate) fn start(argument: i64) -> Start {
        let function = StartFunction {
            table: FixedTable(0),
            index: 0,
            ty: StartTypeIndex(0),
        };
        Start { function, argument }
    }
}
