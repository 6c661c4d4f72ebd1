//! The place of a form in the script, and the text that its parser reads.
//!
//! The parser of the format lacks some spellings of the specifications, such as `shared` after the thread built-ins. So
//! it reads a respelt text, and what that text cannot express is added to the resulting binaries.

use crate::source::lexer;
use std::ops::Range;
use wast::parser::{ParseBuffer, parse};
use wast::token::Span;
use wast::{QuoteWat, QuoteWatTest, Wat};
use weft_lower::text::{Respelt, encode, respell, with_immediates};

/// A form of a script.
pub(crate) struct Place<'a> {
    pub(crate) range: &'a Range<usize>,
    pub(crate) text: Respelt<'a>,
}

impl<'a> Place<'a> {
    /// The form in `range` of a script, which is `text`.
    pub(crate) fn new(range: &'a Range<usize>, text: &'a str) -> Self {
        Place {
            range,
            text: respell(text),
        }
    }

    /// The parser's position in the script.
    pub(crate) fn offset(&self, span: Span) -> usize {
        self.range.start + self.text.original_offset(span.offset())
    }

    /// The binary of the module or component in the form.
    ///
    /// # Errors
    ///
    /// The text is malformed. The message says why.
    pub(crate) fn binary(&self, wat: &mut QuoteWat<'_>) -> Result<Vec<u8>, String> {
        match wat {
            QuoteWat::Wat(wat) => binary(wat, &self.text),
            quote => match quote.to_test().map_err(message)? {
                QuoteWatTest::Binary(binary) => Ok(binary),
                QuoteWatTest::Text(text) => quoted(&text),
            },
        }
    }
}

fn quoted(text: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "malformed UTF-8 encoding".to_owned())?;
    let text = respell(text);
    let buffer = ParseBuffer::new_with_lexer(lexer(text.text())).map_err(message)?;
    let mut wat = parse::<Wat<'_>>(&buffer).map_err(|error| message(text.named(error)))?;
    binary(&mut wat, &text)
}

fn binary(wat: &mut Wat<'_>, text: &Respelt<'_>) -> Result<Vec<u8>, String> {
    let immediates = text.immediates(wat.span().offset());
    let binary = encode(wat).map_err(message)?;
    let marked = with_immediates(&binary, &immediates).map_err(|error| error.to_string())?;
    Ok(marked.into_owned())
}

fn message(error: wast::Error) -> String {
    error.message()
}
