//! Flatten: from a component of the unshared form to the [`Plan`].
//!
//! Before: nested scopes, aliases, instances made of exports, adapters between components. After: flat lists.
//!
//! The work is done by the translator of `wasmtime-environ`, as other hosts of components do it. Its output changes with
//! every major version of Wasmtime, so the version is pinned, and no other folder of weft names its types. [`translate`] refuses
//! what it panics on.
//!
//! **Rejected:** reading the component's sections into the plan directly. Type checking, aliases and, later, adapters
//! between components are some ten thousand lines there, kept in step with the specification by others.

mod builtins;
mod exports;
mod host_memory;
mod imported;
pub(crate) mod places;
mod trampolines;
mod translate;
mod unfinished;
mod wrappers;

pub(crate) use translate::refuse_module_types;
pub(crate) use unfinished::refuse_unfinished;

use crate::binary::module_items::SharedItems;
use crate::builtins::CanonicalBuiltin;
use crate::imports::refuse_components;
use crate::limits::Copies;
use crate::plan::{Definition, Import, ImportIndex, Memory, MemoryIndex, Plan};
use crate::threadify::{self, Argument, Input, Instance, InstanceIndex, Item};
use crate::unshare::{self, UnsharedModule};
use crate::{LOG, LowerError};
use host_memory::{DefinedMemory, host_memories};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use tracing::{debug, debug_span};
use translate::{Translated, translate};
use wasmtime_environ::component::{
    Component, ComponentTranslation, ComponentTypes, CoreDef, ExportItem, GlobalInitializer, InstantiateModule,
    RuntimeComponentInstanceIndex, RuntimeImportIndex, RuntimePostReturnIndex, StaticModuleIndex, TypeDef,
};
use wasmtime_environ::{EntityIndex, EntityType, ModuleTranslation, PrimaryMap, ScopeVec};

/// Runs the pass. `component` is as its author wrote it; `builtins` are those that it defines, and where each is defined first. Offsets of errors are in it.
pub(crate) fn flatten(
    unshared: &unshare::Output,
    component: &[u8],
    builtins: &BTreeMap<CanonicalBuiltin, u64>,
) -> Result<Plan, LowerError> {
    let _span = debug_span!(target: LOG, "flatten").entered();
    let scope = ScopeVec::new();
    let translated = translate(&unshared.bytes, &scope);
    let Translated {
        component: translation,
        modules,
        types,
    } = translated.map_err(|error| match refuse_components(component, &unshared.bytes) {
        Err(named @ LowerError::Unsupported { .. }) => named,
        _ => error,
    })?;
    let mut flatten = Flatten {
        unshared,
        input_bytes: component,
        builtins,
        scope: &scope,
        wrapped: HashMap::new(),
        exported: HashSet::new(),
        host_memories: host_memories(&translation.component, &modules),
        modules: &modules,
        translation: &translation,
        types: &types,
        sources: Vec::new(),
        instantiated: HashSet::new(),
        copies: Copies::default(),
        input: Input::default(),
        post_returns: Vec::new(),
        imports: Vec::new(),
        starting_instances: BTreeSet::new(),
        plan: Plan::default(),
    };
    for initializer in &translation.component.initializers {
        flatten.initializer(initializer)?;
    }
    flatten.check_thread_tables()?;
    flatten.exports()?;
    let output = threadify::threadify(&flatten.input)?;
    debug!(
        target: LOG,
        bytes = output.wasm.len(),
        memories = output.memories.len(),
        written_tables = output.tables.len(),
        "made the run-time module"
    );
    Ok(Plan {
        wasm: output.wasm,
        arguments: output.arguments,
        initialize: output.initialize,
        memories: output.memories,
        tables: output.tables,
        context_slots: output.context_slots,
        ..flatten.plan
    })
}

/// Translates a component and drops the result.
pub(crate) fn check(unshared: &[u8]) -> Result<(), LowerError> {
    translate(unshared, &ScopeVec::new()).map(drop)
}

/// What one of the translator's instances has become.
enum Source {
    Instance(InstanceIndex, StaticModuleIndex),
    Import(ImportIndex),
    /// A module that stands for a built-in: what imports of it are given.
    StandIn(Argument, StaticModuleIndex),
}

