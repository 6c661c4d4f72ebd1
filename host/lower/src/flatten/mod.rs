//! Flatten: from a component of the unshared form to the [`Plan`].
//!
//! Before: nested scopes, aliases, instances made of exports, adapters between components. After: flat lists.
//!
//! The work is done by the translator of `wasmtime-environ`, as other hosts of components do it. Its output changes with
//! every major version of Wasmtime, so the version is pinned, and no other folder of weft names its types. It panics on
//! component start sections and on component values, which are refused before it sees them; should it panic on something
//! else, that is caught.
//!
//! **Rejected:** reading the component's sections into the plan directly. Type checking, aliases and, later, adapters
//! between components are some ten thousand lines there, kept in step with the specification by others.

mod exports;
mod sharedness;

use crate::LowerError;
use crate::check;
use crate::plan::{
    Builtin, CoreExport, Definition, Import, ImportIndex, Instance, InstanceIndex, Memory, MemoryIndex, Module,
    ModuleIndex, Plan,
};
use crate::threadify::{self, AddedImport, ContextAccess, ContextSlots};
use crate::unshare::{SharedItems, StandIn, Unshared, UnsharedModule};
use std::panic::{AssertUnwindSafe, catch_unwind};
use wasmparser::{Payload, Validator};
use wasmtime_environ::component::{
    Component, ComponentTranslation, ComponentTypes, ComponentTypesBuilder, CoreDef, ExportItem, GlobalInitializer,
    InstantiateModule, RuntimeImportIndex, RuntimePostReturnIndex, StaticModuleIndex, Trampoline, Translator, TypeDef,
};
use wasmtime_environ::{EntityIndex, EntityType, ModuleTranslation, PrimaryMap, ScopeVec, Tunables};

/// Runs the pass.
pub(crate) fn flatten(unshared: &Unshared) -> Result<Plan, LowerError> {
    refuse_what_panics(&unshared.bytes)?;
    let scope = ScopeVec::new();
    let tunables = Tunables::default_host();
    let mut validator = Validator::new_with_features(check::features());
    let mut types = ComponentTypesBuilder::new(&validator);
    let translator = Translator::new(&tunables, &mut validator, &mut types, &scope);
    let translated = catch_unwind(AssertUnwindSafe(|| translator.translate(&unshared.bytes)));
    let (translation, modules) = match translated {
        Ok(translated) => translated.map_err(invalid)?,
        Err(_) => return Err(LowerError::Internal("the component's translator panicked".to_owned())),
    };
    let (types, _) = types.finish(&translation.component);
    let mut flatten = Flatten {
        unshared,
        modules: &modules,
        translation: &translation,
        types: &types,
        sources: Vec::new(),
        memories: Vec::new(),
        post_returns: Vec::new(),
        imports: Vec::new(),
        plan: Plan::default(),
    };
    for initializer in &translation.component.initializers {
        flatten.initializer(initializer)?;
    }
    flatten.exports()?;
    Ok(flatten.plan)
}

fn invalid(error: wasmtime_environ::error::Error) -> LowerError {
    match error.downcast_ref::<wasmparser::BinaryReaderError>() {
        Some(error) => error.clone().into(),
        None => LowerError::unsupported("the component", format!("{error:#}")),
    }
}

