//! Finds the source files and lines of a backtrace, from debugging information that was kept when a module was adapted.
//!
//! The run-time module records where its code comes from ([`weft_lower::positions`]), and contains the line tables that
//! the guest's compiler wrote. weft reads them when a caller asks for locations, not when the program starts.

use crate::error::{Frame, demangle};
use gimli::{Dwarf, EndianSlice, LittleEndian};
use std::collections::HashMap;
use std::ops::Range;
use weft_lower::positions::{DebugInfo, Positions, code_ranges, debug_info};

/// A place in the source of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceLocation {
    /// The function's demangled name. `None` if the debugging information does not name it.
    pub function: Option<String>,
    /// The file, as the compiler wrote it down.
    pub file: String,
    /// The line, from 1 on.
    pub line: Option<u32>,
    /// The column in bytes, from 1 on.
    pub column: Option<u32>,
}

impl std::fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.column].into_iter().map_while(|number| number) {
            write!(f, ":{number}")?;
        }
        Ok(())
    }
}

/// The debugging information of a run-time module.
pub(super) struct Sources {
    positions: Positions,
    /// Where the code of each function is in the run-time module.
    code: Vec<Range<usize>>,
    /// The debugging sections of the source module, by name.
    sections: HashMap<String, Vec<u8>>,
}

impl Sources {
    /// Returns `None` if the module has no debugging information.
    pub(super) fn of(wasm: &[u8]) -> Option<Self> {
        let DebugInfo { positions, sections } = debug_info(wasm)?;
        let sections = sections
            .into_iter()
            .map(|(name, data)| (name.to_owned(), data.to_vec()));
        Some(Sources {
            positions,
            code: code_ranges(wasm).collect(),
            sections: sections.collect(),
        })
    }

    /// The source locations of each frame, that of the innermost inlined function first.
    pub(super) fn locations(&self, backtrace: &[Frame]) -> Vec<Vec<SourceLocation>> {
        let section = |id: gimli::SectionId| {
            let bytes = self.sections.get(id.name()).map_or(&[][..], Vec::as_slice);
            Ok::<_, gimli::Error>(EndianSlice::new(bytes, LittleEndian))
        };
        // If the debugging information is malformed, there are no locations.
        let context = Dwarf::load(section).and_then(addr2line::Context::from_dwarf);
        let locations = |frame: &Frame| {
            let address = u64::from(self.source(frame.offset?)?);
            let mut frames = context.as_ref().ok()?.find_frames(address).skip_all_loads().ok()?;
            let mut found = Vec::new();
            while let Ok(Some(frame)) = frames.next() {
                let Some(location) = &frame.location else { continue };
                let name = frame.function.as_ref().and_then(|name| name.raw_name().ok());
                found.push(SourceLocation {
                    function: name.map(|name| demangle(&name)),
                    file: location.file?.to_owned(),
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

    /// The offset, in the source module, from which an instruction of the run-time module comes.
    fn source(&self, offset: usize) -> Option<u32> {
        let after = self.code.partition_point(|code| code.start <= offset);
        let function = after.checked_sub(1)?;
        let code = self.code[function].clone();
        match code.contains(&offset) {
            true => self.positions.source(function, offset - code.start),
            false => None,
        }
    }
}
