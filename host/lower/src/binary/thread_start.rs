//! What a definition that starts threads says of them: check reads it, and unshare writes modules by it.

use super::declared::DeclaredType;
use wasmparser::ValType;
use wasmparser::types::CoreTypeId;

/// A definition that starts threads, with its types.
#[derive(Debug, Clone)]
pub(crate) struct ThreadStart {
    /// What a thread begins with.
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
    /// To compare it with.
    pub id: CoreTypeId,
    /// As the modules declare it that take the place of the definition.
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
