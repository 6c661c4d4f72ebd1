//! Stand-ins: the core modules that stand for built-ins which Wasmtime's translator lacks, in [`Form::Plan`](super::Form).
//!
//! **Problem.** wasmparser 0.254 and the translator refuse what the specification has: built-ins on shared tables and on
//! 64-bit tables, start functions and context slots of `i64`. Yet the translator is to say which instance's table it is.
//! **Before:**
//!
//! ```wat
//! (core type $start (shared (func (param i64))))
//! (core func $spawn (canon thread.spawn-indirect $start (core table $t)))
//! ```
//!
//! **After:** an instance of a module that does nothing, whose shape says everything: its type 0 is the start type, it imports
//! the table, and it exports a function of the built-in's type.
//!
//! ```wat
//! (core module $m
//!   (type $start (func (param i64)))
//!   (type $spawn (func (param i32 i64) (result i32)))
//!   (import "" "table" (table 0 funcref))
//!   (func (export "builtin") (type $spawn) unreachable))
//! (core instance $arguments (export "table" (table $t)))
//! (core instance $i (instantiate $m (with "" (instance $arguments))))
//! (alias core export $i "builtin" (core func $spawn))
//! ```
//!
//! **Rejected:** `thread.new-indirect` with something beside it that says what is meant: the translator interns built-ins, so
//! that two which differ in what stands beside become one.

use super::start::StartType;
use super::{TABLE_IMPORT, one_function_module};
use wasm_encoder::{EntityType, Function, HeapType, ImportSection, Module, RefType, TableType, TypeSection, ValType};

/// The stand-in's start type.
const START: HeapType = HeapType::Concrete(0);

/// For a built-in that takes an index into a table.
pub(super) fn indirect(start: StartType, table: TableType) -> Module {
    let index = match table.table64 {
        true => ValType::I64,
        false => ValType::I32,
    };
    let mut imports = ImportSection::new();
    imports.import("", TABLE_IMPORT, EntityType::Table(table));
    stand_in(Some(start), &imports, &[index, start.parameter()], &[ValType::I32])
}

/// For `thread.spawn-ref`.
pub(super) fn spawn_ref(start: StartType) -> Module {
    let reference = ValType::Ref(RefType {
        nullable: true,
        heap_type: START,
    });
    let parameters = [reference, start.parameter()];
    stand_in(Some(start), &ImportSection::new(), &parameters, &[ValType::I32])
}

/// For `thread.available-parallelism`.
pub(super) fn available_parallelism() -> Module {
    stand_in(None, &ImportSection::new(), &[], &[ValType::I32])
}

/// For `context.get`, or `context.set`.
pub(super) fn context(ty: ValType, set: bool) -> Module {
    let (parameters, results) = match set {
        true => (&[ty][..], &[][..]),
        false => (&[][..], &[ty][..]),
    };
    stand_in(None, &ImportSection::new(), parameters, results)
}

fn stand_in(start: Option<StartType>, imports: &ImportSection, parameters: &[ValType], results: &[ValType]) -> Module {
    let mut types = TypeSection::new();
    if let Some(start) = start {
        types.ty().subtype(&start.unshared());
    }
    let builtin = types.len();
    types.ty().function(parameters.iter().copied(), results.iter().copied());
    let mut body = Function::new([]);
    body.instructions().unreachable().end();
    one_function_module(&types, imports, 0, builtin, &body)
}
