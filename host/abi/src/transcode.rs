//! Transcodes strings from one component's memory to another's, for fused adapters.
//!
//! **Problem.** A generated adapter calls a transcoder with pointers into two memories, which other threads may write
//! meanwhile, and which may be one memory. **Here,** [`Transcoding::read`] copies the source once and makes the
//! target's bytes of the copy, and [`Transcoded::store`] stores them. It never stores more bytes than the room that the
//! adapter passed: if the source has become longer since the adapter measured it, the call traps.
//!
//! The operations are those that Wasmtime's adapters need, with the same arguments and results. Together they implement
//! the specification's transcodings between three encodings.
//!
//! Specification: `store_string_into_range` in
//! [storing](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#storing).

use crate::memory::GuestMemory;
use crate::trap::{Region, Trap};
use serde::{Deserialize, Serialize};

/// What a transcoder does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Transcoding {
    /// Copies and validates UTF-8. No result.
    Utf8ToUtf8,
    /// Copies and validates UTF-16. No result.
    Utf16ToUtf16,
    /// Copies Latin-1. No result.
    Latin1ToLatin1,
    /// Widens Latin-1. No result.
    Latin1ToUtf16,
    /// Returns the number of code units stored.
    Utf8ToUtf16,
    /// Converts as much as there is room for, and in the first pass only ASCII. Returns what was read and what was stored.
    Utf16ToUtf8,
    /// As [`Transcoding::Utf16ToUtf8`].
    Latin1ToUtf8,
    /// Stops at the first character outside Latin-1. Returns how much it read and how much it stored.
    Utf8ToLatin1,
    /// As [`Transcoding::Utf8ToLatin1`].
    Utf16ToLatin1,
    /// Widens the Latin-1 that is stored already, and appends the rest as UTF-16. Returns the number of code units.
    Utf8ToCompactUtf16,
    /// As [`Transcoding::Utf8ToCompactUtf16`].
    Utf16ToCompactUtf16,
    /// If all characters are in Latin-1, returns the number of bytes; otherwise the number of code units with
    /// [`UTF16_TAG`].
    Utf16ToCompactProbablyUtf16,
}

/// The bit that the adapters set in the length of a string that is UTF-16 and could be Latin-1, whatever the width of addresses.
pub const UTF16_TAG: u64 = 1 << 31;

/// The bytes to store.
#[derive(Debug)]
pub struct Transcoded {
    /// How many leading bytes of Latin-1 to widen first.
    widen: u64,
    target: u64,
    bytes: Vec<u8>,
    results: Results,
}

/// What a transcoder returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Results {
    /// Nothing.
    None,
    /// A length.
    One(u64),
    /// How many code units were read and how many were stored.
    Two(u64, u64),
}

/// The arguments of a transcoder in their order, so many as it has.
struct Arguments<'a>(&'a [u64]);

impl Arguments<'_> {
    fn get(&self, position: usize) -> Result<u64, Trap> {
        self.0.get(position).copied().ok_or(Trap::FlatValues)
    }
}

/// The source has changed since the adapter read its beginning, and its encoding has become longer than the room for it.
fn outgrown(target: u64, length: u64, room: u64) -> Trap {
    Trap::OutOfBounds {
        region: Region::String,
        pointer: target,
        bytes: length.saturating_mul(2),
        size: target.saturating_add(room.saturating_mul(2)),
    }
}

impl Transcoding {
    /// How many bytes [`Transcoding::read`] allocates at most: those of the source, and twice as many that it makes of them.
    pub fn allocation(self, arguments: &[u64]) -> u64 {
        let units = arguments.get(1).copied().unwrap_or(0);
        units.saturating_mul(self.source_unit()).saturating_mul(3)
    }

