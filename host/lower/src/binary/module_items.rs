//! The items of a core module by index: the one reader of a core module's index spaces.
//!
//! **Problem.** To know the type of the item at an index, as nearly every pass must, one needs a list: the imported
//! items of that kind in the order of the imports, and then those that the module defines. **Here**, one reader reads a
//! module's sections into these lists, which all passes use.
//!
//! **Rejected:** the validator's types (it refuses the intermediate forms that unshare and threadify work with, and
//! inspect reads invalid modules).

use crate::error::LowerError;
use wasmparser::types::TypesRef;
use wasmparser::{
    AbstractHeapType, CompositeInnerType, GlobalType, HeapType, MemoryType, Parser, Payload, RefType, StorageType,
    SubType, TableType, TypeRef, UnpackedIndex, ValType,
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

impl SharedItems {
    /// Those of the module that the validator is reading.
    pub fn validated(types: TypesRef<'_>) -> Self {
        let is_shared = |id| types.get(id).is_some_and(|ty: &SubType| ty.composite_type.shared);
        SharedItems {
            memories: (0..types.memory_count())
                .map(|index| types.memory_at(index).shared)
                .collect(),
            tables: (0..types.table_count())
                .map(|index| types.table_at(index).shared)
                .collect(),
            globals: (0..types.global_count())
                .map(|index| types.global_at(index).shared)
                .collect(),
            functions: (0..types.function_count())
                .map(|index| is_shared(types.core_function_at(index)))
                .collect(),
            tags: (0..types.tag_count())
                .map(|index| is_shared(types.tag_at(index)))
                .collect(),
        }
    }
}

/// The binary logarithm of a memory's page size, in bytes. Pages have 64 KiB unless the type says otherwise.
pub(crate) fn page_size_log2(ty: &MemoryType) -> u32 {
    ty.page_size_log2.unwrap_or(16)
}

/// The types of a core module, and those of its items, by index.
#[derive(Debug, Default)]
pub(crate) struct ModuleItems {
    pub types: Vec<SubType>,
    /// The index of each function's type.
    pub functions: Vec<u32>,
    pub tables: Vec<TableType>,
    pub memories: Vec<MemoryType>,
    /// Where the type of each memory stands.
    pub memory_offsets: Vec<u64>,
    pub globals: Vec<GlobalType>,
    /// The index of each tag's type.
    pub tags: Vec<u32>,
    /// The types of the imports, in their order.
    pub imports: Vec<TypeRef>,
    pub imported: Imported,
}

/// How many of the items of each kind are imported. They come before those that the module defines.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Imported {
    pub functions: u32,
    pub tables: u32,
    pub memories: u32,
    pub globals: u32,
    pub tags: u32,
}

impl ModuleItems {
    /// Reads a core module up to the first section that defines no more items.
    pub fn of(module: &[u8]) -> Result<Self, LowerError> {
        let mut items = ModuleItems::default();
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            if matches!(payload, Payload::CodeSectionStart { .. } | Payload::DataSection(_)) {
                break;
            }
            items.section(&payload)?;
        }
        Ok(items)
    }

    /// Adds the items of a section, if it is one that defines or imports items.
    pub fn section(&mut self, section: &Payload<'_>) -> Result<(), LowerError> {
        match section {
            Payload::TypeSection(section) => {
                for group in section.clone() {
                    self.types.extend(group?.into_types());
                }
            }
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports_with_offsets() {
                    let (offset, import) = import?;
                    self.import(import.ty, offset as u64);
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section.clone() {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section.clone() {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section.clone().into_iter_with_offsets() {
                    let (offset, memory) = memory?;
                    self.memory(memory, offset as u64);
                }
            }
            Payload::TagSection(section) => {
                for tag in section.clone() {
                    self.tags.push(tag?.func_type_idx);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section.clone() {
                    self.globals.push(global?.ty);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, ty: TypeRef, offset: u64) {
        self.imports.push(ty);
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.functions.push(ty);
                self.imported.functions += 1;
            }
            TypeRef::Table(ty) => {
                self.tables.push(ty);
                self.imported.tables += 1;
            }
            TypeRef::Memory(ty) => {
                self.memory(ty, offset);
                self.imported.memories += 1;
            }
            TypeRef::Global(ty) => {
                self.globals.push(ty);
                self.imported.globals += 1;
            }
            TypeRef::Tag(ty) => {
                self.tags.push(ty.func_type_idx);
                self.imported.tags += 1;
            }
        }
    }

    fn memory(&mut self, ty: MemoryType, offset: u64) {
        self.memories.push(ty);
        self.memory_offsets.push(offset);
    }

    /// Which items of the module are shared. A type out of bounds counts as unshared: validation refuses it, with its
    /// offset.
    pub fn shared(&self) -> SharedItems {
        let is_shared = |ty: &u32| self.is_shared_type(*ty);
        SharedItems {
            memories: self.memories.iter().map(|ty| ty.shared).collect(),
            tables: self.tables.iter().map(|ty| ty.shared).collect(),
            globals: self.globals.iter().map(|ty| ty.shared).collect(),
            functions: self.functions.iter().map(is_shared).collect(),
            tags: self.tags.iter().map(is_shared).collect(),
        }
    }

    pub fn is_shared_type(&self, ty: u32) -> bool {
        let ty = self.types.get(ty as usize);
        ty.is_some_and(|ty| ty.composite_type.shared)
    }

    /// Whether a type is one of functions.
    pub fn is_function_type(&self, ty: u32) -> bool {
        let ty = self.types.get(ty as usize);
        ty.is_some_and(|ty| matches!(ty.composite_type.inner, CompositeInnerType::Func(_)))
    }

    /// Whether references of a type are to functions.
    pub fn is_function_reference(&self, ty: RefType) -> bool {
        match ty.heap_type() {
            HeapType::Abstract { ty, .. } => matches!(ty, AbstractHeapType::Func | AbstractHeapType::NoFunc),
            HeapType::Concrete(UnpackedIndex::Module(index)) | HeapType::Exact(UnpackedIndex::Module(index)) => {
                self.is_function_type(index)
            }
            HeapType::Concrete(_) | HeapType::Exact(_) => false,
        }
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
