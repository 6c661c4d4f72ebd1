//! Tables that threads are started from, as the modules which take a built-in's place import them.

use wasm_encoder::{HeapType, RefType, SubType, TableType, TypeSection, ValType};

/// A table of functions, in the unshared form.
#[derive(Debug, Clone)]
pub(super) struct FunctionTable {
    /// Whether indices are 64 bits wide.
    pub table64: bool,
    /// Whether elements can be null.
    pub nullable: bool,
    pub element: Element,
}

/// What a table's elements are references to.
#[derive(Debug, Clone)]
pub(super) enum Element {
    /// Any functions.
    Function,
    /// Functions of this type. It refers to no other.
    Typed(SubType),
}

impl FunctionTable {
    /// Whether `thread.new-indirect` works on it: Wasmtime has 32-bit indices and elements of type `funcref`.
    pub fn is_plain(&self) -> bool {
        !self.table64 && self.nullable && matches!(self.element, Element::Function)
    }

    /// The type of an index.
    pub fn index_type(&self) -> ValType {
        match self.table64 {
            true => ValType::I64,
            false => ValType::I32,
        }
    }

    /// The type to import it with, all of which must be equal but the limits. Adds to `types` what that takes.
    pub fn import(&self, types: &mut TypeSection) -> TableType {
        let heap_type = match &self.element {
            Element::Function => HeapType::FUNC,
            Element::Typed(ty) => {
                types.ty().subtype(ty);
                HeapType::Concrete(types.len() - 1)
            }
        };
        TableType {
            element_type: RefType {
                nullable: self.nullable,
                heap_type,
            },
            minimum: 0,
            maximum: None,
            table64: self.table64,
            shared: false,
        }
    }
}
