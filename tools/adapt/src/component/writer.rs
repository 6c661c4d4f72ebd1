//! Writes a component section by section, and counts the items of its index spaces.

use crate::types::shared_func;
use wasm_encoder::{
    Alias, CanonicalFunctionSection, Component, ComponentAliasSection, ComponentNameSection, ComponentSection,
    CoreTypeSection, ExportKind, InstanceSection, Module, ModuleArg, ModuleSection, NameMap, ValType,
};

/// An index space of the component, with the names of its items.
#[derive(Default)]
pub(crate) struct Space {
    next: u32,
    names: NameMap,
}

impl Space {
    pub(crate) fn add(&mut self, name: &str) -> u32 {
        self.names.append(self.next, name);
        self.next += 1;
        self.next - 1
    }

    /// Adds items without names, such as exports, which have names already.
    pub(crate) fn skip(&mut self, count: u32) {
        self.next += count;
    }

    /// Adds an item without a name.
    pub(crate) fn skip_one(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }
}

/// Writes a component, with one definition in each section: `ComponentBuilder` of wasm-encoder has neither
/// `thread.spawn-indirect` nor instances made of exports.
#[derive(Default)]
pub(crate) struct Writer {
    component: Component,
    pub(crate) core_modules: Space,
    core_instances: Space,
    pub(crate) core_types: Space,
    core_memories: Space,
    core_tables: Space,
    core_globals: Space,
    pub(crate) core_funcs: Space,
    /// The binary format has no names for these.
    core_tags: Space,
    pub(crate) types: Space,
    pub(crate) funcs: Space,
    pub(crate) instances: Space,
}

impl Writer {
    pub(crate) fn section(&mut self, section: &impl ComponentSection) {
        self.component.section(section);
    }

    pub(crate) fn core_module(&mut self, name: &str, module: &Module) -> u32 {
        self.section(&ModuleSection(module));
        self.core_modules.add(name)
    }

    pub(crate) fn instantiate(&mut self, name: &str, module: u32, args: &[(&str, u32)]) -> u32 {
        let mut section = InstanceSection::new();
        section.instantiate(
            module,
            args.iter()
                .map(|(name, instance)| (*name, ModuleArg::Instance(*instance))),
        );
        self.section(&section);
        self.core_instances.add(name)
    }

    pub(crate) fn core_instance(&mut self, name: &str, exports: &[(&str, ExportKind, u32)]) -> u32 {
        let mut section = InstanceSection::new();
        section.export_items(exports.iter().copied());
        self.section(&section);
        self.core_instances.add(name)
    }

    pub(crate) fn alias(&mut self, instance: u32, kind: ExportKind, name: &str) -> u32 {
        let mut section = ComponentAliasSection::new();
        section.alias(Alias::CoreInstanceExport { instance, kind, name });
        self.section(&section);
        match kind {
            ExportKind::Memory => self.core_memories.add(name),
            ExportKind::Table => self.core_tables.add(name),
            ExportKind::Global => self.core_globals.add(name),
            ExportKind::Func => self.core_funcs.add(name),
            ExportKind::Tag => self.core_tags.add(name),
        }
    }

    /// The type `(shared (func (param i32)))` of a function that a thread starts with.
    pub(crate) fn thread_start_type(&mut self) -> u32 {
        let mut section = CoreTypeSection::new();
        section.ty().core().subtype(&shared_func(&[ValType::I32], &[]));
        self.section(&section);
        self.core_types.add("thread-start")
    }

    pub(crate) fn canon(&mut self, name: &str, define: impl FnOnce(&mut CanonicalFunctionSection)) -> u32 {
        let mut section = CanonicalFunctionSection::new();
        define(&mut section);
        self.section(&section);
        self.core_funcs.add(name)
    }

    /// The component, with names.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let names = self.names();
        self.section(&names.as_custom());
        self.component.finish()
    }

    fn names(&self) -> ComponentNameSection {
        let mut names = ComponentNameSection::new();
        type Append = fn(&mut ComponentNameSection, &NameMap);
        let spaces: [(&Space, Append); 10] = [
            (&self.core_funcs, ComponentNameSection::core_funcs),
            (&self.core_tables, ComponentNameSection::core_tables),
            (&self.core_memories, ComponentNameSection::core_memories),
            (&self.core_globals, ComponentNameSection::core_globals),
            (&self.core_types, ComponentNameSection::core_types),
            (&self.core_modules, ComponentNameSection::core_modules),
            (&self.core_instances, ComponentNameSection::core_instances),
            (&self.types, ComponentNameSection::types),
            (&self.funcs, ComponentNameSection::funcs),
            (&self.instances, ComponentNameSection::instances),
        ];
        for (space, append) in spaces {
            if space.next > 0 {
                append(&mut names, &space.names);
            }
        }
        names
    }
}
