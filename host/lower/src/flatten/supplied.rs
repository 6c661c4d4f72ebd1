//! Core modules that are arguments for the component's imports, and core modules that the component exports.
//!
//! **Problem.** The translator gives arguments of an imported core module by name, because it does not know the order in
//! which that module imports them. **Before:** an instance of import 0 with `{"env": {"memory": m, "f": g}}`. **After:**
//! an instance of the core module that is supplied for it, which imports `f` and then `memory`, with `[g, m]`.

use super::exports::exported_items;
use super::translate::translate;
use super::{Flatten, import_name, input_module, places};
use crate::binary::decoded::Supplied;
use crate::error::LowerError;
use crate::plan::ExportedModule;
use crate::unshare::{self, UnsharedModule};
use wasmtime_environ::component::{
    Component, CoreDef, Export, GlobalInitializer, InstantiateModule, RuntimeImportIndex, StaticModuleIndex,
};
use wasmtime_environ::{ModuleTranslation, PrimaryMap, ScopeVec};

/// Instantiates the supplied core modules instead of the imports that they are for.
pub(super) fn instantiate(
    component: &mut Component,
    modules: &PrimaryMap<StaticModuleIndex, ModuleTranslation<'_>>,
    unshared: &unshare::Output,
    supplied: &[Supplied],
) -> Result<(), LowerError> {
    // They are the last of the component's own modules: what comes after these, the translator has added.
    let first = unshared.modules.len().checked_sub(supplied.len());
    let first = first.ok_or_else(|| internal("supplied core modules are missing"))?;
    let mut initializers = std::mem::take(&mut component.initializers);
    for initializer in &mut initializers {
        let GlobalInitializer::InstantiateModule(instance @ InstantiateModule::Import(..), _) = initializer else {
            continue;
        };
        let InstantiateModule::Import(import, arguments) = &*instance else {
            continue;
        };
        let name = import_name(component, *import);
        let Some(position) = supplied.iter().position(|module| module.name == name) else {
            continue;
        };
        let Some(UnsharedModule::Input(_)) = unshared.modules.get(first + position) else {
            return Err(internal("a supplied core module is not the last one"));
        };
        let module = StaticModuleIndex::from_u32((first + position) as u32);
        let arguments = modules[module].module.imports().map(|(from, field, _)| {
            let argument = arguments.get(from).and_then(|fields| fields.get(field));
            argument
                .cloned()
                .ok_or_else(|| internal("a supplied core module lacks an argument"))
        });
        let arguments = arguments.collect::<Result<Box<[CoreDef]>, _>>()?;
        *instance = InstantiateModule::Static(module, arguments);
    }
    component.initializers = initializers;
    Ok(())
}

impl Flatten<'_> {
    /// Records the export of a core module that the component defines.
    pub(super) fn exported_module(&mut self, path: Vec<String>, module: StaticModuleIndex) {
        let exported = defined_module(path, &self.unshared.modules, self.input_bytes, module);
        self.plan.exported_modules.extend(exported);
    }

    /// Records the export of a core module that the component imports. One of the host has no bytes.
    pub(super) fn reexported_module(&mut self, path: Vec<String>, import: RuntimeImportIndex) {
        let name = self.import_name(import);
        let supplied = self.supplied.iter().find(|module| module.name == name);
        let wasm = supplied.and_then(|module| self.input_bytes.get(module.range.clone()));
        self.plan.exported_modules.extend(wasm.map(|wasm| ExportedModule {
            path,
            wasm: wasm.to_vec(),
        }));
    }
}

/// The core modules that a component exports, except those that it imports. `component` is the component as its author
/// wrote it.
pub(crate) fn exported_modules(
    unshared: &unshare::Output,
    component: &[u8],
) -> Result<Vec<ExportedModule>, LowerError> {
    let scope = ScopeVec::new();
    let translated = translate(&unshared.bytes, &scope)?.component;
    let items = exported_items(&translated.component).into_iter();
    let modules = items.filter_map(|(path, item)| match item {
        Export::ModuleStatic { index, .. } => defined_module(path, &unshared.modules, component, *index),
        Export::ModuleImport { .. } | Export::LiftedFunction { .. } | Export::Instance { .. } | Export::Type(_) => None,
    });
    Ok(modules.collect())
}

/// A core module that the component defines and exports.
fn defined_module(
    path: Vec<String>,
    modules: &[UnsharedModule],
    component: &[u8],
    module: StaticModuleIndex,
) -> Option<ExportedModule> {
    let range = places::core_module(component, input_module(modules, module)?)?;
    let wasm = component.get(range)?.to_vec();
    Some(ExportedModule { path, wasm })
}

fn internal(message: &str) -> LowerError {
    LowerError::Internal(message.to_owned())
}
