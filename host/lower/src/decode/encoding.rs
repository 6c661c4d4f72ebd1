//! Detects which of the two encodings a binary has, and converts it to the other.
//!
//! **Problem.** `thread.spawn-ref`, `thread.spawn-indirect` and `thread.available-parallelism` take an optional
//! `shared`. The specification encodes it in a byte after the opcodes 0x40, 0x41 and 0x42. wasm-tools, which compilers
//! use, has no such byte, and takes every definition for shared:
//!
//! ```wat
//! (canon thread.spawn-indirect shared 2 0)   ;; specification: 41 01 02 00    wasm-tools: 41 02 00
//! ```
//!
//! No bit says which encoding a binary has, and single bytes are ambiguous: in wasm-tools' encoding, `41 01 02 00` is a
//! spawn of type 1 through table 2, and the beginning of a `lift`. **Here**, weft reads each canonical section in both
//! encodings. A reading is valid if it finds as many definitions as the section has and ends at its last byte. A binary
//! has one encoding, so the reading must be valid for all sections, including those of nested components. This nearly
//! always decides, because definitions have different lengths and a wrong reading gets out of step.
//!
//! If both readings are valid, weft prefers the one whose start types are function types with one integer parameter
//! that are shared if and only if the immediate says so; then the one that validates; then wasm-tools', because more
//! binaries have it.
//!
//! **Rejected:** an option (users often do not know which tool wrote a binary); deciding section by section (no tool
//! mixes the encodings in one binary, so sections that can only be read in different ones are an error).
//!
//! Specification: [canonical definitions]; rules SPAWN-REF-01, SPAWN-REF-02, SPAWN-IND-01, SPAWN-IND-02, PAR-01.
//!
//! [canonical definitions]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/Binary.md#canonical-definitions

use super::canonical::{self, EncodedDefinition, Malformed};
use super::located::Located;
use super::offsets::Offsets;
use super::sections::{canonical_sections, with_canonical_sections};
use super::start_types::start_types;
use crate::binary::decoded::Decoded;
use crate::binary::encoding::CanonicalEncoding;
use crate::check::{self, Rules};
use crate::error::LowerError;
use crate::limits;
use std::borrow::Cow;
use std::ops::Range;

/// All canonical sections of a component, read in one encoding.
struct Sections {
    sections: Vec<(Range<usize>, Vec<EncodedDefinition>)>,
}

/// A section that cannot be read in an encoding.
struct Failure {
    section: usize,
    error: Malformed,
}

/// Detects the encoding of a binary component, and converts it to wasm-tools'.
///
/// # Errors
///
/// A canonical section is malformed, or two have different encodings.
pub(super) fn decode(component: Cow<'_, [u8]>) -> Result<Located<'_>, LowerError> {
    let sections = canonical_sections(&component)?;
    let wasm_tools = read(&component, &sections, CanonicalEncoding::WasmTools);
    let specification = read(&component, &sections, CanonicalEncoding::Specification);
    match (wasm_tools, specification) {
        (Ok(reading), Err(_)) => reading.decode(component),
        (Err(_), Ok(reading)) => reading.decode(component),
        (Ok(reading), Ok(_)) if reading.is_empty() => reading.decode(component),
        (Ok(wasm_tools), Ok(specification)) => {
            let wasm_tools = wasm_tools.decode(Cow::Borrowed(&component))?;
            let specification = specification.decode(Cow::Borrowed(&component))?;
            let rank = |located: &Located<'_>| (start_types_fit(&located.decoded), is_valid(&located.decoded));
            let Located { decoded, offsets } = match rank(&specification) > rank(&wasm_tools) {
                true => specification,
                false => wasm_tools,
            };
            let decoded = Decoded {
                bytes: Cow::Owned(decoded.bytes.into_owned()),
                immediates: decoded.immediates,
                supplied: decoded.supplied,
            };
            Ok(Located { decoded, offsets })
        }
        (Err(wasm_tools), Err(specification)) => {
            let number = wasm_tools.section.max(specification.section);
            match sections.get(number) {
                Some(section) => Err(refusal(&component, section.clone())),
                None => Err(LowerError::Internal(format!("there is no canonical section {number}"))),
            }
        }
    }
}

fn read(component: &[u8], sections: &[Range<usize>], encoding: CanonicalEncoding) -> Result<Sections, Failure> {
    let mut reading = Sections { sections: Vec::new() };
    for (section, contents) in sections.iter().enumerate() {
        let canonical::Reading { definitions, end } = canonical::read(component, contents.clone(), encoding);
        if let Err(error) = end {
            return Err(Failure { section, error });
        }
        reading.sections.push((contents.clone(), definitions));
    }
    Ok(reading)
}

impl Sections {
    fn definitions(&self) -> impl Iterator<Item = &EncodedDefinition> {
        self.sections.iter().flat_map(|(_, definitions)| definitions)
    }

    /// Whether there is no definition in which the encodings differ.
    fn is_empty(&self) -> bool {
        self.definitions().next().is_none()
    }

    fn decode<'a>(&self, component: Cow<'a, [u8]>) -> Result<Located<'a>, LowerError> {
        let immediates: Vec<_> = self.definitions().map(|definition| definition.shared).collect();
        if immediates.iter().all(Option::is_none) {
            return Ok(Located::new(Decoded {
                bytes: component,
                immediates,
                supplied: Vec::new(),
            }));
        }
        let bytes = self.respell(&component, None)?;
        let offsets = Offsets::new(&component, &bytes, self.definitions())?;
        let decoded = Decoded {
            bytes: Cow::Owned(bytes),
            immediates,
            supplied: Vec::new(),
        };
        Ok(Located { decoded, offsets })
    }

    /// The component in the other encoding, with these immediates or without any.
    fn respell(&self, component: &[u8], immediates: Option<&[bool]>) -> Result<Vec<u8>, LowerError> {
        let mut immediates = immediates;
        let mut contents = self.sections.iter().map(|(contents, definitions)| {
            let here = match immediates {
                None => None,
                Some(all) => {
                    let split = all.split_at_checked(definitions.len());
                    let (here, rest) = split.ok_or_else(|| {
                        LowerError::Internal("there are fewer immediates than definitions".to_owned())
                    })?;
                    immediates = Some(rest);
                    Some(here)
                }
            };
            canonical::respell(component, contents.clone(), definitions, here)
        });
        with_canonical_sections(component, &mut contents)
    }
}