    /// Reads and converts. `arguments` are those of the call, as unsigned numbers.
    pub fn read<M: GuestMemory + ?Sized>(self, arguments: &[u64], from: &M) -> Result<Transcoded, Trap> {
        let arguments = Arguments(arguments);
        let (pointer, units) = (arguments.get(0)?, arguments.get(1)?);
        let unit = self.source_unit();
        let length = usize::try_from(units.saturating_mul(unit)).unwrap_or(usize::MAX);
        let source = from.read_vec(pointer, length)?;
        let invalid = |problem, at| Trap::Encoding { problem, pointer, at };
        let text = |bytes| match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(error) => Err(invalid("invalid utf8 encoding", error.valid_up_to())),
        };
        let mut done = Transcoded {
            widen: 0,
            target: arguments.get(2)?,
            bytes: match self.converts() {
                true => Vec::with_capacity(source.len().saturating_mul(2)),
                false => Vec::new(),
            },
            results: Results::None,
        };
        match self {
            Transcoding::Utf8ToUtf8 => {
                text(&source)?;
                done.bytes = source;
            }
            Transcoding::Utf16ToUtf16 => {
                valid_utf16(&source).map_err(|at| invalid("invalid utf16 encoding", at))?;
                done.bytes = source;
            }
            Transcoding::Latin1ToLatin1 => done.bytes = source,
            Transcoding::Latin1ToUtf16 => done.bytes = widened(&source),
            Transcoding::Utf8ToUtf16 => {
                done.bytes
                    .extend(text(&source)?.encode_utf16().flat_map(u16::to_le_bytes));
                done.results = Results::One(done.units());
            }
            Transcoding::Utf16ToUtf8 | Transcoding::Latin1ToUtf8 => {
                let room = arguments.get(3)?;
                let limit = if arguments.get(4)? as u32 != 0 { 0x80 } else { u32::MAX };
                let read = self.append_utf8(&source, &mut done.bytes, room, limit);
                let read = read.map_err(|at| invalid("invalid utf16 encoding", at))?;
                done.results = Results::Two(read, done.bytes.len() as u64);
            }
            Transcoding::Utf8ToLatin1 => {
                // What is no UTF-8 is found when the rest is converted.
                let valid = match std::str::from_utf8(&source) {
                    Ok(text) => text,
                    Err(error) => text(&source[..error.valid_up_to()])?,
                };
                let narrow = valid.char_indices().find(|(_, character)| u32::from(*character) > 0xff);
                let read = narrow.map_or(valid.len(), |(at, _)| at);
                done.bytes
                    .extend(valid[..read].chars().map(|character| u32::from(character) as u8));
                done.results = Results::Two(read as u64, done.bytes.len() as u64);
            }
            Transcoding::Utf16ToLatin1 => {
                let narrow = source
                    .as_chunks()
                    .0
                    .iter()
                    .map_while(|[low, high]| (*high == 0).then_some(*low));
                done.bytes.extend(narrow);
                let read = done.bytes.len() as u64;
                done.results = Results::Two(read, read);
            }
            Transcoding::Utf8ToCompactUtf16 | Transcoding::Utf16ToCompactUtf16 => {
                let (room, before) = (arguments.get(3)?, arguments.get(4)?);
                if self == Transcoding::Utf16ToCompactUtf16 {
                    valid_utf16(&source).map_err(|at| invalid("invalid utf16 encoding", at))?;
                    done.bytes = source;
                } else {
                    done.bytes
                        .extend(text(&source)?.encode_utf16().flat_map(u16::to_le_bytes));
                }
                let length = before.saturating_add(done.units());
                if length > room {
                    return Err(outgrown(done.target, length, room));
                }
                done.widen = before;
                done.results = Results::One(length);
            }
            Transcoding::Utf16ToCompactProbablyUtf16 => {
                valid_utf16(&source).map_err(|at| invalid("invalid utf16 encoding", at))?;
                let (pairs, _) = source.as_chunks();
                let narrow = pairs.iter().all(|[_, high]| *high == 0);
                done.results = Results::One(if narrow { units } else { units | UTF16_TAG });
                done.bytes = match narrow {
                    true => pairs.iter().map(|[low, _]| *low).collect(),
                    false => source,
                };
            }
        }
        Ok(done)
    }

    /// Appends the characters below `limit` as UTF-8, as far as there is room. Returns how many units of the source they
    /// are, or where the source is invalid.
    fn append_utf8(self, source: &[u8], bytes: &mut Vec<u8>, room: u64, limit: u32) -> Result<u64, usize> {
        let mut read = 0;
        for character in self.characters(source) {
            let character = character?;
            let end = (bytes.len() + character.len_utf8()) as u64;
            if u32::from(character) >= limit || end > room {
                break;
            }
            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            read += self.units_of(character);
        }
        Ok(read)
    }

    /// Whether the transcoder appends converted text to a buffer. The others copy their source, or know the length of the result first.
    const fn converts(self) -> bool {
        match self {
            Transcoding::Utf8ToUtf16
            | Transcoding::Utf16ToUtf8
            | Transcoding::Latin1ToUtf8
            | Transcoding::Utf8ToLatin1
            | Transcoding::Utf16ToLatin1
            | Transcoding::Utf8ToCompactUtf16 => true,
            Transcoding::Utf8ToUtf8
            | Transcoding::Utf16ToUtf16
            | Transcoding::Latin1ToLatin1
            | Transcoding::Latin1ToUtf16
            | Transcoding::Utf16ToCompactUtf16
            | Transcoding::Utf16ToCompactProbablyUtf16 => false,
        }
    }

    /// The size of a code unit of the source in bytes.
    const fn source_unit(self) -> u64 {
        match self {
            Transcoding::Utf8ToUtf8
            | Transcoding::Latin1ToLatin1
            | Transcoding::Latin1ToUtf16
            | Transcoding::Utf8ToUtf16
            | Transcoding::Latin1ToUtf8
            | Transcoding::Utf8ToLatin1
            | Transcoding::Utf8ToCompactUtf16 => 1,
            Transcoding::Utf16ToUtf16
            | Transcoding::Utf16ToUtf8
            | Transcoding::Utf16ToLatin1
            | Transcoding::Utf16ToCompactUtf16
            | Transcoding::Utf16ToCompactProbablyUtf16 => 2,
        }
    }

    /// How many code units of the source a character has.
    const fn units_of(self, character: char) -> u64 {
        match self.source_unit() {
            1 => 1,
            _ => character.len_utf16() as u64,
        }
    }

    /// The characters of Latin-1 or UTF-16, or where it is invalid.
    fn characters(self, source: &[u8]) -> Box<dyn Iterator<Item = Result<char, usize>> + '_> {
        match self.source_unit() {
            1 => Box::new(source.iter().map(|byte| Ok(char::from(*byte)))),
            _ => Box::new(utf16(source)),
        }
    }
}

