//! Precompiled components as bytes. For the other runtime, see `weft_parallel::Component::serialize`.

use crate::Error;
use wasmtime::Engine;
use wasmtime::component::Component;
use weft_lower::plan::ExportedModule;
use weft_parallel::{CodeOptions, Precompiled, PrecompiledError};

/// The component and the core modules that it exports as bytes, for [`deserialize`]. `options` are those that it was
/// compiled with.
///
/// # Errors
///
/// There is not enough memory.
pub fn serialize(component: &Component, modules: &[ExportedModule], options: CodeOptions) -> Result<Vec<u8>, Error> {
    let code = component.serialize().map_err(|error| Error::Engine {
        context: "cannot serialize the component",
        message: format!("{error:#}"),
    })?;
    let modules = postcard::to_allocvec(modules).map_err(|error| Error::Engine {
        context: "cannot serialize the component",
        message: error.to_string(),
    })?;
    Ok(weft_parallel::__shared::seal(
        Precompiled::Cooperative,
        options,
        &[&modules, &code],
    ))
}

/// Loads a component and the core modules that it exports from the bytes that [`serialize`] returned. `options` are those of the engine.
///
/// # Errors
///
/// [`Error::Precompiled`]: the bytes are damaged or are not a compiled component; or they were compiled by another version of weft or
/// Wasmtime, for another target, or with a configuration that leads to different code.
///
/// # Safety
///
/// The bytes contain machine code, and weft does not check what it does. They must be bytes that `serialize` returned, in this or any
/// other version of weft.
#[expect(unsafe_code, reason = "see the function's contract")]
pub unsafe fn deserialize(
    engine: &Engine,
    options: CodeOptions,
    bytes: &[u8],
) -> Result<(Component, Vec<ExportedModule>), Error> {
    let payload = weft_parallel::__shared::open(Precompiled::Cooperative, options, bytes)?;
    let (modules, code) = postcard::take_from_bytes(payload).map_err(|_| PrecompiledError::Plan)?;
    // SAFETY: the caller guarantees that Wasmtime compiled the bytes.
    let component = unsafe { Component::deserialize(engine, code) };
    let component = component.map_err(|error| PrecompiledError::Code(format!("{error:#}")))?;
    Ok((component, modules))
}
