//! Definitions of the translator's, as arguments of core modules, as memories of the plan, and as exports of the run-time module.

use super::exported::exported;
use super::{Flatten, Source, missing};
use crate::LowerError;
use crate::plan::{Definition, LoweredIndex, MemoryIndex};
use crate::threadify::{Argument, InstanceIndex, Item};
use wasmtime_environ::component::{CoreDef, ExportItem, Trampoline};
use wasmtime_environ::{EntityIndex, Module};

impl<'a> Flatten<'a> {
    /// The memory of the plan that a definition is, if it is one.
    pub(super) fn planned_memory(&self, definition: &CoreDef) -> Option<MemoryIndex> {
        match self.item(definition)? {
            (instance, Item::Memory(memory)) => self.input.instances[instance.0]
                .memories
                .get(memory as usize)
                .copied()
                .flatten(),
            (_, Item::Function(_) | Item::Table(_) | Item::Global(_) | Item::Tag(_)) => None,
        }
    }

    /// The item of an instance that a definition is, if it is one.
    pub(super) fn item(&self, definition: &CoreDef) -> Option<(InstanceIndex, Item)> {
        let CoreDef::Export(export) = definition else {
            return None;
        };
        let Source::Instance(instance, module) = &self.sources[export.instance.as_u32() as usize] else {
            return None;
        };
        let entity = exported(&self.modules[*module].module, &export.item)?;
        let item = match entity {
            EntityIndex::Function(index) => Item::Function(index.as_u32()),
            EntityIndex::Table(index) => Item::Table(index.as_u32()),
            EntityIndex::Memory(index) => Item::Memory(index.as_u32()),
            EntityIndex::Global(index) => Item::Global(index.as_u32()),
            EntityIndex::Tag(index) => Item::Tag(index.as_u32()),
        };
        Some((*instance, item))
    }

    /// The core module of an instance that is one of the component's.
    pub(super) fn module_of(&self, instance: InstanceIndex) -> Option<&'a Module> {
        self.sources.iter().find_map(|source| match source {
            Source::Instance(known, module) => (*known == instance).then(|| &self.modules[*module].module),
            Source::Import(_) | Source::StandIn(..) => None,
        })
    }

    /// What an import of a core module is given.
    pub(super) fn argument(&self, definition: &CoreDef) -> Result<Argument, LowerError> {
        if let Some((instance, item)) = self.item(definition) {
            return Ok(Argument::Item(instance, item));
        }
        match definition {
            CoreDef::Export(export) => match (&self.sources[export.instance.as_u32() as usize], &export.item) {
                (Source::StandIn(argument, _), _) => Ok(argument.clone()),
                (Source::Import(import), ExportItem::Name(name)) => {
                    Ok(Argument::Host(Definition::Import(*import, name.clone())))
                }
                (Source::Instance(..), _) | (Source::Import(_), ExportItem::Index(_)) => Err(missing()),
            },
            CoreDef::Trampoline(trampoline) => Ok(Argument::Host(match &self.translation.trampolines[*trampoline] {
                Trampoline::LowerImport { index, .. } => Definition::Lowered(LoweredIndex(index.as_u32())),
                trampoline => Definition::Builtin(self.builtin(trampoline)?),
            })),
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
    pub(super) fn export_function(&mut self, definition: &CoreDef) -> Result<String, LowerError> {
        let (instance, function) = match self.item(definition) {
            Some((instance, Item::Function(function))) => (instance, function),
            Some((_, other)) => {
                return Err(LowerError::Internal(format!(
                    "{other:?} is lifted, which is no function"
                )));
            }
            None => self.wrap(definition)?,
        };
        let name = format!("{}:{function}", instance.0);
        if self.exported.insert((instance, function)) {
            self.input.exports.push((name.clone(), instance, function));
        }
        Ok(name)
    }
}
