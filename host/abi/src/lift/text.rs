//! Decodes strings from bytes that belong to the host, so that the validated bytes are the ones that are used.
//!
//! Specification: `load_string_from_range` in
//! [loading](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#loading).

use super::Lifter;
use crate::handles::Handles;
use crate::memory::GuestMemory;
use crate::options::{Options, StringEncoding};
use crate::trap::{Region, Trap};

/// An encoding whose code units have one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Simple {
    Utf8,
    Utf16,
    Latin1,
}

/// The encoding of a string, the number of its code units, and the alignment of its pointer.
#[inline]
fn form(options: Options, length: u64) -> (Simple, u64, u32) {
    let tag = utf16_tag(options);
    match options.encoding {
        StringEncoding::Utf8 => (Simple::Utf8, length, 1),
        StringEncoding::Utf16 => (Simple::Utf16, length, 2),
        StringEncoding::Latin1OrUtf16 if length & tag != 0 => (Simple::Utf16, length ^ tag, 2),
        StringEncoding::Latin1OrUtf16 => (Simple::Latin1, length, 2),
    }
}

/// The bit of a length that says that a string of [`StringEncoding::Latin1OrUtf16`] is UTF-16.
#[inline]
pub(crate) const fn utf16_tag(options: Options) -> u64 {
    1 << (options.width.bytes() * 8 - 1)
}

impl<M: GuestMemory + ?Sized, H: Handles + ?Sized> Lifter<'_, M, H> {
    /// Lifts a string, given its pointer and length.
    #[inline]
    pub fn string(&mut self, pointer: u64, length: u64) -> Result<String, Trap> {
        let (encoding, units, alignment) = form(self.options, length);
        let unit = match encoding {
            Simple::Utf8 | Simple::Latin1 => 1,
            Simple::Utf16 => 2,
        };
        let bytes = Region::String.bytes(units, unit)?;
        Region::String.check(pointer, bytes, alignment, self.memory.size())?;
        // At most 2^28 bytes, so no length is cut.
        let bytes = bytes as usize;
        self.budget.take(bytes)?;
        let bytes = self.memory.read_vec(pointer, bytes)?;
        let invalid = |problem, at| Trap::Encoding { problem, pointer, at };
        match encoding {
            Simple::Utf8 => {
                String::from_utf8(bytes).map_err(|error| invalid("invalid utf-8", error.utf8_error().valid_up_to()))
            }
            Simple::Utf16 => decode_utf16(&bytes).map_err(|at| invalid("unpaired surrogate found", at)),
            Simple::Latin1 => Ok(decode_latin1(bytes)),
        }
    }
}

/// How many characters are decoded one by one after a character that is not ASCII.
const ONE_BY_ONE: usize = 64;

/// The text, or how many bytes are valid if it is invalid.
fn decode_utf16(bytes: &[u8]) -> Result<String, usize> {
    let units = bytes.as_chunks().0;
    let mut text = String::with_capacity(units.len());
    let mut rest = units;
    loop {
        rest = decode_ascii(rest, &mut text);
        if rest.is_empty() {
            return Ok(text);
        }
        // Some characters one by one, before the next look for ASCII.
        let mut decoded = 0;
        for character in char::decode_utf16(rest.iter().map(|unit| u16::from_le_bytes(*unit))).take(ONE_BY_ONE) {
            let character = character.map_err(|_| bytes.len() - 2 * (rest.len() - decoded))?;
            text.push(character);
            decoded += character.len_utf16();
        }
        rest = &rest[decoded..];
    }
}

/// Appends blocks of ASCII, and returns what follows them.
fn decode_ascii<'a>(units: &'a [[u8; 2]], text: &mut String) -> &'a [[u8; 2]] {
    let (blocks, _) = units.as_chunks::<16>();
    let mut decoded = 0;
    for block in blocks {
        let bits = block.iter().fold(0, |bits, unit| bits | u16::from_le_bytes(*unit));
        if bits >= 0x80 {
            break;
        }
        let ascii = block.map(|[low, _]| low);
        // ASCII is UTF-8. Anything else is for the slower loop, which tells what is wrong.
        let Ok(ascii) = std::str::from_utf8(&ascii) else {
            break;
        };
        text.push_str(ascii);
        decoded += block.len();
    }
    &units[decoded..]
}

fn decode_latin1(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => text,
        Ok(text) => text.bytes().map(char::from).collect(),
        Err(error) => error.as_bytes().iter().copied().map(char::from).collect(),
    }
}
