//! From the bytes of a module or component to something that can be instantiated: validated, lowered, compiled.

use crate::context::Context;
use wasmparser::{CanonicalFunction, Encoding, Parser, Payload, Validator, WasmFeatures};

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
    let encoding = weft_lower::encoding(binary).map_err(|error| error.to_string())?;
    match encoding {
        Encoding::Module => {
            let module = wasmtime::Module::new(&context.engine, binary).map_err(text)?;
            Ok(Definition::Module(module))
        }
        Encoding::Component if context.options.shared_everything && is_preemptive(binary) => {
            let engine = context.weft().map_err(|end| end.to_string())?;
            let component = weft::Component::new(engine, binary).map_err(|error| error.to_string())?;
            Ok(Definition::Preemptive(component))
        }
        Encoding::Component => {
            let component = match context.options.shared_everything {
                true => {
                    let unshared = weft_lower::unshare(binary).map_err(|error| error.to_string())?;
                    wasmtime::component::Component::new(&context.engine, &unshared)
                }
                false => wasmtime::component::Component::new(&context.engine, binary),
            };
            Ok(Definition::Component(component.map_err(text)?))
        }
    }
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
    let validated = Validator::new_with_features(features).validate_all(binary);
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

fn is_preemptive(component: &[u8]) -> bool {
    let spawns = |function: CanonicalFunction| {
        matches!(
            function,
            CanonicalFunction::ThreadSpawnRef { .. }
                | CanonicalFunction::ThreadSpawnIndirect { .. }
                | CanonicalFunction::ThreadAvailableParallelism
        )
    };
    Parser::new(0)
        .parse_all(component)
        .flatten()
        .any(|payload| match payload {
            Payload::ComponentCanonicalSection(section) => section.into_iter().flatten().any(spawns),
            _ => false,
        })
}

fn text(error: wasmtime::Error) -> String {
    format!("{error:#}")
}
