//! Tables that threads are started from, as the modules which take a built-in's place import them.

use super::start::UnsharedStart;
use crate::binary::thread_start::{StartElement, StartTableType};
use crate::error::LowerError;
use wasm_encoder::{AbstractHeapType, HeapType, RefType, TableType, ValType};

/// What a holder exports the table as that threads are made from, and a shim imports it as to write to it.
pub(super) const HOLDER_TABLE: &str = "holder";

/// A table of functions, in the unshared form.
#[derive(Debug, Clone)]
pub(super) struct FunctionTable {
    /// Whether indices are 64 bits wide.
    pub table64: bool,
    /// In a module that declares the start type.
    element_type: RefType,
}

impl FunctionTable {
    /// The table that `builtin` finds functions in.
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

    /// Whether `thread.new-indirect` works on it: Wasmtime has 32-bit indices, and tables of `funcref`.
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

    /// The type to import it with, all of which must be equal but the limits.
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

/// The table of a holder that threads are made from.
pub(super) fn holder_table() -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        minimum: 1,
        maximum: Some(1),
        table64: false,
        shared: false,
    }
}
