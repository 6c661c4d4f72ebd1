//! Stand-ins: core modules that replace built-ins that Wasmtime's translator lacks, in [`Form::Plan`](super::Form).
//!
//! **Problem.** wasmparser 0.254 and the translator refuse some features of the specification: built-ins on shared
//! tables and on 64-bit tables, and start functions and context slots of `i64`. But weft needs the translator to find
//! the instance that owns the table. **Before:**
//!
//! ```wat
//! (core type $start (shared (func (param i64))))
//! (core func $spawn (canon thread.spawn-indirect $start (core table $t)))
//! ```
//!
//! **After:** an instance of a module that does nothing, but whose shape contains everything: it declares the start
//! type, imports the table, and exports a function of the built-in's type.
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
//! **Rejected:** `thread.new-indirect` with a separate annotation (the translator interns built-ins, so two that differ
//! only in the annotation become one).

use super::start::UnsharedStart;
use super::tables::FunctionTable;
use super::{StandInStart, TABLE_IMPORT, one_function_module};
use wasm_encoder::{EntityType, Function, ImportSection, Module, TypeSection, ValType};

/// What is recorded about a start type beside the module.
pub(super) fn start(start: &UnsharedStart) -> StandInStart {
    StandInStart {
        wide: start.wide,
        is_final: start.is_final,
        ty: start.types.index,
        is_alone: start.is_alone(),
    }
}

/// The stand-in for a built-in that takes an index into a table.
pub(super) fn indirect(start: &UnsharedStart, table: &FunctionTable) -> Module {
    let mut imports = ImportSection::new();
    imports.import("", TABLE_IMPORT, EntityType::Table(table.import()));
    let parameters = [table.index_type(), start.parameter()];
    stand_in(Some(start), &imports, &parameters, &[ValType::I32])
}

/// The stand-in for `thread.spawn-ref`.
pub(super) fn spawn_ref(start: &UnsharedStart) -> Module {
    let parameters = [start.reference(true), start.parameter()];
    stand_in(Some(start), &ImportSection::new(), &parameters, &[ValType::I32])
}

/// The stand-in for `thread.available-parallelism`.
pub(super) fn available_parallelism() -> Module {
    stand_in(None, &ImportSection::new(), &[], &[ValType::I32])
}

/// The stand-in for `context.get` or `context.set`.
pub(super) fn context(ty: ValType, set: bool) -> Module {
    let (parameters, results) = match set {
        true => (&[ty][..], &[][..]),
        false => (&[][..], &[ty][..]),
    };
    stand_in(None, &ImportSection::new(), parameters, results)
}

fn stand_in(
    start: Option<&UnsharedStart>,
    imports: &ImportSection,
    parameters: &[ValType],
    results: &[ValType],
) -> Module {
    let (mut types, builtin) = match start {
        Some(start) => (start.types.section.clone(), start.types.next),
        None => (TypeSection::new(), 0),
    };
    types.ty().function(parameters.iter().copied(), results.iter().copied());
    let mut body = Function::new([]);
    body.instructions().unreachable().end();
    one_function_module(&types, imports, 0, builtin, &body)
}
