//! Converts the translator's definitions to arguments of core modules, memories of the plan, and exports of the
//! run-time module.

use super::adapters::context_access;
use super::exported::exported;
use super::{Flatten, Source, missing};
use crate::error::LowerError;
use crate::plan::{Builtin, Definition, LoweredIndex, MemoryIndex};
use crate::threadify::{Argument, InstanceIndex, Item, Task};
use wasmtime_environ::component::{CoreDef, ExportItem, Trampoline};
use wasmtime_environ::{EntityIndex, Module};
use weft_abi::ResourceIndex;

impl<'a> Flatten<'a> {
    /// The plan's memory for a definition, if there is one.
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

    /// The item of an instance for a definition, if there is one.
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

    /// The core module of an instance, if it is one of the component's.
    pub(super) fn module_of(&self, instance: InstanceIndex) -> Option<&'a Module> {
        self.sources.iter().find_map(|source| match source {
            Source::Instance(known, module) => (*known == instance).then(|| &self.modules[*module].module),
            Source::Import(_) | Source::StandIn(..) => None,
        })
    }

    /// The argument for an import of a core module.
    pub(super) fn argument(&mut self, definition: &CoreDef) -> Result<Argument, LowerError> {
        if let Some((instance, item)) = self.item(definition) {
            return Ok(Argument::Item(instance, item));
        }
        match definition {
            CoreDef::Export(export) => match (&self.sources[export.instance.as_u32() as usize], &export.item) {
                (Source::StandIn(argument, _), _) => Ok(argument.clone()),
                (Source::Import(import), ExportItem::Name(name)) => self.host_item(*import, name),
                (Source::Instance(..), _) | (Source::Import(_), ExportItem::Index(_)) => Err(missing()),
            },
            CoreDef::Trampoline(trampoline) => self.trampoline(&self.translation.trampolines[*trampoline]),
            CoreDef::UnsafeIntrinsic(intrinsic) => {
                let access = context_access(*intrinsic);
                access.map(Argument::Context).ok_or_else(|| {
                    let item = format!("canonical built-in `{}` as an argument of this kind", intrinsic.name());
                    LowerError::unsupported(item, "pass it to a core module of the component")
                })
            }
            CoreDef::InstanceFlags(_) => Ok(self.may_leave()),
            CoreDef::TaskMayBlock => Ok(self.may_block()),
        }
    }

    fn trampoline(&mut self, trampoline: &Trampoline) -> Result<Argument, LowerError> {
        Ok(match *trampoline {
            Trampoline::LowerImport {
                index,
                lower_ty,
                options,
            } => self.lowered(LoweredIndex(index.as_u32()), lower_ty, options)?,
            Trampoline::Transcoder { op, from, to, .. } => {
                Argument::Host(Definition::Builtin(self.transcoder(op, from, to)?))
            }
            Trampoline::EnterSyncCall => Argument::Task(Task::Enter {
                borrows: false,
                stays: false,
            }),
            Trampoline::ExitSyncCall => Argument::Task(Task::Exit { borrows: false }),
            Trampoline::ResourceDrop { ty, .. } => self.dropping(ResourceIndex(ty.as_u32()))?,
            Trampoline::Trap => Argument::Host(Definition::Builtin(Builtin::Trap)),
            Trampoline::ResourceTransferOwn => Argument::Host(Definition::Builtin(Builtin::TransferOwn)),
            Trampoline::ResourceTransferBorrow => Argument::Host(Definition::Builtin(Builtin::TransferBorrow)),
            ref other => Argument::Host(Definition::Builtin(self.builtin(other)?)),
        })
    }

    /// Makes the run-time module export a function, and returns the export's name.
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
