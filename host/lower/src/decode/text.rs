//! Converts the specification's text format to the older spelling that the parser knows.
//!
//! **Problem.** The parser (wast 254) takes neither the `shared` of the thread built-ins, nor the hyphen in
//! `thread.available-parallelism`, nor `(shared (mut i32))` as the type of a global; newer tools also write `seqcst` where it
//! wants `seq_cst`. **Before:**
//!
//! ```wat
//! (core func $spawn (canon thread.spawn-indirect shared $start (core table $table)))
//! (core func $count (canon thread.available-parallelism shared))
//! (global $g (shared (mut i32)) (i32.const 0))
//! (global.atomic.get seqcst $g)
//! ```
//!
//! **After**, with a record that both definitions were marked `shared`:
//!
//! ```wat
//! (core func $spawn (canon thread.spawn-indirect        $start (core table $table)))
//! (core func $count (canon thread.available_parallelism       ))
//! (global $g (shared  mut i32 ) (i32.const 0))
//! (global.atomic.get seq_cst $g)
//! ```
//!
//! The tokens come from the parser's own lexer, so comments, strings and identifiers are untouched. Every change except
//! the last keeps all positions; [`Respelt::original_offset`] corrects for the last.
//!
//! The parser defines items in the order of the text, including those of nested components. So the marks have the same
//! order in the text and in the binary.
//!
//! **Rejected:** our own parser, or a copy of wast's with these few changes (it would have to follow the text format).
//!
//! Specification: [canonical definitions], [text of shared globals]; rules SPAWN-REF-03, SPAWN-IND-03, PAR-02, SETB-06, SETB-07.
//!
//! [canonical definitions]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/Explainer.md#canonical-definitions
//! [text of shared globals]: https://github.com/WebAssembly/shared-everything-threads/blob/065aa53/proposals/shared-everything-threads/Overview.md

mod module_types;
mod scan;
mod unsupported;

use super::{encoding, immediates};
use crate::binary::decoded::Decoded;
use crate::error::LowerError;
use scan::{Edit, Scan};
use std::borrow::Cow;
use std::ops::Range;
use wast::parser::ParseBuffer;
use wast::token::Span;

/// How many bytes after its position an error quotes. If the line has more than 500 bytes before the position, the
/// error quotes nothing.
const QUOTED: usize = 80;

/// A text in the spelling that the parser reads, and the marks that this spelling cannot express.
#[derive(Clone, Debug)]
pub struct Respelt<'a> {
    original: &'a str,
    text: Cow<'a, str>,
    definitions: Vec<TextDefinition>,
    components: Vec<Range<usize>>,
    /// Where in `text` there is a byte more than in the original.
    inserted: Vec<usize>,
}

/// A definition of `thread.spawn-ref`, `thread.spawn-indirect` or `thread.available-parallelism`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextDefinition {
    /// Where its keyword begins in the original text, in bytes.
    pub offset: usize,
    /// Whether it is marked `shared`. `None` if it is not marked and may be in wasm-tools' spelling, which has no mark.
    /// `thread.available-parallelism` with a hyphen is not wasm-tools' spelling, so it is either marked or unshared.
    pub shared: Option<bool>,
}

/// Respells a text: a module, a component, or a script of several.
///
/// From where the lexer refuses the text, it stays unchanged: the parser will refuse it too, and say where.
pub fn respell(text: &str) -> Respelt<'_> {
    let Scan {
        edits,
        definitions,
        components,
    } = Scan::of(text);
    let definitions = definitions.iter().map(|definition| TextDefinition {
        offset: definition.keyword.start,
        shared: match definition.is_marked || definition.has_hyphen {
            true => Some(definition.is_marked),
            false => None,
        },
    });
    let (respelt, inserted) = apply(text, &edits);
    Respelt {
        original: text,
        text: respelt,
        definitions: definitions.collect(),
        components,
        inserted,
    }
}

