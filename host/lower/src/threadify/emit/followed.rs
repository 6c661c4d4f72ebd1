//! Records where the code of the run-time module comes from, and keeps the debugging information of its sources.
//!
//! A component can have several core modules with [positions](crate::binary::positions). Each of them is a source of the
//! run-time module, and each function names its source. A core module with several instances is one source.

use crate::binary::positions::{
    Moves, Positions, SECTION, SourceIndex, debug_section_name, is_debug_section, kept_debug_section,
};
use wasm_encoder::{CustomSection, Module};
use wasmparser::CustomSectionReader;

/// A core module whose positions are known.
struct Source<'a> {
    /// The contents of its section of positions, by whose address it is known again.
    section: &'a [u8],
    positions: Positions,
    debug_sections: Vec<(&'a str, &'a [u8])>,
}

/// The sources, and the instance that is being written.
#[derive(Default)]
pub(super) struct Followed<'a> {
    sources: Vec<Source<'a>>,
    /// The source of the instance that is being written, and whether this is the source's first instance.
    current: Option<(usize, bool)>,
    /// The positions of the run-time module.
    written: Positions,
}

impl<'a> Followed<'a> {
    /// Begins the next instance.
    pub(super) fn begin(&mut self) {
        self.current = None;
    }

    pub(super) fn custom_section(&mut self, section: &CustomSectionReader<'a>) {
        if section.name() == SECTION {
            self.current = self.source(section.data());
        } else if let (Some((current, true)), Some(name)) = (self.current, name_in_source(section.name())) {
            self.sources[current].debug_sections.push((name, section.data()));
        }
    }

    fn source(&mut self, section: &'a [u8]) -> Option<(usize, bool)> {
        let known = |source: &Source<'_>| std::ptr::eq(source.section, section);
        if let Some(known) = self.sources.iter().position(known) {
            return Some((known, false));
        }
        self.sources.push(Source {
            section,
            positions: Positions::decode(section)?,
            debug_sections: Vec::new(),
        });
        Some((self.sources.len() - 1, true))
    }

    /// Whether what is written is followed.
    pub(super) fn is_followed(&self) -> bool {
        self.current.is_some()
    }

    /// The code of the instance's function with this number goes to function `written` of the code section.
    pub(super) fn moved(&mut self, moves: &Moves, number: usize, written: u32) {
        if let Some((current, _)) = self.current {
            while self.written.len() < written as usize {
                self.written.push_nothing();
            }
            let before = &self.sources[current].positions;
            self.written
                .push_moved(moves, before, SourceIndex(current as u32), number);
        }
    }

    pub(super) fn write(&self, module: &mut Module) {
        if self.sources.is_empty() {
            return;
        }
        module.section(&CustomSection {
            name: SECTION.into(),
            data: self.written.encode().into(),
        });
        for (number, source) in (0..).map(SourceIndex).zip(&self.sources) {
            for (name, data) in &source.debug_sections {
                module.section(&CustomSection {
                    name: debug_section_name(number, name).into(),
                    data: (*data).into(),
                });
            }
        }
    }
}

/// The compiler's name of a section of debugging information, in a module that `weft adapt` wrote or that the compiler wrote.
fn name_in_source(name: &str) -> Option<&str> {
    match kept_debug_section(name) {
        Some((SourceIndex(0), name)) => Some(name),
        Some(_) => None,
        None => is_debug_section(name).then_some(name),
    }
}
