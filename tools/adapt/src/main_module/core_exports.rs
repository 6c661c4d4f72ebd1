//! What `$main` exports for the host: see [`CoreExports`](weft_lower::plan::CoreExports).
//!
//! ```wat
//! (export "weft:export malloc" (func $malloc))              ;; as the module has them, for calls on threads that run
//! (export "weft:export memory" (memory 0))
//! (export "weft:export __indirect_function_table" (table 0))
//! (export "weft:enter" (func $enter-call))                  ;; if threads have globals of their own:
//! (export "weft:leave" (func $leave-call))                  ;; a call of the host on a new thread begins and ends with these
//! ```
//!
//! `_start` and `wasi_thread_start` are left out, because a program or a thread begins with them. All exports of a module with a WIT
//! world are left out, because the world says what its component exports.

use crate::error::AdaptError;
use crate::index::{FuncIndex, MainFunc};
use crate::input::info::ModuleInfo;
use crate::main_module::added::{Added, HostCalls};
use crate::main_module::pool::Pool;
use crate::rewrite::Rewriter;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{ExportKind, ExportSection, ValType};
use wasmparser::{ExternalKind, RefType};
use weft_lower::plan::{CORE_ENTER, CORE_EXPORT, CORE_LEAVE};

/// Writes the exports, with the rewriter's indices.
pub(crate) fn export(
    exports: &mut ExportSection,
    info: &ModuleInfo<'_>,
    mut index: impl FnMut(ExternalKind, u32) -> Result<u32, AdaptError>,
    calls: Option<HostCalls>,
) -> Result<(), AdaptError> {
    for export in &info.exports {
        let kind = match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact if is_entry(export.name) => continue,
            ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
            ExternalKind::Memory => ExportKind::Memory,
            ExternalKind::Table if holds_functions(info, export.index) => ExportKind::Table,
            ExternalKind::Table | ExternalKind::Global | ExternalKind::Tag => continue,
        };
        let name = format!("{CORE_EXPORT}{}", export.name);
        exports.export(&name, kind, index(export.kind, export.index)?);
    }
    if let Some(calls) = calls {
        exports.export(CORE_ENTER, ExportKind::Func, calls.enter.0);
        exports.export(CORE_LEAVE, ExportKind::Func, calls.leave.0);
    }
    Ok(())
}

/// The indices of items in `$main`, if they move.
pub(crate) fn moved(rewriter: &mut Rewriter) -> impl FnMut(ExternalKind, u32) -> Result<u32, AdaptError> {
    |kind, index| match kind {
        ExternalKind::Func | ExternalKind::FuncExact => Ok(rewriter.function(FuncIndex(index))?.0),
        ExternalKind::Table => Ok(rewriter.table_index(index)?),
        ExternalKind::Memory | ExternalKind::Global | ExternalKind::Tag => Ok(index),
    }
}

fn is_entry(name: &str) -> bool {
    matches!(name, "_start" | "wasi_thread_start")
}

fn holds_functions(info: &ModuleInfo<'_>, table: u32) -> bool {
    let table = info.tables.get(table as usize);
    table.is_some_and(|table| table.ty.element_type == RefType::FUNCREF)
}

impl Added<'_, '_> {
    /// `$enter-call` and `$leave-call`, if threads have globals of their own. `before` and `after` load and store those of the main
    /// thread. Without contexts, or where calls take turns, the functions are not shared, so that the host's calls take turns.
    pub(crate) fn host_calls(
        &mut self,
        before: Option<MainFunc>,
        after: Option<MainFunc>,
        pool: Option<Pool>,
    ) -> Result<Option<HostCalls>, AdaptError> {
        if !self.plan.host_calls {
            return Ok(None);
        }
        if let Some(pool) = pool.filter(|_| self.plan.host_calls_overlap()) {
            return self.overlapping_calls(before, after, pool).map(Some);
        }
        let ty = self.types.get_unshared(&[], &[ValType::I32]);
        let enter = self.add("enter-call", ty, &[], |body| {
            before.iter().for_each(|before| _ = body.instructions().call(before.0));
            body.instructions().i32_const(0);
            Ok(())
        })?;
        let ty = self.types.get_unshared(&[ValType::I32], &[]);
        let leave = self.add("leave-call", ty, &[], |body| {
            after.iter().for_each(|after| _ = body.instructions().call(after.0));
            Ok(())
        })?;
        Ok(Some(HostCalls { enter, leave }))
    }
}
