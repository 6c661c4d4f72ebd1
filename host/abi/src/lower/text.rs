//! Encoding strings, with the calls of `realloc` that the specification asks for.
//!
//! The host's strings are UTF-8. For UTF-16 and Latin-1 the specification guesses the length, and corrects the guess with `realloc`.
//!
//! Specification: `store_string_copy`, `store_utf8_to_utf16` and `store_string_to_latin1_or_utf16` in
//! [storing](https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#storing).

use super::place::ReallocCall;
use crate::lift::text::utf16_tag;
use crate::memory::GuestMemory;
use crate::options::{Options, StringEncoding};
use crate::trap::{Region, Trap};

/// A string that waits for memory.
#[derive(Debug)]
pub(crate) enum TextState<'a> {
    /// For as many bytes as the string has.
    Utf8(&'a str),
    /// For twice as many.
    Utf16(&'a str),
    /// For as many, in the hope that each character takes one byte.
    Latin1(&'a str),
    /// For twice as many, since the rest of the string has a character that does not. So many bytes are stored already.
    Inflate(&'a str, usize),
    /// For less, since the string is stored. This is its length.
    Shrink(u64),
}

/// How far the encoding has come.
#[derive(Debug)]
pub(crate) enum Progress<'a> {
    /// The caller must call `realloc` again.
    More(TextState<'a>, ReallocCall),
    /// The pointer and the length.
    Done(u64, u64),
}

impl<'a> TextState<'a> {
    pub(crate) fn begin(text: &'a str, options: Options) -> Result<(TextState<'a>, ReallocCall), Trap> {
        let bytes = Region::String.bytes(text.len() as u64, 1)?;
        Ok(match options.encoding {
            StringEncoding::Utf8 => (TextState::Utf8(text), ReallocCall::new(1, bytes)),
            StringEncoding::Utf16 => (TextState::Utf16(text), ReallocCall::new(2, 2 * bytes)),
            StringEncoding::Latin1OrUtf16 => (TextState::Latin1(text), ReallocCall::new(2, bytes)),
        })
    }

    /// Goes on with memory of the size that was asked for.
    pub(crate) fn resume<M: GuestMemory + ?Sized>(
        self,
        pointer: u64,
        call: ReallocCall,
        memory: &mut M,
        buffer: &mut Vec<u8>,
        options: Options,
    ) -> Result<Progress<'a>, Trap> {
        buffer.clear();
        let length = match self {
            TextState::Utf8(text) => {
                memory.write(pointer, text.as_bytes())?;
                return Ok(Progress::Done(pointer, text.len() as u64));
            }
            TextState::Utf16(text) => {
                encode_utf16(text, buffer);
                buffer.len() as u64 / 2
            }
            TextState::Latin1(text) => {
                // Characters beyond Latin-1 begin with such bytes, and no others have one.
                let wide = match text.is_ascii() {
                    true => None,
                    false => text.bytes().position(|byte| byte >= 0xc4),
                };
                let (narrow, rest) = text.split_at(wide.unwrap_or(text.len()));
                encode_latin1(narrow, buffer);
                if wide.is_some() {
                    memory.write(pointer, buffer)?;
                    let larger = ReallocCall {
                        old_pointer: pointer,
                        old_size: call.new_size,
                        alignment: 2,
                        new_size: 2 * call.new_size,
                    };
                    return Ok(Progress::More(TextState::Inflate(rest, buffer.len()), larger));
                }
                buffer.len() as u64
            }
            TextState::Inflate(rest, stored) => {
                // What the guest has copied is what counts, as in the specification.
                let narrow = memory.read_vec(pointer, stored)?;
                buffer.extend(narrow.iter().flat_map(|byte| [*byte, 0]));
                encode_utf16(rest, buffer);
                (buffer.len() as u64 / 2) | utf16_tag(options)
            }
            TextState::Shrink(length) => return Ok(Progress::Done(pointer, length)),
        };
        memory.write(pointer, buffer)?;
        let used = buffer.len() as u64;
        if used == call.new_size {
            return Ok(Progress::Done(pointer, length));
        }
        let smaller = ReallocCall {
            old_pointer: pointer,
            old_size: call.new_size,
            alignment: 2,
            new_size: used,
        };
        Ok(Progress::More(TextState::Shrink(length), smaller))
    }
}

fn encode_utf16(text: &str, buffer: &mut Vec<u8>) {
    if text.is_ascii() {
        let begin = buffer.len();
        buffer.resize(begin + 2 * text.len(), 0);
        for (unit, byte) in buffer[begin..].as_chunks_mut().0.iter_mut().zip(text.bytes()) {
            *unit = [byte, 0];
        }
        return;
    }
    buffer.reserve(2 * text.len());
    buffer.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
}

/// All characters are below 256.
fn encode_latin1(text: &str, buffer: &mut Vec<u8>) {
    match text.is_ascii() {
        true => buffer.extend_from_slice(text.as_bytes()),
        false => buffer.extend(text.chars().map(|character| u32::from(character) as u8)),
    }
}
