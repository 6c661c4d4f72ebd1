//! Sections of a binary as bytes, to which entries are added at the end.

use std::borrow::Cow;
use wasm_encoder::Encode;
use wasmparser::{BinaryReader, BinaryReaderError};

/// The length of the header of a module or a component.
pub(super) const HEADER: usize = 8;

/// The sections of a module or a component: their ids and contents.
pub(super) fn sections(binary: &[u8]) -> Result<Vec<(u8, &[u8])>, BinaryReaderError> {
    let mut reader = BinaryReader::new(binary, 0);
    reader.read_bytes(HEADER)?;
    let mut sections = Vec::new();
    while !reader.eof() {
        let id = reader.read_u8()?;
        let length = reader.read_var_u32()? as usize;
        sections.push((id, reader.read_bytes(length)?));
    }
    Ok(sections)
}

pub(super) fn push_section(output: &mut Vec<u8>, id: u8, contents: &[u8]) {
    output.push(id);
    contents.encode(output);
}

/// A section or a subsection with more entries at its end.
pub(super) fn with_entries(contents: &[u8], count: usize, entries: &[u8]) -> Result<Vec<u8>, BinaryReaderError> {
    let mut reader = BinaryReader::new(contents, 0);
    let before = reader.read_var_u32()?;
    let mut output = Vec::new();
    (before + count as u32).encode(&mut output);
    output.extend_from_slice(reader.read_bytes(reader.bytes_remaining())?);
    output.extend_from_slice(entries);
    Ok(output)
}

/// A custom section. If it has the names of functions, adds names. Core WebAssembly ignores errors in custom sections.
pub(super) fn named<'a>(contents: &'a [u8], count: usize, names: &[u8]) -> Cow<'a, [u8]> {
    const SECTION: &str = "name";
    const OF_FUNCTIONS: u8 = 1;
    let add = || -> Result<Option<Vec<u8>>, BinaryReaderError> {
        let mut reader = BinaryReader::new(contents, 0);
        if reader.read_string()? != SECTION {
            return Ok(None);
        }
        let mut output = contents[..reader.original_position()].to_vec();
        while !reader.eof() {
            let id = reader.read_u8()?;
            let length = reader.read_var_u32()? as usize;
            let subsection = reader.read_bytes(length)?;
            match id {
                OF_FUNCTIONS => push_section(&mut output, id, &with_entries(subsection, count, names)?),
                _ => push_section(&mut output, id, subsection),
            }
        }
        Ok(Some(output))
    };
    match add() {
        Ok(Some(section)) => Cow::Owned(section),
        Ok(None) | Err(_) => Cow::Borrowed(contents),
    }
}
