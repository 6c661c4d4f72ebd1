//! The start types of the built-ins with a `shared` immediate. They help to choose between readings of the input, and
//! supply missing immediates.

use crate::binary::decoded::Decoded;
use crate::binary::definitions::{StartSignature, canonical_definitions};
use crate::builtins::{CanonicalBuiltin, Start};
use crate::error::LowerError;

/// For each of the immediates, the start type: `thread.available-parallelism` has none.
pub(super) fn start_types(decoded: &Decoded<'_>) -> Result<Vec<Option<StartSignature>>, LowerError> {
    let mut found = Vec::new();
    canonical_definitions(decoded, |definition| {
        let builtin = CanonicalBuiltin::of(definition.function);
        if builtin.is_none_or(|builtin| builtin.row().immediate.is_none()) {
            return Ok(());
        }
        let ty = match Start::of(definition.function)? {
            Some(Start { ty: index, .. }) => {
                let ty = definition.start_type()?;
                Some(ty.ok_or_else(|| LowerError::Invalid {
                    message: format!("unknown type {index}: type index out of bounds"),
                    offset: definition.offset,
                })?)
            }
            None => None,
        };
        found.push(ty);
        Ok(())
    })?;
    Ok(found)
}
