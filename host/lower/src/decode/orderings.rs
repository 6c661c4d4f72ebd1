//! Converts the memory orderings of read-modify-write accesses between the specification's encoding and wasm-tools'.
//!
//! **Problem.** After the opcode of an atomic access to a global, table, struct or array comes a byte for its ordering:
//! 0 for sequential consistency, 1 for acquire and release. By the specification, a read-modify-write access has an
//! ordering in each half of that byte, and both are the same. wasm-tools 1.254 writes and reads only one ordering
//! there.
//!
//! ```text
//! fe 51 11 00    global.atomic.rmw.add acqrel 0, as the specification has it
//! fe 51 01 00    as wasm-tools has it
//! ```
//!
//! No byte has different meanings in the two encodings, so weft reads both, even in one binary. Later passes refuse
//! bytes that are neither (SETB-04). No byte moves, so offsets do not change.
//!
//! Bytes that look like such an access may be part of a constant, so this reads a body from its beginning, but only if
//! it contains such bytes. Later passes validate the body: from where it cannot be read, this changes nothing.
//!
//! Specification: [instructions' binary format].
//!
//! [instructions' binary format]: https://github.com/WebAssembly/shared-everything-threads/blob/065aa53/proposals/shared-everything-threads/Overview.md

use crate::binary::encoding::CanonicalEncoding;
use std::borrow::Cow;
use std::ops::Range;
use wasmparser::{BinaryReader, OperatorsReader, Parser, Payload};

/// The prefix of the opcodes of atomic accesses.
const PREFIX: u8 = 0xfe;
/// How many bytes an opcode has at most behind the prefix.
const MAX_OPCODE: usize = 5;
/// The opcode of `else`, which wasmparser reads only if it has read the `if`.
const ELSE: u8 = 0x05;

/// A binary whose accesses have their orderings in this encoding.
pub(super) fn respell(binary: Cow<'_, [u8]>, encoding: CanonicalEncoding) -> Cow<'_, [u8]> {
    const SPECIFICATION: u8 = 0x11;
    const WASM_TOOLS: u8 = 0x01;
    let (from, to) = match encoding {
        CanonicalEncoding::Specification => (WASM_TOOLS, SPECIFICATION),
        CanonicalEncoding::WasmTools => (SPECIFICATION, WASM_TOOLS),
    };
    if !resembles_access(&binary, from) {
        return binary;
    }
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(&binary) {
        match payload {
            Ok(Payload::CodeSectionEntry(body)) => {
                let range = body.range();
                if binary
                    .get(range.clone())
                    .is_some_and(|body| resembles_access(body, from))
                {
                    // Malformed code stays unchanged.
                    let _ = find(&binary, range, from, &mut found);
                }
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    if found.is_empty() {
        return binary;
    }
    let mut respelt = binary.into_owned();
    for position in found {
        if let Some(byte) = respelt.get_mut(position) {
            *byte = to;
        }
    }
    Cow::Owned(respelt)
}

/// Whether there may be an access with this byte for its ordering.
fn resembles_access(bytes: &[u8], ordering: u8) -> bool {
    let mut prefixes = bytes.iter().enumerate().filter(|(_, byte)| **byte == PREFIX);
    prefixes.any(|(position, _)| {
        let behind = bytes.get(position + 1..).unwrap_or_default();
        behind.iter().take(MAX_OPCODE + 1).any(|byte| *byte == ordering)
    })
}

/// Finds where in a body this byte is the ordering of an access that reads and writes.
fn find(binary: &[u8], body: Range<usize>, ordering: u8, found: &mut Vec<usize>) -> wasmparser::Result<()> {
    let mut reader = BinaryReader::new(binary.get(body.clone()).unwrap_or_default(), body.start);
    for _ in 0..reader.read_var_u32()? {
        reader.read_var_u32()?;
        reader.read::<wasmparser::ValType>()?;
    }
    while !reader.eof() {
        let mut ahead = reader.clone();
        match ahead.read_u8()? {
            ELSE => {
                reader = ahead;
                continue;
            }
            PREFIX => {
                if let Some(indices) = indices(ahead.read_var_u32()?) {
                    let position = ahead.original_position();
                    if ahead.read_u8()? == ordering {
                        found.push(position);
                    }
                    for _ in 0..indices {
                        ahead.read_var_u32()?;
                    }
                    reader = ahead;
                    continue;
                }
            }
            _ => {}
        }
        // A new reader for each instruction, because a reader checks the blocks around an instruction.
        let mut operators = OperatorsReader::new(reader);
        operators.read()?;
        reader = operators.get_binary_reader();
    }
    Ok(())
}

/// How many indices come after the ordering, if the access is a read-modify-write.
fn indices(opcode: u32) -> Option<usize> {
    match opcode {
        // Globals, tables, arrays.
        0x51..=0x57 | 0x5a..=0x5b | 0x6b..=0x71 => Some(1),
        // Structs.
        0x60..=0x66 => Some(2),
        _ => None,
    }
}
