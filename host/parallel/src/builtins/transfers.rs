//! Passes handles from one component instance to another: what the adapters between them call.
//!
//! An adapter passes the handle, and the resource type as each of the two instances sees it.

use super::arguments::ARGUMENTS;
use crate::error::trap;
use crate::state::borrows::{self, Call};
use crate::state::resources::Resources;
use crate::state::thread::{Caller, Thread};
use wasmtime::{AsContextMut, Linker};
use weft_abi::ResourceIndex;
use weft_abi::handles::{HandlesOf, transfer_own};
use weft_lower::Plan;
use weft_lower::plan::ResourceView;

/// Moves an owned handle to the other instance.
pub(super) fn define_own<T: Send + Sync + 'static>(linker: &mut Linker<Thread<T>>, name: &str) -> wasmtime::Result<()> {
    let transfer = |caller: Caller<'_, T>, handle: u32, from: u32, to: u32| {
        let state = &caller.data().instance;
        let (plan, resources) = (state.component.plan(), &state.resources);
        let (from, to) = (handles(resources, plan, from)?, handles(resources, plan, to)?);
        wasmtime::Result::Ok(transfer_own(handle, from, to)?)
    };
    linker.func_wrap(ARGUMENTS, name, transfer).map(drop)
}

/// Lends the callee a handle of the caller.
pub(super) fn define_borrow<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
) -> wasmtime::Result<()> {
    let transfer = |mut caller: Caller<'_, T>, handle: u32, from: u32, to: u32| {
        let mut store = caller.as_context_mut();
        let lender = view(store.data().instance.component.plan(), from)?.instance;
        borrows::begin(&mut store, lender)?;
        let Thread { instance, borrows, .. } = store.data_mut();
        let (plan, resources) = (instance.component.plan(), &instance.resources);
        let (from, to) = (handles(resources, plan, from)?, handles(resources, plan, to)?);
        let defined_by_callee = plan.defined_here(to.ty);
        match borrows.innermost() {
            Some(call) if call.lender == lender => Ok(call.borrows.transfer(handle, from, to, defined_by_callee)?),
            Some(_) | None => Err(trap("a call lends the handles of two component instances")),
        }
    };
    linker.func_wrap(ARGUMENTS, name, transfer).map(drop)
}

/// Ends a call that borrowed handles.
pub(super) fn define_end<T: Send + Sync + 'static>(linker: &mut Linker<Thread<T>>, name: &str) -> wasmtime::Result<()> {
    let end = |mut caller: Caller<'_, T>| {
        let mut store = caller.as_context_mut();
        let Call { lender, borrows } = borrows::end(&mut store)?;
        let table = store.data().instance.resources.table(lender);
        wasmtime::Result::Ok(borrows.finish(table)?)
    };
    linker.func_wrap(ARGUMENTS, name, end).map(drop)
}

fn view(plan: &Plan, ty: u32) -> wasmtime::Result<ResourceView> {
    let resource = plan.resource(ResourceIndex(ty));
    let (view, _) = resource.ok_or_else(|| trap("a handle is passed that no table has"))?;
    Ok(view)
}

fn handles<'a>(resources: &'a Resources, plan: &Plan, ty: u32) -> wasmtime::Result<HandlesOf<'a>> {
    let table = resources.table(view(plan, ty)?.instance);
    let ty = ResourceIndex(ty);
    Ok(HandlesOf { table, ty })
}
