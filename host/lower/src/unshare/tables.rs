//! Tables that threads are started from, as the modules which take a built-in's place import them.

use wasm_encoder::{RefType, TableType, ValType};

/// A table of `funcref`, in the unshared form.
#[derive(Debug, Clone)]
pub(super) struct FunctionTable {
    /// Whether indices are 64 bits wide.
    pub table64: bool,
}

impl FunctionTable {
    /// Whether `thread.new-indirect` works on it: Wasmtime has 32-bit indices.
    pub fn is_plain(&self) -> bool {
        !self.table64
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
            element_type: RefType::FUNCREF,
            minimum: 0,
            maximum: None,
            table64: self.table64,
            shared: false,
        }
    }
}
