//! From the bytes of a module or component to something that can be instantiated: validated, lowered, compiled.

use crate::context::Context;
use crate::core;
use wasmparser::{Validator, WasmFeatures};
use weft_lower::{COMPONENT_FEATURES, CanonicalEncoding, Encoding, FEATURES, LowerError, Rules, Threads};

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
    let features = COMPONENT_FEATURES.difference(context.options.without);
    let validated = Validator::new_with_features(features).validate_all(binary);
    validated.map_err(|error| without_sharing(binary, error, rules))?;
    // wasmparser overlooks some of what needs a feature that is off.
    weft_lower::validate(binary, rules).map_err(|error| error.to_string())
}

/// What to do where a module or component needs the proposal that is off unless a script asks for it.
const TURN_ON: &str =
    "turn it on with `--shared-everything`, or with a line `;;! shared-everything = true` at the script's head";

/// Why something is refused where shared-everything-threads is off.
fn without_sharing(binary: &[u8], error: wasmparser::BinaryReaderError, rules: Rules) -> String {
    let words = error.to_string();
    if error.missing_wasm_feature() == Some(WasmFeatures::SHARED_EVERYTHING_THREADS)
        // Not all that wasmparser refuses without the proposal is said to be refused because of it.
        || weft_lower::validate(binary, rules).is_ok()
    {
        return format!("{words}: it needs the shared-everything-threads proposal; {TURN_ON}");
    }
    match LowerError::from(error) {
        missing @ LowerError::MissingFeature { .. } => missing.to_string(),
        _ => words,
    }
}

/// Why weft refuses something, and what wasmparser says of it if it does too: scripts of other projects expect that.
fn in_both_words(binary: &[u8], error: &LowerError) -> String {
    let words = error.to_string();
    let respelt = weft_lower::respell(binary, CanonicalEncoding::WasmTools);
    let validated = Validator::new_with_features(FEATURES).validate_all(respelt.as_deref().unwrap_or(binary));
    match validated {
        Err(error) if !words.contains(error.message()) => format!("{words}; wasmparser: {}", error.message()),
        _ => words,
    }
}
