//! Converts the values of both runtimes, to compare them. A resource is compared by its representation.

use std::convert::Infallible;
use wasmtime::component::{ResourceAny as TheirResource, Val as Theirs};
use weft_abi::handles::TypeNumber;
use weft_abi::{ResourceAny, Val};
use weft_cooperative::{from_wasmtime, to_wasmtime};
use weft_tests::values::visit;

/// What stands for the resource of this representation.
pub fn stand_in(rep: u32) -> ResourceAny {
    ResourceAny::new(0, (rep, 0), TypeNumber::defined(0), true)
}

/// The representation of the resource that this stands for.
pub fn rep(stand_in: ResourceAny) -> u32 {
    stand_in.key(0).map_or(0, |key| key.index)
}

/// The same value with other resources.
pub fn with_resources(value: &Val, resource: &mut dyn FnMut(ResourceAny) -> ResourceAny) -> Val {
    let mut value = value.clone();
    visit(&mut value, &mut |value| {
        if let Val::Resource(handle) = value {
            *handle = resource(*handle);
        }
    });
    value
}

pub fn to_engine(value: &Val, resource: &mut dyn FnMut(ResourceAny) -> TheirResource) -> Theirs {
    let Ok(value) = to_wasmtime(value.clone(), &mut |handle| match handle {
        Val::Resource(handle) => Ok::<_, Infallible>(Theirs::Resource(resource(handle))),
        other => panic!("the generator makes no `{other:?}`"),
    });
    value
}

pub fn from_engine(value: &Theirs, resource: &mut dyn FnMut(TheirResource) -> ResourceAny) -> Val {
    let Ok(value) = from_wasmtime(value.clone(), &mut |handle| match handle {
        Theirs::Resource(handle) => Ok::<_, Infallible>(Val::Resource(resource(handle))),
        other => panic!("the generator makes no `{other:?}`"),
    });
    value
}