struct Flatten<'a> {
    unshared: &'a unshare::Output,
    /// The component as its author wrote it.
    input_bytes: &'a [u8],
    builtins: &'a BTreeMap<CanonicalBuiltin, u64>,
    /// What modules that are added are kept in.
    scope: &'a ScopeVec<u8>,
    /// Definitions that have a module around them, and the instance of it and the function.
    wrapped: HashMap<CoreDef, (InstanceIndex, u32)>,
    /// The functions that the run-time module exports already.
    exported: HashSet<(InstanceIndex, u32)>,
    /// The memories that imported core modules are given.
    host_memories: HashSet<DefinedMemory>,
    modules: &'a PrimaryMap<StaticModuleIndex, ModuleTranslation<'a>>,
    translation: &'a ComponentTranslation,
    types: &'a ComponentTypes,
    /// By the translator's instance index.
    sources: Vec<Source>,
    /// The core modules that have an instance, and what further instances of them copy.
    instantiated: HashSet<StaticModuleIndex>,
    copies: Copies,
    /// What threadify takes.
    input: Input<'a>,
    /// The names under which the run-time module exports them.
    post_returns: Vec<(RuntimePostReturnIndex, String)>,
    /// By index into the plan's imports.
    imports: Vec<RuntimeImportIndex>,
    /// The component instances whose built-ins start threads.
    starting_instances: BTreeSet<RuntimeComponentInstanceIndex>,
    plan: Plan,
}

