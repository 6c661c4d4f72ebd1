//! The sections of a component: each item goes to the validator on its own, with its offset, and with indices that count
//! the [stubs](super::stubs).

use super::definitions::Builtin;
use super::stubs::Stubs;
use super::{Checker, invalid};
use crate::LowerError;
use crate::index_space::IndexSpace;
use std::collections::BTreeMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};
use wasm_encoder::{ComponentAliasSection, ComponentExportSection, ComponentInstanceSection, Encode, InstanceSection};
use wasmparser::{
    BinaryReader, ComponentAlias, ComponentAliasSectionReader, ComponentExportSectionReader, ComponentExternalKind,
    ComponentImportSectionReader, ComponentInstance, ComponentInstanceSectionReader, ComponentOuterAliasKind,
    ComponentTypeRef, ExternalKind, FromReader, Instance, InstanceSectionReader, SectionLimited,
};

/// What the validator does not keep of one component: where the items of the input are for it, and where they come from.
#[derive(Default)]
pub(super) struct Scope {
    pub core_functions: IndexSpace,
    pub core_memories: IndexSpace,
    pub core_modules: IndexSpace,
    pub core_instances: IndexSpace,
    /// For each core function of the input, the canonical definition that it is.
    pub builtins: Vec<Option<Builtin>>,
    /// For each core instance of the input, its items if they are listed.
    pub inline: Vec<Option<InlineExports>>,
    pub stubs: Stubs,
}

/// The items of a core instance, by name, as kinds and indices of the input.
pub(super) type InlineExports = BTreeMap<String, (ExternalKind, u32)>;

/// Takes indices of the input to those of the validator.
pub(super) struct Renumber<'a> {
    scopes: &'a [Scope],
    /// The first index that the input does not define.
    undefined: Option<String>,
    /// The core functions and memories that were met, as the validator counts them.
    pub functions: Vec<u32>,
    pub memories: Vec<u32>,
    /// What takes the place of those.
    pub other_functions: BTreeMap<u32, u32>,
    pub other_memories: BTreeMap<u32, u32>,
}

impl<'a> Renumber<'a> {
    pub fn new(scopes: &'a [Scope]) -> Self {
        Renumber {
            scopes,
            undefined: None,
            functions: Vec::new(),
            memories: Vec::new(),
            other_functions: BTreeMap::new(),
            other_memories: BTreeMap::new(),
        }
    }

    fn get(&mut self, outer: u32, space: impl Fn(&Scope) -> &IndexSpace, kind: &str, index: u32) -> u32 {
        let scope = self.scopes.iter().rev().nth(outer as usize);
        match scope.and_then(|scope| space(scope).get(index)) {
            Some(index) => index,
            None => {
                let message = || {
                    let short = kind.strip_prefix("core ").unwrap_or(kind);
                    format!("unknown {kind} {index}: {short} index out of bounds")
                };
                self.undefined.get_or_insert_with(message);
                0
            }
        }
    }

    /// The outcome of a translation: an error if it met an index that the input does not define.
    pub fn finish(self, result: Result<(), Error<Infallible>>, offset: usize) -> Result<(), LowerError> {
        match (self.undefined, result) {
            (Some(message), _) => Err(invalid(offset, message)),
            (None, Ok(())) => Ok(()),
            (None, Err(Error::ParseError(error))) => Err(error.into()),
            (None, Err(error)) => Err(invalid(offset, error.to_string())),
        }
    }
}

impl Reencode for Renumber<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let index = self.get(0, |scope| &scope.core_functions, "core function", function);
        self.functions.push(index);
        Ok(self.other_functions.get(&index).copied().unwrap_or(index))
    }

    fn memory_index(&mut self, memory: u32) -> Result<u32, Error<Infallible>> {
        let index = self.get(0, |scope| &scope.core_memories, "memory", memory);
        self.memories.push(index);
        Ok(self.other_memories.get(&index).copied().unwrap_or(index))
    }
}

impl ReencodeComponent for Renumber<'_> {
    fn module_index(&mut self, module: u32) -> u32 {
        self.get(0, |scope| &scope.core_modules, "module", module)
    }

    fn outer_module_index(&mut self, count: u32, module: u32) -> u32 {
        self.get(count, |scope| &scope.core_modules, "module", module)
    }

    fn instance_index(&mut self, instance: u32) -> u32 {
        self.get(0, |scope| &scope.core_instances, "core instance", instance)
    }
}

/// The bytes of a section that has one item: their count, and the item.
pub(super) fn contents(section: &impl Encode) -> Result<Vec<u8>, LowerError> {
    let mut bytes = Vec::new();
    section.encode(&mut bytes);
    let mut reader = BinaryReader::new(&bytes, 0);
    reader.read_var_u32()?;
    let start = reader.original_position();
    Ok(bytes.split_off(start))
}

/// A reader of [`contents`] to which the item is at `offset`.
pub(super) fn reader<'a, T: FromReader<'a>>(
    contents: &'a [u8],
    offset: usize,
) -> Result<SectionLimited<'a, T>, LowerError> {
    // The count is one byte.
    Ok(SectionLimited::new(BinaryReader::new(
        contents,
        offset.saturating_sub(1),
    ))?)
}

