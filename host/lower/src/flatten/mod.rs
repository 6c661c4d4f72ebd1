//! Flatten: from a component of the unshared form to the [`Plan`].
//!
//! Before: nested scopes, aliases, instances made of exports, adapters between components. After: flat lists.
//!
//! The translator of `wasmtime-environ` does most of the work. Its output changes with every major version of Wasmtime,
//! so the version is pinned, and no other folder of weft names its types. [`translate`](mod@translate) refuses the
//! components on which it panics.
//!
//! **Rejected:** reading the component's sections into the plan directly (type checking, aliases and adapters are some
//! ten thousand lines in the translator, which others keep in step with the specification).

mod adapter_functions;
mod adapter_modules;
mod adapters;
mod added;
mod allocating;
mod arguments;
mod builtins;
mod core_exports;
mod dropping;
mod exported;
mod exports;
mod extracted;
mod homes;
mod host_calls;
mod host_memory;
mod import_items;
mod imported;
mod instances;
mod instantiated;
mod lifts;
mod lowered;
mod module_types;
mod options;
pub(crate) mod places;
mod resources;
mod supplied;
mod trampolines;
mod translate;
mod type_map;
mod types;
mod unfinished;
mod wrappers;

pub(crate) use module_types::refuse_module_types;
pub(crate) use supplied::exported_modules;
pub(crate) use unfinished::refuse_unfinished;

use crate::binary::decoded::{Decoded, Supplied};
use crate::binary::item_count::{count_items, count_memories};
use crate::builtins::CanonicalBuiltin;
use crate::check::Unfinished;
use crate::error::LowerError;
use crate::imports::refuse_components;
use crate::limits::{Copies, Defined};
use crate::log::LOG;
use crate::messages;
use crate::plan::{ImportIndex, LoweredIndex, Plan, ResourceTypeIndex};
use crate::threadify::{self, Argument, Input, InstanceIndex};
use crate::unshare::{self, UnsharedModule};
use adapter_modules::Adapters;
use extracted::Extracted;
use homes::{Calls, Homes};
use host_calls::HostCalls;
use host_memory::{DefinedMemory, host_memories};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use tracing::{debug, debug_span};
use translate::{Translated, translate};
use type_map::TypeMap;
use wasmtime_environ::component::{
    Component, ComponentTranslation, ComponentTypes, CoreDef, GlobalInitializer, InstantiateModule,
    RuntimeComponentInstanceIndex, RuntimeImportIndex, StaticModuleIndex,
};
use wasmtime_environ::{ModuleTranslation, PrimaryMap, ScopeVec};
use weft_abi::ResourceIndex;

/// Runs the pass. `decoded` is the component as its author wrote it; offsets in errors refer to it. `builtins` are
/// the built-ins that it defines, and where each is first defined. `unfinished` are the definitions for which the translator
/// may generate invalid code.
pub(crate) fn flatten(
    unshared: &unshare::Output,
    decoded: &Decoded<'_>,
    builtins: &BTreeMap<CanonicalBuiltin, u64>,
    unfinished: &[Unfinished],
) -> Result<Plan, LowerError> {
    let component: &[u8] = &decoded.bytes;
    let _span = debug_span!(target: LOG, "flatten").entered();
    let scope = ScopeVec::new();
    let translated = translate(&unshared.bytes, &scope);
    let Translated {
        component: mut translation,
        modules,
        types,
        resources,
    } = translated.map_err(|error| named(error, component, &unshared.bytes))?;
    unfinished::refuse_invalid_adapters(&modules, &unshared.bytes, unshared.modules.len(), unfinished)?;
    supplied::instantiate(&mut translation.component, &modules, unshared, &decoded.supplied)?;
    let flatten = |homes| {
        let mut flatten = Flatten::new(
            unshared,
            decoded,
            builtins,
            &scope,
            &modules,
            &translation,
            &types,
            homes,
        );
        flatten.resource_types(resources);
        flatten.import_items();
        for initializer in &translation.component.initializers {
            flatten.initializer(initializer)?;
        }
        Ok::<_, LowerError>(flatten)
    };
    let alone = flatten(Homes::default())?;
    let homes = Homes::of(&alone.calls, &translation.component, &modules);
    let mut flatten = match homes.is_empty() {
        true => alone,
        false => flatten(homes)?,
    };
    flatten.lower_imports()?;
    flatten.thread_tables();
    flatten.exports()?;
    flatten.core_exports()?;
    flatten.homes();
    let output = threadify::threadify(&flatten.input)?;
    debug!(
        target: LOG,
        bytes = output.wasm.len(),
        memories = output.memories.len(),
        written_tables = output.tables.len(),
        "made the run-time module"
    );
    let core_exports = flatten.with_tables(output.host_tables);
    Ok(Plan {
        items: count_items(&output.wasm)?,
        own_memories: count_memories(&output.wasm)?,
        wasm: output.wasm,
        arguments: output.arguments,
        memories: output.memories,
        tables: output.tables,
        context_slots: output.context_slots,
        waiter_counts: output.waiter_counts,
        initialization: output.initialization,
        core_exports,
        ..flatten.plan
    })
}