impl Transcoded {
    fn units(&self) -> u64 {
        self.bytes.len() as u64 / 2
    }

    /// Stores the bytes, and says what the transcoder returns.
    pub fn store<M: GuestMemory + ?Sized>(self, to: &mut M) -> Result<Results, Trap> {
        let mut target = self.target;
        if self.widen > 0 {
            let before = to.read_vec(target, usize::try_from(self.widen).unwrap_or(usize::MAX))?;
            to.write(target, &widened(&before))?;
            target = target.saturating_add(2 * self.widen);
        }
        to.write(target, &self.bytes)?;
        Ok(self.results)
    }
}

fn widened(latin1: &[u8]) -> Vec<u8> {
    latin1.iter().flat_map(|byte| [*byte, 0]).collect()
}

/// The characters of UTF-16, or how many bytes of it are well encoded.
fn utf16(source: &[u8]) -> impl Iterator<Item = Result<char, usize>> + '_ {
    let units = source.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit));
    let mut at = 0;
    char::decode_utf16(units).map(move |character| {
        let character = character.map_err(|_| at)?;
        at += 2 * character.len_utf16();
        Ok(character)
    })
}

fn valid_utf16(source: &[u8]) -> Result<(), usize> {
    utf16(source).try_for_each(|character| character.map(drop))
}