/// A component in wasm-tools' encoding that was parsed from text, with the immediates in the text.
///
/// # Errors
///
/// It has not as many definitions as there are immediates.
pub(super) fn marked(component: Cow<'_, [u8]>, immediates: Vec<Option<bool>>) -> Result<Decoded<'_>, LowerError> {
    let sections = canonical_sections(&component)?;
    let reading = read(&component, &sections, CanonicalEncoding::WasmTools).map_err(|failure| failure.error)?;
    let definitions = reading.definitions().count();
    if definitions != immediates.len() {
        let message = format!(
            "{} immediates were read for {definitions} definitions",
            immediates.len()
        );
        return Err(LowerError::Internal(message));
    }
    Ok(Decoded {
        bytes: component,
        immediates,
        supplied: Vec::new(),
    })
}

/// A component in wasm-tools' encoding, put into the specification's.
pub(super) fn to_specification(component: &[u8], immediates: &[bool]) -> Result<Vec<u8>, LowerError> {
    let sections = canonical_sections(component)?;
    let reading = read(component, &sections, CanonicalEncoding::WasmTools).map_err(|failure| failure.error)?;
    reading.respell(component, Some(immediates))
}

/// Whether each spawn has a valid start type, which is shared if the immediate says so.
fn start_types_fit(decoded: &Decoded<'_>) -> bool {
    let Ok(types) = start_types(decoded) else {
        return false;
    };
    types.len() == decoded.immediates.len()
        && types.iter().zip(&decoded.immediates).all(|(ty, immediate)| match ty {
            Some(ty) => ty.starts_thread() && immediate.is_none_or(|shared| shared == ty.shared),
            None => true,
        })
}

fn is_valid(decoded: &Decoded<'_>) -> bool {
    limits::check(&decoded.bytes).is_ok() && check::check(decoded, Rules::Extended).is_ok()
}

/// Why a component can be read in neither encoding. `section` is the first one that neither reading gets past.
fn refusal(component: &[u8], section: Range<usize>) -> LowerError {
    let without = canonical::read(component, section.clone(), CanonicalEncoding::WasmTools);
    let with = canonical::read(component, section, CanonicalEncoding::Specification);
    // Up to the first of these definitions, both readings are the same.
    let first = with.definitions.first().copied();
    let (message, definition) = match (without.end, with.end, first) {
        (Err(error), Err(_), None) => return error.into(),
        (Err(without), Err(with), Some(definition)) => {
            let name = definition.builtin.name();
            let message = format!(
                "the canonical section is malformed in both encodings: with a `shared` byte after the opcode of `{name}`, \
                 {}; without that byte, {}",
                at(&with),
                at(&without)
            );
            (message, definition)
        }
        (without, _, Some(definition)) => {
            let name = definition.builtin.name();
            let (here, earlier) = match without {
                Ok(()) => ("has no `shared` byte", "has one"),
                Err(_) => ("has a `shared` byte", "has none"),
            };
            let message = format!(
                "the canonical section {here} after the opcode of `{name}`, but an earlier section {earlier}: use one \
                 encoding in the whole component"
            );
            (message, definition)
        }
        (_, _, None) => return LowerError::Internal("a canonical section is refused without a reason".to_owned()),
    };
    LowerError::Rule {
        rule: definition.rule,
        message,
        offset: definition.offset as u64,
    }
}

fn at(error: &Malformed) -> String {
    format!("{} at {:#x}", error.message, error.offset)
}
