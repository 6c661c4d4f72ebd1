//! The memories that the component passes to imported core modules.
//!
//! **Problem.** Host functions access a program's memory from any OS thread, even while the guest's store is not
//! available, so for the runtime that memory must be a shared one. But a program without threads has an unshared
//! memory. **Before:**
//!
//! ```wat
//! (core module $state (memory (export "memory") 1))
//! (core instance $state (instantiate $state))
//! (core instance $wasi (instantiate $imported (with "env" (instance $state))))
//! ```
//!
//! **After:** memory 0 of `$state` is in [`Plan::memories`](crate::Plan::memories), but not marked as
//! [`shared`](crate::plan::Memory::shared). Only the store of the host's calls uses it, since shared code cannot. There
//! it behaves like an unshared memory: waiting on it traps.
//!
//! **Rejected:** host functions that look the memory up in the calling store (a call that runs on another OS thread has
//! no store).

use super::exported::exported;
use super::instantiated::{Instantiated, Modules, instantiated};
use std::collections::HashSet;
use wasmtime_environ::component::{Component, CoreDef, CoreExport, GlobalInitializer, InstantiateModule};
use wasmtime_environ::{EntityIndex, EntityType, Module};

/// A memory, by the number of the instance that defines it and its index there.
pub(super) type DefinedMemory = (usize, usize);

/// Finds the memories that a component passes to the core modules that it imports.
pub(super) fn host_memories(component: &Component, modules: &Modules<'_>) -> HashSet<DefinedMemory> {
    let instances = instantiated(component, modules);
    let mut found = HashSet::new();
    for initializer in &component.initializers {
        if let GlobalInitializer::InstantiateModule(InstantiateModule::Import(_, arguments), _) = initializer {
            let arguments = arguments.values().flat_map(|fields| fields.values());
            found.extend(arguments.filter_map(|argument| defined(&instances, argument)));
        }
    }
    found
}

/// The instances that define memories.
pub(super) fn definers<'d>(
    component: &Component,
    modules: &Modules<'_>,
    memories: impl Iterator<Item = &'d CoreDef>,
) -> HashSet<DefinedMemory> {
    let instances = instantiated(component, modules);
    memories.filter_map(|memory| defined(&instances, memory)).collect()
}

/// Follows a memory to the instance that defines it.
fn defined(instances: &[Option<Instantiated<'_>>], definition: &CoreDef) -> Option<DefinedMemory> {
    let mut definition = definition;
    loop {
        let CoreDef::Export(export) = definition else {
            return None;
        };
        let instance = export.instance.as_u32() as usize;
        let (module, arguments) = (*instances.get(instance)?)?;
        let memory = exported_memory(module, export)?;
        if memory >= module.num_imported_memories {
            return Some((instance, memory));
        }
        let imports = module.imports().zip(arguments);
        let mut memories = imports.filter(|((_, _, ty), _)| matches!(ty, EntityType::Memory(_)));
        definition = memories.nth(memory)?.1;
    }
}

fn exported_memory(module: &Module, export: &CoreExport<EntityIndex>) -> Option<usize> {
    match exported(module, &export.item)? {
        EntityIndex::Memory(index) => Some(index.as_u32() as usize),
        EntityIndex::Function(_) | EntityIndex::Table(_) | EntityIndex::Global(_) | EntityIndex::Tag(_) => None,
    }
}
