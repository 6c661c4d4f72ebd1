//! Core instances: those of the component's modules, which go to threadify, and those of imported modules, which the
//! host creates.

use super::{Flatten, Source, import_path, places};
use crate::binary::item_count::count_passive_elements;
use crate::binary::module_items::SharedItems;
use crate::error::LowerError;
use crate::plan::{ComponentInstanceIndex, Import, ImportIndex, Memory, MemoryIndex};
use crate::threadify::{Instance, InstanceIndex};
use crate::unshare::UnsharedModule;
use std::borrow::Cow;
use std::collections::BTreeSet;
use wasmtime_environ::EntityType;
use wasmtime_environ::component::{
    CoreDef, RuntimeComponentInstanceIndex, RuntimeImportIndex, StaticModuleIndex, TypeDef, TypeModule,
};

impl Flatten<'_> {
    /// Adds an instance of a core module. It belongs to a component instance, unless the translator generated the
    /// module.
    pub(super) fn instantiate(
        &mut self,
        index: StaticModuleIndex,
        arguments: &[CoreDef],
        component: Option<RuntimeComponentInstanceIndex>,
    ) -> Result<(), LowerError> {
        let items = match self.unshared.modules.get(index.as_u32() as usize) {
            Some(UnsharedModule::Input(items) | UnsharedModule::Added(items)) => items,
            Some(UnsharedModule::StandIn(stand_in)) => {
                let argument = self.stand_in(*stand_in, index, arguments)?;
                self.sources.push(Source::StandIn(argument, index));
                return Ok(());
            }
            None => {
                let instance = self.instantiate_adapter(index, arguments)?;
                self.sources.push(Source::Instance(instance, index));
                return Ok(());
            }
        };
        if !self.instantiated.insert(index) {
            let module = &self.modules[index];
            let defined = module.module.functions.len() - module.module.num_imported_funcs;
            let elements = count_passive_elements(module.wasm)?;
            self.copies.add(defined, elements, module.wasm.len())?;
        }
        let module = &self.modules[index].module;
        let memories = module.memories.len() - module.num_imported_memories;
        let tables = module.tables.len() - module.num_imported_tables;
        let input_module = self.input_module(index);
        let place = || {
            let range = places::core_module(self.input_bytes, input_module?)?;
            Some(range.start as u64)
        };
        self.defined.add(memories, tables, place)?;
        self.check_imported(index, arguments)?;
        let component = component.map(|component| ComponentInstanceIndex(component.as_u32()));
        self.check_drops(index, items, arguments, component)?;
        let memories = self.memories_of(index, items, arguments)?;
        let arguments = arguments.iter().map(|argument| self.argument(argument));
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        self.check_adapters(index, items, &arguments, component)?;
        self.input.instances.push(Instance {
            wasm: self.modules[index].wasm,
            items: Cow::Borrowed(items),
            arguments,
            memories,
            component,
            exclusive: BTreeSet::new(),
        });
        let instance = InstanceIndex(self.input.instances.len() - 1);
        self.sources.push(Source::Instance(instance, index));
        Ok(())
    }

    /// For each memory of a module, the plan's memory. Adds the memories that the module defines.
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
            let shared = items.memories.get(memories.len()).copied();
            let unknown =
                || LowerError::Internal(format!("nothing is recorded of memory {} of a module", memories.len()));
            let shared = shared.ok_or_else(unknown)?;
            let is_given = self.given.contains(&(self.sources.len(), memories.len()));
            let is_planned = shared || is_given;
            if is_planned && memory.page_size_log2 != 16 {
                let whose = if shared {
                    "a shared memory"
                } else {
                    "a memory that an imported core module or another component uses"
                };
                let refused =
                    LowerError::unsupported(format!("{whose} with a custom page size"), "leave out `pagesize`");
                let defined = memories.len() - module.num_imported_memories;
                let place = self.input_module(index);
                let place = place.and_then(|module| places::core_memory(self.input_bytes, module, defined));
                return Err(refused.at(place));
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

    pub(super) fn instantiate_import<'d>(
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
                    let refused = LowerError::unsupported(item, "pass one memory to each instance of a host module");
                    return Err(refused.at(self.import_place(import)));
                }
                None => {
                    let item = format!("an argument of imported core module `{name}` that is not a memory");
                    let advice = "pass only a memory to a host module";
                    return Err(LowerError::unsupported(item, advice).at(self.import_place(import)));
                }
            }
        }
        let uses = self.module_type(import)?.exports.keys().cloned().collect();
        self.imports.push(import);
        let path = import_path(self.component(), import);
        self.plan.imports.push(Import {
            name,
            path,
            uses,
            memory,
        });
        self.sources
            .push(Source::Import(ImportIndex(self.plan.imports.len() as u32 - 1)));
        Ok(())
    }

    /// The type of an imported core module, which may be an export of an imported instance.
    pub(super) fn module_type(&self, import: RuntimeImportIndex) -> Result<&TypeModule, LowerError> {
        let (index, path) = &self.component().imports[import];
        let mut ty = self.component().import_types[*index].1.ty;
        for field in path {
            let TypeDef::ComponentInstance(instance) = ty else {
                break;
            };
            match self.types[instance].exports.get(field) {
                Some(export) => ty = export.ty,
                None => break,
            }
        }
        match ty {
            TypeDef::Module(module) => Ok(&self.types[module]),
            other => {
                let name = self.import_name(import);
                Err(LowerError::Internal(format!(
                    "imported core module `{name}` is of type {other:?}"
                )))
            }
        }
    }
}

/// The most pages that a memory can have, if it declares no maximum.
fn most_pages(memory64: bool) -> u64 {
    if memory64 { 1 << 48 } else { 1 << 16 }
}
