//! Finds valid definitions that need 64 bits where Wasmtime 48 supports only 32.
//!
//! weft enables Wasmtime's feature for 64-bit components, since 64-bit memories work between components. For some other
//! uses that the feature allows, Wasmtime's compiler panics, and in others it passes 32-bit addresses. Whether a
//! definition is used is known only after flattening. So this pass records the definitions, and
//! [flatten](crate::flatten) refuses them.

use super::Checker;
use crate::builtins::definition_name;
use crate::error::LowerError;
use wasmparser::{CanonicalFunction, ValType};

/// What has more than 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wide {
    /// The representation of a resource.
    Representation,
    /// The addresses of a memory.
    Memory,
}

/// A definition that needs a feature that Wasmtime implements only partly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfinished {
    /// `canon lift`, `canon lower`, or a built-in.
    pub name: &'static str,
    pub wide: Wide,
    /// Where it stands, in bytes.
    pub offset: u64,
}

impl Checker<'_> {
    /// Records a validated definition. `memories` are those that it names, with the validator's indices.
    pub(super) fn note_unfinished(
        &mut self,
        definition: &CanonicalFunction,
        memories: &[u32],
        offset: usize,
    ) -> Result<(), LowerError> {
        let types = self.types()?;
        let wide = match definition {
            CanonicalFunction::ResourceNew { .. } | CanonicalFunction::ResourceRep { .. } => {
                let ty = types[types.core_function_at(types.function_count() - 1)].unwrap_func();
                let mut values = ty.params().iter().chain(ty.results());
                values.any(|ty| *ty == ValType::I64).then_some(Wide::Representation)
            }
            _ => memories
                .iter()
                .any(|memory| types.memory_at(*memory).memory64)
                .then_some(Wide::Memory),
        };
        if matches!(definition, CanonicalFunction::ErrorContextNew { .. }) {
            self.checked.wide_error_contexts.push(wide.is_some());
        }
        let name = definition_name(definition);
        self.checked.unfinished.extend(wide.map(|wide| Unfinished {
            name,
            wide,
            offset: offset as u64,
        }));
        Ok(())
    }
}
