//! A module's sections. They are written in any order, and put together in the order that the binary format requires.

use super::followed::Followed;
use std::collections::BTreeMap;
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, ExportSection, FunctionSection, GlobalSection,
    ImportSection, MemorySection, Module, NameMap, NameSection, TableSection, TagSection, TypeSection,
};

/// The sections of the output, in its order.
#[derive(Default)]
pub(super) struct Sections {
    pub(super) types: TypeSection,
    pub(super) imports: ImportSection,
    pub(super) functions: FunctionSection,
    pub(super) tables: TableSection,
    pub(super) memories: MemorySection,
    pub(super) tags: TagSection,
    pub(super) globals: GlobalSection,
    pub(super) exports: ExportSection,
    pub(super) elements: ElementSection,
    pub(super) code: CodeSection,
    pub(super) data: DataSection,
}

impl Sections {
    pub(super) fn finish(self, function_names: &BTreeMap<u32, String>, positions: &Followed<'_>) -> Vec<u8> {
        let mut module = Module::new();
        module
            .section(&self.types)
            .section(&self.imports)
            .section(&self.functions)
            .section(&self.tables)
            .section(&self.memories)
            .section(&self.tags)
            .section(&self.globals)
            .section(&self.exports)
            .section(&self.elements)
            .section(&DataCountSection { count: self.data.len() })
            .section(&self.code)
            .section(&self.data);
        if !function_names.is_empty() {
            let mut functions = NameMap::new();
            for (index, name) in function_names {
                functions.append(*index, name);
            }
            let mut names = NameSection::new();
            names.functions(&functions);
            module.section(&names);
        }
        positions.write(&mut module);
        module.finish()
    }
}
