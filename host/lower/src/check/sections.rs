//! Checks the sections of a component: passes each item to the validator separately, with its offset, and with indices
//! that count the [stubs](super::stubs).

use super::Checker;
use super::refusal::invalid;
use super::renumber::Renumber;
use crate::binary::single_item::{contents, reader};
use crate::error::LowerError;
use wasm_encoder::reencode::ReencodeComponent;
use wasm_encoder::{
    ComponentAliasSection, ComponentExportSection, ComponentInstanceSection, ComponentTypeSection, InstanceSection,
};
use wasmparser::{
    ComponentAlias, ComponentAliasSectionReader, ComponentExportSectionReader, ComponentImportSectionReader,
    ComponentInstance, ComponentInstanceSectionReader, ComponentType, ComponentTypeSectionReader, ExternalKind,
    Instance, InstanceSectionReader,
};

impl Checker<'_> {
    pub(super) fn import_section(&mut self, section: ComponentImportSectionReader<'_>) -> Result<(), LowerError> {
        self.validator.component_import_section(&section)?;
        for import in section {
            self.scope().core.keep_import(import?.ty);
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
            self.scope().core.keep_item(kind);
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

    /// The validator's own error would name the instance by the validator's index.
    fn check_export_exists(&self, alias: &ComponentAlias<'_>, offset: usize) -> Result<(), LowerError> {
        let ComponentAlias::CoreInstanceExport {
            instance_index, name, ..
        } = alias
        else {
            return Ok(());
        };
        let scope = self.scopes.last();
        let Some(index) = scope.and_then(|scope| scope.core.instances.get(*instance_index)) else {
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
        if let ComponentAlias::CoreInstanceExport {
            kind: ExternalKind::Func | ExternalKind::FuncExact,
            instance_index,
            name,
        } = alias
        {
            let builtin = scope.builtin(*instance_index, name);
            scope.builtins.push(builtin);
        }
        scope.core.keep_alias(alias);
    }

    /// Resource types name their destructors by the index of a core function.
    pub(super) fn component_type_section(&mut self, section: ComponentTypeSectionReader<'_>) -> Result<(), LowerError> {
        let names_function = |ty| matches!(ty, Ok(ComponentType::Resource { dtor: Some(_), .. }));
        if !section.clone().into_iter().any(names_function) {
            return Ok(self.validator.component_type_section(&section)?);
        }
        for ty in section.into_iter_with_offsets() {
            let (offset, ty) = ty?;
            let mut renumbered = ComponentTypeSection::new();
            let mut renumber = Renumber::new(&self.scopes);
            let result = renumber.parse_component_type(renumbered.ty(), ty);
            renumber.finish(result, offset)?;
            let contents = contents(&renumbered)?;
            self.validator.component_type_section(&reader(&contents, offset)?)?;
        }
        Ok(())
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
            scope.core.instances.keep();
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
