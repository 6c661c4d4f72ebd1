//! Finds the code that initialises a block of thread-local storage.
//!
//! The linker writes a function `__wasm_init_tls` for modules with a shared memory and thread-local variables. It points the global
//! `__tls_base` to a block and copies the initial values there:
//!
//! ```wat
//! (func $__wasm_init_tls (param i32)
//!   (global.set $__tls_base (local.get 0))
//!   (memory.init 0 (local.get 0) (i32.const 0) (i32.const 24)))
//! ```
//!
//! Most modules do not export this function, and stripped ones do not name it. But the linker always writes these
//! instructions, so the adapter recognizes the function by them.

use crate::error::AdaptError;
use crate::index::{FuncIndex, GlobalIndex};
use crate::input::info::ModuleInfo;
use wasmparser::{FunctionBody, Operator, ValType};

/// The thread-local storage of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tls {
    /// The function that initialises a block.
    pub(crate) init: FuncIndex,
    /// The global that points to the running thread's block.
    pub(crate) base: GlobalIndex,
    /// How many bytes a block has.
    pub(crate) size: u32,
}

/// Finds the thread-local storage of a module.
pub(crate) fn find(info: &ModuleInfo<'_>) -> Result<Option<Tls>, AdaptError> {
    let bodies = info.code_section.iter().flat_map(|section| section.clone());
    for (index, body) in (info.imported_functions as u32..).map(FuncIndex).zip(bodies) {
        let ty = info.function_type(index)?;
        if (ty.params(), ty.results()) != (&[ValType::I32], &[]) {
            continue;
        }
        if let Some((base, size)) = initializes(&body?)? {
            let (base, init) = (GlobalIndex(base), index);
            return Ok(Some(Tls { init, base, size }));
        }
    }
    Ok(None)
}

/// If a function's body is that of the linker's function: the global that it points to a block, and the block's size.
fn initializes(body: &FunctionBody<'_>) -> Result<Option<(u32, u32)>, AdaptError> {
    const LENGTH: usize = 7;
    let operators = body.get_operators_reader()?;
    let operators = operators.into_iter().take(LENGTH + 1).collect::<Result<Vec<_>, _>>()?;
    Ok(match operators[..] {
        [
            Operator::LocalGet { local_index: 0 },
            Operator::GlobalSet { global_index },
            Operator::LocalGet { local_index: 0 },
            Operator::I32Const { value: 0 },
            Operator::I32Const { value: size },
            Operator::MemoryInit { mem: 0, .. },
            Operator::End,
        ] => Some((global_index, size as u32)),
        _ => None,
    })
}

/// Whether any code reads a global.
pub(crate) fn is_read(info: &ModuleInfo<'_>, global: GlobalIndex) -> Result<bool, AdaptError> {
    for body in info.code_section.iter().flat_map(|section| section.clone()) {
        for operator in body?.get_operators_reader()? {
            if matches!(operator?, Operator::GlobalGet { global_index } if global_index == global.0) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
