//! From a component as its author wrote it to one that Wasmtime has compiled.

use crate::Error;
use tracing::info_span;
use wasmtime::component::Component;
use wasmtime::{Config, Engine};
use weft_lower::{LowerError, Threads};

/// Turns on what components with cooperative threads need of Wasmtime, and all features of [`weft_lower::COMPONENT_FEATURES`].
///
/// All else stays as it was: a cache, fuel, epochs and limits are the embedder's choice. But parallel compilation is turned
/// off if the system does not grant the OS threads for it.
pub fn configure(config: &mut Config) -> &mut Config {
    weft::compilation::configure(config);
    config
        .concurrency_support(true)
        .shared_memory(true)
        .wasm_features(weft_lower::COMPONENT_FEATURES, true)
}

/// Whether a component, text or binary, is one for this runtime: none of its threads is preemptive, and it imports no core
/// module. Those that do run on `weft::Engine`.
///
/// # Errors
///
/// The component is malformed, or mixes cooperative and preemptive threads.
pub fn can_run(component: &[u8]) -> Result<bool, LowerError> {
    let component = weft_lower::to_binary(component)?;
    Ok(weft_lower::threads(&component)? != Threads::Preemptive && !weft_lower::imports_core_module(&component)?)
}

/// Puts a component, text or binary, in terms of what Wasmtime has, and compiles it.
///
/// # Errors
///
/// The component is malformed or invalid, some of its threads are preemptive, or it uses what Wasmtime does not have.
pub fn compile(engine: &Engine, component: &[u8]) -> Result<Component, Error> {
    compile_as(engine, component, weft_lower::unshare)
}

/// Like [`compile`], for the specification's [deterministic profile]: `thread.spawn-ref` and `thread.spawn-indirect` start
/// no thread, and give 0. Those that `thread.new-indirect` makes do run, as without it.
///
/// # Errors
///
/// Those of [`compile`].
///
/// [deterministic profile]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#-canon-threadspawn-indirect
pub fn compile_deterministic(engine: &Engine, component: &[u8]) -> Result<Component, Error> {
    compile_as(engine, component, weft_lower::unshare_deterministic)
}

/// Checks that [`compile`] takes a component, text or binary, and compiles none of its code. Gives a component with the same
/// imports, to [link](crate::link).
///
/// # Errors
///
/// Those of [`compile`].
pub fn check(engine: &Engine, component: &[u8]) -> Result<Component, Error> {
    let unshared = unshared(component, weft_lower::unshare)?;
    weft_lower::check_unshared(&unshared)
        .map_err(|error| named(component, &unshared, &error.to_string()).unwrap_or(error))?;
    let imports = weft_lower::imports_alone(&unshared)?;
    weft::guarded("cannot read the imports", || Component::from_binary(engine, &imports))
}

fn unshared(component: &[u8], unshare: fn(&[u8]) -> Result<Vec<u8>, LowerError>) -> Result<Vec<u8>, LowerError> {
    let component = weft_lower::to_binary(component)?;
    if weft_lower::threads(&component)? == Threads::Preemptive {
        return Err(LowerError::Unsupported {
            item: "a preemptive thread".to_owned(),
            offset: None,
            rule: None,
            advice: "it needs a runtime with several stores: use `weft::Engine`".to_owned(),
        });
    }
    unshare(&component)
}

fn compile_as(
    engine: &Engine,
    component: &[u8],
    unshare: fn(&[u8]) -> Result<Vec<u8>, LowerError>,
) -> Result<Component, Error> {
    let unshared = unshared(component, unshare)?;
    let _span = info_span!(target: "weft::compile", "compile", bytes = unshared.len()).entered();
    let compile = || Component::from_binary(engine, &unshared);
    weft::compilation::run(|| weft::guarded("cannot compile the component", compile)).map_err(|error| {
        let named = match &error {
            Error::Engine { message, .. } => named(component, &unshared, message),
            _ => None,
        };
        named.map_or(error, Error::from)
    })
}

/// The error that names what Wasmtime refuses a component for, if that is known. Looking for such items before Wasmtime does would
/// refuse them when Wasmtime has them.
fn named(component: &[u8], unshared: &[u8], message: &str) -> Option<LowerError> {
    weft_lower::messages::wide_slot(message).or_else(|| weft_lower::refuse_component_items(component, unshared).err())
}
