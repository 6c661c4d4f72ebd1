//! Maps offsets in a re-encoded component to the input's.
//!
//! Leaving out an immediate moves everything after it, and the sizes of the sections around it may take fewer bytes.

use super::canonical::EncodedDefinition;
use super::sections::{CANONICAL, COMPONENT, sections};
use crate::error::LowerError;
use wasmparser::Parser;

/// Places where the binaries start to be the same. They are the same up to the next place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offsets {
    /// In the respelt component, and in the input.
    places: Vec<(usize, usize)>,
}

impl Offsets {
    /// `definitions` are those of the input whose immediate has been left out.
    pub(super) fn new<'a>(
        input: &[u8],
        respelt: &[u8],
        definitions: impl Iterator<Item = &'a EncodedDefinition>,
    ) -> Result<Self, LowerError> {
        let mut offsets = Offsets::default();
        offsets.component((input, 0), (respelt, 0), &mut definitions.peekable())?;
        Ok(offsets)
    }

    /// Reads two components, or nested ones, and where they begin.
    fn component<'a>(
        &mut self,
        input: (&[u8], usize),
        respelt: (&[u8], usize),
        definitions: &mut std::iter::Peekable<impl Iterator<Item = &'a EncodedDefinition>>,
    ) -> Result<(), LowerError> {
        for (input, respelt) in sections(input.0, input.1).zip(sections(respelt.0, respelt.1)) {
            let (input, respelt) = (input?, respelt?);
            let end = input.offset + input.contents.len();
            self.places.push((respelt.offset, input.offset));
            match input.id {
                CANONICAL => {
                    let here = std::iter::from_fn(|| definitions.next_if(|definition| definition.offset < end));
                    for (left_out, definition) in here.enumerate() {
                        let opcode = respelt.offset + definition.offset - input.offset - left_out;
                        self.places.push((opcode + 1, definition.offset + 2));
                    }
                }
                COMPONENT if Parser::is_component(input.contents) => {
                    let input = (input.contents, input.offset);
                    self.component(input, (respelt.contents, respelt.offset), definitions)?;
                }
                _ => {}
            }
            self.places.push((respelt.offset + respelt.contents.len(), end));
        }
        Ok(())
    }

    /// Where in the input something at `offset` of the respelt component stands.
    pub fn in_input(&self, offset: u64) -> u64 {
        let known = self.places.partition_point(|(respelt, _)| *respelt as u64 <= offset);
        match known.checked_sub(1).and_then(|index| self.places.get(index)) {
            Some((respelt, input)) => offset - *respelt as u64 + *input as u64,
            None => offset,
        }
    }
}
