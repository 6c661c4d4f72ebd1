//! The tables from which threads are started, as the modules that replace built-ins import them.

use super::start::UnsharedStart;
use crate::binary::thread_start::{StartElement, StartTableType};
use crate::error::LowerError;
use wasm_encoder::{AbstractHeapType, HeapType, RefType, TableType, ValType};

/// The name under which a holder exports the table from which threads are created, and under which a shim imports it to
/// write to it.
pub(super) const HOLDER_TABLE: &str = "holder";

/// A table of functions, in the unshared form.
#[derive(Debug, Clone)]
pub(super) struct FunctionTable {
    /// Whether indices are 64 bits wide.
    pub table64: bool,
    /// The type of the elements, in a module that declares the start type.
    element_type: RefType,
}

impl FunctionTable {
    /// The table in which `builtin` finds functions.
    pub fn of(table: StartTableType, start: &UnsharedStart, builtin: &str) -> Result<Self, LowerError> {
        let heap_type = match table.element {
            StartElement::Function => HeapType::FUNC,
            StartElement::NoFunction => HeapType::Abstract {
                shared: false,
                ty: AbstractHeapType::NoFunc,
            },
            StartElement::Start => start.heap_type(),
            StartElement::Other => {
                return Err(LowerError::unsupported(
                    format!("`{builtin}` on a table whose element type differs from the start type"),
                    "use a table of `(ref null func)`, or of `(ref null (shared func))` for a shared start type",
                ));
            }
        };
        Ok(FunctionTable {
            table64: table.table64,
            element_type: RefType {
                nullable: table.nullable,
                heap_type,
            },
        })
    }

    /// Whether Wasmtime's `thread.new-indirect` supports the table: 32-bit indices, and elements of type `funcref`.
    pub fn is_plain(&self) -> bool {
        !self.table64 && self.element_type == RefType::FUNCREF
    }

    /// The type of an index.
    pub fn index_type(&self) -> ValType {
        match self.table64 {
            true => ValType::I64,
            false => ValType::I32,
        }
    }

    /// The type to import the table with. Everything except the limits must be equal.
    pub fn import(&self) -> TableType {
        TableType {
            element_type: self.element_type,
            minimum: 0,
            maximum: None,
            table64: self.table64,
            shared: false,
        }
    }
}

/// The table of a holder from which threads are created.
pub(super) fn holder_table() -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        minimum: 1,
        maximum: Some(1),
        table64: false,
        shared: false,
    }
}
