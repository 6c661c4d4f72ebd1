//! Debugging information: the input positions of `$main`'s code, and the input's sections that describe its code.
//!
//! The sections (`.debug_line` and others) refer to code by its offset in the input, so they are copied unchanged, under other names
//! if the code moves. Positions map offsets in the new code to those in the old: see [`weft_lower::positions`].

use crate::input::info::ModuleInfo;
use wasm_encoder::CustomSection;
use weft_lower::positions::{Positions, SECTION, SourceIndex, debug_section_name, is_debug_section};

/// The section that comes before all others.
pub(crate) fn positions_section(positions: &Positions) -> CustomSection<'static> {
    CustomSection {
        name: SECTION.into(),
        data: positions.encode().into(),
    }
}

/// The input's sections of debugging information, under their new names.
pub(crate) fn debug_sections<'a>(info: &ModuleInfo<'a>) -> impl Iterator<Item = CustomSection<'a>> {
    source_debug_sections(info).map(|section| CustomSection {
        name: debug_section_name(SourceIndex(0), &section.name).into(),
        data: section.data,
    })
}

/// The input's sections of debugging information.
pub(crate) fn source_debug_sections<'a>(info: &ModuleInfo<'a>) -> impl Iterator<Item = CustomSection<'a>> {
    let sections = info.other_custom_sections.iter();
    let sections = sections.filter(|section| is_debug_section(section.name()));
    sections.map(|section| CustomSection {
        name: section.name().into(),
        data: section.data().into(),
    })
}
