//! Decode: from what a person or a tool hands over to a binary component.
//!
//! Before: text or binary, in the specification's spelling or in that of wasm-tools. After: the bytes of a component as
//! wasm-tools writes them, whose header and canonical sections are sound, and beside them what those bytes cannot say: which
//! definitions were marked `shared`. Everything else is read by the passes themselves, each where it needs it, rather than
//! into a tree of our own: a second model of components would have to follow every change of the first.
//!
//! [`encoding`] says how the two binary encodings are told apart, [`orderings`] what else differs in them, [`text`] how the
//! two spellings of the text are read.

mod canonical;
mod definitions;
mod encoding;
mod nesting;
mod offsets;
mod orderings;
mod sections;
pub mod text;

use crate::builtins::{CanonicalBuiltin, Start};
use crate::threads::{Threads, Uses};
use crate::{LOG, LowerError, check, limits};
use definitions::StartType;
use offsets::Offsets;
use std::borrow::Cow;
use std::panic::catch_unwind;
use tracing::debug_span;
use wasmparser::Encoding;

pub(crate) use definitions::{CanonicalDefinition, canonical_definitions};
pub use encoding::CanonicalEncoding;

/// A binary that was decoded, to be [read](Located::read), and where in the input it was.
pub(crate) struct Located<'a> {
    decoded: Decoded<'a>,
    offsets: Offsets,
}

impl<'a> Located<'a> {
    /// Of the same bytes as the input.
    fn new(decoded: Decoded<'a>) -> Self {
        Located {
            decoded,
            offsets: Offsets::default(),
        }
    }

    /// Has it read, by one pass or several. No pass gets at it in another way: offsets of errors are those of its bytes, and
    /// become those of the input here.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Decoded<'a>) -> Result<T, LowerError>) -> Result<T, LowerError> {
        read(&self.decoded).map_err(|error| error.map_offsets(|offset| self.offsets.in_input(offset)))
    }

    /// The decoded bytes, for callers outside of this crate.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.decoded.bytes
    }
}

/// A binary, and what its bytes do not say.
pub(crate) struct Decoded<'a> {
    /// A core module, or a component whose canonical sections are in wasm-tools' encoding.
    pub(crate) bytes: Cow<'a, [u8]>,
    /// For each `thread.spawn-ref`, `thread.spawn-indirect` and `thread.available-parallelism`, in the order of the binary,
    /// nested components included: whether it was marked `shared`, and `None` where the input had no place for the mark.
    pub(crate) immediates: Vec<Option<bool>>,
}

impl Decoded<'_> {
    /// The component in the specification's encoding.
    pub(crate) fn to_specification(&self) -> Result<Vec<u8>, LowerError> {
        let component = encoding::to_specification(&self.bytes, &self.all_immediates()?)?;
        Ok(orderings::respell(Cow::Owned(component), CanonicalEncoding::Specification).into_owned())
    }

    /// The immediates, with what they mean where the input did not say it: a spawn is `shared` if its start type is, and
    /// `thread.available-parallelism` if all who import it ask for a shared function. Where nobody imports it, it is as
    /// wasm-tools takes it, but where threads take turns: the mark would say that some do not.
    fn all_immediates(&self) -> Result<Vec<bool>, LowerError> {
        if let Some(immediates) = self.immediates.iter().copied().collect() {
            return Ok(immediates);
        }
        let types = self.start_types()?;
        limits::check(&self.bytes)?;
        let mut used_as_shared = check::used_as_shared(self).into_iter();
        let unused = !matches!(Uses::of(self)?.threads(), Ok(Threads::Cooperative));
        let immediates = types.iter().zip(&self.immediates);
        let immediates = immediates.map(|(ty, said)| match (said, ty) {
            (Some(shared), _) => *shared,
            (None, Some(ty)) => ty.shared,
            (None, None) => used_as_shared.next().flatten().unwrap_or(unused),
        });
        Ok(immediates.collect())
    }

    /// For each of the immediates, the start type: `thread.available-parallelism` has none.
    fn start_types(&self) -> Result<Vec<Option<StartType>>, LowerError> {
        let mut found = Vec::new();
        canonical_definitions(self, |definition| {
            let builtin = CanonicalBuiltin::of(definition.function);
            if builtin.is_none_or(|builtin| builtin.row().immediate.is_none()) {
                return Ok(());
            }
            let ty = match Start::of(definition.function) {
                Some(Start { ty: index, .. }) => {
                    let ty = definition.start_type();
                    Some(ty.ok_or_else(|| LowerError::Invalid {
                        message: format!("there is no core type {index} for a thread to start at"),
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
}

/// Text is turned into binary, binary is passed on.
///
/// Text that marks a definition as `shared`, or spells `thread.available-parallelism` as the specification does, becomes a
/// binary in the specification's encoding, which can say so; all other text one in wasm-tools'.
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
    Ok(Cow::Owned(decoded.to_specification()?))
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
            // There are no such definitions, or the text holds a binary.
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
    match begin.is_empty() || begin.starts_with(['(', ';']) {
        true => Ok(Some(text)),
        false => Err(LowerError::NotWebAssembly),
    }
}

/// The binary of a text, in wasm-tools' encoding, and the immediates.
fn parse(text: &str) -> Result<(Vec<u8>, Vec<Option<bool>>), LowerError> {
    let parsed = catch_unwind(|| text::respell(text).parse());
    parsed.map_err(|_| LowerError::Internal("the parser of the text format panicked".to_owned()))?
}
