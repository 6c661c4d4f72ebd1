//! Instantiation that names all missing imports.
//!
//! Wasmtime stops at the first import that its linker lacks, in the order of the component's imports, and offers no
//! lookup by name (which may match one of a later minor version). So weft defines a stub for each missing import in a
//! copy of the linker, which is never called, and tries again.

use crate::Error;
use crate::call::{engine_error, guest_error};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Instance, InstancePre, Linker, LinkerInstance, ResourceType};
use wasmtime::{Engine, Store, format_err};
use weft_lower::messages::{is_beyond_limiter, is_missing_import};
use weft_lower::{Probe, Unshared};

/// Creates an instance, and runs the start functions of its core modules.
///
/// # Errors
///
/// Those of [`link`]; or the instance exceeds a limit of the store; or a start function traps or exits.
pub async fn instantiate<T: Send>(
    linker: &Linker<T>,
    store: &mut Store<T>,
    component: &Component,
) -> Result<Instance, Error> {
    let ready = link(linker, component)?;
    let instance = ready.instantiate_async(store).await;
    instance.map_err(|error| match guest_error("cannot instantiate the component", error) {
        // Wasmtime's error for what a limiter does not allow.
        Error::Engine { context, message } if is_beyond_limiter(&message) => Error::Engine {
            context,
            message: format!("{message}: raise `--max-memory` or `Host::max_memory`"),
        },
        error => error,
    })
}

/// Looks up all imports of a component, which is the first part of instantiation.
///
/// # Errors
///
/// The linker lacks imports, all of which are named, or has one of another type.
pub fn link<T>(linker: &Linker<T>, component: &Component) -> Result<InstancePre<T>, Error> {
    linker.instantiate_pre(component).map_err(|error| {
        let missing = missing_imports(linker, component, &error);
        match missing.is_empty() {
            true => Error::Link(format!("{error:#}")),
            false => Error::MissingImports(missing),
        }
    })
}

/// The names of the imports of a component that the linker lacks, as far as this can be found without compiling the component:
/// interfaces, functions of interfaces as `interface#function`, and functions and resources outside interfaces. [`link`] finds missing
/// methods of resources.
///
/// `engine` is the linker's.
///
/// # Errors
///
/// An import cannot be read, or the engine refuses the component that asks for it.
pub fn missing<T>(engine: &Engine, linker: &Linker<T>, component: &Unshared<'_>) -> Result<Vec<String>, Error> {
    let mut missing = Vec::new();
    for probes in component.probes()?.chunk_by(|one, next| one.name == next.name) {
        let mut lacks = Vec::new();
        for probe in probes {
            if is_missing(engine, linker, probe)? {
                lacks.push(probe);
            }
        }
        match probes.first() {
            Some(first) if lacks.len() == probes.len() => missing.push(first.name.clone()),
            _ => missing.extend(lacks.into_iter().map(|probe| match &probe.item {
                Some(item) => format!("{}#{item}", probe.name),
                None => probe.name.clone(),
            })),
        }
    }
    Ok(missing)
}

fn is_missing<T>(engine: &Engine, linker: &Linker<T>, probe: &Probe) -> Result<bool, Error> {
    let component = Component::from_binary(engine, &probe.wasm);
    let component = component.map_err(|error| engine_error("cannot look up an import", &error))?;
    let refused = linker.instantiate_pre(&component).err();
    Ok(refused.is_some_and(|error| is_missing_import(&format!("{error:#}"))))
}

/// The names of the imports that the linker lacks.
fn missing_imports<T>(linker: &Linker<T>, component: &Component, error: &wasmtime::Error) -> Vec<String> {
    let mut linker = linker.clone();
    linker.allow_shadowing(true);
    let ty = component.component_type();
    let mut missing = Vec::new();
    let mut refused = Some(format!("{error:#}"));
    for (name, import) in ty.imports(component.engine()) {
        let Some(error) = refused.as_mut() else { break };
        // Only Wasmtime's message says which import it was.
        let is_refused = error.contains(&format!("`{name}`")) && is_missing_import(error);
        if is_refused && stub(component.engine(), &mut linker.root(), name, &import.ty).is_ok() {
            missing.push(name.to_owned());
            refused = linker
                .instantiate_pre(component)
                .err()
                .map(|error| format!("{error:#}"));
        }
    }
    missing
}

/// Defines an import so that types match.
fn stub<T>(
    engine: &Engine,
    linker: &mut LinkerInstance<'_, T>,
    name: &str,
    item: &ComponentItem,
) -> wasmtime::Result<()> {
    match item {
        ComponentItem::ComponentFunc(function) if function.async_() => linker
            .func_new_concurrent(name, |_, _, _, _| {
                Box::pin(async { Err(format_err!("a missing import")) })
            }),
        ComponentItem::ComponentFunc(_) => linker.func_new(name, |_, _, _, _| Err(format_err!("a missing import"))),
        ComponentItem::Resource(_) => linker.resource(name, ResourceType::host::<()>(), |_, _| Ok(())),
        ComponentItem::ComponentInstance(instance) => {
            let mut inner = linker.instance(name)?;
            instance
                .exports(engine)
                .try_for_each(|(name, export)| stub(engine, &mut inner, name, &export.ty))
        }
        ComponentItem::Type(_) => Ok(()),
        ComponentItem::Module(_) | ComponentItem::Component(_) | ComponentItem::CoreFunc(_) => {
            Err(format_err!("the import of `{name}` has no stub"))
        }
    }
}
