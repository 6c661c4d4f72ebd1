//! Threadify: from a core module of the unshared form to its run-time form, which every thread instantiates anew.
//!
//! **Problem.** The engine has no shared functions, so each thread has an instance of its own of each core module. No
//! program may be able to tell: instantiating again must repeat no side effect, and must see the same shared state.
//!
//! **Before:** what the author's module is after unshare, and a record of what was shared.
//!
//! ```wat
//! (import "ctx" "get" (func $get (result i32)))        ;; context.get i32 0
//! (memory $m 1 16)                                     ;; was shared
//! (data (memory $m) (i32.const 8) "hello")
//! (start $s)
//! (func (result i32) (call $get))
//! (func (result i32) (memory.atomic.wait32 offset=4 (...) (...) (...)))
//! ```
//!
//! **After:**
//!
//! ```wat
//! (import "weft" "memory" (memory $m 1 16 shared))     ;; the host creates it, once
//! (import "weft" "wait32" (func $wait ...))            ;; parks a fiber, not a core
//! (global $c (export "weft:context-0") (mut i32) (i32.const 0))
//! (data $d "hello")
//! (func (export "weft:initialize")                     ;; called for the first thread alone
//!   (memory.init $d (i32.const 8) (i32.const 0) (i32.const 5)) (data.drop $d) (call $s))
//! (func (result i32) (global.get $c))
//! (func (result i32) (call $wait (...) (...) (...) (i64.const 4)))
//! ```
//!
//! Which data segments are dropped is state that threads share, and an instance remembers it for itself. So where a
//! module's code copies or drops segments, the host remembers it, and a copy of a dropped one is a copy of an empty one.
//!
//! A shared table stays an ordinary one, filled alike for every thread by its active segments, so that `call_indirect`
//! costs what it always did. That is sound as long as nothing writes it later, so writes are refused here.
//!
//! A module without code that defines or passes on a shared memory loses it. The engine enters each import of a shared
//! memory in the store as a memory of its own, and cannot tell two of them apart when an access faults.
//!
//! **Rejected:** one module for the first thread and another for the rest: it is compiled twice and its code is kept twice.
//! Context slots as calls to the host: a stack pointer is read in every function's first instruction. Context slots as
//! imported globals: each access then loads the address first, so the first module that uses them defines them.

mod rewrite;
mod scan;
mod unroll;

use crate::LowerError;
use crate::unshare::SharedItems;
use wasmparser::{Validator, WasmFeatures};

/// What a canonical built-in that a module imports does to a context slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContextAccess {
    pub slot: usize,
    pub set: bool,
}

/// Where a module's context slots are, if it uses them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContextSlots {
    /// It defines and exports them.
    Define,
    /// It imports them from the module that defines them.
    Import,
}

/// One core module, as the pass takes it.
pub(crate) struct Input<'a> {
    pub wasm: &'a [u8],
    pub items: &'a SharedItems,
    /// For each import, in order, whether it is an access to a context slot.
    pub imports: &'a [Option<ContextAccess>],
    /// How it gets the slots if any of its imports is one.
    pub slots: ContextSlots,
}

/// One core module in its run-time form.
pub(crate) struct Output {
    pub wasm: Vec<u8>,
    /// For each import of the input, in order, whether it is kept. Accesses to context slots are not.
    pub kept: Vec<bool>,
    /// What it imports behind those.
    pub added: Vec<AddedImport>,
    /// Whether it exports what has to run once.
    pub initialize: bool,
}

/// An import that the run-time form has and the input has not. Memories are named by the input's indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddedImport {
    Memory(u32),
    Wait32(u32),
    Wait64(u32),
    Notify(u32),
    /// Whether some thread has dropped a data segment.
    IsSegmentDropped,
    /// Drops a data segment for all threads.
    DropSegment,
    ContextSlot(usize),
}

/// Runs the pass.
pub(crate) fn threadify(input: &Input<'_>) -> Result<Output, LowerError> {
    let facts = scan::scan(input)?;
    let output = rewrite::rewrite(input, &facts)?;
    let mut validator = Validator::new_with_features(engine_features());
    match validator.validate_all(&output.wasm) {
        Ok(_) => Ok(output),
        // The input was valid, with more features.
        Err(error) => Err(LowerError::unsupported(
            "what a core module uses",
            format!("the engine refuses it: {}", error.message()),
        )),
    }
}

/// What the engine can run.
fn engine_features() -> WasmFeatures {
    WasmFeatures::WASM3 | WasmFeatures::THREADS
}
