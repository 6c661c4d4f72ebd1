//! Threadify: from the core instances of a component to one core module, which every thread instantiates.
//!
//! **Problem.** Wasmtime has no shared functions, so each thread has instances of its own. No program must be able to
//! observe that: another instantiation must not repeat any side effect, and must see the same shared state.
//!
//! **Before:** core modules of the unshared form in the order of instantiation, the argument for each import, and a
//! record of which items were shared.
//!
//! ```wat
//! (module $a                                            ;; "get" is given context.get i32 0
//!   (import "ctx" "get" (func $get (result i32)))
//!   (memory $m (export "m") 1 16)                       ;; was shared
//!   (global $g (export "g") (mut i64) (i64.const 7))    ;; was shared, and is written
//!   (table $t 1 (ref null func))                        ;; was shared, and is written
//!   (data (memory $m) (i32.const 8) "hello")
//!   (start $s)
//!   (func (result i32) (call $get))
//!   (func (result i32) (memory.atomic.wait32 offset=4 (...) (...) (...))))
//! (module $b (import "a" "g" (global $g (mut i64))) (func (global.set $g (i64.const 8))))
//! ```
//!
//! **After:**
//!
//! ```wat
//! (import "weft" "memory 0" (memory $m 1 16 shared))    ;; the host creates it, once
//! (import "weft" "memory 1" (memory $cells 1 1 shared)) ;; shared globals, and which segments are dropped
//! (import "weft" "memory 2" (memory $t 1 65536 shared)) ;; a length, then 32 bits an element
//! (import "weft" "wait32 0" (func $wait ...))           ;; parks a fiber, not a core
//! (global $c (export "weft:context-i32-0") (mut i32) (i32.const 0))
//! (table $functions (export "weft:functions") ...)      ;; every function that a reference can mean, filled alike
//! (data $d "hello")
//! (func (export "weft:initialize")                      ;; called for the first thread alone
//!   (i64.store $cells (i32.const 0) (i64.const 7)) ... (memory.init $d ...) (call $s))
//! (func (result i32) (global.get $c))
//! (func (result i32) (call $wait (...) (...) (...) (i64.const 4)))
//! (func (i64.store $cells (i32.const 0) (i64.const 8)))
//! ```
//!
//! - There is one module. So a call from one core module to another is a direct call, a table or global that several
//!   modules import is one item, a function reference can refer to a function of any of them, and each thread has one
//!   instance.
//! - A shared table or global that no code writes remains one, initialized alike on every thread, at no extra cost. One
//!   that code writes becomes cells of a hidden memory.
//! - A function reference remains an ordinary one while a thread keeps it to itself. In a cell, it is a handle, an
//!   index into `$functions`. `table.get` converts a handle to a reference, and the host converts a reference to a
//!   handle.
//! - Whether a segment is dropped is also shared state, if a program can observe it.
//!
//! **Rejected:** one module for each of the component's modules, linked on each thread (if two instances import one
//! shared memory, Wasmtime takes it for two, and panics when an access faults; a handle could not refer to another
//! module's function); one module for the first thread and another for the rest (compiles and keeps all code twice);
//! references as handles everywhere (changes the types of locals, parameters and blocks for nothing); context slots as
//! calls to the host (most functions begin by reading a stack pointer).

mod accesses;
mod emit;
mod increments;
mod input;
mod layout;
mod order;
mod scan;
mod start_types;
mod unroll;

use crate::error::LowerError;
use crate::features::CORE_FEATURES;
use crate::log::LOG;
pub(crate) use input::{
    Argument, ContextAccess, ContextSlot, Input, Instance, InstanceIndex, Item, Output, SlotType, StartKind, TableOf,
    Task,
};
pub(crate) use scan::entered;
pub(crate) use start_types::{DeclaredStart, StartTypes};
use tracing::debug_span;
use wasmparser::Validator;

/// Runs the pass.
pub(crate) fn threadify(input: &Input<'_>) -> Result<Output, LowerError> {
    let _span = debug_span!(target: LOG, "threadify", instances = input.instances.len()).entered();
    let facts = input.instances.iter().map(scan::scan).collect::<Result<Vec<_>, _>>()?;
    let layout = layout::Layout::new(input, &facts)?;
    let output = emit::emit(input, &facts, layout)?;
    // Wasmtime validates the module before it compiles it, and the tests validate it too. So release builds do not.
    if cfg!(debug_assertions) {
        let mut validator = Validator::new_with_features(CORE_FEATURES);
        validator
            .validate_all(&output.wasm)
            .map_err(|error| LowerError::Internal(format!("the run-time module is not valid: {error}")))?;
    }
    Ok(output)
}
