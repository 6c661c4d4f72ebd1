//! Sections with one item: a pass writes the item with the encoder, and the validator or another pass reads it from the
//! bytes.

use crate::error::LowerError;
use wasm_encoder::Encode;
use wasmparser::{BinaryReader, FromReader, SectionLimited};

/// The bytes of a section that has one item: their count, and the item.
pub(crate) fn contents(section: &impl Encode) -> Result<Vec<u8>, LowerError> {
    let mut bytes = Vec::new();
    section.encode(&mut bytes);
    let mut reader = BinaryReader::new(&bytes, 0);
    reader.read_var_u32()?;
    let start = reader.original_position();
    Ok(bytes.split_off(start))
}

/// A reader of [`contents`] to which the item is at `offset`.
pub(crate) fn reader<'a, T: FromReader<'a>>(
    contents: &'a [u8],
    offset: usize,
) -> Result<SectionLimited<'a, T>, LowerError> {
    // The count is one byte.
    Ok(SectionLimited::new(BinaryReader::new(
        contents,
        offset.saturating_sub(1),
    ))?)
}
