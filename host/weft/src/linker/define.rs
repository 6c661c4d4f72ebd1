//! Puts definitions into the linkers of the two runtimes.

use super::link::{Destructor, Item};
use crate::cooperative::state::State;
use crate::host::ThreadContext;
use wasmtime::component as engine;
use weft_abi::{ResourceType, Signature};
use weft_parallel::Error;

/// Defines an item, or makes the instance of a path.
pub(super) fn define_in_parallel<T: Send + Sync + 'static>(
    linker: &mut weft_parallel::Linker<T>,
    path: &[String],
    item: Option<&Item<T>>,
) -> Result<(), Error> {
    let (name, outer) = match (item, path.split_last()) {
        (Some(item), Some((name, outer))) => (Some((name, item)), outer),
        (Some(_) | None, None) | (None, Some(_)) => (None, path),
    };
    let mut place = linker.root();
    for instance in outer {
        place = place.into_instance(instance)?;
    }
    match name {
        None => Ok(()),
        Some((name, Item::Func(function))) => function.parallel(&mut place, name),
        Some((name, Item::Module(module))) => place.module(name, module).map(drop),
        Some((name, Item::Resource(ty, destructor))) => match destructor.clone() {
            Destructor::Returning(destructor) => {
                let defined = place.resource(name, *ty, move |thread, rep| {
                    destructor(ThreadContext::parallel(thread), rep)
                });
                defined.map(drop)
            }
            Destructor::Suspending(destructor) => {
                let defined = place.resource_async(name, *ty, move |thread, rep| {
                    destructor(ThreadContext::parallel(thread), rep)
                });
                defined.map(drop)
            }
        },
    }
}

/// Declares the type of a function in the linker of the parallel runtime.
pub(super) fn say_type_in_parallel<T: Send + Sync + 'static>(
    linker: &mut weft_parallel::Linker<T>,
    path: &[String],
    signature: &Signature,
) {
    let Some((name, outer)) = path.split_last() else {
        return;
    };
    let mut place = Ok(linker.root());
    for instance in outer {
        place = place.and_then(|place| place.into_instance(instance));
    }
    // The function was defined there.
    if let Ok(mut place) = place {
        place.func_type(name, signature.clone());
    }
}

pub(super) fn instance_of<'a, T: 'static>(
    linker: &'a mut engine::Linker<T>,
    path: &[String],
) -> wasmtime::Result<engine::LinkerInstance<'a, T>> {
    let mut place = linker.root();
    for instance in path {
        place = place.into_instance(instance)?;
    }
    Ok(place)
}

/// The error of Wasmtime's linker.
pub(super) fn failed(error: wasmtime::Error) -> Error {
    Error::Engine {
        context: "cannot define what the host supplies",
        message: format!("{error:#}"),
    }
}

/// Defines an item. `interruptible` says whether the code of core modules has checks, as that of components has.
pub(super) fn define_in_cooperative<T: Send + Sync + 'static>(
    linker: &mut engine::Linker<State>,
    path: &[String],
    item: &Item<T>,
    types: &mut Vec<ResourceType>,
    interruptible: bool,
) -> Result<(), Error> {
    let Some((name, outer)) = path.split_last() else {
        return Ok(());
    };
    let engine = linker.engine().clone();
    let mut place = instance_of(linker, outer).map_err(failed)?;
    let defined = match item {
        Item::Func(function) => function.cooperative(&mut place, name),
        Item::Module(module) => {
            // As the component's own core modules, with which it shares a store.
            let unshared = weft_lower::Module::read(module.bytes())?.unshare_for_component(interruptible)?;
            place.module(name, &weft_cooperative::compile_module(&engine, &unshared)?)
        }
        Item::Resource(ty, destructor) => {
            let known = types.iter().position(|known| known == ty);
            let position = known.unwrap_or_else(|| {
                types.push(*ty);
                types.len() - 1
            });
            let ty = engine::ResourceType::host_dynamic(position as u32);
            match destructor.clone() {
                Destructor::Returning(destructor) => place.resource(name, ty, move |store, rep| {
                    destructor(ThreadContext::cooperative(store), rep)
                }),
                Destructor::Suspending(destructor) => place.resource_async(name, ty, move |store, rep| {
                    destructor(ThreadContext::cooperative(store), rep)
                }),
            }
        }
    };
    defined.map_err(failed)
}
