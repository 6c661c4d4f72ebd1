//! Debugging information: the input positions of `$main`'s code, and the input's sections that describe its code.
//!
//! The sections (`.debug_line` and others) refer to code by its offset in the input, so they are copied unchanged, under other names.
//! Positions map offsets in the new code to those in the old: see [`weft_lower::positions`].

use crate::error::AdaptError;
use crate::input::info::ModuleInfo;
use wasm_encoder::CustomSection;
use weft_lower::positions::{Moves, Positions, SECTION, SourceIndex, debug_section_name, is_debug_section};

/// The positions of code that does not change.
pub(crate) fn unmoved(info: &ModuleInfo<'_>) -> Result<Positions, AdaptError> {
    let mut positions = Positions::default();
    if let Some(section) = &info.code_section {
        for body in section.clone() {
            let body = body?;
            let first = body.get_binary_reader_for_operators()?.original_position();
            let address = first.saturating_sub(section.range().start);
            positions.push_source(&Moves::none(body.as_bytes().len()), address);
        }
    }
    Ok(positions)
}

/// The section that comes before all others.
pub(crate) fn positions_section(positions: &Positions) -> CustomSection<'static> {
    CustomSection {
        name: SECTION.into(),
        data: positions.encode().into(),
    }
}

/// The input's sections of debugging information, under their new names.
pub(crate) fn debug_sections<'a>(info: &ModuleInfo<'a>) -> impl Iterator<Item = CustomSection<'a>> {
    let sections = info.other_custom_sections.iter();
    let sections = sections.filter(|section| is_debug_section(section.name()));
    sections.map(|section| CustomSection {
        name: debug_section_name(SourceIndex(0), section.name()).into(),
        data: section.data().into(),
    })
}