/// Adds to the translator's error the item and its place, if they can be found.
fn named(error: LowerError, component: &[u8], unshared: &[u8]) -> LowerError {
    if let Err(named @ LowerError::Unsupported { .. }) = refuse_components(component, unshared) {
        return named;
    }
    let reexported = match &error {
        LowerError::Unsupported { advice, .. } => messages::reexported_function(advice),
        _ => None,
    };
    match reexported {
        Some(name) => {
            let item = format!("export `{name}` of an imported function");
            let refused = LowerError::unsupported(item, "export a function that a core module defines");
            refused.at(places::export(component, name))
        }
        None => error,
    }
}

/// Translates a component and drops the result.
pub(crate) fn check(unshared: &[u8]) -> Result<(), LowerError> {
    translate(unshared, &ScopeVec::new()).map(drop)
}

/// What became of one of the translator's instances.
enum Source {
    Instance(InstanceIndex, StaticModuleIndex),
    Import(ImportIndex),
    /// A stand-in module: the argument for imports of its function.
    StandIn(Argument, StaticModuleIndex),
}

struct Flatten<'a> {
    unshared: &'a unshare::Output,
    /// The component as its author wrote it.
    input_bytes: &'a [u8],
    /// The core modules that are arguments for its imports.
    supplied: &'a [Supplied],
    builtins: &'a BTreeMap<CanonicalBuiltin, u64>,
    /// Keeps the bytes of added modules.
    scope: &'a ScopeVec<u8>,
    /// Definitions with a wrapper module, and the wrapper's instance and function.
    wrapped: HashMap<CoreDef, (InstanceIndex, u32)>,
    /// The lowered functions that have a module around them which calls `realloc`, and the instance of it.
    allocating: HashMap<LoweredIndex, InstanceIndex>,
    host_calls: HostCalls,
    /// The destructors that the component defines.
    destructors: HashMap<ResourceTypeIndex, Argument>,
    /// The instances of the modules that call destructors, by the handles that are dropped.
    dropping: HashMap<ResourceIndex, InstanceIndex>,
    /// The functions that the run-time module exports already.
    exported: HashSet<(InstanceIndex, u32)>,
    /// The memories that the host creates although they are not shared: those that are passed to imported core modules,
    /// and those of component instances with their own homes.
    given: HashSet<DefinedMemory>,
    modules: &'a PrimaryMap<StaticModuleIndex, ModuleTranslation<'a>>,
    translation: &'a ComponentTranslation,
    types: &'a ComponentTypes,
    /// By the translator's instance index.
    sources: Vec<Source>,
    /// The core modules that have been instantiated.
    instantiated: HashSet<StaticModuleIndex>,
    copies: Copies,
    defined: Defined,
    /// The input of threadify.
    input: Input<'a>,
    extracted: Extracted<'a>,
    type_map: TypeMap,
    /// The translator's imports, by index into the plan's imports.
    imports: Vec<RuntimeImportIndex>,
    /// The lowered functions, in the translator's order.
    lowered: Vec<RuntimeImportIndex>,
    /// The component instances whose built-ins look threads up.
    threaded: BTreeSet<RuntimeComponentInstanceIndex>,
    adapters: Adapters,
    homes: Homes,
    calls: Calls,
    plan: Plan,
}

