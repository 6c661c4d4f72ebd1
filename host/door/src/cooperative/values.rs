//! Values of both runtimes.

use super::handles::{Content, HandleTable};
use std::collections::HashMap;
use wasmtime::component as engine;
use wasmtime::component::ResourceDynamic;
use wasmtime::{AsContextMut, Result, bail};
use weft_abi::{ArgumentError, FuncType, HandleError, ResourceAny, ResourceIndex, Types, Val, check_arguments_with};

/// The handles among values that pass to a guest: whether each is passed for good, or lent for the length of a call.
pub(crate) type Passed = HashMap<ResourceAny, bool>;

/// Checks the arguments of a function, and gives the handles among them. `types` are those that the function's type is of, and
/// `resource` says what its resource types are.
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

/// The resource that Wasmtime passes for a handle. One of the host's that is lent has to be [taken back](take_back) after the call.
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
        // Wasmtime lends what is owned. One that is borrowed has no place in its tables before a call begins.
        Content::Host { ty, rep, .. } => ResourceDynamic::new_own(rep, ty).try_into_resource_any(store),
    }
}

/// Takes a resource of the host's that was lent out of Wasmtime's table.
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

/// Both runtimes have values of the same variants, but for those that weft does not pass.
macro_rules! converts {
    ($(#[$doc:meta])* $name:ident: $from:path => $to:path, $from_resource:ty => $to_resource:ty, otherwise $other:pat) => {
        $(#[$doc])*
        pub(crate) fn $name(value: $from, resource: &mut dyn FnMut($from_resource) -> Result<$to_resource>) -> Result<$to> {
            use $from as From;
            use $to as To;
            let mut each = |values: Vec<$from>| -> Result<Vec<$to>> {
                values.into_iter().map(|value| $name(value, resource)).collect()
            };
            Ok(match value {
                From::Bool(value) => To::Bool(value),
                From::S8(value) => To::S8(value),
                From::U8(value) => To::U8(value),
                From::S16(value) => To::S16(value),
                From::U16(value) => To::U16(value),
                From::S32(value) => To::S32(value),
                From::U32(value) => To::U32(value),
                From::S64(value) => To::S64(value),
                From::U64(value) => To::U64(value),
                From::Float32(value) => To::Float32(value),
                From::Float64(value) => To::Float64(value),
                From::Char(value) => To::Char(value),
                From::String(value) => To::String(value),
                From::List(values) => To::List(each(values)?),
                From::FixedLengthList(values) => To::FixedLengthList(each(values)?),
                From::Tuple(values) => To::Tuple(each(values)?),
                From::Map(entries) => {
                    let entries = entries.into_iter();
                    let entries = entries.map(|(key, value)| Ok(($name(key, resource)?, $name(value, resource)?)));
                    To::Map(entries.collect::<Result<_>>()?)
                }
                From::Record(fields) => {
                    let fields = fields.into_iter().map(|(name, value)| Ok((name, $name(value, resource)?)));
                    To::Record(fields.collect::<Result<_>>()?)
                }
                From::Variant(case, payload) => {
                    To::Variant(case, payload.map(|value| $name(*value, resource).map(Box::new)).transpose()?)
                }
                From::Enum(case) => To::Enum(case),
                From::Option(payload) => {
                    To::Option(payload.map(|value| $name(*value, resource).map(Box::new)).transpose()?)
                }
                From::Result(Ok(payload)) => {
                    To::Result(Ok(payload.map(|value| $name(*value, resource).map(Box::new)).transpose()?))
                }
                From::Result(Err(payload)) => {
                    To::Result(Err(payload.map(|value| $name(*value, resource).map(Box::new)).transpose()?))
                }
                From::Flags(names) => To::Flags(names),
                From::Resource(handle) => To::Resource(resource(handle)?),
                $other => bail!("a value is of a type that weft does not pass"),
            })
        }
    };
}

converts!(
    /// A value for Wasmtime. `resource` makes a resource of each handle.
    to_engine: Val => engine::Val, ResourceAny => engine::ResourceAny, otherwise _
);
converts!(
    /// A value from Wasmtime. `resource` makes a handle of each resource.
    of_engine: engine::Val => Val, engine::ResourceAny => ResourceAny, otherwise
    From::Future(_) | From::Stream(_) | From::ErrorContext(_)
);