fn refuse_what_panics(component: &[u8]) -> Result<(), LowerError> {
    for payload in wasmparser::Parser::new(0).parse_all(component) {
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
                    if let wasmparser::ComponentTypeRef::Value(_) = import.ty {
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

/// What one of the translator's instances has become.
enum Source {
    Instance(InstanceIndex, StaticModuleIndex),
    Import(ImportIndex),
    /// A module that stands for a built-in.
    Builtin(Builtin),
    /// A module that stands for `context.get` or `context.set`.
    Context(ContextAccess),
}

struct Flatten<'a> {
    unshared: &'a Unshared,
    modules: &'a PrimaryMap<StaticModuleIndex, ModuleTranslation<'a>>,
    translation: &'a ComponentTranslation,
    types: &'a ComponentTypes,
    /// By the translator's instance index.
    sources: Vec<Source>,
    /// For each instance of the plan, by the module's memory index, the shared memory that it is.
    memories: Vec<Vec<Option<MemoryIndex>>>,
    post_returns: Vec<(RuntimePostReturnIndex, CoreExport)>,
    /// By index into the plan's imports.
    imports: Vec<RuntimeImportIndex>,
    plan: Plan,
}

impl<'a> Flatten<'a> {
    fn component(&self) -> &'a Component {
        &self.translation.component
    }

    fn initializer(&mut self, initializer: &GlobalInitializer) -> Result<(), LowerError> {
        match initializer {
            GlobalInitializer::InstantiateModule(InstantiateModule::Static(module, arguments), _) => {
                self.instantiate(*module, arguments)
            }
            GlobalInitializer::InstantiateModule(InstantiateModule::Import(import, arguments), _) => {
                let arguments = arguments.values().flat_map(|fields| fields.values());
                self.instantiate_import(*import, arguments)
            }
            GlobalInitializer::ExtractPostReturn(function) => {
                let export = self.export(&function.def)?;
                self.post_returns.push((function.index, export));
                Ok(())
            }
            // Only functions of types that are refused when they are called use these, and built-ins that are refused.
            GlobalInitializer::ExtractMemory(_)
            | GlobalInitializer::ExtractRealloc(_)
            | GlobalInitializer::ExtractTable(_) => Ok(()),
            GlobalInitializer::LowerImport { import, .. } => Err(LowerError::unsupported(
                format!("imported component function `{}`", self.import_name(*import)),
                "only core modules can be imported",
            )),
            GlobalInitializer::ExtractCallback(_) => Err(LowerError::unsupported(
                "a `callback` option",
                "lift the function synchronously",
            )),
            GlobalInitializer::Resource(_) => {
                Err(LowerError::unsupported("a resource type", "use integers as handles"))
            }
        }
    }

    fn instantiate(&mut self, index: StaticModuleIndex, arguments: &[CoreDef]) -> Result<(), LowerError> {
        let items = match self.unshared.modules.get(index.as_u32() as usize) {
            Some(UnsharedModule::Input(items)) => items,
            Some(UnsharedModule::StandIn(stand_in)) => {
                let source = self.stand_in(*stand_in, arguments)?;
                self.sources.push(source);
                return Ok(());
            }
            None => {
                return Err(LowerError::unsupported(
                    "a call from one component to another",
                    "compose the core modules into one component",
                ));
            }
        };
        self.check_arguments(index, items, arguments)?;
        let accesses = arguments.iter().map(|argument| self.context_access(argument));
        let accesses = accesses.collect::<Vec<_>>();
        let uses_slots = accesses.iter().any(Option::is_some);
        let slots = match self.plan.context {
            Some(_) => ContextSlots::Import,
            None => ContextSlots::Define,
        };
        let output = threadify::threadify(&threadify::Input {
            wasm: self.modules[index].wasm,
            items,
            imports: &accesses,
            slots,
        })?;

        let mut definitions = Vec::new();
        for (argument, kept) in arguments.iter().zip(&output.kept) {
            if *kept {
                definitions.push(self.definition(argument)?);
            }
        }
        let memories = self.memories_of(index, items, arguments)?;
        let instance = InstanceIndex(self.plan.instances.len() as u32);
        for added in &output.added {
            definitions.push(self.added_import(added, instance, &memories)?);
        }
        if uses_slots && self.plan.context.is_none() {
            self.plan.context = Some(instance);
        }
        let module = ModuleIndex(self.plan.modules.len() as u32);
        self.plan.modules.push(Module {
            wasm: output.wasm,
            initialize: output.initialize,
        });
        self.plan.instances.push(Instance {
            module,
            arguments: definitions,
        });
        self.memories.push(memories);
        self.sources.push(Source::Instance(instance, index));
        Ok(())
    }

    /// Which shared memory each memory of a module is. Those that it defines are new.
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
                memories.push(match self.definition(argument)? {
                    Definition::Memory(memory) => Some(memory),
                    _ => None,
                });
            }
        }
        for (_, memory) in module.memories.iter().skip(module.num_imported_memories) {
            let shared = items.memories.get(memories.len()).copied().unwrap_or(false);
            memories.push(shared.then(|| {
                self.plan.memories.push(Memory {
                    minimum: memory.limits.min,
                    maximum: memory.limits.max.unwrap_or(memory.limits.min),
                    memory64: memory.idx_type == wasmtime_environ::IndexType::I64,
                });
                MemoryIndex(self.plan.memories.len() as u32 - 1)
            }));
        }
        Ok(memories)
    }

    fn added_import(
        &self,
        added: &AddedImport,
        instance: InstanceIndex,
        memories: &[Option<MemoryIndex>],
    ) -> Result<Definition, LowerError> {
        let memory = |index: u32| {
            let memory = memories.get(index as usize).copied().flatten();
            memory.ok_or_else(|| LowerError::Internal(format!("memory {index} is not a shared memory")))
        };
        Ok(match *added {
            AddedImport::Memory(index) => Definition::Memory(memory(index)?),
            AddedImport::Wait32(index) => Definition::Builtin(Builtin::Wait32(memory(index)?)),
            AddedImport::Wait64(index) => Definition::Builtin(Builtin::Wait64(memory(index)?)),
            AddedImport::Notify(index) => Definition::Builtin(Builtin::Notify(memory(index)?)),
            AddedImport::IsSegmentDropped => Definition::Builtin(Builtin::IsSegmentDropped(instance)),
            AddedImport::DropSegment => Definition::Builtin(Builtin::DropSegment(instance)),
            AddedImport::ContextSlot(slot) => match self.plan.context {
                Some(instance) => Definition::Export(CoreExport {
                    instance,
                    name: crate::plan::CONTEXT_SLOT_EXPORTS[slot].to_owned(),
                }),
                None => return Err(LowerError::Internal("no module defines the context slots".to_owned())),
            },
        })
    }

    /// What the instance of a module that stands for a built-in becomes.
    fn stand_in(&self, stand_in: StandIn, arguments: &[CoreDef]) -> Result<Source, LowerError> {
        let item = match stand_in {
            StandIn::SpawnIndirect { wide: false } => {
                let table = arguments.first().map(|table| self.export(table));
                let table = table.ok_or_else(|| LowerError::Internal("a spawn without its table".to_owned()))??;
                self.check_spawn_table(&table)?;
                return Ok(Source::Builtin(Builtin::SpawnIndirect(table)));
            }
            StandIn::AvailableParallelism => return Ok(Source::Builtin(Builtin::AvailableParallelism)),
            StandIn::Context { slot, set, wide: false } => {
                let slot = slot as usize;
                return Ok(Source::Context(ContextAccess { slot, set }));
            }
            StandIn::SpawnIndirect { wide: true } => "`thread.spawn-indirect` with a parameter of type `i64`",
            StandIn::SpawnRef { .. } => "`thread.spawn-ref`",
            StandIn::NewIndirect { .. } => "`thread.new-indirect` of a preemptive thread",
            StandIn::Context { wide: true, .. } => "a context slot of type `i64`",
        };
        Err(LowerError::unsupported(item, "it is not implemented yet"))
    }

    fn instantiate_import<'d>(
        &mut self,
        import: RuntimeImportIndex,
        arguments: impl Iterator<Item = &'d CoreDef>,
    ) -> Result<(), LowerError> {
        let name = self.import_name(import);
        let mut memory = None;
        for argument in arguments {
            match self.definition(argument)? {
                Definition::Memory(index) if memory.is_none_or(|memory| memory == index) => memory = Some(index),
                Definition::Memory(_) => {
                    return Err(LowerError::unsupported(
                        format!("a second memory for imported core module `{name}`"),
                        "host modules know one",
                    ));
                }
                _ => {
                    return Err(LowerError::unsupported(
                        format!("an argument of imported core module `{name}` that is not a shared memory"),
                        "host modules take a shared memory and nothing else",
                    ));
                }
            }
        }
        let (index, _) = &self.component().imports[import];
        let uses = match self.component().import_types[*index].1.ty {
            TypeDef::Module(ty) => self.types[ty].exports.keys().cloned().collect(),
            _ => Vec::new(),
        };
        if self.imports.contains(&import) {
            return Err(LowerError::unsupported(
                format!("a second instance of imported core module `{name}`"),
                "instantiate it once and pass the instance on",
            ));
        }
        self.imports.push(import);
        self.plan.imports.push(Import { name, uses, memory });
        self.sources
            .push(Source::Import(ImportIndex(self.plan.imports.len() as u32 - 1)));
        Ok(())
    }

    fn import_name(&self, import: RuntimeImportIndex) -> String {
        let (index, path) = &self.component().imports[import];
        let (root, _) = &self.component().import_types[*index];
        path.iter().fold(root.clone(), |name, field| name + "/" + field)
    }

    fn definition(&self, definition: &CoreDef) -> Result<Definition, LowerError> {
        match definition {
            CoreDef::Export(export) => match (&self.sources[export.instance.as_u32() as usize], &export.item) {
                (Source::Instance(instance, _), ExportItem::Index(EntityIndex::Memory(memory))) => {
                    match self.memories[instance.index()].get(memory.as_u32() as usize) {
                        Some(Some(memory)) => Ok(Definition::Memory(*memory)),
                        _ => Ok(Definition::Export(self.export(definition)?)),
                    }
                }
                (Source::Instance(..), _) => Ok(Definition::Export(self.export(definition)?)),
                (Source::Import(import), ExportItem::Name(name)) => Ok(Definition::Import(*import, name.clone())),
                (Source::Builtin(builtin), _) => Ok(Definition::Builtin(builtin.clone())),
                (Source::Context(access), _) => Err(LowerError::unsupported(
                    format!(
                        "canonical built-in `context.{}` as an argument of this kind",
                        if access.set { "set" } else { "get" }
                    ),
                    "pass it to a core module of the component",
                )),
                (Source::Import(_), ExportItem::Index(_)) => {
                    Err(LowerError::Internal("an imported module has no indices".to_owned()))
                }
            },
            CoreDef::Trampoline(trampoline) => match &self.translation.trampolines[*trampoline] {
                Trampoline::ThreadIndex { .. } => Ok(Definition::Builtin(Builtin::ThreadIndex)),
                other => Err(LowerError::unsupported(
                    format!("canonical built-in `{}`", other.symbol_name()),
                    "it is not implemented yet",
                )),
            },
            CoreDef::UnsafeIntrinsic(intrinsic) => {
                Err(LowerError::Internal(format!("`{}` has no stand-in", intrinsic.name())))
            }
            CoreDef::InstanceFlags(_) | CoreDef::TaskMayBlock => Err(LowerError::unsupported(
                "a call from one component to another",
                "compose the core modules into one component",
            )),
        }
    }

    fn context_access(&self, definition: &CoreDef) -> Option<ContextAccess> {
        match definition {
            CoreDef::Export(export) => match self.sources[export.instance.as_u32() as usize] {
                Source::Context(access) => Some(access),
                _ => None,
            },
            _ => None,
        }
    }

    /// An item that an instance of the plan exports, by name.
    fn export(&self, definition: &CoreDef) -> Result<CoreExport, LowerError> {
        let missing = || {
            LowerError::unsupported(
                "an item that no core module of the component defines",
                "define it there",
            )
        };
        let CoreDef::Export(export) = definition else {
            return Err(missing());
        };
        let Source::Instance(instance, module) = &self.sources[export.instance.as_u32() as usize] else {
            return Err(missing());
        };
        let name = match &export.item {
            ExportItem::Name(name) => name.clone(),
            ExportItem::Index(entity) => {
                let module = &self.modules[*module].module;
                let name = module.exports.iter().find(|(_, exported)| *exported == entity);
                let (name, _) = name.ok_or_else(missing)?;
                module.strings[name].to_owned()
            }
        };
        Ok(CoreExport {
            instance: *instance,
            name,
        })
    }
}
