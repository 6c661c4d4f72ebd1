//! Decode: from what a person or a tool hands over to a binary component.
//!
//! Before: text or binary, in the specification's spelling or in that of wasm-tools. After: the bytes of a component in
//! wasm-tools' encoding with a valid header and valid canonical sections, and beside them what these bytes cannot
//! express: which definitions were marked `shared`. Each pass reads everything else itself. There is no tree of our
//! own, because a second model of components would have to follow every change of the format.
//!
//! [`encoding`](mod@encoding) describes how to distinguish the two binary encodings, [`orderings`] what else differs in
//! them, and [`text`] how to read the two spellings of the text.

mod canonical;
mod encoding;
mod immediates;
mod located;
mod nesting;
mod offsets;
mod orderings;
mod sections;
mod start_types;
pub mod text;

use crate::binary::decoded::Decoded;
use crate::binary::encoding::CanonicalEncoding;
use crate::error::LowerError;
use crate::log::LOG;
use crate::panics::panic_message;
use std::borrow::Cow;
use std::panic::catch_unwind;
use tracing::debug_span;
use wasmparser::Encoding;

pub(crate) use immediates::to_specification;
pub(crate) use located::Located;

/// Converts text to binary, and returns binary input unchanged.
///
/// Text that marks a definition as `shared`, or spells `thread.available-parallelism` as the specification does,
/// becomes a binary in the specification's encoding, which has the mark. All other text becomes one in wasm-tools'
/// encoding.
///
/// # Errors
///
/// The input is neither, or text that is not well formed.
pub fn to_binary(input: &[u8]) -> Result<Cow<'_, [u8]>, LowerError> {
    let Some(text) = as_text(input)? else {
        return Ok(Cow::Borrowed(input));
    };
    let (binary, immediates) = parse(text)?;
    if immediates.iter().all(Option::is_none) {
        return Ok(Cow::Owned(binary));
    }
    let decoded = encoding::marked(Cow::Owned(binary), immediates)?;
    Ok(Cow::Owned(to_specification(&decoded)?))
}

/// Whether a binary is a core module or a component.
fn encoding(binary: &[u8]) -> Result<Encoding, LowerError> {
    match wasmparser::Parser::new(0).parse(binary, true)? {
        wasmparser::Chunk::Parsed {
            payload: wasmparser::Payload::Version { encoding, .. },
            ..
        } => Ok(encoding),
        _ => Err(LowerError::NotWebAssembly),
    }
}

/// Decodes a component or a core module.
pub(crate) fn decode(input: &[u8]) -> Result<(Encoding, Located<'_>), LowerError> {
    let _span = debug_span!(target: LOG, "decode", bytes = input.len()).entered();
    let binary = match as_text(input)? {
        None => Cow::Borrowed(input),
        Some(text) => {
            let (binary, immediates) = parse(text)?;
            if !immediates.is_empty() {
                let decoded = encoding::marked(Cow::Owned(binary), immediates)?;
                return Ok((Encoding::Component, Located::new(decoded)));
            }
            // The text has no such definitions, or contains a binary.
            Cow::Owned(binary)
        }
    };
    let encoding = encoding(&binary)?;
    let binary = orderings::respell(binary, CanonicalEncoding::WasmTools);
    let located = match encoding {
        Encoding::Component => encoding::decode(binary)?,
        Encoding::Module => Located::new(Decoded {
            bytes: binary,
            immediates: Vec::new(),
            supplied: Vec::new(),
        }),
    };
    Ok((encoding, located))
}

/// The input as text, or `None` for binary.
fn as_text(input: &[u8]) -> Result<Option<&str>, LowerError> {
    if input.starts_with(b"\0asm") {
        return Ok(None);
    }
    // Text begins with a field or a comment.
    let text = std::str::from_utf8(input).map_err(|_| LowerError::NotWebAssembly)?;
    let begin = text.trim_start();
    match begin.chars().next() {
        Some('(' | ';') => Ok(Some(text)),
        Some(_) => Err(LowerError::NotWebAssembly),
        None => Err(LowerError::Empty),
    }
}

/// The binary of a text, in wasm-tools' encoding, and the immediates.
fn parse(text: &str) -> Result<(Vec<u8>, Vec<Option<bool>>), LowerError> {
    let parsed = catch_unwind(|| text::respell(text).parse());
    parsed.map_err(|panic| {
        let message = panic_message(&*panic);
        LowerError::Internal(format!("the parser of the text format panicked: {message}"))
    })?
}
