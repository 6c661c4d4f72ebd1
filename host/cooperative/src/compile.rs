//! Compiles a component, as its author wrote it, with Wasmtime.

use crate::Error;
use tracing::info_span;
use wasmtime::component::Component;
use wasmtime::{Config, Engine, Module};
use weft_lower::{LowerError, Profile, Threads, Unshared};

/// Turns on the features of Wasmtime that components with cooperative threads need, and all of [`weft_lower::COMPONENT_FEATURES`].
///
/// This leaves the embedder's choices as they are: a cache, fuel, epochs and limits. If the system refuses OS threads for parallel
/// compilation, this turns it off.
pub fn configure(config: &mut Config) -> &mut Config {
    weft_parallel::compilation::configure(config);
    config
        .concurrency_support(true)
        .shared_memory(true)
        .wasm_features(weft_lower::COMPONENT_FEATURES, true)
}

/// Tells whether this runtime can run a component: none of its threads is preemptive, and it imports no core module. Other components run
/// on `weft_parallel::Engine`.
///
/// # Errors
///
/// The component is malformed, or mixes cooperative and preemptive threads.
pub fn can_run(component: &weft_lower::Component<'_>) -> Result<bool, LowerError> {
    Ok(component.threads()? != Threads::Preemptive && !component.imports_core_module()?)
}

/// Rewrites a component, text or binary, so that Wasmtime can run it, and compiles it.
///
/// # Errors
///
/// The component is malformed or invalid, some of its threads are preemptive, or it uses something that Wasmtime does not support.
pub fn compile(engine: &Engine, component: &[u8], profile: Profile) -> Result<Component, Error> {
    let component = weft_lower::Component::read(component)?;
    refuse_preemptive(component.threads()?)?;
    compile_unshared(engine, &component.unshare(profile)?)
}

/// Compiles a component in the unshared form: see [`compile`].
///
/// # Errors
///
/// Some of the component's threads are preemptive, or it uses something that Wasmtime does not support.
pub fn compile_unshared(engine: &Engine, unshared: &Unshared<'_>) -> Result<Component, Error> {
    refuse_preemptive(unshared.threads())?;
    let _span = info_span!(target: "weft::compile", "compile", bytes = unshared.bytes().len()).entered();
    let compile = || Component::from_binary(engine, unshared.bytes());
    weft_parallel::compilation::run(|| weft_parallel::guarded("cannot compile the component", compile)).map_err(
        |error| {
            let named = match &error {
                Error::Engine { message, .. } => named(unshared, message),
                _ => None,
            };
            named.map_or(error, Error::from)
        },
    )
}

/// Compiles a core module in the unshared form, for a linker that supplies it for a component's import:
/// see [`weft_lower::Module::unshare_for_component`].
///
/// # Errors
///
/// The module uses something that Wasmtime does not support.
pub fn compile_module(engine: &Engine, unshared: &[u8]) -> Result<Module, Error> {
    let _span = info_span!(target: "weft::compile", "compile", bytes = unshared.len()).entered();
    let compile = || Module::from_binary(engine, unshared);
    weft_parallel::compilation::run(|| weft_parallel::guarded("cannot compile the core module", compile))
}

/// Checks that [`compile_unshared`] accepts a component, without compiling its code. Returns a component with the same imports, to
/// [link](crate::link).
///
/// # Errors
///
/// Those of [`compile_unshared`].
pub fn check(engine: &Engine, unshared: &Unshared<'_>) -> Result<Component, Error> {
    refuse_preemptive(unshared.threads())?;
    unshared
        .check()
        .map_err(|error| named(unshared, &error.to_string()).unwrap_or(error))?;
    let imports = unshared.imports_alone()?;
    weft_parallel::guarded("cannot read the imports", || Component::from_binary(engine, &imports))
}

fn refuse_preemptive(threads: Threads) -> Result<(), LowerError> {
    match threads {
        Threads::None | Threads::Cooperative => Ok(()),
        Threads::Preemptive => Err(LowerError::Unsupported {
            item: "a component with preemptive threads".to_owned(),
            offset: None,
            rule: None,
            advice: "run it on the parallel runtime, with `weft_parallel::Engine`".to_owned(),
        }),
    }
}

/// The error that names the item for which Wasmtime refuses a component, if that is known. This runs only after
/// Wasmtime has refused, so that it does not refuse items that a later Wasmtime supports.
fn named(unshared: &Unshared<'_>, message: &str) -> Option<LowerError> {
    weft_lower::messages::wide_slot(message).or_else(|| unshared.refuse_component_items().err())
}
