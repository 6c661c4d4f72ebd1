//! Finds out whether a module's threads are those of wasi-libc, which need a library to be initialised, and memory for their stacks.
//!
//! Two things tell: a function that only wasi-libc has, or, if the module is stripped of names, the code of `wasi_thread_start`, which
//! wasi-libc has in assembly. It takes the stack pointer and the address of thread-local storage from what the thread begins with:
//!
//! ```wat
//! local.get 1  i32.load offset=0  global.set $__stack_pointer
//! local.get 1  i32.load offset=4  global.set $__tls_base
//! local.get 0  local.get 1  call $__wasi_thread_start_C
//! ```

use crate::error::AdaptError;
use crate::input::info::ModuleInfo;
use wasmparser::{FunctionBody, Operator};

/// Whether a module has wasi-libc's threads.
pub(crate) fn has_threads(info: &ModuleInfo<'_>) -> Result<bool, AdaptError> {
    if info.defines_function_named("__wasi_thread_start_C") {
        return Ok(true);
    }
    let mut exports = info.exports.iter();
    let start = exports.find(|export| export.name == "wasi_thread_start");
    let defined = start.and_then(|start| (start.index as usize).checked_sub(info.imported_functions));
    let mut bodies = info.code_section.iter().flat_map(|section| section.clone());
    match defined.and_then(|index| bodies.nth(index)) {
        Some(body) => starts_thread(&body?),
        None => Ok(false),
    }
}

fn starts_thread(body: &FunctionBody<'_>) -> Result<bool, AdaptError> {
    // Newer versions go on: they unlock the list of threads.
    const LENGTH: usize = 9;
    let operators = body.get_operators_reader()?;
    let operators = operators.into_iter().take(LENGTH).collect::<Result<Vec<_>, _>>()?;
    Ok(match operators[..] {
        [
            Operator::LocalGet { local_index: 1 },
            Operator::I32Load { memarg: stack },
            Operator::GlobalSet { .. },
            Operator::LocalGet { local_index: 1 },
            Operator::I32Load { memarg: tls },
            Operator::GlobalSet { .. },
            Operator::LocalGet { local_index: 0 },
            Operator::LocalGet { local_index: 1 },
            Operator::Call { .. },
        ] => (stack.offset, tls.offset) == (0, 4),
        _ => false,
    })
}
