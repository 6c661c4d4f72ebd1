//! What each store needs of the run-time module's exports.
//!
//! **Problem.** A store takes two microseconds to make, and to find an export by its name takes thirty nanoseconds. **Here,** the
//! names are looked up once for all stores of a program.

use crate::error::{lacks, trap};
use crate::state::borrows::Borrows;
use crate::state::context::ContextSlots;
use crate::state::leaving::MayLeave;
use wasmtime::{AsContextMut, ExternType, Func, Global, Instance, Module, ModuleExport, Val, ValType};
use weft_lower::Plan;
use weft_lower::plan::{BORROW_SCOPE_EXPORT, HOST_IMPORT_EXPORT, INITIALIZE_EXPORT, MAY_LEAVE_EXPORT};

/// See the module.
pub(crate) struct OwnExports {
    initialize: ModuleExport,
    may_leave: Option<ModuleExport>,
    borrow_scope: Option<ModuleExport>,
    host_import: Option<ModuleExport>,
    /// The context slots, each with the zero of its type.
    context_slots: Box<[(ModuleExport, Val)]>,
}

impl OwnExports {
    pub(super) fn of(module: &Module, plan: &Plan) -> wasmtime::Result<Self> {
        let find = |name: &str| module.get_export_index(name);
        let slots = plan.context_slots.iter().map(|name| {
            let export = find(name).ok_or_else(|| lacks(name))?;
            Ok((export, zero(module, name)?))
        });
        Ok(OwnExports {
            initialize: find(INITIALIZE_EXPORT).ok_or_else(|| lacks(INITIALIZE_EXPORT))?,
            may_leave: find(MAY_LEAVE_EXPORT),
            borrow_scope: find(BORROW_SCOPE_EXPORT),
            host_import: find(HOST_IMPORT_EXPORT),
            context_slots: slots.collect::<wasmtime::Result<_>>()?,
        })
    }

    /// The function that runs what the module runs once.
    pub(super) fn initialize(&self, store: impl AsContextMut, instance: &Instance) -> wasmtime::Result<Func> {
        let function = instance.get_module_export(store, &self.initialize);
        let function = function.and_then(|export| export.into_func());
        function.ok_or_else(|| lacks(INITIALIZE_EXPORT))
    }

    pub(super) fn context_slots(
        &self,
        mut store: impl AsContextMut,
        instance: &Instance,
    ) -> wasmtime::Result<ContextSlots> {
        let slots = self.context_slots.iter().map(|(export, zero)| {
            let global = global(&mut store, instance, export);
            Ok((global.ok_or_else(|| lacks("a context slot"))?, *zero))
        });
        Ok(ContextSlots::new(slots.collect::<wasmtime::Result<_>>()?))
    }

    pub(super) fn may_leave(&self, store: impl AsContextMut, instance: &Instance) -> MayLeave {
        let export = self.may_leave.as_ref();
        MayLeave::new(export.and_then(|export| global(store, instance, export)))
    }

    pub(super) fn borrows(&self, store: impl AsContextMut, instance: &Instance) -> Borrows {
        let export = self.borrow_scope.as_ref();
        Borrows::new(export.and_then(|export| global(store, instance, export)))
    }

    pub(super) fn host_import(&self, store: impl AsContextMut, instance: &Instance) -> Option<Global> {
        global(store, instance, self.host_import.as_ref()?)
    }
}

fn global(store: impl AsContextMut, instance: &Instance, export: &ModuleExport) -> Option<Global> {
    instance.get_module_export(store, export)?.into_global()
}

/// The zero of the type of a context slot.
fn zero(module: &Module, name: &str) -> wasmtime::Result<Val> {
    let Some(ExternType::Global(ty)) = module.get_export(name) else {
        return Err(lacks(name));
    };
    match ty.content() {
        ValType::I32 => Ok(Val::I32(0)),
        ValType::I64 => Ok(Val::I64(0)),
        other => Err(trap(format_args!("context slot `{name}` is of type {other}"))),
    }
}
