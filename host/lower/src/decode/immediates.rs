//! Determines for each built-in with a `shared` immediate whether it is shared, even if the input does not say so.

use super::start_types::start_types;
use super::{encoding, orderings};
use crate::binary::decoded::Decoded;
use crate::binary::encoding::CanonicalEncoding;
use crate::error::LowerError;
use crate::threads::{Threads, Uses};
use crate::{check, limits};
use std::borrow::Cow;

/// The component in the specification's encoding.
pub(crate) fn to_specification(decoded: &Decoded<'_>) -> Result<Vec<u8>, LowerError> {
    let component = encoding::to_specification(&decoded.bytes, &all_immediates(decoded)?)?;
    Ok(orderings::respell(Cow::Owned(component), CanonicalEncoding::Specification).into_owned())
}

/// The immediates, with defaults where the input has none: a spawn is `shared` if its start type is, and
/// `thread.available-parallelism` if all its imports require a shared function. If no module imports it, it is shared
/// as in wasm-tools, except if the component has cooperative threads, because the mark would imply preemptive ones.
pub(super) fn all_immediates(decoded: &Decoded<'_>) -> Result<Vec<bool>, LowerError> {
    if let Some(immediates) = decoded.immediates.iter().copied().collect() {
        return Ok(immediates);
    }
    let types = start_types(decoded)?;
    limits::check(&decoded.bytes)?;
    let mut used_as_shared = check::used_as_shared(decoded).into_iter();
    let unused = !matches!(Uses::of(decoded)?.threads(), Ok(Threads::Cooperative));
    if types.len() != decoded.immediates.len() {
        let message = format!(
            "{} immediates for {} definitions",
            decoded.immediates.len(),
            types.len()
        );
        return Err(LowerError::Internal(message));
    }
    let immediates = types.iter().zip(&decoded.immediates);
    let immediates = immediates.map(|(ty, said)| match (said, ty) {
        (Some(shared), _) => *shared,
        (None, Some(ty)) => ty.shared,
        (None, None) => used_as_shared.next().flatten().unwrap_or(unused),
    });
    Ok(immediates.collect())
}
