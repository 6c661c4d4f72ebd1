//! What a definition that starts threads says about them. Check reads it, and unshare writes modules from it.

use super::declared::DeclaredType;
use wasmparser::ValType;
use wasmparser::types::CoreTypeId;

/// A definition that starts threads, with its types.
#[derive(Debug, Clone)]
pub(crate) struct ThreadStart {
    /// The start type.
    pub start: StartType,
    /// The table that holds the function. `None` for `thread.spawn-ref`, which takes a reference.
    pub table: Option<StartTableType>,
}

/// The type `$ft` of the functions that threads start with: it has one parameter and no results.
#[derive(Debug, Clone)]
pub(crate) struct StartType {
    /// Whether it is a type of shared functions.
    pub shared: bool,
    /// The type of the parameter: `i32` or `i64`.
    pub parameter: ValType,
    /// Whether it can have no subtypes.
    pub is_final: bool,
    /// For comparisons.
    pub id: CoreTypeId,
    /// The type as the modules that replace the definition declare it.
    pub declared: DeclaredType,
}

/// The type of a table of functions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StartTableType {
    pub table64: bool,
    /// Whether an element can be null.
    pub nullable: bool,
    pub element: StartElement,
}

/// What the elements of a table of functions are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StartElement {
    /// Functions of any type.
    Function,
    /// Nothing but null.
    NoFunction,
    /// Functions of the start type.
    Start,
    /// Functions of another type.
    Other,
}
