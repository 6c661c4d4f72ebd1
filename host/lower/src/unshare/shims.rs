//! Shims: the core modules that put a built-in in terms of others, in [`Form::Stock`](super::Form).
//!
//! **Before:**
//!
//! ```wat
//! (core func $spawn (canon thread.spawn-indirect $start (core table $t)))
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

use super::builtins::Output;
use super::one_function_module;
use super::reencode::Unshare;
use crate::LowerError;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{EntityType, ExportKind, Function, ImportSection, Module, TypeSection, ValType};
use wasmparser::CanonicalFunction;

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// What a shim imports `thread.new-indirect` as, from the module named by the empty string.
const NEW_IMPORT: &str = "new";
/// What it imports `thread.resume-later` as.
const RESUME_IMPORT: &str = "resume";

impl Unshare {
    /// Gives whether a definition is one that a shim takes the place of.
    pub(super) fn replace_with_shim(
        &mut self,
        output: &mut Output<'_>,
        definition: &CanonicalFunction,
        offset: u64,
    ) -> Result<bool> {
        let instance = match *definition {
            CanonicalFunction::ThreadSpawnIndirect {
                func_ty_index,
                table_index,
            } => {
                self.start_type(func_ty_index, "thread.spawn-indirect", "SPAWN-IND-05", offset)?;
                let start = self.type_index(func_ty_index)?;
                let table = self.table_index(table_index)?;
                output.canonical.thread_new_indirect(start, table);
                output.canonical.thread_resume_later();
                let imports = [NEW_IMPORT, RESUME_IMPORT]
                    .map(|name| (name, ExportKind::Func, self.scope().core_functions.insert()));
                self.instance(output, &spawn_module(), &imports)
            }
            CanonicalFunction::ThreadAvailableParallelism => self.instance(output, &parallelism_module(), &[]),
            CanonicalFunction::ThreadSpawnRef { .. } => {
                return Err(Error::UserError(LowerError::unsupported(
                    "`thread.spawn-ref`",
                    "put the function into a shared table and use `thread.spawn-indirect`",
                )));
            }
            _ => return Ok(false),
        };
        self.take_place(output, instance);
        Ok(true)
    }
}

/// `(func (param i32 i32) (result i32))`: a new thread, made ready, and its index.
fn spawn_module() -> Module {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32], []);
    let mut imports = ImportSection::new();
    imports.import("", NEW_IMPORT, EntityType::Function(0));
    imports.import("", RESUME_IMPORT, EntityType::Function(1));
    let mut spawn = Function::new([(1, ValType::I32)]);
    spawn
        .instructions()
        .local_get(0)
        .local_get(1)
        .call(0)
        .local_tee(2)
        .call(1)
        .local_get(2)
        .end();
    one_function_module(&types, &imports, imports.len(), 0, &spawn)
}

/// `(func (result i32))`, one: what holds where threads take turns.
fn parallelism_module() -> Module {
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut function = Function::new([]);
    function.instructions().i32_const(1).end();
    one_function_module(&types, &ImportSection::new(), 0, 0, &function)
}