impl Respelt<'_> {
    /// The text that the parser reads.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All definitions, in the order of the text.
    pub fn definitions(&self) -> &[TextDefinition] {
        &self.definitions
    }

    /// The marks of one component's definitions, in order, including those of nested components.
    ///
    /// `component` is the position in [`text`](Self::text) of the keyword `component` with which it begins, as the parser's
    /// [spans](wast::Wat::span) have it.
    pub fn immediates(&self, component: usize) -> Vec<Option<bool>> {
        let start = self.original_offset(component);
        let Some(range) = self.components.iter().find(|range| range.start == start) else {
            return Vec::new();
        };
        let within = self
            .definitions
            .iter()
            .filter(|definition| range.contains(&definition.offset));
        within.map(|definition| definition.shared).collect()
    }

    /// The position in the original text for one in [`text`](Self::text).
    pub fn original_offset(&self, offset: usize) -> usize {
        offset - self.inserted.partition_point(|&inserted| inserted < offset)
    }

    /// The error to report for an error of the parser: the same error, or one that names a feature that neither the
    /// parser nor weft supports.
    pub fn named(&self, error: wast::Error) -> wast::Error {
        unsupported::named(&self.text, error)
    }

    /// Parses a text of one module or component. Returns the binary, in wasm-tools' encoding, and the marks.
    pub(super) fn parse(&self) -> Result<(Vec<u8>, Vec<Option<bool>>), LowerError> {
        let binary = self.encode().map_err(|error| {
            let error = self.named(error);
            let position = self.original_offset(error.span().offset());
            let mut error = wast::Error::new(Span::from_offset(position), error.message());
            // The error quotes the line, and a line may be all of the text.
            let end = self.original.floor_char_boundary(position.saturating_add(QUOTED));
            error.set_text(self.original.get(..end).unwrap_or_default());
            error
        })?;
        let immediates = self.definitions.iter().map(|definition| definition.shared);
        Ok((binary, immediates.collect()))
    }

    fn encode(&self) -> Result<Vec<u8>, wast::Error> {
        let buffer = ParseBuffer::new(&self.text)?;
        encode(&mut wast::parser::parse::<wast::Wat<'_>>(&buffer)?)
    }
}

/// Encodes what was parsed, unless the parser's encoder would panic at it.
///
/// # Errors
///
/// The text is not well formed, or the encoder has no form for it.
pub fn encode(wat: &mut wast::Wat<'_>) -> Result<Vec<u8>, wast::Error> {
    module_types::check(wat)?;
    wat.encode()
}

/// Adds the marks of a text to the component in wasm-tools' encoding that was parsed from it. If there are any marks,
/// the result is in the specification's encoding; otherwise it is the component itself.
///
/// # Errors
///
/// The component is malformed, or has other definitions than the marks are of.
pub fn with_immediates<'a>(component: &'a [u8], immediates: &[Option<bool>]) -> Result<Cow<'a, [u8]>, LowerError> {
    if immediates.iter().all(Option::is_none) {
        return Ok(Cow::Borrowed(component));
    }
    let decoded = encoding::marked(Cow::Borrowed(component), immediates.to_vec())?;
    Ok(Cow::Owned(immediates::to_specification(&decoded)?))
}

/// Respells the printed text of a component as the specification writes it.
pub(crate) fn to_specification(printed: &str, component: &Decoded<'_>) -> Result<String, LowerError> {
    let immediates = immediates::all_immediates(component)?;
    let definitions = Scan::of(printed).definitions;
    if definitions.len() != immediates.len() {
        let message = format!("{} definitions were printed of {}", definitions.len(), immediates.len());
        return Err(LowerError::Internal(message));
    }
    let mut edits = Vec::new();
    for (definition, shared) in definitions.into_iter().zip(immediates) {
        let keyword = definition.builtin.name();
        let text = match shared && !definition.is_marked {
            true => format!("{keyword} shared"),
            false => keyword.to_owned(),
        };
        edits.push(Edit {
            range: definition.keyword,
            text: text.into(),
        });
    }
    Ok(apply(printed, &edits).0.into_owned())
}

/// The text after all edits, which are in order, and where in it there are more bytes than before.
fn apply<'a>(text: &'a str, edits: &[Edit]) -> (Cow<'a, str>, Vec<usize>) {
    if edits.is_empty() {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut output = String::with_capacity(text.len());
    let mut inserted = Vec::new();
    let mut copied = 0;
    for Edit {
        range,
        text: replacement,
    } in edits
    {
        output.push_str(text.get(copied..range.start).unwrap_or_default());
        output.push_str(replacement);
        let more = replacement.len().saturating_sub(range.len());
        inserted.extend(output.len() - more..output.len());
        copied = range.end;
    }
    output.push_str(text.get(copied..).unwrap_or_default());
    (Cow::Owned(output), inserted)
}
