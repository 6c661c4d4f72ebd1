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
use super::tables::FunctionTable;
use super::{TABLE_IMPORT, one_function_module};
use wasm_encoder::{EntityType, Function, HeapType, ImportSection, Module, RefType, TypeSection, ValType};

/// For a built-in that takes an index into a table.
pub(super) fn indirect(start: StartType, table: &FunctionTable) -> Module {
    let mut types = TypeSection::new();
    types.ty().subtype(&start.unshared());
    let mut imports = ImportSection::new();
    imports.import("", TABLE_IMPORT, EntityType::Table(table.import()));
    stand_in(
        types,
        &imports,
        &[table.index_type(), start.parameter()],
        &[ValType::I32],
    )
}

/// For `thread.spawn-ref`.
pub(super) fn spawn_ref(start: StartType) -> Module {
    let mut types = TypeSection::new();
    types.ty().subtype(&start.unshared());
    let reference = ValType::Ref(RefType {
        nullable: true,
        heap_type: HeapType::Concrete(0),
    });
    let parameters = [reference, start.parameter()];
    stand_in(types, &ImportSection::new(), &parameters, &[ValType::I32])
}

/// For `thread.available-parallelism`.
pub(super) fn available_parallelism() -> Module {
    stand_in(TypeSection::new(), &ImportSection::new(), &[], &[ValType::I32])
}

/// For `context.get`, or `context.set`.
pub(super) fn context(ty: ValType, set: bool) -> Module {
    let (parameters, results) = match set {
        true => (&[ty][..], &[][..]),
        false => (&[][..], &[ty][..]),
    };
    stand_in(TypeSection::new(), &ImportSection::new(), parameters, results)
}

fn stand_in(mut types: TypeSection, imports: &ImportSection, parameters: &[ValType], results: &[ValType]) -> Module {
    let builtin = types.len();
    types.ty().function(parameters.iter().copied(), results.iter().copied());
    let mut body = Function::new([]);
    body.instructions().unreachable().end();
    one_function_module(&types, imports, 0, builtin, &body)
}
