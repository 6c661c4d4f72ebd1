//! What the unshared form cannot tell any more: whether what is passed to a core module is as shared as what it asks for.

use super::{Flatten, Source};
use crate::LowerError;
use crate::threadify::TableOf;
use crate::unshare::{SharedItems, UnsharedModule};
use wasmtime_environ::component::{CoreDef, ExportItem, StaticModuleIndex};
use wasmtime_environ::{EntityIndex, EntityType, FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TagIndex};

impl Flatten<'_> {
    /// SETV-11: what is shared and what is not do not match each other. And what an imported module exports, beside
    /// functions, would have to be the same on all threads.
    pub(super) fn check_arguments(
        &self,
        index: StaticModuleIndex,
        items: &SharedItems,
        arguments: &[CoreDef],
    ) -> Result<(), LowerError> {
        let module = &self.modules[index].module;
        // Imports come first in each index space.
        let mut seen = [0_u32; 5];
        for ((module_name, name, ty), argument) in module.imports().zip(arguments) {
            let mut next = |space: usize| {
                seen[space] += 1;
                seen[space] - 1
            };
            let wanted = match ty {
                EntityType::Function(_) => is_shared(items, EntityIndex::Function(FuncIndex::from_u32(next(0)))),
                EntityType::Table(_) => is_shared(items, EntityIndex::Table(TableIndex::from_u32(next(1)))),
                EntityType::Memory(_) => is_shared(items, EntityIndex::Memory(MemoryIndex::from_u32(next(2)))),
                EntityType::Global(_) => is_shared(items, EntityIndex::Global(GlobalIndex::from_u32(next(3)))),
                EntityType::Tag(_) => is_shared(items, EntityIndex::Tag(TagIndex::from_u32(next(4)))),
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

    /// SPAWN-IND-07: the table that threads are spawned from is shared.
    pub(super) fn check_spawn_table(&self, table: TableOf) -> Result<(), LowerError> {
        let instance = &self.input.instances[table.instance.0];
        match instance.items.tables.get(table.table as usize) {
            Some(true) => Ok(()),
            _ => Err(LowerError::Rule {
                rule: "SPAWN-IND-07",
                message: "`thread.spawn-indirect` on a table that is not shared: add `shared` to it".to_owned(),
                offset: 0,
            }),
        }
    }
}

fn is_shared(items: &SharedItems, entity: EntityIndex) -> Option<bool> {
    let (items, index) = match entity {
        EntityIndex::Function(index) => (&items.functions, index.as_u32()),
        EntityIndex::Table(index) => (&items.tables, index.as_u32()),
        EntityIndex::Memory(index) => (&items.memories, index.as_u32()),
        EntityIndex::Global(index) => (&items.globals, index.as_u32()),
        EntityIndex::Tag(index) => (&items.tags, index.as_u32()),
    };
    items.get(index as usize).copied()
}
