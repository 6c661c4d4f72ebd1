//! The items of a core module, as its author wrote them, before `shared` is taken off their types.

use crate::LowerError;
use wasmparser::{
    CompositeInnerType, GlobalType, MemoryType, Parser, Payload, RefType, StorageType, SubType, TableType, TypeRef,
    ValType,
};

/// For each memory, table, global, function and tag of a core module, by its index, whether it was shared.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct SharedItems {
    pub memories: Vec<bool>,
    pub tables: Vec<bool>,
    pub globals: Vec<bool>,
    pub functions: Vec<bool>,
    /// A tag is shared if its type is one of shared functions.
    pub tags: Vec<bool>,
}

/// The types of a core module, and those of its items, by index.
#[derive(Default)]
pub(super) struct ModuleItems {
    types: Vec<SubType>,
    memories: Vec<MemoryType>,
    tables: Vec<TableType>,
    globals: Vec<GlobalType>,
    functions: Vec<u32>,
    tags: Vec<u32>,
    /// How many of the functions are imported.
    pub imported_functions: u32,
}

impl ModuleItems {
    /// Reads a core module's types, imports and definitions.
    pub fn of(module: &[u8]) -> Result<Self, LowerError> {
        let mut items = ModuleItems::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section {
                        items.types.extend(group?.into_types());
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports_with_offsets() {
                        let (offset, import) = import?;
                        items.import(import.ty, offset as u64)?;
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        items.functions.push(ty?);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        items.tables.push(table?.ty);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section.into_iter_with_offsets() {
                        let (offset, memory) = memory?;
                        check_maximum(memory, offset as u64)?;
                        items.memories.push(memory);
                    }
                }
                Payload::TagSection(section) => {
                    for tag in section {
                        items.tags.push(tag?.func_type_idx);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        items.globals.push(global?.ty);
                    }
                }
                // Nothing behind these defines an item.
                Payload::CodeSectionStart { .. } | Payload::DataSection(_) => break,
                _ => {}
            }
        }
        Ok(items)
    }

    fn import(&mut self, ty: TypeRef, offset: u64) -> Result<(), LowerError> {
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.functions.push(ty);
                self.imported_functions += 1;
            }
            TypeRef::Table(ty) => self.tables.push(ty),
            TypeRef::Memory(ty) => {
                check_maximum(ty, offset)?;
                self.memories.push(ty);
            }
            TypeRef::Global(ty) => self.globals.push(ty),
            TypeRef::Tag(ty) => self.tags.push(ty.func_type_idx),
        }
        Ok(())
    }

    /// What of the module is shared. An index out of bounds counts as unshared: validation refuses it later, with its offset.
    pub fn shared(&self) -> SharedItems {
        let is_shared = |ty: &u32| {
            let ty = self.types.get(*ty as usize);
            ty.is_some_and(|ty| ty.composite_type.shared)
        };
        SharedItems {
            memories: self.memories.iter().map(|ty| ty.shared).collect(),
            tables: self.tables.iter().map(|ty| ty.shared).collect(),
            globals: self.globals.iter().map(|ty| ty.shared).collect(),
            functions: self.functions.iter().map(is_shared).collect(),
            tags: self.tags.iter().map(is_shared).collect(),
        }
    }

    /// Refuses shared types other than those of functions: they would need a heap that all threads share.
    pub fn refuse_shared_heap(&self) -> Result<(), LowerError> {
        for ty in self.types.iter().filter(|ty| ty.composite_type.shared) {
            let kind = match &ty.composite_type.inner {
                CompositeInnerType::Func(_) => continue,
                CompositeInnerType::Struct(_) => "struct",
                CompositeInnerType::Array(_) => "array",
                CompositeInnerType::Cont(_) => "continuation",
            };
            return Err(LowerError::unsupported(
                format!("a shared {kind} type"),
                "keep the data in a shared memory",
            ));
        }
        Ok(())
    }

    /// How many parameters a function has.
    pub fn parameter_count(&self, function: u32) -> Option<u32> {
        let ty = self.types.get(*self.functions.get(function as usize)? as usize)?;
        match &ty.composite_type.inner {
            CompositeInnerType::Func(ty) => Some(ty.params().len() as u32),
            _ => None,
        }
    }

    pub fn is_shared_global(&self, index: u32) -> bool {
        self.globals.get(index as usize).is_some_and(|ty| ty.shared)
    }

    pub fn is_shared_table(&self, index: u32) -> bool {
        self.tables.get(index as usize).is_some_and(|ty| ty.shared)
    }

    pub fn global(&self, index: u32) -> Option<ValType> {
        Some(self.globals.get(index as usize)?.content_type)
    }

    /// The type of a table's indices, and that of its elements.
    pub fn table(&self, index: u32) -> Option<(ValType, RefType)> {
        let ty = self.tables.get(index as usize)?;
        Some((ty.index_type(), ty.element_type))
    }

    /// The type of a struct's field.
    pub fn field(&self, ty: u32, field: u32) -> Option<StorageType> {
        match &self.types.get(ty as usize)?.composite_type.inner {
            CompositeInnerType::Struct(ty) => Some(ty.fields.get(field as usize)?.element_type),
            _ => None,
        }
    }

    /// The type of an array's elements.
    pub fn element(&self, ty: u32) -> Option<StorageType> {
        match &self.types.get(ty as usize)?.composite_type.inner {
            CompositeInnerType::Array(ty) => Some(ty.0.element_type),
            _ => None,
        }
    }
}

/// What validation can no longer see once `shared` is off.
fn check_maximum(memory: MemoryType, offset: u64) -> Result<(), LowerError> {
    if memory.shared && memory.maximum.is_none() {
        return Err(LowerError::Invalid {
            message: "a shared memory needs a maximum".to_owned(),
            offset,
        });
    }
    Ok(())
}