impl Checker<'_> {
    pub(super) fn import_section(&mut self, section: ComponentImportSectionReader<'_>) -> Result<(), LowerError> {
        self.validator.component_import_section(&section)?;
        for import in section {
            if let ComponentTypeRef::Module(_) = import?.ty {
                self.scope().core_modules.keep();
            }
        }
        Ok(())
    }

    pub(super) fn export_section(&mut self, section: ComponentExportSectionReader<'_>) -> Result<(), LowerError> {
        for export in section.into_iter_with_offsets() {
            let (offset, export) = export?;
            let kind = export.kind;
            self.check_ascription(&export, offset)?;
            let mut renumbered = ComponentExportSection::new();
            let mut renumber = Renumber::new(&self.scopes);
            let result = renumber.parse_component_export(&mut renumbered, export);
            renumber.finish(result, offset)?;
            let contents = contents(&renumbered)?;
            self.validator.component_export_section(&reader(&contents, offset)?)?;
            if kind == ComponentExternalKind::Module {
                self.scope().core_modules.keep();
            }
        }
        Ok(())
    }

    pub(super) fn alias_section(&mut self, section: ComponentAliasSectionReader<'_>) -> Result<(), LowerError> {
        for alias in section.into_iter_with_offsets() {
            let (offset, alias) = alias?;
            self.check_export_exists(&alias, offset)?;
            let mut renumbered = ComponentAliasSection::new();
            let mut renumber = Renumber::new(&self.scopes);
            let result = renumber.component_alias(alias.clone()).map(|alias| {
                renumbered.alias(alias);
            });
            renumber.finish(result, offset)?;
            let contents = contents(&renumbered)?;
            self.validator.component_alias_section(&reader(&contents, offset)?)?;
            self.add_alias(&alias);
        }
        Ok(())
    }

    /// The validator would name the instance by its own index.
    fn check_export_exists(&self, alias: &ComponentAlias<'_>, offset: usize) -> Result<(), LowerError> {
        let ComponentAlias::CoreInstanceExport {
            instance_index, name, ..
        } = alias
        else {
            return Ok(());
        };
        let scope = self.scopes.last();
        let Some(index) = scope.and_then(|scope| scope.core_instances.get(*instance_index)) else {
            return Ok(());
        };
        let types = self.types()?;
        if types[types.core_instance_at(index)].exports(types).contains_key(*name) {
            return Ok(());
        }
        let message = format!("core instance {instance_index} has no export named `{name}`");
        Err(invalid(offset, message))
    }

    fn add_alias(&mut self, alias: &ComponentAlias<'_>) {
        let scope = self.scope();
        match alias {
            ComponentAlias::CoreInstanceExport {
                kind: ExternalKind::Func | ExternalKind::FuncExact,
                instance_index,
                name,
            } => {
                let builtin = scope.builtin(*instance_index, name);
                scope.core_functions.keep();
                scope.builtins.push(builtin);
            }
            ComponentAlias::CoreInstanceExport {
                kind: ExternalKind::Memory,
                ..
            } => scope.core_memories.keep(),
            ComponentAlias::InstanceExport {
                kind: ComponentExternalKind::Module,
                ..
            }
            | ComponentAlias::Outer {
                kind: ComponentOuterAliasKind::CoreModule,
                ..
            } => scope.core_modules.keep(),
            _ => {}
        }
    }

    pub(super) fn component_instance_section(
        &mut self,
        section: ComponentInstanceSectionReader<'_>,
    ) -> Result<(), LowerError> {
        for instance in section.into_iter_with_offsets() {
            let (offset, instance) = instance?;
            if let ComponentInstance::Instantiate { component_index, args } = &instance {
                self.check_component_arguments(*component_index, args, offset)?;
            }
            let mut renumbered = ComponentInstanceSection::new();
            let mut renumber = Renumber::new(&self.scopes);
            let result = renumber.parse_component_instance(&mut renumbered, instance);
            renumber.finish(result, offset)?;
            let contents = contents(&renumbered)?;
            self.validator.component_instance_section(&reader(&contents, offset)?)?;
        }
        Ok(())
    }

    pub(super) fn instance_section(&mut self, section: InstanceSectionReader<'_>) -> Result<(), LowerError> {
        for instance in section.into_iter_with_offsets() {
            let (offset, instance) = instance?;
            let inline = match instance {
                Instance::Instantiate { module_index, args } => {
                    self.instantiate(module_index, &args, offset)?;
                    None
                }
                Instance::FromExports(exports) => {
                    let inline = exports
                        .iter()
                        .map(|export| (export.name.to_owned(), (export.kind, export.index)));
                    let inline = inline.collect();
                    self.core_instance(offset, Instance::FromExports(exports))?;
                    Some(inline)
                }
            };
            let scope = self.scope();
            scope.core_instances.keep();
            scope.inline.push(inline);
        }
        Ok(())
    }

    /// An instance whose indices are the input's.
    fn core_instance(&mut self, offset: usize, instance: Instance<'_>) -> Result<(), LowerError> {
        let mut renumbered = InstanceSection::new();
        let mut renumber = Renumber::new(&self.scopes);
        let result = renumber.parse_instance(&mut renumbered, instance);
        renumber.finish(result, offset)?;
        self.pass_core_instance(&renumbered, offset)
    }

    /// An instance whose indices are the validator's.
    pub(super) fn pass_core_instance(&mut self, instance: &InstanceSection, offset: usize) -> Result<(), LowerError> {
        let contents = contents(instance)?;
        Ok(self.validator.instance_section(&reader(&contents, offset)?)?)
    }
}

impl Scope {
    /// The canonical definition that an item of a core instance is.
    pub fn builtin(&self, instance: u32, name: &str) -> Option<Builtin> {
        let exports = self.inline.get(instance as usize)?.as_ref()?;
        match exports.get(name)? {
            (ExternalKind::Func | ExternalKind::FuncExact, index) => *self.builtins.get(*index as usize)?,
            _ => None,
        }
    }
}
