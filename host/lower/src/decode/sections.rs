//! The sections of a binary component, including nested components: finds the canonical sections, and rebuilds the
//! component with changed ones.
//!
//! If a canonical section changes its size, so does each component around it. So a component is rebuilt from the inside
//! out. All other sections are copied unchanged.

use super::nesting;
use crate::error::LowerError;
use std::ops::Range;
use wasm_encoder::{ComponentSectionId, Encode};
use wasmparser::{BinaryReader, Parser};

/// How deep components may be nested. This and later passes read them by recursion.
const MAX_NESTING: usize = 100;

/// The bytes of the header of a component.
const HEADER: usize = 8;

pub(super) const CANONICAL: u8 = ComponentSectionId::CanonicalFunction as u8;
pub(super) const COMPONENT: u8 = ComponentSectionId::Component as u8;
const TYPE: u8 = ComponentSectionId::Type as u8;

pub(super) struct Section<'a> {
    pub(super) id: u8,
    /// From the id to the end.
    whole: &'a [u8],
    pub(super) contents: &'a [u8],
    /// Where the contents begin in the outermost component.
    pub(super) offset: usize,
}

/// The sections of one component, which begins at `offset` of the outermost.
pub(super) fn sections(component: &[u8], offset: usize) -> impl Iterator<Item = Result<Section<'_>, LowerError>> {
    let body = component.get(HEADER..).unwrap_or_default();
    let mut reader = BinaryReader::new(body, offset + HEADER);
    std::iter::from_fn(move || (!reader.eof()).then(|| section(body, &mut reader)))
}

fn section<'a>(body: &'a [u8], reader: &mut BinaryReader<'a>) -> Result<Section<'a>, LowerError> {
    let start = reader.current_position();
    let id = reader.read_u8()?;
    let size = reader.read_var_u32()?;
    let offset = reader.original_position();
    let contents = reader.read_bytes(size as usize)?;
    let whole = body.get(start..reader.current_position());
    let whole = whole.ok_or_else(|| LowerError::Internal("a section ends beyond its component".to_owned()))?;
    Ok(Section {
        id,
        whole,
        contents,
        offset,
    })
}

/// Where in a component the contents of its canonical sections are, nested components included, in the order of the binary.
///
/// # Errors
///
/// The component is malformed, or components or types in it are nested too deep to be read by recursion.
pub(super) fn canonical_sections(component: &[u8]) -> Result<Vec<Range<usize>>, LowerError> {
    let mut found = Vec::new();
    find(component, 0, 1, &mut found)?;
    Ok(found)
}

fn find(component: &[u8], offset: usize, depth: usize, found: &mut Vec<Range<usize>>) -> Result<(), LowerError> {
    if depth > MAX_NESTING {
        let item = format!("nesting components more than {MAX_NESTING} levels deep");
        return Err(LowerError::unsupported(item, "use fewer levels"));
    }
    for section in sections(component, offset) {
        let section = section?;
        match section.id {
            CANONICAL => found.push(section.offset..section.offset + section.contents.len()),
            TYPE => nesting::check(section.contents, section.offset)?,
            // What has another header is refused by the passes that read the component.
            COMPONENT if Parser::is_component(section.contents) => {
                find(section.contents, section.offset, depth + 1, found)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The component with other contents in its canonical sections: one for each of [`canonical_sections`], in that order.
pub(super) fn with_canonical_sections(
    component: &[u8],
    contents: &mut impl Iterator<Item = Result<Vec<u8>, LowerError>>,
) -> Result<Vec<u8>, LowerError> {
    let no_header = || LowerError::Internal("a component has no header".to_owned());
    let mut output = component.get(..HEADER).ok_or_else(no_header)?.to_vec();
    for section in sections(component, 0) {
        let section = section?;
        let changed = match section.id {
            CANONICAL => {
                let next = contents.next();
                let missing = || LowerError::Internal("there are fewer contents than canonical sections".to_owned());
                Some(next.ok_or_else(missing)??)
            }
            COMPONENT if Parser::is_component(section.contents) => {
                Some(with_canonical_sections(section.contents, contents)?)
            }
            _ => None,
        };
        match changed {
            Some(changed) if changed != section.contents => {
                output.push(section.id);
                changed.encode(&mut output);
            }
            _ => output.extend(section.whole),
        }
    }
    Ok(output)
}
