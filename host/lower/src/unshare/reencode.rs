//! Re-encodes components: removes `shared` from types, and renumbers the index spaces to which replacements of
//! built-ins add items.
//!
//! In a component, each item is defined before it is used. So the renumbering of a scope is a list that grows with each
//! definition.

use super::form::{Form, UnsharedModule};
use super::items;
use super::module::{Atomics, SharedMemories, unshare_module, unshared};
use crate::binary::core_spaces::CoreSpaces;
use crate::binary::index_space::IndexSpace;
use crate::binary::thread_start::ThreadStart;
use crate::check::Checked;
use crate::error::LowerError;
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent, component_utils};
use wasm_encoder::{Component, ComponentNameSection, ModuleSection};
use wasmparser::{ComponentNameSectionReader, Payload};

type Result<T> = std::result::Result<T, Error<LowerError>>;

/// The reencoder of components.
pub(super) struct Unshare {
    pub(super) form: Form,
    /// The open components and component types, innermost last.
    pub(super) scopes: Vec<CoreSpaces>,
    pub(super) modules: Vec<UnsharedModule>,
    /// The remaining definitions that start threads.
    pub(super) starts: std::vec::IntoIter<ThreadStart>,
    /// For each remaining `error-context.new`, whether its memory has 64-bit addresses.
    pub(super) wide_error_contexts: std::vec::IntoIter<bool>,
    /// In a section of types: the functions to use as destructors in place of functions of the input.
    pub(super) destructors: BTreeMap<u32, u32>,
}

impl Unshare {
    pub(super) fn new(form: Form, checked: &Checked) -> Self {
        Unshare {
            form,
            scopes: Vec::new(),
            modules: Vec::new(),
            starts: checked.starts.clone().into_iter(),
            wide_error_contexts: checked.wide_error_contexts.clone().into_iter(),
            destructors: BTreeMap::new(),
        }
    }