impl<'a> Flatten<'a> {
    #[expect(
        clippy::too_many_arguments,
        reason = "they are what the pass takes, and are named where it begins"
    )]
    fn new(
        unshared: &'a unshare::Output,
        decoded: &'a Decoded<'_>,
        builtins: &'a BTreeMap<CanonicalBuiltin, u64>,
        scope: &'a ScopeVec<u8>,
        modules: &'a PrimaryMap<StaticModuleIndex, ModuleTranslation<'a>>,
        translation: &'a ComponentTranslation,
        types: &'a ComponentTypes,
        homes: Homes,
    ) -> Self {
        let mut given = host_memories(&translation.component, modules);
        let host_calls = HostCalls::new(given.len() > 1);
        given.extend(&homes.memories);
        Flatten {
            unshared,
            input_bytes: &decoded.bytes,
            supplied: &decoded.supplied,
            builtins,
            scope,
            wrapped: HashMap::new(),
            allocating: HashMap::new(),
            host_calls,
            destructors: HashMap::new(),
            dropping: HashMap::new(),
            exported: HashSet::new(),
            given,
            modules,
            translation,
            types,
            sources: Vec::new(),
            instantiated: HashSet::new(),
            copies: Copies::default(),
            defined: Defined::default(),
            input: Input::default(),
            extracted: Extracted::of(&translation.component),
            type_map: TypeMap::default(),
            imports: Vec::new(),
            lowered: Vec::new(),
            threaded: BTreeSet::new(),
            adapters: Adapters::default(),
            homes,
            calls: Calls::default(),
            plan: Plan::default(),
        }
    }

    fn component(&self) -> &'a Component {
        &self.translation.component
    }

    fn initializer(&mut self, initializer: &'a GlobalInitializer) -> Result<(), LowerError> {
        match initializer {
            GlobalInitializer::InstantiateModule(InstantiateModule::Static(module, arguments), component) => {
                let module_of = self.unshared.modules.get(module.as_u32() as usize);
                if let Some(UnsharedModule::StandIn(stand_in)) = module_of
                    && stand_in.starts_threads()
                {
                    self.threaded.extend(*component);
                }
                self.instantiate(*module, arguments, *component)
            }
            GlobalInitializer::InstantiateModule(InstantiateModule::Import(import, arguments), _) => {
                let arguments = arguments.values().flat_map(|fields| fields.values());
                self.instantiate_import(*import, arguments)
            }
            // These are known from the start.
            GlobalInitializer::ExtractPostReturn(_)
            | GlobalInitializer::ExtractMemory(_)
            | GlobalInitializer::ExtractRealloc(_) => Ok(()),
            // Only unsupported built-ins, which flatten refuses, use these.
            GlobalInitializer::ExtractTable(_) => Ok(()),
            GlobalInitializer::LowerImport { import, .. } => {
                self.lowered.push(*import);
                Ok(())
            }
            GlobalInitializer::ExtractCallback(_) => {
                let refused = LowerError::unsupported("a `callback` option", "lift the function synchronously");
                Err(refused.at(places::callback(self.input_bytes)))
            }
            GlobalInitializer::Resource(resource) => self.define_resource(resource),
        }
    }

    /// Where a core module imports an item.
    fn core_import_place(&self, module: StaticModuleIndex, from: &str, name: &str) -> Option<u64> {
        places::core_import(self.input_bytes, self.input_module(module)?, (from, name))
    }

    /// The number of a core module in the input, counted in the order of the binary.
    fn input_module(&self, module: StaticModuleIndex) -> Option<usize> {
        input_module(&self.unshared.modules, module)
    }

    /// The offset at which the component imports this item, or the instance that contains it.
    fn import_place(&self, import: RuntimeImportIndex) -> Option<u64> {
        let (index, _) = &self.component().imports[import];
        places::import(self.input_bytes, &self.component().import_types[*index].0)
    }

    fn import_name(&self, import: RuntimeImportIndex) -> String {
        import_name(self.component(), import)
    }
}

/// The number of a core module in the input, counted in the order of the binary.
fn input_module(modules: &[UnsharedModule], module: StaticModuleIndex) -> Option<usize> {
    let UnsharedModule::Input(_) = modules.get(module.as_u32() as usize)? else {
        return None;
    };
    let before = modules.get(..module.as_u32() as usize)?.iter();
    Some(
        before
            .filter(|module| matches!(module, UnsharedModule::Input(_)))
            .count(),
    )
}

/// The name of an import, after those of the instances that it is in, with `/` between them.
fn import_name(component: &Component, import: RuntimeImportIndex) -> String {
    import_path(component, import).join("/")
}

/// The names of the instances that an import is in, outermost first, and its own.
fn import_path(component: &Component, import: RuntimeImportIndex) -> Vec<String> {
    let (index, path) = &component.imports[import];
    let (root, _) = &component.import_types[*index];
    [root].into_iter().chain(path).cloned().collect()
}

fn missing() -> LowerError {
    LowerError::unsupported(
        "an item that no core module of the component defines",
        "define it in a core module of the component",
    )
}
