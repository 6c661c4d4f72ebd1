//! The translator of `wasmtime-environ`, and the components that weft refuses before the translator sees them.
//!
//! The translator panics on component start sections, on component values, and on some
//! [core module types](super::module_types). A panic can be caught, but not in a program that is built with
//! `panic = "abort"`.

use super::module_types::refuse_module_types;
use crate::error::LowerError;
use crate::features::FEATURES;
use crate::panics::panic_message;
use std::panic::{AssertUnwindSafe, catch_unwind};
use wasmparser::{ComponentTypeRef, Parser, Payload, Validator};
use wasmtime_environ::component::{
    ComponentTranslation, ComponentTypes, ComponentTypesBuilder, StaticModuleIndex, Translator,
};
use wasmtime_environ::{ModuleTranslation, PrimaryMap, ScopeVec, Tunables};

/// A translated component.
pub(super) struct Translated<'a> {
    pub component: ComponentTranslation,
    pub modules: PrimaryMap<StaticModuleIndex, ModuleTranslation<'a>>,
    pub types: ComponentTypes,
    /// How many indices of resource types there are, in all component instances together.
    pub resources: usize,
}

/// Translates a valid component of the unshared form. `scope` keeps the modules that the translator generates.
pub(super) fn translate<'a>(component: &'a [u8], scope: &'a ScopeVec<u8>) -> Result<Translated<'a>, LowerError> {
    refuse_what_panics(component)?;
    refuse_module_types(component)?;
    let tunables = Tunables::default_host();
    let mut validator = Validator::new_with_features(FEATURES);
    let mut types = ComponentTypesBuilder::new(&validator);
    let translator = Translator::new(&tunables, &mut validator, &mut types, scope);
    let translated = catch_unwind(AssertUnwindSafe(|| translator.translate(component)));
    let (component, modules) = match translated {
        Ok(translated) => translated.map_err(invalid)?,
        Err(panic) => {
            let message = panic_message(&*panic);
            return Err(LowerError::Internal(format!(
                "the component's translator panicked: {message}"
            )));
        }
    };
    let resources = types.num_resource_tables();
    let (types, _) = types.finish(&component.component);
    Ok(Translated {
        component,
        modules,
        types,
        resources,
    })
}

fn invalid(error: wasmtime_environ::error::Error) -> LowerError {
    match error.downcast_ref::<wasmparser::BinaryReaderError>() {
        Some(error) => error.clone().into(),
        None => LowerError::unsupported("the component", format!("{error:#}")),
    }
}

fn refuse_what_panics(component: &[u8]) -> Result<(), LowerError> {
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ComponentStartSection { .. } => {
                return Err(LowerError::unsupported(
                    "a component start section",
                    "export a function instead",
                ));
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    let import = import?;
                    if let ComponentTypeRef::Value(_) = import.ty {
                        let item = format!("component value `{}`", import.name.name);
                        return Err(LowerError::unsupported(item, "import a function instead"));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}