impl<'a> Flatten<'a> {
    fn component(&self) -> &'a Component {
        &self.translation.component
    }

    fn initializer(&mut self, initializer: &GlobalInitializer) -> Result<(), LowerError> {
        match initializer {
            GlobalInitializer::InstantiateModule(InstantiateModule::Static(module, arguments), component) => {
                let module_of = self.unshared.modules.get(module.as_u32() as usize);
                if let Some(UnsharedModule::StandIn(stand_in)) = module_of
                    && stand_in.starts_threads()
                {
                    self.starting_instances.extend(*component);
                }
                self.instantiate(*module, arguments)
            }
            GlobalInitializer::InstantiateModule(InstantiateModule::Import(import, arguments), _) => {
                let arguments = arguments.values().flat_map(|fields| fields.values());
                self.instantiate_import(*import, arguments)
            }
            GlobalInitializer::ExtractPostReturn(function) => {
                let name = self.export_function(&function.def)?;
                self.post_returns.push((function.index, name));
                Ok(())
            }
            // Only functions of types that are refused when they are called use these, and built-ins that are refused.
            GlobalInitializer::ExtractMemory(_)
            | GlobalInitializer::ExtractRealloc(_)
            | GlobalInitializer::ExtractTable(_) => Ok(()),
            GlobalInitializer::LowerImport { import, .. } => {
                let item = format!("imported component function `{}`", self.import_name(*import));
                let refused = LowerError::unsupported(item, "only core modules can be imported");
                Err(refused.at(self.import_place(*import)))
            }
            GlobalInitializer::ExtractCallback(_) => {
                let refused = LowerError::unsupported("a `callback` option", "lift the function synchronously");
                Err(refused.at(places::callback(self.input_bytes)))
            }
            GlobalInitializer::Resource(_) => {
                let (name, place) = places::resource(self.input_bytes).unzip();
                let item = match name.flatten() {
                    Some(name) => format!("resource type `{name}`"),
                    None => "a resource type".to_owned(),
                };
                Err(LowerError::unsupported(item, "use integers as handles").at(place))
            }
        }
    }

    fn instantiate(&mut self, index: StaticModuleIndex, arguments: &[CoreDef]) -> Result<(), LowerError> {
        let items = match self.unshared.modules.get(index.as_u32() as usize) {
            Some(UnsharedModule::Input(items)) => items,
            Some(UnsharedModule::StandIn(stand_in)) => {
                let argument = self.stand_in(*stand_in, index, arguments)?;
                self.sources.push(Source::StandIn(argument, index));
                return Ok(());
            }
            None => return Err(self.call_of_another_component()),
        };
        if !self.instantiated.insert(index) {
            let module = &self.modules[index];
            let defined = module.module.functions.len() - module.module.num_imported_funcs;
            self.copies.add(defined, module.wasm.len())?;
        }
        self.check_imported(index, arguments)?;
        let memories = self.memories_of(index, items, arguments)?;
        let arguments = arguments.iter().map(|argument| self.argument(argument));
        self.input.instances.push(Instance {
            wasm: self.modules[index].wasm,
            items,
            arguments: arguments.collect::<Result<_, _>>()?,
            memories,
        });
        let instance = InstanceIndex(self.input.instances.len() - 1);
        self.sources.push(Source::Instance(instance, index));
        Ok(())
    }

    /// Which of the plan's memories each memory of a module is. Those that it defines are new.
    fn memories_of(
        &mut self,
        index: StaticModuleIndex,
        items: &SharedItems,
        arguments: &[CoreDef],
    ) -> Result<Vec<Option<MemoryIndex>>, LowerError> {
        let module = &self.modules[index].module;
        let mut memories = Vec::new();
        for ((_, _, ty), argument) in module.imports().zip(arguments) {
            if let EntityType::Memory(_) = ty {
                memories.push(self.planned_memory(argument));
            }
        }
        for (_, memory) in module.memories.iter().skip(module.num_imported_memories) {
            let shared = items.memories.get(memories.len()).copied().unwrap_or(false);
            let is_given = self.host_memories.contains(&(self.sources.len(), memories.len()));
            let is_planned = shared || is_given;
            if is_planned && memory.page_size_log2 != 16 {
                let whose = if shared {
                    "a shared memory"
                } else {
                    "an imported core module's memory"
                };
                return Err(LowerError::unsupported(
                    format!("{whose} with pages of another size"),
                    "leave out `pagesize`",
                ));
            }
            let memory64 = memory.idx_type == wasmtime_environ::IndexType::I64;
            memories.push(is_planned.then(|| {
                self.input.memories.push(Memory {
                    minimum: memory.limits.min,
                    maximum: memory.limits.max.unwrap_or(most_pages(memory64)),
                    memory64,
                    shared,
                    hidden: false,
                });
                MemoryIndex(self.input.memories.len() as u32 - 1)
            }));
        }
        Ok(memories)
    }

    /// The memory of the plan that a definition is, if it is one.
    fn planned_memory(&self, definition: &CoreDef) -> Option<MemoryIndex> {
        match self.item(definition)? {
            (instance, Item::Memory(memory)) => self.input.instances[instance.0]
                .memories
                .get(memory as usize)
                .copied()
                .flatten(),
            _ => None,
        }
    }

    /// The item of an instance that a definition is, if it is one.
    fn item(&self, definition: &CoreDef) -> Option<(InstanceIndex, Item)> {
        let CoreDef::Export(export) = definition else {
            return None;
        };
        let Source::Instance(instance, module) = &self.sources[export.instance.as_u32() as usize] else {
            return None;
        };
        let entity = match &export.item {
            ExportItem::Index(entity) => *entity,
            ExportItem::Name(name) => {
                let module = &self.modules[*module].module;
                let mut exports = module.exports.iter();
                *exports.find(|(export, _)| module.strings[**export] == **name)?.1
            }
        };
        let item = match entity {
            EntityIndex::Function(index) => Item::Function(index.as_u32()),
            EntityIndex::Table(index) => Item::Table(index.as_u32()),
            EntityIndex::Memory(index) => Item::Memory(index.as_u32()),
            EntityIndex::Global(index) => Item::Global(index.as_u32()),
            EntityIndex::Tag(index) => Item::Tag(index.as_u32()),
        };
        Some((*instance, item))
    }

    fn instantiate_import<'d>(
        &mut self,
        import: RuntimeImportIndex,
        arguments: impl Iterator<Item = &'d CoreDef>,
    ) -> Result<(), LowerError> {
        let name = self.import_name(import);
        let mut memory = None;
        for argument in arguments {
            match self.planned_memory(argument) {
                Some(index) if memory.is_none_or(|memory| memory == index) => memory = Some(index),
                Some(_) => {
                    let item = format!("a second memory for imported core module `{name}`");
                    let refused = LowerError::unsupported(item, "host modules know one");
                    return Err(refused.at(self.import_place(import)));
                }
                _ => {
                    let item = format!("an argument of imported core module `{name}` that is not a memory");
                    let advice = "host modules take a memory and nothing else";
                    return Err(LowerError::unsupported(item, advice).at(self.import_place(import)));
                }
            }
        }
        let (index, _) = &self.component().imports[import];
        let uses = match self.component().import_types[*index].1.ty {
            TypeDef::Module(ty) => self.types[ty].exports.keys().cloned().collect(),
            _ => Vec::new(),
        };
        if self.imports.contains(&import) {
            let item = format!("a second instance of imported core module `{name}`");
            let refused = LowerError::unsupported(item, "instantiate it once and pass the instance on");
            return Err(refused.at(self.import_place(import)));
        }
        self.imports.push(import);
        self.plan.imports.push(Import { name, uses, memory });
        self.sources
            .push(Source::Import(ImportIndex(self.plan.imports.len() as u32 - 1)));
        Ok(())
    }

    /// The error for the instance that is next, if it is of a module that adapts calls between components: it names the import
    /// of a core module that is given such a call.
    fn call_of_another_component(&self) -> LowerError {
        let adapter = self.sources.len();
        let is_of_adapter = |argument: &CoreDef| match argument {
            CoreDef::Export(export) => export.instance.as_u32() as usize == adapter,
            _ => false,
        };
        let import = self.component().initializers.iter().find_map(|initializer| {
            let GlobalInitializer::InstantiateModule(InstantiateModule::Static(module, arguments), _) = initializer
            else {
                return None;
            };
            let position = arguments.iter().position(is_of_adapter)?;
            let (from, name, _) = self.modules[*module].module.imports().nth(position)?;
            Some((*module, from, name))
        });
        let advice = "compose the core modules into one component";
        let Some((module, from, name)) = import else {
            return LowerError::unsupported("a call from one component to another", advice);
        };
        let item = format!("a call of `{name}` from one component to another");
        LowerError::unsupported(item, advice).at(self.core_import_place(module, from, name))
    }

    /// Where a core module imports an item.
    fn core_import_place(&self, module: StaticModuleIndex, from: &str, name: &str) -> Option<u64> {
        let before = self.unshared.modules.get(..module.as_u32() as usize)?.iter();
        let of_input = before.filter(|module| matches!(module, UnsharedModule::Input(_)));
        places::core_import(self.input_bytes, of_input.count(), (from, name))
    }

    /// Where the component imports what is, or what has in it, this import.
    fn import_place(&self, import: RuntimeImportIndex) -> Option<u64> {
        let (index, _) = &self.component().imports[import];
        places::import(self.input_bytes, &self.component().import_types[*index].0)
    }

    fn import_name(&self, import: RuntimeImportIndex) -> String {
        let (index, path) = &self.component().imports[import];
        let (root, _) = &self.component().import_types[*index];
        path.iter().fold(root.clone(), |name, field| name + "/" + field)
    }

    /// What an import of a core module is given.
    fn argument(&self, definition: &CoreDef) -> Result<Argument, LowerError> {
        if let Some((instance, item)) = self.item(definition) {
            return Ok(Argument::Item(instance, item));
        }
        match definition {
            CoreDef::Export(export) => match (&self.sources[export.instance.as_u32() as usize], &export.item) {
                (Source::StandIn(argument, _), _) => Ok(argument.clone()),
                (Source::Import(import), ExportItem::Name(name)) => {
                    Ok(Argument::Host(Definition::Import(*import, name.clone())))
                }
                _ => Err(missing()),
            },
            CoreDef::Trampoline(trampoline) => {
                let builtin = self.builtin(&self.translation.trampolines[*trampoline])?;
                Ok(Argument::Host(Definition::Builtin(builtin)))
            }
            CoreDef::UnsafeIntrinsic(intrinsic) => Err(LowerError::unsupported(
                format!("canonical built-in `{}` as an argument of this kind", intrinsic.name()),
                "pass it to a core module of the component",
            )),
            CoreDef::InstanceFlags(_) | CoreDef::TaskMayBlock => Err(LowerError::unsupported(
                "a call from one component to another",
                "compose the core modules into one component",
            )),
        }
    }

    /// Has the run-time module export a function, and gives the name.
    fn export_function(&mut self, definition: &CoreDef) -> Result<String, LowerError> {
        let (instance, function) = match self.item(definition) {
            Some((instance, Item::Function(function))) => (instance, function),
            _ => self.wrap(definition)?,
        };
        let name = format!("{}:{function}", instance.0);
        if self.exported.insert((instance, function)) {
            self.input.exports.push((name.clone(), instance, function));
        }
        Ok(name)
    }
}

/// The most pages that a memory can have, if it declares no maximum.
fn most_pages(memory64: bool) -> u64 {
    if memory64 { 1 << 48 } else { 1 << 16 }
}

fn missing() -> LowerError {
    LowerError::unsupported(
        "an item that no core module of the component defines",
        "define it there",
    )
}
