//! Shims: the core modules that put a built-in in terms of others, in [`Form::Stock`](super::Form).
//!
//! **Problem.** Wasmtime's component runtime has `thread.new-indirect` and `thread.resume-later`, on tables of type `funcref`
//! with 32-bit indices, and starts threads with functions of the type `(func (param i32))` alone. **Before:**
//!
//! ```wat
//! (core func $spawn (canon thread.spawn-indirect $start (core table $t)))
//! (core func $spawn-ref (canon thread.spawn-ref $start))
//! (core func $parallelism (canon thread.available-parallelism))
//! ```
//!
//! **After,** as the specification defines it:
//!
//! ```wat
//! (core func $new (canon thread.new-indirect $start (core table $t)))
//! (core func $resume (canon thread.resume-later))
//! (core module $m ...)                     ;; calls $new, then $resume, and returns the index
//! (core instance $i (instantiate $m ...))
//! (alias core export $i "builtin" (core func $spawn))
//! ```
//!
//! A reference is put into a table of its own, from which the thread is made at once. A reference it is also that is read from
//! a table of another type, or with 64-bit indices. A start function of another type waits with its argument in a list of
//! its own, and the thread starts with one that takes both from there: see [`shim_modules`](super::shim_modules).
//! `thread.available-parallelism` is one, since threads take turns.
//!
//! Conditions under which the specification lets a call trap are conditions here as well, only that whether the instance may be
//! left is looked at behind the table and the reference.

use super::builtins::{Output, Table};
use super::reencode::Unshare;
use super::shim_modules::{self, FIRST_IMPORT, NEW_IMPORT, RESUME_IMPORT, Source};
use super::start::StartType;
use super::{CELL, PUT, TABLE_IMPORT};
use crate::LowerError;
use wasm_encoder::ExportKind;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::CanonicalFunction;

type Result<T> = std::result::Result<T, Error<LowerError>>;
