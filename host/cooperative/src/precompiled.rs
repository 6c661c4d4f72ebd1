//! Precompiled components as bytes. For the other runtime, see `weft_parallel::Component::serialize`.

use crate::Error;
use wasmtime::Engine;
use wasmtime::component::Component;
use weft_parallel::{Precompiled, PrecompiledError};

/// The component as bytes, for [`deserialize`]. `deterministic` says whether it was compiled for the deterministic profile.
///
/// # Errors
///
/// There is not enough memory.
pub fn serialize(component: &Component, deterministic: bool) -> Result<Vec<u8>, Error> {
    let code = component.serialize().map_err(|error| Error::Engine {
        context: "cannot serialize the component",
        message: format!("{error:#}"),
    })?;
    Ok(weft_parallel::__shared::seal(
        Precompiled::Cooperative,
        deterministic,
        &[&code],
    ))
}

/// Loads a component from the bytes that [`serialize`] returned.
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
pub unsafe fn deserialize(engine: &Engine, deterministic: bool, bytes: &[u8]) -> Result<Component, Error> {
    let code = weft_parallel::__shared::open(Precompiled::Cooperative, deterministic, bytes)?;
    // SAFETY: the caller guarantees that Wasmtime compiled the bytes.
    let component = unsafe { Component::deserialize(engine, code) };
    Ok(component.map_err(|error| PrecompiledError::Code(format!("{error:#}")))?)
}
