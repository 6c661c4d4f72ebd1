//! What of a core module was shared, recorded while `shared` is taken off its types.

use crate::LowerError;
use wasmparser::{CompositeInnerType, Parser, Payload, TypeRef};

/// For each memory, table, global and function of a core module, by its index, whether it was shared.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct SharedItems {
    pub memories: Vec<bool>,
    pub tables: Vec<bool>,
    pub globals: Vec<bool>,
    pub functions: Vec<bool>,
}

impl SharedItems {
    /// Reads the record off a module's sections.
    pub(crate) fn of(module: &[u8]) -> Result<Self, LowerError> {
        let mut items = SharedItems::default();
        let mut shared_types = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section {
                        shared_types.extend(group?.into_types().map(|ty| {
                            ty.composite_type.shared && matches!(ty.composite_type.inner, CompositeInnerType::Func(_))
                        }));
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        items.import(import?.ty, &shared_types);
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        items.function(ty?, &shared_types);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        items.tables.push(table?.ty.shared);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        items.memories.push(memory?.shared);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        items.globals.push(global?.ty.shared);
                    }
                }
                // Nothing behind these defines an item.
                Payload::CodeSectionStart { .. } | Payload::DataSection(_) => break,
                _ => {}
            }
        }
        Ok(items)
    }

    fn import(&mut self, ty: TypeRef, shared_types: &[bool]) {
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => self.function(ty, shared_types),
            TypeRef::Table(ty) => self.tables.push(ty.shared),
            TypeRef::Memory(ty) => self.memories.push(ty.shared),
            TypeRef::Global(ty) => self.globals.push(ty.shared),
            TypeRef::Tag(_) => {}
        }
    }

    /// An index out of bounds counts as unshared: validation refuses it later, with its offset.
    fn function(&mut self, ty: u32, shared_types: &[bool]) {
        self.functions
            .push(shared_types.get(ty as usize).copied().unwrap_or(false));
    }
}
