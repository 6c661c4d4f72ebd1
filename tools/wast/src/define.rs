//! From the bytes of a module or component to something that can be instantiated: validated, lowered, compiled.

use crate::context::Context;
use crate::core;
use wasmparser::{Validator, WasmFeatures};
use weft_lower::{CanonicalEncoding, Encoding, LowerError, Rules, Threads};

/// A module or component that is valid, compiled for what runs it.
pub(crate) enum Definition {
    Module(core::Module),
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
    let is_shared = context.options.shared_everything;
    if weft_lower::encoding(binary).map_err(refused)? == Encoding::Module {
        let unshared = match is_shared {
            true => weft_lower::unshare_module(binary).map_err(refused)?,
            false => binary.to_vec(),
        };
        let module = core::Module::new(&context.engine, binary, &unshared);
        return module.map(Definition::Module);
    }
    let component = match weft_lower::threads(binary).map_err(refused)? {
        Threads::Preemptive => {
            let engine = context.weft().map_err(|end| end.to_string())?;
            let component = weft::Component::new(engine, binary).map_err(|error| error.to_string())?;
            return Ok(Definition::Preemptive(component));
        }
        Threads::None if !is_shared => {
            wasmtime::component::Component::new(&context.engine, binary).map_err(|error| format!("{error:#}"))
        }
        Threads::Cooperative if context.options.deterministic => {
            weft_cooperative::compile_deterministic(&context.engine, binary).map_err(|error| error.to_string())
        }
        Threads::Cooperative | Threads::None => {
            weft_cooperative::compile(&context.engine, binary).map_err(|error| error.to_string())
        }
    };
    component.map(Definition::Component)
}

fn refused(error: LowerError) -> String {
    error.to_string()
}

/// # Errors
///
/// The binary is malformed or invalid: the message says why.
pub(crate) fn validate(context: &Context, binary: &[u8]) -> Result<(), String> {
    let rules = match context.options.strict {
        true => Rules::Strict,
        false => Rules::Extended,
    };
    if context.options.shared_everything {
        return weft_lower::validate(binary, rules).map_err(|error| in_both_words(binary, &error));
    }
    let validated = Validator::new_with_features(features()).validate_all(binary);
    validated.map(drop).map_err(|error| error.to_string())
}

/// Why weft refuses something, and what wasmparser says of it if it does too: scripts of other projects expect that.
fn in_both_words(binary: &[u8], error: &LowerError) -> String {
    let words = error.to_string();
    let features = features() | WasmFeatures::SHARED_EVERYTHING_THREADS;
    let respelt = weft_lower::respell(binary, CanonicalEncoding::WasmTools);
    let validated = Validator::new_with_features(features).validate_all(respelt.as_deref().unwrap_or(binary));
    match validated {
        Err(error) if !words.contains(error.message()) => format!("{words}; wasmparser: {}", error.message()),
        _ => words,
    }
}

/// What the engine's configuration has, without the shared-everything-threads proposal.
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
