//! The core module instances of a translated component, by their number.

use wasmtime_environ::component::{Component, CoreDef, GlobalInitializer, InstantiateModule, StaticModuleIndex};
use wasmtime_environ::{Module, ModuleTranslation, PrimaryMap};

pub(super) type Modules<'a> = PrimaryMap<StaticModuleIndex, ModuleTranslation<'a>>;

/// An instance of a module that the component defines, and its arguments.
pub(super) type Instantiated<'a> = (&'a Module, &'a [CoreDef]);

/// All instances in order. `None` if the module is imported.
pub(super) fn instantiated<'a>(component: &'a Component, modules: &'a Modules<'_>) -> Vec<Option<Instantiated<'a>>> {
    let instances = component
        .initializers
        .iter()
        .filter_map(|initializer| match initializer {
            GlobalInitializer::InstantiateModule(InstantiateModule::Static(module, arguments), _) => {
                Some(Some((&modules[*module].module, &**arguments)))
            }
            GlobalInitializer::InstantiateModule(InstantiateModule::Import(..), _) => Some(None),
            GlobalInitializer::LowerImport { .. }
            | GlobalInitializer::ExtractMemory(_)
            | GlobalInitializer::ExtractRealloc(_)
            | GlobalInitializer::ExtractCallback(_)
            | GlobalInitializer::ExtractPostReturn(_)
            | GlobalInitializer::ExtractTable(_)
            | GlobalInitializer::Resource(_) => None,
        });
    instances.collect()
}
