//! Turns a core module whose threads follow the wasi-threads ABI into a component that uses the Component Model's
//! thread built-ins.
//!
//! ```
//! let module = wat::parse_str(r#"(module (func (export "addTwo") (param i32) (result i32)
//!     (i32.add (local.get 0) (i32.const 2))))"#)?;
//! let component = weft_adapt::adapt(&module)?;
//! let report = weft_lower::Input::read(&component)?.inspect()?;
//! assert_eq!(report.exports[0].name, "add-two");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
//! becomes a component that imports a core module `wasi-snapshot-preview1`, exports `wasi:cli/run@0.2.6`, and consists
//! of a core module `$state`, which defines the shared memory, and a core module `$main`, in which
//!
//! - every function type, table and global is shared;
//! - `$__stack_pointer` is context slot 0: `(call $"[context-get-0]")`;
//! - `$spawn` calls `thread.spawn-indirect` with a function that calls `wasi_thread_start(thread.index(), arg)`.
//!
//! If a module has no threads (it imports no built-in and cannot call `wasi.thread-spawn`), nothing becomes shared, globals stay as they
//! are, and code is copied. Such a module may use all of WebAssembly 3.0.
//!
//! # Imports
//!
//! - If the module imports a memory or a table, under any name, the component defines it with the import's limits.
//! - Functions of `$root` are the built-ins: `[thread-spawn-indirect]`, `[thread-index]`, `[thread-available-parallelism]`, and
//!   `[context-get-N]` and `[context-set-N]` with `N` 0 or 1. A thread that the module starts in this way begins with both slots zero. If
//!   the module uses a slot in this way, none of its globals is kept in that slot.
//! - Every other module becomes a core module that the component imports, under the kebab-case form of its name
//!   (`wasi_snapshot_preview1` becomes `wasi-snapshot-preview1`). That core module imports the memory as `env` `memory`.
//!
//! # Exports
//!
//! `_start` becomes `run` of `wasi:cli/run@0.2.6`. The component exports every other function under the kebab-case form of its name:
//! lower-case words, joined by hyphens. A word ends at a character that is neither a letter nor a digit, and before a capital that
//! follows a small letter or a digit. So `_initialize` becomes `initialize`, and `getItem` becomes `get-item`. `i32` and `i64` become
//! `s32` and `s64`.
//!
//! The component does not export functions with vectors, references, several results or more than 16 parameters, functions whose names
//! have no kebab-case form, `wasi_thread_start`, and items that are not functions. If two names become the same, the one that does not
//! begin with an underscore is kept. If neither begins with one, a library is refused, and a command exports neither. [`notes`] lists
//! what is left out.
//!
//! # WIT worlds
//!
//! If a world is embedded in the module, the component has the world's imports and exports instead. The component imports the world's
//! interfaces and functions directly, not as core modules. If the world exports anything, `_start` is the only other export.
//! [`adapt_with`] takes a world that is not embedded.
//!
//! # Mutable globals
//!
//! Each thread has its own. The first two of type `i32` become context slots. The others are in a record that each thread has in a memory
//! of the component. The *main thread* of the wasi-threads ABI makes all calls of exports, so globals keep their values from one call to
//! the next.
//!
//! # Threads of the wasi-threads ABI
//!
//! In the ABI, each thread has an instance of its own. In the adapted component, each thread has its own globals, and runs the start
//! function before `wasi_thread_start`. `data.drop` and `elem.drop` do nothing in such a module, because no thread can drop another
//! one's segments.
//!
//! # How it is done
//!
//! `input` reads the module: `info` parses it, `refused` says why one is not valid, and `foreign` refuses those that are made for
//! other hosts (with `wasi_libc`, which knows that library's threads). `plan` decides what becomes of each part, with `imports`,
//! `exports`, `globals` and `memory_and_table`. Nothing is written before.
//!
//! `layout` gives each function its place in `$main`. `state` and `main_module` write the two core modules, with `rewrite` for code,
//! `added` and `records` for new functions, `types` for their types and `name_section` for names. `prelude` writes what comes before
//! `$main` in the component, with `hosts` for host modules, and `component` wires all of it, through `writer`. `core_exports` writes what
//! `$main` exports for the host.
//!
//! `plain` does all of that for modules without threads (with `import_names` and `trampolines`, after `spawns` has looked whether the
//! module can start a thread). `world` does what a WIT world asks for, and `contexts` gives stacks to functions that run in the middle
//! of other threads' calls (with `pool`, `blocks`, `block_source`, `context_list` and `tls`). `preview` answers questions about a module without adapting it.

mod builtin;
mod component;
mod context_list;
mod error;
mod guarded;
mod index;
mod input;
mod main_module;
mod names;
mod notes;
mod package;
mod plain;
mod plan;
mod preview;
mod rewrite;
mod state;
mod types;
mod whole;
mod world;

pub use error::AdaptError;
pub use notes::{LeftOut, Note};
pub use preview::{ImportedItem, imported_items, notes, notes_with, spawns_fail};
use tracing::info_span;
use weft_lower::{Component, Rules};
pub use world::Options;

/// Turns a core module in the binary format into a component in the binary format.
///
/// The [crate's documentation](crate) says what becomes of a module's parts. The component is in the encoding of wasm-tools:
/// `thread.spawn-indirect` (opcode 0x41) has no `shared?` byte, unlike in the specification.
///
/// # Errors
///
/// [`AdaptError`] has a variant for each reason to refuse a module. Its message says what to do.
pub fn adapt(wasm: &[u8]) -> Result<Vec<u8>, AdaptError> {
    adapt_with(wasm, &Options::new())
}

/// As [`adapt`], with a WIT world or adapters that the module does not contain.
///
/// # Errors
///
/// Those of [`adapt`], and those of reading the world.
pub fn adapt_with(wasm: &[u8], options: &Options) -> Result<Vec<u8>, AdaptError> {
    let _span = info_span!(target: "weft::adapt", "adapt", bytes = wasm.len()).entered();
    let embedded = options.embed(wasm)?;
    let wasm = embedded.as_ref();
    let mut info = input::read(wasm)?;
    info.keeps_debug_info = options.keeps_debug_info;
    if let Some(component) = whole::whole(&info, wasm, options)? {
        return Ok(component);
    }
    let world = world::World::of(&info)?;
    if world.is_none() && plain::takes(&info)? {
        return plain::adapt(&info, wasm);
    }
    let plan = plan::Plan::new(&info, world.as_ref())?;
    let (functions, mut rewriter) = main_module::layout::lay_out(&info, &plan)?;
    let state = state::State::new(&info, &plan, &mut rewriter)?;
    let main = main_module::encode(&info, &plan, &state, &functions, &mut rewriter)?;
    let component = component::encode(&info, &plan, &state, &mut rewriter, &main, world.as_ref())?;
    // The callers that run or write the component validate it, so release builds do not validate it here.
    if cfg!(debug_assertions) {
        Component::read(&component)
            .and_then(|component| component.validate(Rules::Extended))
            .map_err(|error| AdaptError::Internal(format!("the adapted component is not valid: {error}")))?;
    }
    Ok(component)
}
