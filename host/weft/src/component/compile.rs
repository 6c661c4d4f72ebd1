//! Compiles the bytes of a program for the runtime that it needs.

use super::code::Code;
use super::source_names::SourceNames;
use crate::config::Runtime;
use crate::cooperative::component::Cooperative;
use crate::engine::Engine;
use std::sync::Arc;
use weft_adapt::Note;
use weft_cooperative::can_run;
use weft_lower::{Input, LowerError};
use weft_parallel::Error;

/// Reports which imports of a program are missing, before it is compiled.
pub(crate) trait Imports {
    /// For a component that runs on the parallel runtime.
    fn missing_in_parallel(&self, plan: &weft_lower::Plan) -> Result<Vec<String>, Error>;

    /// For one that runs on the cooperative runtime.
    fn missing_in_cooperative(&self, component: &weft_lower::Unshared<'_>) -> Result<Vec<String>, Error>;
}

/// Reports nothing as missing.
pub(super) struct Unchecked;

impl Imports for Unchecked {
    fn missing_in_parallel(&self, _: &weft_lower::Plan) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    fn missing_in_cooperative(&self, _: &weft_lower::Unshared<'_>) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }
}

/// Compiles a program, and returns notes about likely mistakes in it.
pub(super) fn compile(engine: &Engine, bytes: &[u8], imports: &impl Imports) -> Result<(Code, Vec<Note>), Error> {
    match Input::read(bytes)? {
        Input::Component(component) => Ok((compile_component(engine, &component, imports)?, Vec::new())),
        Input::Module(module) => {
            let adapted = adapted(engine, module.bytes())?;
            let names = SourceNames::of(module.bytes());
            let component = weft_lower::Component::read(&adapted)?;
            let code = compile_parallel(engine, &component, &names, imports)?;
            let warnings = match weft_adapt::spawns_fail(module.bytes()) {
                true => vec![Note::SpawnsFail],
                false => Vec::new(),
            };
            Ok((code, warnings))
        }
    }
}

/// The component that weft makes of a core module.
pub(crate) fn adapted(engine: &Engine, module: &[u8]) -> Result<Vec<u8>, Error> {
    if engine.runtime() == Some(Runtime::Cooperative) {
        return Err(Error::from(LowerError::Unsupported {
            item: "a core module on the cooperative runtime".to_owned(),
            offset: None,
            rule: None,
            advice: "let weft choose the runtime, or convert the module with `weft adapt`".to_owned(),
        }));
    }
    let options = weft_adapt::Options::new().debug_info(engine.config().debug_info);
    weft_adapt::adapt_with(module, &options).map_err(|error| Error::Adapt(Arc::new(error)))
}

/// The runtime that a component needs, or that the configuration names.
pub(crate) fn runtime_of(engine: &Engine, component: &weft_lower::Component<'_>) -> Result<Runtime, Error> {
    Ok(match engine.runtime() {
        Some(runtime) => runtime,
        None if can_run(component)? => Runtime::Cooperative,
        None => Runtime::Parallel,
    })
}

/// Compiles a component for the runtime that it needs.
fn compile_component(
    engine: &Engine,
    component: &weft_lower::Component<'_>,
    imports: &impl Imports,
) -> Result<Code, Error> {
    match runtime_of(engine, component)? {
        Runtime::Parallel => compile_parallel(engine, component, &SourceNames::default(), imports),
        Runtime::Cooperative => {
            let unshared = component.unshare(engine.config().profile())?;
            refuse(imports.missing_in_cooperative(&unshared)?)?;
            let unshared = match engine.config().cooperative_epochs {
                true => unshared.interruptible()?,
                false => unshared,
            };
            let compiled = weft_cooperative::compile_unshared(&engine.cooperative()?, &unshared)?;
            Ok(Code::Cooperative(Cooperative::new(
                compiled,
                component.exported_modules()?,
            )))
        }
    }
}

fn compile_parallel(
    engine: &Engine,
    component: &weft_lower::Component<'_>,
    names: &SourceNames,
    imports: &impl Imports,
) -> Result<Code, Error> {
    // Compiling takes longest, so all checks that do not depend on it come first.
    let plan = component.lower_for_linker()?;
    let missing = imports.missing_in_parallel(&plan)?;
    let is_refused = plan
        .template
        .as_ref()
        .is_some_and(|template| template.refused.is_some());
    if is_refused && !missing.is_empty() {
        // Naming the missing import does not help, because functions of the host cannot implement it.
        component.lower()?;
    }
    refuse(missing.iter().map(|import| names.source(import)).collect())?;
    let compiled = weft_parallel::Component::of_plan(&engine.parallel()?, plan)?;
    Ok(Code::Parallel(compiled))
}

fn refuse(missing: Vec<String>) -> Result<(), Error> {
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Error::MissingImports(missing)),
    }
}
