//! Decoding strings: from bytes that belong to the host, so that what is validated is what is used.
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
pub(crate) const fn utf16_tag(options: Options) -> u64 {
    1 << (options.width.bytes() * 8 - 1)
}

impl<M: GuestMemory + ?Sized, H: Handles + ?Sized> Lifter<'_, M, H> {
    /// Lifts a string, of which a pointer and a length were passed.
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
        let invalid = |encoding, at| Trap::Encoding { encoding, pointer, at };
        match encoding {
            Simple::Utf8 => String::from_utf8(bytes).map_err(|error| invalid("utf8", error.utf8_error().valid_up_to())),
            Simple::Utf16 => decode_utf16(&bytes).map_err(|at| invalid("utf16", at)),
            Simple::Latin1 => Ok(decode_latin1(bytes)),
        }
    }
}

/// The text, or how many bytes of it are well encoded.
fn decode_utf16(bytes: &[u8]) -> Result<String, usize> {
    let units = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut at = 0;
    for decoded in char::decode_utf16(units) {
        let decoded = decoded.map_err(|_| at)?;
        at += decoded.len_utf16() * 2;
        text.push(decoded);
    }
    Ok(text)
}

fn decode_latin1(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => text,
        Ok(text) => text.bytes().map(char::from).collect(),
        Err(error) => error.as_bytes().iter().copied().map(char::from).collect(),
    }
}
