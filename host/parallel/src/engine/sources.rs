//! Finds the source files and lines of a backtrace, from debugging information that was kept when a module was adapted.
//!
//! The run-time module records where its code comes from ([`weft_lower::positions`]), and contains the line tables that
//! the guest's compiler wrote. weft reads them when a caller asks for locations, not when the program starts.

use crate::error::{Frame, SourceLocation, demangle, printable};
use gimli::{Dwarf, EndianSlice, LittleEndian};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;
use weft_lower::positions::{DebugInfo, Positions, SourceIndex, code_ranges, debug_info};

/// The line tables of one source, as far as they can be read.
type Lines<'a> = gimli::Result<addr2line::Context<EndianSlice<'a, LittleEndian>>>;

/// The debugging information of a run-time module. It is kept with the code: see [`Component::serialize`](super::component::Component).
#[derive(Serialize, Deserialize)]
pub(super) struct Sources {
    positions: Positions,
    /// Where the code of each function is in the run-time module.
    code: Vec<Range<usize>>,
    /// The debugging sections of each source module, by name.
    sections: HashMap<SourceIndex, HashMap<String, Vec<u8>>>,
}

impl Sources {
    /// Returns `None` if the module has no debugging information.
    pub(super) fn of(wasm: &[u8]) -> Option<Self> {
        let DebugInfo { positions, sections } = debug_info(wasm)?;
        let mut by_source: HashMap<_, HashMap<_, _>> = HashMap::new();
        for (source, name, data) in sections {
            by_source
                .entry(source)
                .or_default()
                .insert(name.to_owned(), data.to_vec());
        }
        Some(Sources {
            positions,
            code: code_ranges(wasm).collect(),
            sections: by_source,
        })
    }

    /// The source locations of each frame, that of the innermost inlined function first.
    pub(super) fn locations(&self, backtrace: &[Frame]) -> Vec<Vec<SourceLocation>> {
        let mut read: HashMap<SourceIndex, Lines<'_>> = HashMap::new();
        let mut locations = |frame: &Frame| {
            let (source, offset) = self.source(frame.offset?)?;
            // If the debugging information is malformed, there are no locations.
            let lines = read.entry(source).or_insert_with(|| self.lines(source)).as_ref().ok()?;
            let mut frames = lines.find_frames(u64::from(offset)).skip_all_loads().ok()?;
            let mut found = Vec::new();
            while let Ok(Some(frame)) = frames.next() {
                let Some(location) = &frame.location else { continue };
                let name = frame.function.as_ref().and_then(|name| name.raw_name().ok());
                found.push(SourceLocation {
                    function: name.map(|name| demangle(&name)),
                    file: printable(location.file?),
                    line: location.line,
                    column: location.column,
                });
            }
            Some(found)
        };
        backtrace
            .iter()
            .map(|frame| locations(frame).unwrap_or_default())
            .collect()
    }

    fn lines(&self, source: SourceIndex) -> Lines<'_> {
        let sections = self.sections.get(&source);
        let section = |id: gimli::SectionId| {
            let bytes = sections.and_then(|sections| sections.get(id.name()));
            Ok::<_, gimli::Error>(EndianSlice::new(bytes.map_or(&[][..], Vec::as_slice), LittleEndian))
        };
        Dwarf::load(section).and_then(addr2line::Context::from_dwarf)
    }

    /// The source module, and the offset in it, from which an instruction of the run-time module comes.
    fn source(&self, offset: usize) -> Option<(SourceIndex, u32)> {
        let after = self.code.partition_point(|code| code.start <= offset);
        let function = after.checked_sub(1)?;
        let code = self.code[function].clone();
        match code.contains(&offset) {
            true => self.positions.source(function, offset - code.start),
            false => None,
        }
    }
}
