//! From the bytes of a module or component to something that can be instantiated: validated, lowered, compiled.

use crate::context::Context;
use wasmparser::{Validator, WasmFeatures};
use weft_lower::{CanonicalEncoding, Encoding, LowerError, Threads};

/// A module or component that is valid, compiled for what runs it.
pub(crate) enum Definition {
    Module(wasmtime::Module),
    Component(wasmtime::component::Component),
    Preemptive(weft::Component),
}

/// Validates and compiles a binary.
///
/// # Errors
///
/// It is invalid, or uses what cannot be run: the message says which.
pub(crate) fn define(context: &Context, binary: &[u8]) -> Result<Definition, String> {
    validate(context, binary)?;
    let is_module = weft_lower::encoding(binary).map_err(refused)? == Encoding::Module;
    if !context.options.shared_everything {
        return compile(context, is_module, binary);
    }
    if is_module {
        let module = weft_lower::unshare_module(binary).map_err(refused)?;
        return compile(context, true, &module);
    }
    if weft_lower::threads(binary).map_err(refused)? == Threads::Preemptive {
        let engine = context.weft().map_err(|end| end.to_string())?;
        let component = weft::Component::new(engine, binary).map_err(|error| error.to_string())?;
        return Ok(Definition::Preemptive(component));
    }
    let component = weft_lower::unshare(binary).map_err(refused)?;
    compile(context, false, &component)
}

/// Compiles what Wasmtime can run as it is.
fn compile(context: &Context, is_module: bool, binary: &[u8]) -> Result<Definition, String> {
    let compiled = match is_module {
        true => wasmtime::Module::new(&context.engine, binary).map(Definition::Module),
        false => wasmtime::component::Component::new(&context.engine, binary).map(Definition::Component),
    };
    compiled.map_err(|error| format!("{error:#}"))
}

fn refused(error: LowerError) -> String {
    error.to_string()
}

/// # Errors
///
/// The binary is malformed or invalid: the message says why.
pub(crate) fn validate(context: &Context, binary: &[u8]) -> Result<(), String> {
    let mut features = features();
    features.set(
        WasmFeatures::SHARED_EVERYTHING_THREADS,
        context.options.shared_everything,
    );
    // The validator knows one of the two encodings of components.
    let respelt = match weft_lower::encoding(binary) {
        Ok(Encoding::Component) if context.options.shared_everything => {
            weft_lower::respell(binary, CanonicalEncoding::WasmTools).map_err(refused)?
        }
        _ => binary.to_vec(),
    };
    let validated = Validator::new_with_features(features).validate_all(&respelt);
    validated.map(drop).map_err(|error| error.to_string())
}

/// What the engine's configuration has: what is valid here can be compiled.
fn features() -> WasmFeatures {
    WasmFeatures::WASM3
        | WasmFeatures::CUSTOM_PAGE_SIZES
        | WasmFeatures::WIDE_ARITHMETIC
        | WasmFeatures::CALL_INDIRECT_OVERLONG
        | WasmFeatures::COMPONENT_MODEL
        | WasmFeatures::CM_ASYNC
        | WasmFeatures::CM_ASYNC_STACKFUL
        | WasmFeatures::CM_MORE_ASYNC_BUILTINS
        | WasmFeatures::CM_THREADING
        | WasmFeatures::CM_ERROR_CONTEXT
        | WasmFeatures::CM_FIXED_LENGTH_LISTS
        | WasmFeatures::CM_MAP
        | WasmFeatures::CM64
}
