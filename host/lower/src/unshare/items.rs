//! Refuses unsupported items of a core module, because later passes can no longer see what was `shared`.

use crate::binary::module_items::ModuleItems;
use crate::error::LowerError;
use wasmparser::CompositeInnerType;

/// Reads a core module's items.
pub(super) fn read(module: &[u8]) -> Result<ModuleItems, LowerError> {
    let items = ModuleItems::of(module)?;
    for (memory, offset) in items.memories.iter().zip(&items.memory_offsets) {
        if memory.shared && memory.maximum.is_none() {
            return Err(LowerError::Invalid {
                message: "a shared memory needs a maximum".to_owned(),
                offset: *offset,
            });
        }
    }
    Ok(items)
}

/// Refuses shared types other than those of functions: they would need a heap that all threads share.
pub(super) fn refuse_shared_heap(items: &ModuleItems) -> Result<(), LowerError> {
    for ty in items.types.iter().filter(|ty| ty.composite_type.shared) {
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
