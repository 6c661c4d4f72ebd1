//! Shims: core modules that implement a built-in with other built-ins, in [`Form::Stock`](super::Form).
//!
//! **Problem.** Wasmtime's component runtime has `thread.new-indirect` and `thread.resume-later`, but only for tables
//! of `funcref` with 32-bit indices and for start functions of type `(func (param i32))`. **Before:**
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
//!
//! If there is a reference instead, as the parameter of `thread.spawn-ref` or from a table of another kind, the module
//! puts it into a table of its own and creates the thread from that:
//!
//! ```wat
//! (core module $h (table (export "holder") 1 1 funcref))
//! (core instance $holder (instantiate $h))
//! (alias core export $holder "holder" (core table $held))
//! (core func $new (canon thread.new-indirect $start (core table $held)))
//! (core module $m ...)                     ;; writes to $held, and goes on as above
//! ```
//!
//! A function of another type waits with its argument in a list ([`list_holder`](super::list_holder)), and the thread
//! starts with a function that takes both from the list. `thread.available-parallelism` returns one, since threads take
//! turns.
//!
//! A call traps in the same cases as in the specification, but checks an index or a reference first.
//!
//! In the deterministic profile, a spawn checks neither: it traps if the component instance may not be left, and
//! otherwise returns zero. For this check, it calls `thread.index`, which traps in the same case and has no other
//! effect.

use super::builtins::ComponentWriter;
use super::list_holder::PUT;
use super::reencode::Unshare;
use super::shim_modules::{self, Holder, INDEX, NEW, RESUME};
use super::start::UnsharedStart;
use super::tables::{FunctionTable, HOLDER_TABLE};
use super::{Profile, TABLE_IMPORT};
use crate::builtins::Replaced;
use crate::error::LowerError;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CoreTypeSection, ExportKind, ValType};
use wasmparser::CanonicalFunction;

type Result<T> = std::result::Result<T, Error<LowerError>>;

impl Unshare {
    /// Replaces a definition with a shim, if it needs one. Returns whether it did.
    pub(super) fn replace_with_shim(
        &mut self,
        output: &mut ComponentWriter<'_>,
        definition: &CanonicalFunction,
        profile: Profile,
    ) -> Result<bool> {
        if let CanonicalFunction::ErrorContextNew { options } = definition {
            return self.replace_error_context(output, definition, options);
        }
        let Some(replaced) = Replaced::of(definition).map_err(Error::UserError)? else {
            return Ok(false);
        };
        let (ty, table, spawn) = match replaced {
            Replaced::SpawnRef { ty } => (ty, None, true),
            Replaced::SpawnIndirect { ty, table } => (ty, Some(table), true),
            Replaced::NewIndirect { ty, table } => (ty, Some(table), false),
            Replaced::AvailableParallelism => {
                let instance = self.instance(output, &shim_modules::available_parallelism(), &[]);
                self.take_place(output, instance);
                return Ok(true);
            }
            // Wasmtime has these.
            Replaced::Context { .. } => return Ok(false),
        };
        let (start, table_type) = self.start(definition)?;
        let instance = match table.zip(table_type) {
            table if spawn && profile == Profile::Deterministic => {
                output.canonical.thread_index();
                let index = (INDEX, ExportKind::Func, self.scope().functions.insert());
                let table = table.as_ref().map(|(_, table)| table);
                self.instance(output, &shim_modules::spawn_nothing(&start, table), &[index])
            }
            None => self.by_reference(output, ty, &start, None, true)?,
            Some((index, table)) if !table.is_plain() || !start.is_plain() => {
                self.by_reference(output, ty, &start, Some((index, &table)), spawn)?
            }
            Some(_) if !spawn => return Ok(false),
            Some((index, _)) => {
                let table = self.table_index(index)?;
                let ty = self.type_index(ty)?;
                let new = (NEW, ExportKind::Func, self.new_indirect(output, ty, table));
                let resume = (RESUME, ExportKind::Func, self.resume_later(output));
                self.instance(output, &shim_modules::spawn_indirect(), &[new, resume])
            }
        };
        self.take_place(output, instance);
        Ok(true)
    }

    /// Adds a shim that creates threads from references, and returns its instance.
    fn by_reference(
        &mut self,
        output: &mut ComponentWriter<'_>,
        ty: u32,
        start: &UnsharedStart,
        table: Option<(u32, &FunctionTable)>,
        spawn: bool,
    ) -> Result<u32> {
        let holder = Holder::of(start);
        let holder_instance = self.instance(output, &holder.module(start), &[]);
        let held = self.alias_table(output, holder_instance, HOLDER_TABLE);
        let mut arguments = Vec::new();
        let new = match holder {
            Holder::Element => {
                arguments.push((HOLDER_TABLE, ExportKind::Table, held));
                let ty = self.type_index(ty)?;
                self.new_indirect(output, ty, held)
            }
            Holder::List => {
                let put = self.alias_function(output, holder_instance, PUT);
                arguments.push((PUT, ExportKind::Func, put));
                let plain = self.plain_start_type(output);
                self.new_indirect(output, plain, held)
            }
        };
        arguments.push((NEW, ExportKind::Func, new));
        if spawn {
            arguments.push((RESUME, ExportKind::Func, self.resume_later(output)));
        }
        if let Some((index, _)) = table {
            arguments.push((TABLE_IMPORT, ExportKind::Table, self.table_index(index)?));
        }
        let module = shim_modules::by_reference(start, table.map(|(_, table)| table), spawn);
        Ok(self.instance(output, &module, &arguments))
    }

    /// Adds `thread.new-indirect`. The indices are those of the output.
    fn new_indirect(&mut self, output: &mut ComponentWriter<'_>, ty: u32, table: u32) -> u32 {
        output.canonical.thread_new_indirect(ty, table);
        self.scope().functions.insert()
    }

    fn resume_later(&mut self, output: &mut ComponentWriter<'_>) -> u32 {
        output.canonical.thread_resume_later();
        self.scope().functions.insert()
    }

    /// Adds the type of the functions that Wasmtime starts threads with.
    fn plain_start_type(&mut self, output: &mut ComponentWriter<'_>) -> u32 {
        let mut types = CoreTypeSection::new();
        types.ty().core().function([ValType::I32], []);
        output.component().section(&types);
        self.scope().types.insert()
    }
}
