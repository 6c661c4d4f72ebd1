//! Converts values between the two runtimes' forms.

use super::handles::{Content, HandleTable};
use std::collections::HashMap;
use wasmtime::component as engine;
use wasmtime::component::ResourceDynamic;
use wasmtime::{AsContextMut, Result, bail};
use weft_abi::{ArgumentError, FuncType, HandleError, ResourceAny, ResourceIndex, Types, Val, check_arguments_with};
use weft_cooperative::{from_wasmtime, to_wasmtime};

/// The handles among values that the host passes to a guest: whether it passes ownership, or lends the handle for the
/// length of a call.
pub(crate) type Passed = HashMap<ResourceAny, bool>;

/// Checks the arguments of a function, and returns the handles among them. `types` are the types to which the
/// function's type refers, and `resource` finds its resource types.
pub(crate) fn check(
    types: &Types,
    func: &FuncType,
    arguments: &[Val],
    handles: &HandleTable,
    resource: impl Fn(ResourceIndex) -> Option<engine::ResourceType>,
) -> std::result::Result<Passed, ArgumentError> {
    let mut passed = Passed::new();
    check_arguments_with(types, func, arguments, |handle, ty, owned| {
        let content = handles.get(handle)?;
        if Some(content.ty()) != resource(ty) {
            return Err(HandleError::HostType);
        }
        if owned && !content.owned() {
            return Err(HandleError::NotOwned(0));
        }
        match passed.insert(handle, owned) {
            Some(true) => Err(HandleError::Consumed),
            Some(false) if owned => Err(HandleError::Lent(0)),
            Some(false) | None => Ok(()),
        }
    })?;
    Ok(passed)
}

/// The resource that Wasmtime passes for a handle. If the host lends a resource of its own, it must [take it
/// back](take_back) after the call.
pub(crate) fn resource_to_engine(
    handle: ResourceAny,
    passed: &Passed,
    handles: &HandleTable,
    store: &mut impl AsContextMut,
) -> Result<engine::ResourceAny> {
    let owned = passed.get(&handle).copied().unwrap_or(false);
    let content = match owned {
        true => handles.remove(handle)?,
        false => handles.get(handle)?,
    };
    match content {
        Content::Guest(resource) => Ok(resource),
        // Passes the resource as an owned one, which Wasmtime lends: before a call begins, a borrowed one has no place
        // in Wasmtime's tables.
        Content::Host { ty, rep, .. } => ResourceDynamic::new_own(rep, ty).try_into_resource_any(store),
    }
}

/// Removes a lent resource of the host from Wasmtime's table.
pub(crate) fn take_back(resource: engine::ResourceAny, store: &mut impl AsContextMut) -> Result<()> {
    resource.try_into_resource_dynamic(store).map(drop)
}

/// The handle that the host gets for a resource that Wasmtime passes.
pub(crate) fn resource_of_engine(
    resource: engine::ResourceAny,
    handles: &HandleTable,
    store: &mut impl AsContextMut,
) -> Result<ResourceAny> {
    Ok(match handles.position(resource.ty()) {
        None => handles.insert(Content::Guest(resource)),
        Some(ty) => {
            let resource = resource.try_into_resource_dynamic(store)?;
            let (rep, owned) = (resource.rep(), resource.owned());
            handles.insert(Content::Host { ty, rep, owned })
        }
    })
}

/// A value for Wasmtime. `resource` makes a resource of each handle.
pub(crate) fn to_engine(
    value: Val,
    resource: &mut dyn FnMut(ResourceAny) -> Result<engine::ResourceAny>,
) -> Result<engine::Val> {
    to_wasmtime(value, &mut |handle| match handle {
        Val::Resource(handle) => resource(handle).map(engine::Val::Resource),
        other => bail!(
            "the cooperative runtime cannot pass values of type `{}`: use another type",
            other.kind()
        ),
    })
}

/// A value from Wasmtime. `resource` makes a handle of each resource.
pub(crate) fn of_engine(
    value: engine::Val,
    resource: &mut dyn FnMut(engine::ResourceAny) -> Result<ResourceAny>,
) -> Result<Val> {
    from_wasmtime(value, &mut |handle| match handle {
        engine::Val::Resource(handle) => resource(handle).map(Val::Resource),
        _ => bail!("the value is a future, a stream or an error context, which the host cannot pass; use another type"),
    })
}
