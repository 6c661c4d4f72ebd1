//! What core modules export for the host: see [`CoreExports`].
//!
//! Which tables are kept in memories is known when threadify has decided it. Until then, all count as those that each store has.
//!
//! The names are those of one module. If a component contains several component instances whose core modules export items for the host,
//! such as two adapted programs, the host could not say which `malloc` it means, so it sees none of them.

use super::{Flatten, Source};
use crate::error::LowerError;
use crate::plan::{
    CORE_ENTER, CORE_EXPORT, CORE_LEAVE, CoreEntry, CoreExport, CoreExports, CoreItem, CoreTable, OptionMemory,
};
use crate::threadify::InstanceIndex;
use std::collections::BTreeSet;
use wasmtime_environ::EntityIndex;

impl Flatten<'_> {
    pub(super) fn core_exports(&mut self) -> Result<(), LowerError> {
        let (mut items, mut entry) = (Vec::new(), [None, None]);
        for source in &self.sources {
            let Source::Instance(instance, module) = source else {
                continue;
            };
            let module = &self.modules[*module].module;
            for (name, entity) in module.exports.iter() {
                match (&module.strings[*name], *entity) {
                    (CORE_ENTER, EntityIndex::Function(function)) => entry[0] = Some((*instance, function.as_u32())),
                    (CORE_LEAVE, EntityIndex::Function(function)) => entry[1] = Some((*instance, function.as_u32())),
                    (name, entity) => {
                        let name = name.strip_prefix(CORE_EXPORT);
                        items.extend(name.map(|name| (name.to_owned(), *instance, entity)));
                    }
                }
            }
        }
        let exporters = items.iter().map(|(_, instance, _)| instance);
        let exporters = exporters.chain(entry.iter().flatten().map(|(instance, _)| instance));
        let exporters: BTreeSet<_> = exporters
            .map(|instance| self.input.instances[instance.0].component)
            .collect();
        if exporters.len() > 1 {
            return Ok(());
        }
        items.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        for window in items.windows(2) {
            if let [(one, ..), (other, ..)] = window
                && one == other
            {
                let item = format!("a second core module that exports `{CORE_EXPORT}{one}`");
                return Err(LowerError::unsupported(
                    item,
                    "give each export for the host a name of its own",
                ));
            }
        }
        for (name, instance, entity) in items {
            let export = self.core_export(name, instance, entity)?;
            self.plan.core_exports.items.extend(export);
        }
        self.plan.core_exports.entry = match entry {
            [Some(enter), Some(leave)] => Some(self.core_entry(enter, leave)),
            [None, None] => None,
            [Some(_), None] | [None, Some(_)] => {
                let item = format!("a core module that exports one of `{CORE_ENTER}` and `{CORE_LEAVE}`");
                return Err(LowerError::unsupported(item, "export both"));
            }
        };
        Ok(())
    }

    /// None if it is of a kind that the host does not use.
    fn core_export(
        &mut self,
        name: String,
        instance: InstanceIndex,
        entity: EntityIndex,
    ) -> Result<Option<CoreExport>, LowerError> {
        let exported = &self.input.instances[instance.0];
        let of_none = || {
            LowerError::Internal(format!(
                "`{name}` is exported by an instance that no component contains"
            ))
        };
        let component = exported.component.ok_or_else(of_none)?;
        let export = format!("{CORE_EXPORT}{name}");
        let (shared, item) = match entity {
            EntityIndex::Function(index) => {
                let index = index.as_u32();
                let shared = is_shared(&exported.items.functions, index);
                self.input.exports.push((export.clone(), instance, index));
                (shared, CoreItem::Function(export))
            }
            EntityIndex::Memory(index) => {
                let index = index.as_u32();
                let shared = is_shared(&exported.items.memories, index);
                let memory = match exported.memories.get(index as usize).copied().flatten() {
                    Some(memory) => OptionMemory::Planned(memory),
                    None => {
                        self.input.memory_exports.push((export.clone(), instance, index));
                        OptionMemory::Unshared { export }
                    }
                };
                (shared, CoreItem::Memory(memory))
            }
            EntityIndex::Table(index) => {
                let index = index.as_u32();
                let shared = is_shared(&exported.items.tables, index);
                self.input.host_tables.push((export.clone(), instance, index));
                (shared, CoreItem::Table(CoreTable::Fixed(export)))
            }
            EntityIndex::Global(_) | EntityIndex::Tag(_) => return Ok(None),
        };
        Ok(Some(CoreExport {
            name,
            instance: component,
            shared,
            item,
        }))
    }

    fn core_entry(&mut self, enter: (InstanceIndex, u32), leave: (InstanceIndex, u32)) -> CoreEntry {
        let mut shared = true;
        for ((instance, function), name) in [(enter, CORE_ENTER), (leave, CORE_LEAVE)] {
            shared &= is_shared(&self.input.instances[instance.0].items.functions, function);
            self.input.exports.push((name.to_owned(), instance, function));
        }
        CoreEntry {
            enter: CORE_ENTER.to_owned(),
            leave: CORE_LEAVE.to_owned(),
            shared,
        }
    }

    /// Says what the tables have become, in the order of [`Input::host_tables`](crate::threadify::Input::host_tables).
    pub(super) fn with_tables(&self, tables: Vec<CoreTable>) -> CoreExports {
        let mut exports = self.plan.core_exports.clone();
        for ((name, ..), table) in self.input.host_tables.iter().zip(tables) {
            let is_it = |export: &&mut CoreExport| matches!(&export.item, CoreItem::Table(CoreTable::Fixed(export)) if export == name);
            if let Some(export) = exports.items.iter_mut().find(is_it) {
                export.item = CoreItem::Table(table);
            }
        }
        exports
    }
}

fn is_shared(items: &[bool], index: u32) -> bool {
    items.get(index as usize).is_some_and(|shared| *shared)
}
