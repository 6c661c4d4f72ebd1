//! Flatten: from a component of the unshared form to the [`Plan`].
//!
//! Before: nested scopes, aliases, instances made of exports, adapters between components. After: flat lists.
//!
//! The work is done by the translator of `wasmtime-environ`, as other hosts of components do it. Its output changes with
//! every major version of Wasmtime, so the version is pinned, and no other file of weft names its types. It panics on
//! component start sections and on component values, which are refused before it sees them; should it panic on something
//! else, that is caught.
//!
//! **Rejected:** reading the component's sections into the plan directly. Type checking, aliases and, later, adapters
//! between components are some ten thousand lines there, kept in step with the specification by others.

use crate::LowerError;
use crate::check;
use crate::plan::{
    Builtin, CoreExport, Definition, Export, Import, ImportIndex, Instance, InstanceIndex, Memory, MemoryIndex, Module,
    ModuleIndex, Plan, ValueType,
};
use crate::threadify::{self, AddedImport, ContextAccess, ContextSlots};
use crate::unshare::{NEW_IMPORT, SharedItems, Unshared, UnsharedModule};
use std::panic::{AssertUnwindSafe, catch_unwind};
use wasmparser::{Payload, Validator};
use wasmtime_environ::component::{
    Component, ComponentTranslation, ComponentTypes, ComponentTypesBuilder, CoreDef, Export as ComponentExport,
    ExportItem, GlobalInitializer, InstantiateModule, InterfaceType, RuntimeImportIndex, RuntimePostReturnIndex,
    RuntimeTableIndex, StaticModuleIndex, Trampoline, Translator, TypeDef, UnsafeIntrinsic,
};
use wasmtime_environ::{
    EntityIndex, EntityType, FuncIndex, GlobalIndex, MemoryIndex as EnvironMemoryIndex, ModuleTranslation, PrimaryMap,
    ScopeVec, TableIndex, Tunables,
};

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
        tables: Vec::new(),
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
    tables: Vec<(RuntimeTableIndex, CoreExport)>,
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
            GlobalInitializer::ExtractTable(table) => {
                let export = self.export(&table.export.clone().map_index(EntityIndex::Table).into())?;
                self.tables.push((table.index, export));
                Ok(())
            }
            GlobalInitializer::ExtractPostReturn(function) => {
                let export = self.export(&function.def)?;
                self.post_returns.push((function.index, export));
                Ok(())
            }
            // Only functions of types that are refused when they are called use these.
            GlobalInitializer::ExtractMemory(_) | GlobalInitializer::ExtractRealloc(_) => Ok(()),
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
            Some(UnsharedModule::SpawnIndirect) => return self.instantiate_spawn(index, arguments),
            Some(UnsharedModule::AvailableParallelism) => {
                self.sources.push(Source::Builtin(Builtin::AvailableParallelism));
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
        let accesses = arguments.iter().map(context_access).collect::<Vec<_>>();
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

    /// SETV-11: what is shared and what is not do not match each other. And what an imported module exports, beside
    /// functions, would have to be the same on all threads.
    fn check_arguments(
        &self,
        index: StaticModuleIndex,
        items: &SharedItems,
        arguments: &[CoreDef],
    ) -> Result<(), LowerError> {
        let module = &self.modules[index].module;
        // Imports come first in each index space.
        let mut seen = [0_u32; 4];
        for ((module_name, name, ty), argument) in module.imports().zip(arguments) {
            let mut next = |space: usize| {
                seen[space] += 1;
                seen[space] - 1
            };
            let wanted = match ty {
                EntityType::Function(_) => is_shared(items, EntityIndex::Function(FuncIndex::from_u32(next(0)))),
                EntityType::Table(_) => is_shared(items, EntityIndex::Table(TableIndex::from_u32(next(1)))),
                EntityType::Memory(_) => is_shared(items, EntityIndex::Memory(EnvironMemoryIndex::from_u32(next(2)))),
                EntityType::Global(_) => is_shared(items, EntityIndex::Global(GlobalIndex::from_u32(next(3)))),
                EntityType::Tag(_) => None,
            };
            let CoreDef::Export(export) = argument else { continue };
            match (&self.sources[export.instance.as_u32() as usize], &export.item) {
                (Source::Instance(_, exporter), ExportItem::Index(entity)) => {
                    let Some(UnsharedModule::Input(items)) = self.unshared.modules.get(exporter.as_u32() as usize)
                    else {
                        continue;
                    };
                    let found = is_shared(items, *entity);
                    if wanted.zip(found).is_some_and(|(wanted, found)| wanted != found) {
                        let (has, has_not) = if found == Some(true) {
                            ("it is given", "it asks for")
                        } else {
                            ("it asks for", "it is given")
                        };
                        return Err(LowerError::Rule {
                            rule: "SETV-11",
                            message: format!(
                                "import `{module_name}/{name}`: what {has} is shared, and what {has_not} is not"
                            ),
                            offset: self.modules[index].wasm_module_offset,
                        });
                    }
                }
                (Source::Import(_), _) => {
                    let kind = match ty {
                        EntityType::Memory(_) => "memory",
                        EntityType::Table(_) => "table",
                        EntityType::Global(global) if global.mutability => "mutable global",
                        _ => continue,
                    };
                    return Err(LowerError::unsupported(
                        format!("{kind} `{name}` of an imported core module"),
                        "define it in the component",
                    ));
                }
                _ => {}
            }
        }
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

    /// The module that stands for a spawn names its table through the `thread.new-indirect` that it is given.
    fn instantiate_spawn(&mut self, index: StaticModuleIndex, arguments: &[CoreDef]) -> Result<(), LowerError> {
        let imports = self.modules[index].module.imports();
        let new = imports.zip(arguments).find(|((_, name, _), _)| *name == NEW_IMPORT);
        let table = match new {
            Some((_, CoreDef::Trampoline(trampoline))) => match &self.translation.trampolines[*trampoline] {
                Trampoline::ThreadNewIndirect {
                    start_func_table_idx, ..
                } => self.tables.iter().find(|(table, _)| table == start_func_table_idx),
                _ => None,
            },
            _ => None,
        };
        let (_, table) = table.ok_or_else(|| LowerError::Internal("a spawn without its table".to_owned()))?;
        self.check_spawn_table(table)?;
        self.sources
            .push(Source::Builtin(Builtin::SpawnIndirect(table.clone())));
        Ok(())
    }

    /// SPAWN-IND-07: the table that threads are spawned from is shared.
    fn check_spawn_table(&self, table: &CoreExport) -> Result<(), LowerError> {
        let of_instance = |source: &&Source| matches!(source, Source::Instance(index, _) if *index == table.instance);
        let Some(Source::Instance(_, index)) = self.sources.iter().find(of_instance) else {
            return Ok(());
        };
        let module = &self.modules[*index].module;
        let mut exports = module.exports.iter();
        let export = exports.find(|(name, _)| module.strings[*name] == table.name);
        let (Some((_, EntityIndex::Table(export))), Some(UnsharedModule::Input(items))) =
            (export, self.unshared.modules.get(index.as_u32() as usize))
        else {
            return Ok(());
        };
        match items.tables.get(export.as_u32() as usize) {
            Some(true) => Ok(()),
            _ => Err(LowerError::Rule {
                rule: "SPAWN-IND-07",
                message: format!(
                    "`thread.spawn-indirect` on table `{}`, which is not shared: add `shared` to it",
                    table.name
                ),
                offset: self.modules[*index].wasm_module_offset,
            }),
        }
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

    fn exports(&mut self) -> Result<(), LowerError> {
        let mut pending = Vec::new();
        for (name, (index, _)) in self.component().exports.raw_iter() {
            pending.push((vec![name.to_string()], *index));
        }
        while let Some((path, index)) = pending.pop() {
            match &self.component().export_items[index] {
                ComponentExport::Instance { exports, .. } => {
                    for (name, (index, _)) in exports.raw_iter() {
                        let path = path.iter().cloned().chain([name.to_string()]).collect();
                        pending.push((path, *index));
                    }
                }
                ComponentExport::LiftedFunction { ty, func, options } => {
                    let ty = &self.types[*ty];
                    let options = &self.component().options[*options];
                    if options.async_ {
                        let item = format!("async-lifted function `{}`", path.join("#"));
                        return Err(LowerError::unsupported(item, "lift it synchronously"));
                    }
                    let post_return = options.post_return.and_then(|index| {
                        let found = self.post_returns.iter().find(|(other, _)| *other == index);
                        found.map(|(_, export)| export.clone())
                    });
                    let parameter_types = self.types[ty.params].types.iter();
                    let parameters = ty
                        .param_names
                        .iter()
                        .cloned()
                        .zip(parameter_types.map(|ty| self.value_type(ty)));
                    let result = self.types[ty.results].types.first().map(|ty| self.value_type(ty));
                    self.plan.exports.push(Export {
                        path,
                        function: self.export(func)?,
                        parameters: parameters.collect(),
                        result,
                        post_return,
                    });
                }
                ComponentExport::ModuleStatic { .. }
                | ComponentExport::ModuleImport { .. }
                | ComponentExport::Type(_) => {}
            }
        }
        self.plan.exports.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(())
    }

    fn value_type(&self, ty: &InterfaceType) -> ValueType {
        match ty {
            InterfaceType::Bool => ValueType::Bool,
            InterfaceType::S8 => ValueType::S8,
            InterfaceType::U8 => ValueType::U8,
            InterfaceType::S16 => ValueType::S16,
            InterfaceType::U16 => ValueType::U16,
            InterfaceType::S32 => ValueType::S32,
            InterfaceType::U32 => ValueType::U32,
            InterfaceType::S64 => ValueType::S64,
            InterfaceType::U64 => ValueType::U64,
            InterfaceType::Float32 => ValueType::Float32,
            InterfaceType::Float64 => ValueType::Float64,
            InterfaceType::Char => ValueType::Char,
            InterfaceType::Result(index) => match &self.types[*index] {
                result if result.ok.is_none() && result.err.is_none() => ValueType::Result,
                _ => ValueType::Other("result with a payload".to_owned()),
            },
            other => ValueType::Other(kind(other).to_owned()),
        }
    }
}

fn kind(ty: &InterfaceType) -> &'static str {
    match ty {
        InterfaceType::String => "string",
        InterfaceType::Record(_) => "record",
        InterfaceType::Variant(_) => "variant",
        InterfaceType::List(_) | InterfaceType::FixedLengthList(_) => "list",
        InterfaceType::Tuple(_) => "tuple",
        InterfaceType::Map(_) => "map",
        InterfaceType::Flags(_) => "flags",
        InterfaceType::Enum(_) => "enum",
        InterfaceType::Option(_) => "option",
        InterfaceType::Own(_) | InterfaceType::Borrow(_) => "resource",
        InterfaceType::Future(_) => "future",
        InterfaceType::Stream(_) => "stream",
        InterfaceType::ErrorContext(_) => "error-context",
        _ => "a type that is not supported",
    }
}

fn is_shared(items: &SharedItems, entity: EntityIndex) -> Option<bool> {
    let (items, index) = match entity {
        EntityIndex::Function(index) => (&items.functions, index.as_u32()),
        EntityIndex::Table(index) => (&items.tables, index.as_u32()),
        EntityIndex::Memory(index) => (&items.memories, index.as_u32()),
        EntityIndex::Global(index) => (&items.globals, index.as_u32()),
        EntityIndex::Tag(_) => return None,
    };
    items.get(index as usize).copied()
}

fn context_access(definition: &CoreDef) -> Option<ContextAccess> {
    let (slot, set) = match definition {
        CoreDef::UnsafeIntrinsic(UnsafeIntrinsic::ContextGetI32_0) => (0, false),
        CoreDef::UnsafeIntrinsic(UnsafeIntrinsic::ContextGetI32_1) => (1, false),
        CoreDef::UnsafeIntrinsic(UnsafeIntrinsic::ContextSetI32_0) => (0, true),
        CoreDef::UnsafeIntrinsic(UnsafeIntrinsic::ContextSetI32_1) => (1, true),
        _ => return None,
    };
    Some(ContextAccess { slot, set })
}
