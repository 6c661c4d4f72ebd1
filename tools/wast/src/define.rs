//! Validates, lowers and compiles a module or component, so that it can be instantiated.

use crate::component;
use crate::context::Context;
use crate::core;
use crate::options::Runtime;
use wasmparser::{Validator, WasmFeatures};
use weft_lower::{
    COMPONENT_FEATURES, CanonicalEncoding, Component, FEATURES, Input, LowerError, Profile, Rules, Threads,
};

/// A valid module or component, compiled for its runtime.
pub(crate) enum Definition {
    Module(core::Module),
    Component(component::Definition),
    Preemptive(weft_parallel::Component),
}

/// Validates and compiles a binary.
///
/// # Errors
///
/// It is invalid, or uses something that weft cannot run. The message says which.
pub(crate) fn define(context: &Context, binary: &[u8]) -> Result<Definition, String> {
    match read_valid(context, binary)? {
        Input::Module(module) => {
            let unshared = match context.options.shared_everything {
                true => module.unshare().map_err(refused)?,
                false => binary.to_vec(),
            };
            let module = core::Module::new(&context.engine, binary, &unshared);
            module.map(Definition::Module)
        }
        Input::Component(component) => define_component(context, &component, binary),
    }
}

fn define_component(context: &Context, component: &Component<'_>, binary: &[u8]) -> Result<Definition, String> {
    let threads = component.threads().map_err(refused)?;
    if context.options.runtime == Runtime::Weft {
        return define_preemptive(context, component);
    }
    let modules = component.exported_modules().map_err(refused)?;
    let component = match threads {
        Threads::Preemptive => return define_preemptive(context, component),
        Threads::None if !context.options.shared_everything => {
            let compile = || wasmtime::component::Component::new(&context.engine, binary);
            match weft_parallel::guarded("cannot compile the component", compile) {
                Ok(compiled) => Ok(compiled),
                // The unshared form is without some of what makes Wasmtime panic, or weft knows what Wasmtime cannot compile.
                Err(_) => match component.unshare(Profile::Full) {
                    Ok(unshared) => weft_cooperative::compile_unshared(&context.engine, &unshared),
                    Err(refused) => Err(refused.into()),
                },
            }
            .map_err(|error| error.to_string())
        }
        Threads::Cooperative | Threads::None => {
            let profile = match context.options.deterministic {
                true => Profile::Deterministic,
                false => Profile::Full,
            };
            let unshared = component.unshare(profile).map_err(refused)?;
            weft_cooperative::compile_unshared(&context.engine, &unshared).map_err(|error| error.to_string())
        }
    };
    let component = component?;
    Ok(Definition::Component(component::Definition { component, modules }))
}

/// For weft's own runtime.
fn define_preemptive(context: &Context, component: &Component<'_>) -> Result<Definition, String> {
    let engine = context.weft().map_err(|end| end.to_string())?;
    let plan = component.lower_for_linker().map_err(refused)?;
    let component = weft_parallel::Component::of_plan(engine, plan).map_err(|error| error.to_string())?;
    Ok(Definition::Preemptive(component))
}

fn refused(error: LowerError) -> String {
    error.to_string()
}

/// # Errors
///
/// The binary is malformed or invalid. The message says why.
pub(crate) fn validate(context: &Context, binary: &[u8]) -> Result<(), String> {
    read_valid(context, binary).map(drop)
}

fn read_valid<'a>(context: &Context, binary: &'a [u8]) -> Result<Input<'a>, String> {
    let rules = match context.options.strict {
        true => Rules::Strict,
        false => Rules::Extended,
    };
    let read = || {
        let input = Input::read(binary)?;
        input.validate(rules)?;
        Ok(input)
    };
    if context.options.shared_everything {
        return read().map_err(|error| in_both_words(binary, &error));
    }
    let features = COMPONENT_FEATURES.difference(context.options.without);
    let validated = Validator::new_with_features(features).validate_all(binary);
    // wasmparser accepts some items although the feature that they need is off.
    match (validated, read()) {
        (Ok(_), read) => read.map_err(refused),
        (Err(error), read) => Err(without_sharing(error, read.is_ok())),
    }
}

/// The advice for a module or component that needs shared-everything-threads.
const TURN_ON: &str =
    "turn it on with `--shared-everything`, or with a line `;;! shared-everything = true` at the script's head";

/// Why weft refuses something while shared-everything-threads is off. `valid_with_it` says whether it is valid if the
/// proposal is on.
fn without_sharing(error: wasmparser::BinaryReaderError, valid_with_it: bool) -> String {
    let words = error.to_string();
    // For some items, wasmparser's message does not say that the proposal is missing.
    if error.missing_wasm_feature() == Some(WasmFeatures::SHARED_EVERYTHING_THREADS) || valid_with_it {
        return format!("{words}: it needs the shared-everything-threads proposal; {TURN_ON}");
    }
    match LowerError::from(error) {
        missing @ LowerError::MissingFeature { .. } => missing.to_string(),
        _ => words,
    }
}

/// Why weft refuses something, and wasmparser's message if wasmparser refuses it too. Scripts of other projects expect the latter.
fn in_both_words(binary: &[u8], error: &LowerError) -> String {
    let words = error.to_string();
    let respelt = Component::read(binary).and_then(|component| component.encode(CanonicalEncoding::WasmTools));
    let validated = Validator::new_with_features(FEATURES).validate_all(respelt.as_deref().unwrap_or(binary));
    match validated {
        Err(error) if !words.contains(error.message()) => format!("{words}; wasmparser: {}", error.message()),
        _ => words,
    }
}
