//! Turns a core module whose threads follow the wasi-threads ABI into a component that uses the Component Model's
//! thread built-ins.
//!
//! The phases, a file each: `info` parses, `plan` decides (with `imports`, `exports` and `globals`), `state`
//! and `main_module` write the two core modules (with `rewrite` for code, `added` for new functions and `name_section`
//! for names), and `component` wires them.
//!
//! # Before and after
//!
//! ```wat
//! (module
//!   (import "env" "memory" (memory 1 16384 shared))
//!   (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
//!   (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
//!   (global $__stack_pointer (mut i32) (i32.const 65536))
//!   (func (export "wasi_thread_start") (param i32 i32) ..)
//!   (func (export "_start") .. (global.get $__stack_pointer) ..))
//! ```
//!
//! becomes a component that imports a core module `wasi-snapshot-preview1`, exports `wasi:cli/run@0.2.6`, and consists of
//! a core module `$state`, which defines the shared memory and tables, and a core module `$main`, in which
//!
//! - every function type, table and global is shared;
//! - `$__stack_pointer` is context slot 0: `(call $"[context-get-0]")`;
//! - `$spawn` calls `thread.spawn-indirect` with a function that calls `wasi_thread_start(thread.index(), arg)`.
//!
//! A module without threads is adapted in the same way. The wiring is shown in `component`, the treatment of mutable
//! globals in `globals`, the names of exports in `names` and `exports`.

mod added;
mod builtin;
mod component;
mod error;
mod exports;
mod globals;
mod imports;
mod index;
mod info;
mod main_module;
mod name_section;
mod names;
mod plan;
mod rewrite;
mod state;

pub use error::AdaptError;

/// Turns a core module in the binary format into a component in the binary format.
///
/// What becomes of a module's parts is told in the [crate's documentation](crate). The component's encoding is that of
/// today's wasm-tools: `thread.spawn-indirect` (opcode 0x41) without the specification's `shared?` byte.
///
/// # Errors
///
/// [`AdaptError`] has a variant for each thing that is refused; its message says what to do about it.
pub fn adapt(wasm: &[u8]) -> Result<Vec<u8>, AdaptError> {
    let info = info::ModuleInfo::parse(wasm)?;
    let plan = plan::Plan::new(&info)?;
    let (functions, mut rewriter) = main_module::lay_out(&info, &plan);
    let state = state::State::new(&info, &plan, &mut rewriter)?;
    let main = main_module::encode(&info, &plan, &state, &functions, &mut rewriter)?;
    component::encode(&info, &plan, &state, &mut rewriter, &main)
}
