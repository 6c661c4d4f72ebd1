//! What of a core module was shared, recorded while `shared` is taken off its types.

use crate::LowerError;
use wasmparser::{CompositeInnerType, CompositeType, MemoryType, Parser, Payload, TypeRef};

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

/// Whether a type is one of shared functions. Other shared types would need a heap that all threads share.
fn is_shared_function(ty: &CompositeType) -> Result<bool, LowerError> {
    let kind = match &ty.inner {
        CompositeInnerType::Func(_) => return Ok(ty.shared),
        CompositeInnerType::Struct(_) => "struct",
        CompositeInnerType::Array(_) => "array",
        CompositeInnerType::Cont(_) => "continuation",
    };
    match ty.shared {
        true => Err(LowerError::unsupported(
            format!("a shared {kind} type"),
            "keep the data in a shared memory",
        )),
        false => Ok(false),
    }
}

fn check_maximum(ty: MemoryType, offset: u64) -> Result<(), LowerError> {
    match (ty.shared, ty.maximum) {
        (true, None) => Err(LowerError::Invalid {
            message: "a shared memory needs a maximum".to_owned(),
            offset,
        }),
        _ => Ok(()),
    }
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
                        for ty in group?.into_types() {
                            shared_types.push(is_shared_function(&ty.composite_type)?);
                        }
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports_with_offsets() {
                        let (offset, import) = import?;
                        if let TypeRef::Memory(ty) = import.ty {
                            check_maximum(ty, offset as u64)?;
                        }
                        items.import(import.ty, &shared_types);
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        items.functions.push(is_shared(&shared_types, ty?));
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        items.tables.push(table?.ty.shared);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section.into_iter_with_offsets() {
                        let (offset, memory) = memory?;
                        check_maximum(memory, offset as u64)?;
                        items.memories.push(memory.shared);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        items.globals.push(global?.ty.shared);
                    }
                }
                Payload::TagSection(section) => {
                    for tag in section {
                        items.tags.push(is_shared(&shared_types, tag?.func_type_idx));
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
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => self.functions.push(is_shared(shared_types, ty)),
            TypeRef::Table(ty) => self.tables.push(ty.shared),
            TypeRef::Memory(ty) => self.memories.push(ty.shared),
            TypeRef::Global(ty) => self.globals.push(ty.shared),
            TypeRef::Tag(ty) => self.tags.push(is_shared(shared_types, ty.func_type_idx)),
        }
    }
}

/// An index out of bounds counts as unshared: validation refuses it later, with its offset.
fn is_shared(shared_types: &[bool], ty: u32) -> bool {
    shared_types.get(ty as usize).copied().unwrap_or(false)
}
