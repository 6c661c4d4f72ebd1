//! `resource.new`, `resource.rep` and `resource.drop`.
//!
//! Each is one operation on the handle table of its component instance, which all threads share. If two threads drop
//! one handle, one of them succeeds and the other traps.

use super::arguments::ARGUMENTS;
use crate::error::trap;
use crate::state::context;
use crate::state::destructor::Destructor;
use crate::state::host_item::HostDestructor;
use crate::state::leaving;
use crate::state::thread::{Caller, Thread};
use std::sync::Arc;
use wasmtime::{AsContextMut, Linker, StoreContextMut, Val};
use weft_abi::ResourceIndex;
use weft_abi::handles::Removed;
use weft_lower::Plan;
use weft_lower::plan::{ResourceType, ResourceTypeIndex, ResourceView};

/// A resource type, by its index, and as the component instance that uses it sees it.
type Resource = (ResourceIndex, ResourceView);

/// The resource type for an index of the plan.
pub(super) fn resource(plan: &Plan, index: ResourceIndex) -> wasmtime::Result<Resource> {
    let (view, _) = plan
        .resource(index)
        .ok_or_else(|| trap("a built-in is for handles that no table has"))?;
    Ok((index, view))
}

/// `resource.new`.
pub(super) fn define_new<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    (index, view): Resource,
) -> wasmtime::Result<()> {
    let new = move |mut caller: Caller<'_, T>, rep: u32| {
        leaving::check(&mut caller)?;
        let thread = caller.data();
        let table = thread.instance.resources.table(view.instance);
        wasmtime::Result::Ok(table.insert_own(index, rep)?)
    };
    linker.func_wrap(ARGUMENTS, name, new).map(drop)
}

/// `resource.rep`. It does not leave the component instance.
pub(super) fn define_rep<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    (index, view): Resource,
) -> wasmtime::Result<()> {
    let rep = move |caller: Caller<'_, T>, handle: u32| {
        let table = caller.data().instance.resources.table(view.instance);
        wasmtime::Result::Ok(table.get(handle, &index)?.rep)
    };
    linker.func_wrap(ARGUMENTS, name, rep).map(drop)
}

/// The part of `resource.drop` before the destructor, which the run-time module calls.
pub(super) fn define_remove<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    resource: Resource,
) -> wasmtime::Result<()> {
    let remove = move |mut caller: Caller<'_, T>, handle: u32| {
        leaving::check(&mut caller)?;
        let removed = remove(caller.data(), resource, handle)?;
        wasmtime::Result::Ok(match removed.owned {
            true => i64::from(removed.rep),
            false => -1,
        })
    };
    linker.func_wrap(ARGUMENTS, name, remove).map(drop)
}

/// `resource.drop`, if it calls no destructor or the host calls it.
pub(super) fn define_drop<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    name: &str,
    plan: &Plan,
    resource: Resource,
) -> wasmtime::Result<()> {
    if is_plain(plan, resource.1.ty) {
        let drop_handle = move |mut caller: Caller<'_, T>, handle: u32| {
            leaving::check(&mut caller)?;
            remove(caller.data(), resource, handle).map(drop)
        };
        return linker.func_wrap(ARGUMENTS, name, drop_handle).map(drop);
    }
    let defined = linker.func_wrap_async(ARGUMENTS, name, move |mut caller: Caller<'_, T>, (handle,): (u32,)| {
        Box::new(async move {
            let mut store = caller.as_context_mut();
            leaving::check(&mut store)?;
            let removed = remove(store.data(), resource, handle)?;
            match removed.owned {
                true => destroy(&mut store, resource.1.ty, removed.rep).await,
                false => Ok(()),
            }
        })
    });
    defined.map(drop)
}

/// Whether a resource can be dropped without a destructor.
pub(crate) fn is_plain(plan: &Plan, ty: ResourceTypeIndex) -> bool {
    match plan.resource_types.get(ty.index()) {
        Some(ResourceType::Defined { destructor, .. }) => destructor.is_none(),
        Some(ResourceType::Imported { .. }) | None => false,
    }
}

