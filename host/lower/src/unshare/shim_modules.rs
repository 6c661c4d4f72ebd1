//! The core modules of [shims](super::shims).
//!
//! A thread is made from a table element with an `i32`. Where that is not what the built-in is given, a holder has it:
//!
//! ```wat
//! (module (table (export "table") 1 1 funcref))          ;; for a reference to a function of the one type: an element
//!
//! (module                                                ;; for any other function: a list of functions and arguments
//!   (type $start (func (param i64)))                     ;; the start type
//!   (table (export "table") 1 1 funcref (ref.func $run))
//!   (table $functions 0 (ref null $start))
//!   (memory 0)                                           ;; the arguments, 8 bytes each
//!   (func (export "put") (param (ref $start) i64) (result i32) ...)  ;; takes a place in the list, gives its number
//!   (func $run (param i32) ...))                         ;; frees that place, and calls what was in it
//! ```
//!
//! Where nothing is waiting, the argument's place has the number of the next free one.

use super::builtins::TableItem;
use super::start::StartType;
use super::{BUILTIN_EXPORT, TABLE_IMPORT};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, HeapType, ImportSection, InstructionSink, MemArg, MemorySection,
    MemoryType, Module, RefType, TableSection, TableType, TypeSection, ValType,
};

/// What a shim imports `thread.new-indirect` as, from the module named by the empty string.
pub(super) const NEW_IMPORT: &str = "new";
/// What it imports `thread.resume-later` as.
pub(super) const RESUME_IMPORT: &str = "resume";
/// What a holder exports the table as that threads are made from, and a shim imports that of a holder of one reference as.
pub(super) const HOLDER_TABLE: &str = "holder";
/// What a list of functions and arguments exports as the function that adds to it, and a shim imports it as.
pub(super) const PUT: &str = "put";

/// What a thread is made from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// An element of the table that `thread.new-indirect` is on.
    Element,
    /// A reference that is the first parameter.
    Reference(Holder),
    /// A reference that is an element of another table.
    OtherElement(Holder, &'a TableItem),
}

/// What has a reference until the thread is made from it, or has started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// A table of one element.
    Element,
    /// A list of functions and arguments.
    List,
}

impl Holder {
    /// Threads are made of functions of one type as they are.
    pub fn of(start: StartType) -> Self {
        match start.is_plain() {
            true => Holder::Element,
            false => Holder::List,
        }
    }

    pub fn module(self, start: StartType) -> Module {
        match self {
            Holder::Element => element_holder(),
            Holder::List => list_holder(start),
        }
    }
}

/// The table of a holder.
fn holder_table() -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        minimum: 1,
        maximum: Some(1),
        table64: false,
        shared: false,
    }
}

fn element_holder() -> Module {
    let mut tables = TableSection::new();
    tables.table(holder_table());
    let mut exports = ExportSection::new();
    exports.export(HOLDER_TABLE, ExportKind::Table, 0);
    let mut module = Module::new();
    module.section(&tables).section(&exports);
    module
}
