//! Records where the code of the run-time module comes from, and keeps the debugging information of the source.
//!
//! A component can have several core modules with [positions](crate::binary::positions). The run-time module records
//! the positions of the first of them only: offsets into several sources would also have to name the source, and an
//! adapted component has only one.

use crate::binary::positions::{Moves, Positions, SECTION, kept_debug_section};
use wasm_encoder::{CustomSection, Module};
use wasmparser::CustomSectionReader;

/// The instance whose positions are recorded.
#[derive(Default)]
pub(super) struct Followed<'a> {
    /// The positions of that instance's module.
    source: Option<Positions>,
    /// Whether that instance is the one being written.
    is_current: bool,
    /// The positions of the run-time module.
    written: Positions,
    debug_sections: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Followed<'a> {
    /// Begins the next instance.
    pub(super) fn begin(&mut self) {
        self.is_current = false;
    }

    pub(super) fn custom_section(&mut self, section: &CustomSectionReader<'a>) {
        if section.name() == SECTION && self.source.is_none() {
            self.source = Positions::decode(section.data());
            self.is_current = self.source.is_some();
        } else if self.is_current && kept_debug_section(section.name()).is_some() {
            self.debug_sections.push((section.name(), section.data()));
        }
    }

    /// Whether positions of the current instance are recorded.
    pub(super) fn is_followed(&self) -> bool {
        self.is_current
    }

    /// Records that the code of the instance's function `number` becomes function `written` of the code section.
    pub(super) fn moved(&mut self, moves: &Moves, number: usize, written: u32) {
        if let (true, Some(before)) = (self.is_current, &self.source) {
            while self.written.len() < written as usize {
                self.written.push_nothing();
            }
            self.written.push_moved(moves, before, number);
        }
    }

    pub(super) fn write(&self, module: &mut Module) {
        if self.source.is_none() {
            return;
        }
        module.section(&CustomSection {
            name: SECTION.into(),
            data: self.written.encode().into(),
        });
        for (name, data) in &self.debug_sections {
            module.section(&CustomSection {
                name: (*name).into(),
                data: (*data).into(),
            });
        }
    }
}