fn remove<T>(thread: &Thread<T>, (index, view): Resource, handle: u32) -> wasmtime::Result<Removed> {
    let table = thread.instance.resources.table(view.instance);
    Ok(table.remove(handle, &index)?)
}

/// Runs the destructor of a resource, if it has one. The destructor finds zeros in the context slots, and the caller's
/// slots are restored afterwards ([`CTX-15`]).
///
/// [`CTX-15`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-resourcedrop
pub(crate) async fn destroy<T: Send + Sync + 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    ty: ResourceTypeIndex,
    rep: u32,
) -> wasmtime::Result<()> {
    let (function, table) = match destructor(store, ty)? {
        Destructor::None => return Ok(()),
        Destructor::Host(host) => {
            return match &host.destructor {
                HostDestructor::Returning(destructor) => destructor(store.as_context_mut(), rep),
                HostDestructor::Suspending(destructor) => Box::into_pin(destructor(store.as_context_mut(), rep)).await,
            };
        }
        Destructor::AtHome(instance, export) => {
            let saved = context::interrupt(store)?;
            let values = context::values(store);
            let thread = store.data();
            let mut call = Box::into_pin(thread.control.enter(thread.id, thread.calls(), instance)).await?;
            let arguments = [Val::I32(rep as i32)];
            Box::into_pin(call.call(&export, values, true, &arguments, &mut [])).await?;
            call.end();
            return context::restore(store, saved);
        }
        Destructor::Guest(function, table) => (function, table),
    };
    let saved = context::interrupt(store)?;
    // The destructor's built-ins look threads up in the table of its own instance.
    let elsewhere = table.index() != 0 && table != store.data().id.table;
    if elsewhere {
        store.data_mut().enter_instance(table)?;
    }
    // Not reached after a trap: then nothing in the store runs any more.
    function.call_async(store.as_context_mut(), rep).await?;
    if elsewhere {
        store.data_mut().exit_instance()?;
    }
    context::restore(store, saved)
}

/// The destructor of a resource type. Each store looks it up once.
fn destructor<T: Send + Sync + 'static>(
    store: &mut StoreContextMut<'_, Thread<T>>,
    ty: ResourceTypeIndex,
) -> wasmtime::Result<Destructor<Thread<T>>> {
    if let Some(Some(known)) = store.data().destructors.get(ty.index()) {
        return Ok(known.clone());
    }
    let state = Arc::clone(&store.data().instance);
    let plan = state.component.plan();
    let found = match plan.resource_types.get(ty.index()) {
        Some(ResourceType::Defined { destructor: None, .. }) => Destructor::None,
        Some(ResourceType::Defined {
            instance,
            destructor: Some(destructor),
        }) => {
            let home = plan.home(*instance);
            if !destructor.shared && home.index() != 0 && store.data().home != Some(home) {
                Destructor::AtHome(*instance, destructor.export.as_str().into())
            } else {
                let module = store.data().module;
                let lacking = || trap("a resource is dropped before the run-time module is instantiated");
                let function = module
                    .ok_or_else(lacking)?
                    .get_typed_func(&mut *store, &destructor.export)?;
                Destructor::Guest(Arc::new(function), plan.thread_table(*instance))
            }
        }
        Some(ResourceType::Imported { path }) => {
            let host = state.program.host_resources.get(ty.index()).and_then(Option::as_ref);
            let lacking = || {
                trap(format_args!(
                    "the host does not supply resource type `{}`",
                    path.join("#")
                ))
            };
            Destructor::Host(Arc::new(host.ok_or_else(lacking)?.clone()))
        }
        None => return Err(trap("a resource is of no type of the plan")),
    };
    let known = &mut store.data_mut().destructors;
    if known.len() <= ty.index() {
        known.resize_with(ty.index() + 1, || None);
    }
    known[ty.index()] = Some(found.clone());
    Ok(found)
}