    /// The component to which definitions are being added.
    pub(super) fn scope(&mut self) -> &mut CoreSpaces {
        if self.scopes.is_empty() {
            self.scopes.push(CoreSpaces::default());
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    fn renumber(&self, outer: u32, space: impl Fn(&CoreSpaces) -> &IndexSpace, index: u32) -> u32 {
        match self.scopes.iter().rev().nth(outer as usize) {
            Some(scope) => space(scope).get_or_undefined(index),
            None => index,
        }
    }
}

impl Reencode for Unshare {
    type Error = LowerError;

    fn function_index(&mut self, function: u32) -> Result<u32> {
        // In a section of component types, only destructors are functions.
        match self.destructors.get(&function) {
            Some(destructor) => Ok(*destructor),
            None => Ok(self.renumber(0, |scope| &scope.functions, function)),
        }
    }

    fn table_index(&mut self, table: u32) -> Result<u32> {
        Ok(self.renumber(0, |scope| &scope.tables, table))
    }

    fn type_index(&mut self, ty: u32) -> Result<u32> {
        Ok(self.renumber(0, |scope| &scope.types, ty))
    }

    fn heap_type(&mut self, ty: wasmparser::HeapType) -> Result<wasm_encoder::HeapType> {
        unshared::heap_type(self, ty)
    }

    fn composite_type(&mut self, ty: wasmparser::CompositeType) -> Result<wasm_encoder::CompositeType> {
        unshared::composite_type(self, ty)
    }

    fn memory_type(&mut self, ty: wasmparser::MemoryType) -> Result<wasm_encoder::MemoryType> {
        Ok(unshared::memory_type(self, ty))
    }

    fn table_type(&mut self, ty: wasmparser::TableType) -> Result<wasm_encoder::TableType> {
        unshared::table_type(self, ty)
    }

    fn global_type(&mut self, ty: wasmparser::GlobalType) -> Result<wasm_encoder::GlobalType> {
        unshared::global_type(self, ty)
    }
}

impl ReencodeComponent for Unshare {
    fn module_index(&mut self, module: u32) -> u32 {
        self.renumber(0, |scope| &scope.modules, module)
    }

    fn outer_type_index(&mut self, count: u32, ty: u32) -> Result<u32> {
        Ok(self.renumber(count, |scope| &scope.types, ty))
    }

    fn outer_module_index(&mut self, count: u32, module: u32) -> u32 {
        self.renumber(count, |scope| &scope.modules, module)
    }

    fn instance_index(&mut self, instance: u32) -> u32 {
        self.renumber(0, |scope| &scope.instances, instance)
    }

    fn push_depth(&mut self) {
        self.scopes.push(CoreSpaces::default());
    }

    fn pop_depth(&mut self) {
        self.scopes.pop();
    }

    fn parse_component_payload(
        &mut self,
        component: &mut Component,
        payload: Payload<'_>,
        whole_component: &[u8],
    ) -> Result<()> {
        match payload {
            Payload::ComponentCanonicalSection(section) => self.canonical_section(component, section),
            Payload::ComponentImportSection(section) => {
                for import in section.clone() {
                    self.scope().keep_import(import?.ty);
                }
                component_utils::parse_component_payload(
                    self,
                    component,
                    Payload::ComponentImportSection(section),
                    whole_component,
                )
            }
            Payload::CoreTypeSection(section) => {
                for ty in section.clone() {
                    self.scope().keep_types(&ty?);
                }
                component_utils::parse_component_payload(
                    self,
                    component,
                    Payload::CoreTypeSection(section),
                    whole_component,
                )
            }
            Payload::ComponentAliasSection(section) => {
                let mut aliases = wasm_encoder::ComponentAliasSection::new();
                for alias in section {
                    let alias = alias?;
                    self.scope().keep_alias(&alias);
                    aliases.alias(self.component_alias(alias)?);
                }
                component.section(&aliases);
                Ok(())
            }
            Payload::ComponentTypeSection(section) => {
                self.wrap_destructors(component, section.clone())?;
                let types = Payload::ComponentTypeSection(section);
                component_utils::parse_component_payload(self, component, types, whole_component)?;
                self.destructors.clear();
                Ok(())
            }
            other => component_utils::parse_component_payload(self, component, other, whole_component),
        }
    }

    /// Core WebAssembly ignores errors in custom sections: the names end where they cannot be read.
    fn custom_component_name_section(
        &mut self,
        section: ComponentNameSectionReader<'_>,
    ) -> Result<ComponentNameSection> {
        let mut names = ComponentNameSection::new();
        for subsection in section {
            let Ok(subsection) = subsection else { break };
            if self
                .parse_custom_component_name_subsection(&mut names, subsection)
                .is_err()
            {
                break;
            }
        }
        Ok(names)
    }

    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        parser: wasmparser::Parser,
        submodule: &[u8],
    ) -> Result<()> {
        let items = items::read(submodule).map_err(Error::UserError)?;
        let atomics = match self.form {
            Form::Stock(_) => Atomics::Plain,
            Form::Plan => {
                items::refuse_shared_heap(&items).map_err(Error::UserError)?;
                self.modules.push(UnsharedModule::Input(items.shared()));
                Atomics::KeepShared
            }
        };
        let module = unshare_module(submodule, parser, &items, atomics, SharedMemories::Unshare)?;
        component.section(&ModuleSection(&module));
        self.scope().modules.keep();
        Ok(())
    }

    fn parse_instance(
        &mut self,
        instances: &mut wasm_encoder::InstanceSection,
        instance: wasmparser::Instance<'_>,
    ) -> Result<()> {
        component_utils::parse_instance(self, instances, instance)?;
        self.scope().instances.keep();
        Ok(())
    }

    fn parse_component_export(
        &mut self,
        exports: &mut wasm_encoder::ComponentExportSection,
        export: wasmparser::ComponentExport<'_>,
    ) -> Result<()> {
        let kind = export.kind;
        component_utils::parse_component_export(self, exports, export)?;
        self.scope().keep_item(kind);
        Ok(())
    }
}
