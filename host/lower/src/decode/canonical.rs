//! Reads a canonical section in one of its two encodings.
//!
//! All definitions except those of three built-ins are the same in both encodings, and wasmparser reads them. This file
//! reads and records the three, and skips the others.

use crate::binary::encoding::CanonicalEncoding;
use crate::builtins::CanonicalBuiltin;
use crate::error::LowerError;
use crate::rules::Rule;
use std::ops::Range;
use wasmparser::{BinaryReader, BinaryReaderError, CanonicalFunction};

type Result<T> = std::result::Result<T, Malformed>;

/// The definition of a built-in that has a `shared` immediate in the specification's encoding.
#[derive(Clone, Copy, Debug)]
pub(super) struct EncodedDefinition {
    pub(super) builtin: CanonicalBuiltin,
    /// The rule for its encoding.
    pub(super) rule: Rule,
    /// Where in the component its opcode stands.
    pub(super) offset: usize,
    /// Its immediate, in the specification's encoding.
    pub(super) shared: Option<bool>,
}

/// Why a section cannot be read in an encoding.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) message: String,
    pub(super) offset: usize,
    rule: Option<Rule>,
}

impl From<BinaryReaderError> for Malformed {
    fn from(error: BinaryReaderError) -> Self {
        Malformed {
            message: error.message().to_owned(),
            offset: error.offset(),
            rule: None,
        }
    }
}

impl From<Malformed> for LowerError {
    fn from(error: Malformed) -> Self {
        let (message, offset) = (error.message, error.offset as u64);
        match error.rule {
            Some(rule) => LowerError::Rule { rule, message, offset },
            None => LowerError::Invalid { message, offset },
        }
    }
}

/// A section as far as it can be read in one encoding.
pub(super) struct Reading {
    /// In the order of the section.
    pub(super) definitions: Vec<EncodedDefinition>,
    /// Whether it can be read up to its last byte.
    pub(super) end: Result<()>,
}

/// Reads the section whose contents are at `contents` of `component`.
pub(super) fn read(component: &[u8], contents: Range<usize>, encoding: CanonicalEncoding) -> Reading {
    let start = contents.start;
    let mut reader = BinaryReader::new(component.get(contents).unwrap_or_default(), start);
    let mut definitions = Vec::new();
    let end = read_all(&mut reader, encoding, &mut definitions);
    Reading { definitions, end }
}

fn read_all(
    reader: &mut BinaryReader<'_>,
    encoding: CanonicalEncoding,
    definitions: &mut Vec<EncodedDefinition>,
) -> Result<()> {
    for _ in 0..reader.read_var_u32()? {
        let offset = reader.original_position();
        let mut ahead = reader.clone();
        let opcode = ahead.read_u8()?;
        let Some((builtin, immediate)) = CanonicalBuiltin::with_immediate(opcode) else {
            not_yet(opcode, offset)?;
            reader.read::<CanonicalFunction>()?;
            continue;
        };
        *reader = ahead;
        // Recorded before the rest is read, because the rest may be why the section cannot be read.
        definitions.push(EncodedDefinition {
            builtin,
            rule: immediate.rule,
            offset,
            shared: None,
        });
        if encoding == CanonicalEncoding::Specification {
            let shared = reader.read::<bool>()?;
            if let Some(definition) = definitions.last_mut() {
                definition.shared = Some(shared);
            }
        }
        for _ in 0..immediate.indices {
            reader.read_var_u32()?;
        }
    }
    if !reader.eof() {
        return Err(Malformed {
            message: "unexpected data at the end of the section".to_owned(),
            offset: reader.original_position(),
            rule: None,
        });
    }
    Ok(())
}

/// Refuses built-ins that the specification added after the version that weft follows.
fn not_yet(opcode: u8, offset: usize) -> Result<()> {
    let name = match opcode {
        0x2e => "stream.forward",
        0x2f => "future.forward",
        _ => return Ok(()),
    };
    Err(Malformed {
        message: format!("`{name}` is newer than the version of the specification that weft follows: remove it"),
        offset,
        rule: Some(Rule::Ver02),
    })
}

/// The contents of a section in the other encoding. Writes `immediates`, one for each definition, if they are given;
/// otherwise drops the existing ones.
pub(super) fn respell(
    component: &[u8],
    contents: Range<usize>,
    definitions: &[EncodedDefinition],
    immediates: Option<&[bool]>,
) -> std::result::Result<Vec<u8>, LowerError> {
    let copy = |range: Range<usize>| {
        let outside = || LowerError::Internal(format!("bytes {range:?} are not in the canonical section"));
        component.get(range.clone()).ok_or_else(outside)
    };
    let mut output = Vec::with_capacity(contents.len() + definitions.len());
    let mut copied = contents.start;
    for (number, definition) in definitions.iter().enumerate() {
        let behind_opcode = definition.offset + 1;
        output.extend(copy(copied..behind_opcode)?);
        copied = behind_opcode + usize::from(definition.shared.is_some());
        if let Some(immediates) = immediates {
            let shared = immediates.get(number).copied();
            let missing = || LowerError::Internal(format!("definition {number} of a section has no immediate"));
            output.push(u8::from(shared.ok_or_else(missing)?));
        }
    }
    output.extend(copy(copied..contents.end)?);
    Ok(output)
}
