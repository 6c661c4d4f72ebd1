//! Definitions that are valid, and that ask for more than 32 bits where Wasmtime 48 has no more.
//!
//! Its feature for the 64 bits of the component model is on, since memories of 64 bits work between components. Of what else
//! that feature allows, its compiler panics at some and passes addresses of 32 bits in some. Whether a definition is used is
//! only known once the component is flat, so they are noted here, and [refused](crate::flatten) there.

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

/// A definition that asks for what Wasmtime has not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfinished {
    /// `canon lift`, `canon lower`, or a built-in.
    pub name: &'static str,
    pub wide: Wide,
    /// Where it stands, in bytes.
    pub offset: u64,
}

impl Checker<'_> {
    /// Notes a definition that has been validated. `memories` are those that it names, as the validator counts them.
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
        let name = definition_name(definition);
        self.checked.unfinished.extend(wide.map(|wide| Unfinished {
            name,
            wide,
            offset: offset as u64,
        }));
        Ok(())
    }
}
