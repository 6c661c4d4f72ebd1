//! The core modules of [shims](super::shims).

use super::TABLE_IMPORT;
use super::list_holder::{PUT, list_holder};
use super::one_function_module;
use super::start::UnsharedStart;
use super::tables::{FunctionTable, HOLDER_TABLE, holder_table};
use wasm_encoder::{
    EntityType, ExportKind, ExportSection, Function, ImportSection, Module, TableSection, TableType, TypeSection,
    ValType,
};

/// The name under which a shim imports `thread.new-indirect`, from the module with the empty name.
pub(super) const NEW: &str = "new";
/// The name under which a shim imports `thread.resume-later`.
pub(super) const RESUME: &str = "resume";
/// The name under which a shim imports `thread.index`.
pub(super) const INDEX: &str = "index";

/// What holds a function reference until the thread is created or has started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// A table of one element, for functions of the type that Wasmtime starts threads with.
    Element,
    /// A list of functions and arguments.
    List,
}

impl Holder {
    pub fn of(start: &UnsharedStart) -> Self {
        match start.is_plain() {
            true => Holder::Element,
            false => Holder::List,
        }
    }

    pub fn module(self, start: &UnsharedStart) -> Module {
        match self {
            Holder::Element => element_holder(),
            Holder::List => list_holder(start),
        }
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

/// The types and imports of a shim. All imports come from the module with the empty name.
#[derive(Default)]
struct Imports {
    types: TypeSection,
    /// The index of the next type.
    next: u32,
    imports: ImportSection,
    functions: u32,
    tables: u32,
}

impl Imports {
    /// The types and imports of a shim that declares the start type.
    fn with(start: &UnsharedStart) -> Self {
        Imports {
            types: start.types.section.clone(),
            next: start.types.next,
            ..Imports::default()
        }
    }

    fn function(&mut self, name: &str, parameters: &[ValType], results: &[ValType]) -> u32 {
        let ty = self.ty(parameters, results);
        self.imports.import("", name, EntityType::Function(ty));
        self.functions += 1;
        self.functions - 1
    }

    fn table(&mut self, name: &str, ty: TableType) -> u32 {
        self.imports.import("", name, EntityType::Table(ty));
        self.tables += 1;
        self.tables - 1
    }

    fn ty(&mut self, parameters: &[ValType], results: &[ValType]) -> u32 {
        let (parameters, results) = (parameters.iter().copied(), results.iter().copied());
        self.types.ty().function(parameters, results);
        self.next += 1;
        self.next - 1
    }

    /// Completes the module with one more function, which it exports.
    fn module(mut self, parameters: &[ValType], results: &[ValType], body: &Function) -> Module {
        let ty = self.ty(parameters, results);
        one_function_module(&self.types, &self.imports, self.functions, ty, body)
    }
}

/// `thread.available-parallelism`: returns one, because threads take turns.
pub(super) fn available_parallelism() -> Module {
    let mut body = Function::new([]);
    body.instructions().i32_const(1).end();
    Imports::default().module(&[], &[ValType::I32], &body)
}

/// `thread.spawn-indirect` on a table that `thread.new-indirect` supports.
pub(super) fn spawn_indirect() -> Module {
    let mut imports = Imports::default();
    let new = imports.function(NEW, &[ValType::I32, ValType::I32], &[ValType::I32]);
    let resume = imports.function(RESUME, &[ValType::I32], &[]);
    let mut body = Function::new([(1, ValType::I32)]);
    let mut code = body.instructions();
    code.local_get(0).local_get(1).call(new);
    code.local_tee(2).call(resume).local_get(2).end();
    imports.module(&[ValType::I32, ValType::I32], &[ValType::I32], &body)
}

/// `error-context.new`. A message of more than `most` code units becomes an empty one. The highest bit of a length may
/// be a tag, which does not count.
pub(super) fn new_error_context(most: i32) -> Module {
    const LENGTH: i32 = i32::MAX;
    let mut imports = Imports::default();
    let new = imports.function(NEW, &[ValType::I32, ValType::I32], &[ValType::I32]);
    let mut body = Function::new([]);
    let mut code = body.instructions();
    code.local_get(0).local_get(1).i32_const(0);
    code.local_get(1).i32_const(LENGTH).i32_and();
    code.i32_const(most).i32_le_u().select().call(new).end();
    imports.module(&[ValType::I32, ValType::I32], &[ValType::I32], &body)
}

/// A spawn of the deterministic profile, whose first parameter is an index into `table` or a reference.
pub(super) fn spawn_nothing(start: &UnsharedStart, table: Option<&FunctionTable>) -> Module {
    let (mut imports, first_parameter) = match table {
        Some(table) => (Imports::default(), table.index_type()),
        None => (Imports::with(start), start.reference(true)),
    };
    let index = imports.function(INDEX, &[], &[ValType::I32]);
    let mut body = Function::new([]);
    body.instructions().call(index).drop().i32_const(0).end();
    imports.module(&[first_parameter, start.parameter()], &[ValType::I32], &body)
}

/// A built-in that creates a thread from a reference, which is its first parameter or an element of `table`. If
/// `spawn`, it also resumes the thread.
pub(super) fn by_reference(start: &UnsharedStart, table: Option<&FunctionTable>, spawn: bool) -> Module {
    let mut imports = Imports::with(start);
    let first_parameter = table.map_or(start.reference(true), FunctionTable::index_type);
    let table = table.map(|table| imports.table(TABLE_IMPORT, table.import()));
    let new = imports.function(NEW, &[ValType::I32, ValType::I32], &[ValType::I32]);
    let mut body = Function::new([(1, ValType::I32)]);
    let mut code = body.instructions();
    // For the holder's table: the index that is written, and that of the new thread's function.
    code.i32_const(0).local_get(0);
    if let Some(table) = table {
        code.table_get(table);
    }
    match Holder::of(start) {
        Holder::Element => {
            let held = imports.table(HOLDER_TABLE, holder_table());
            code.table_set(held).i32_const(0).local_get(1);
        }
        Holder::List => {
            let put = imports.function(PUT, &[start.reference(false), start.parameter()], &[ValType::I32]);
            // Checks the reference as `call_indirect` does: null and functions of other types trap.
            code.ref_as_non_null()
                .ref_cast_non_null(start.heap_type())
                .local_get(1)
                .call(put);
        }
    }
    code.call(new);
    if spawn {
        let resume = imports.function(RESUME, &[ValType::I32], &[]);
        code.local_tee(2).call(resume).local_get(2);
    }
    code.end();
    imports.module(&[first_parameter, start.parameter()], &[ValType::I32], &body)
}
