//! Decode: from what a person or a tool hands over to a binary component.
//!
//! Before: text or binary, component or core module, or neither. After: the bytes of a component, whose header at least
//! is sound. Everything behind the header is read by the passes themselves, each where it needs it, rather than into a
//! tree of our own: a second model of components would have to follow every change of the first.

use crate::LowerError;
use std::borrow::Cow;
use std::panic::catch_unwind;
pub use wasmparser::Encoding;

/// Text is turned into binary, binary is passed on.
pub fn to_binary(input: &[u8]) -> Result<Cow<'_, [u8]>, LowerError> {
    if !input.starts_with(b"\0asm") && !may_be_text(input) {
        return Err(LowerError::NotWebAssembly);
    }
    let parsed = catch_unwind(|| wat::parse_bytes(input));
    Ok(parsed.map_err(|_| LowerError::Internal("the parser of the text format panicked".to_owned()))??)
}

/// Whether it begins as the text format does: with a field or a comment.
fn may_be_text(input: &[u8]) -> bool {
    std::str::from_utf8(input).is_ok_and(|text| {
        let text = text.trim_start();
        text.is_empty() || text.starts_with(['(', ';'])
    })
}

/// Whether a binary is a core module or a component.
///
/// # Errors
///
/// The header is that of neither.
pub fn encoding(binary: &[u8]) -> Result<Encoding, LowerError> {
    match wasmparser::Parser::new(0).parse(binary, true)? {
        wasmparser::Chunk::Parsed {
            payload: wasmparser::Payload::Version { encoding, .. },
            ..
        } => Ok(encoding),
        _ => Err(LowerError::NotWebAssembly),
    }
}

/// The binary of a component.
pub(crate) fn component(input: &[u8]) -> Result<Cow<'_, [u8]>, LowerError> {
    let binary = to_binary(input)?;
    match encoding(&binary)? {
        Encoding::Component => Ok(binary),
        Encoding::Module => Err(LowerError::CoreModule),
    }
}
