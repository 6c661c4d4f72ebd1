//! Which instruction of the source module each instruction of a rewritten module comes from.
//!
//! **Problem.** Debugging information (DWARF) names code by its place in the module that the compiler wrote. Adapting and lowering
//! move code. **Before:** an instruction at offset 7 of a function's code, which the line table of the source knows. **After:** the
//! same instruction is at offset 19 of another function, and a custom section says so, function by function:
//!
//! ```text
//! code from 12 on is a copy of the source's from 0x1a0 on
//! code from 20 on comes from the instruction at 0x1a8
//! ```
//!
//! Each pass that moves code reads this section of its input, if there is one, and writes one to its output. The line
//! tables themselves stay unchanged, under other names, so that no tool takes them for those of the new code.
//!
//! **Rejected:** rewriting the line tables in each pass (that means decoding all of DWARF, which is now done only when
//! a backtrace is printed).
//!
//! Offsets into a function's code count from its first instruction, after its locals. Offsets into the source count as
//! in DWARF, from the start of the contents of the code section.
//!
//! A component can have several core modules, so a run-time module can have several sources. Each function comes from one
//! of them. The names of sections contain the number of the source: `weft.debug_line` belongs to source 0, and
//! `weft1.debug_line` to source 1.

use super::verbatim::Part;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use wasmparser::{Parser, Payload};

/// The custom section. It comes before the code.
pub const SECTION: &str = "weft.positions";

/// The prefix for the names of sections with a source's debugging information.
const DEBUG_PREFIX: &str = "weft";

/// A part of a function's code, up to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Piece {
    /// Where it begins.
    start: u32,
    /// What it comes from in the source.
    source: u32,
    /// Whether it is a copy. If not, all of it comes from one instruction.
    is_copy: bool,
}

impl Piece {
    fn source_of(&self, offset: u32) -> u32 {
        match self.is_copy {
            true => self.source.saturating_add(offset - self.start),
            false => self.source,
        }
    }
}

/// How a pass moves one function's code: parts of it in order, each of which is copied code, or one instruction that
/// becomes others.
#[derive(Clone, Debug, Default)]
pub struct Moves(Vec<Move>);

#[derive(Clone, Copy, Debug)]
struct Move {
    from: u32,
    length: u32,
    to: u32,
    is_copy: bool,
}

impl Moves {
    /// Of a function whose code stays as it is.
    pub fn none(length: usize) -> Moves {
        let mut moves = Moves::default();
        moves.add(0, length, 0, true);
        moves
    }

    /// A part of the code is copied to `to`, or becomes what is written from there on.
    pub fn push(&mut self, from: Range<usize>, part: &Part<'_>, to: usize) {
        self.add(from.start, from.len(), to, matches!(part, Part::Same(_)));
    }

    /// An instruction becomes what is written from `to` on.
    pub fn push_instruction(&mut self, from: Range<usize>, to: usize) {
        self.add(from.start, from.len(), to, false);
    }

    fn add(&mut self, from: usize, length: usize, to: usize, is_copy: bool) {
        // Code is smaller than 4 GiB. An empty part is nothing.
        if let (Ok(from), Ok(length @ 1..), Ok(to)) = (from.try_into(), length.try_into(), to.try_into()) {
            self.0.push(Move {
                from,
                length,
                to,
                is_copy,
            });
        }
    }
}

/// The number of a source, among those of a run-time module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceIndex(pub u32);

/// The positions of one function, and the source that they are in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Function {
    source: SourceIndex,
    pieces: Vec<Piece>,
}

/// The positions of all functions that a module defines, by their order. A function that is not in a source has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Positions(Vec<Function>);

impl Positions {
    /// The positions in a module that a compiler wrote, if it has debugging information and no positions yet.
    pub(crate) fn of_source(module: &[u8]) -> Option<Positions> {
        let payloads = || Parser::new(0).parse_all(module).map_while(Result::ok);
        let custom = payloads().filter_map(|payload| match payload {
            Payload::CustomSection(section) => Some(section.name()),
            _ => None,
        });
        let mut has_debug_sections = false;
        for name in custom {
            if name == SECTION {
                return None;
            }
            has_debug_sections |= is_debug_section(name);
        }
        let code = payloads().find_map(|payload| match payload {
            Payload::CodeSectionStart { range, .. } => Some(range.start),
            _ => None,
        });
        let (true, Some(code)) = (has_debug_sections, code) else {
            return None;
        };
        let mut positions = Positions::default();
        for body in code_ranges(module) {
            positions.push_source(&Moves::none(body.len()), body.start - code);
        }
        Some(positions)
    }

    /// Adds a function of a module that a compiler wrote. `source` is where its code begins.
    pub fn push_source(&mut self, moves: &Moves, source: usize) {
        let source = u32::try_from(source).unwrap_or(u32::MAX);
        let pieces = moves.0.iter().map(|part| Piece {
            start: part.to,
            source: source.saturating_add(part.from),
            is_copy: part.is_copy,
        });
        self.0.push(Function {
            source: SourceIndex::default(),
            pieces: pieces.collect(),
        });
    }

    /// Adds a function that a pass makes of the function with this number in `before`. `first` is added to the number of its source.
    pub fn push_moved(&mut self, moves: &Moves, before: &Positions, first: SourceIndex, function: usize) {
        let before = before.0.get(function);
        let old = before.map_or(&[][..], |function| &function.pieces);
        let source = before.map_or(0, |function| function.source.0);
        let mut pieces = Vec::new();
        for part in &moves.0 {
            let end = part.from.saturating_add(part.length);
            let first = old.partition_point(|piece| piece.start <= part.from).saturating_sub(1);
            for piece in &old[first..] {
                if piece.start >= end || (!part.is_copy && piece.start > part.from) {
                    break;
                }
                let from = piece.start.max(part.from);
                pieces.push(Piece {
                    start: part.to.saturating_add(from - part.from),
                    source: piece.source_of(from),
                    is_copy: part.is_copy && piece.is_copy,
                });
            }
        }
        self.0.push(Function {
            source: SourceIndex(first.0.saturating_add(source)),
            pieces,
        });
    }

    /// Adds a function that the source does not have.
    pub fn push_nothing(&mut self) {
        self.0.push(Function::default());
    }

    /// How many functions there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no functions.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the source of the code at this offset of a function, and the offset there.
    pub fn source(&self, function: usize, offset: usize) -> Option<(SourceIndex, u32)> {
        let offset = u32::try_from(offset).ok()?;
        let function = self.0.get(function)?;
        let after = function.pieces.partition_point(|piece| piece.start <= offset);
        let piece = function.pieces.get(after.checked_sub(1)?)?;
        Some((function.source, piece.source_of(offset)))
    }

    /// The contents of the custom section.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut word = |number: u32| bytes.extend(number.to_le_bytes());
        word(self.0.len() as u32);
        for function in &self.0 {
            word(function.source.0);
            word(function.pieces.len() as u32);
            for piece in &function.pieces {
                word(piece.start);
                word(piece.source);
                word(u32::from(piece.is_copy));
            }
        }
        bytes
    }

    /// Reads the contents of the custom section. `None` if they are malformed: anybody can write such a section.
    pub fn decode(bytes: &[u8]) -> Option<Positions> {
        let mut words = bytes
            .chunks_exact(4)
            .map(|word| word.try_into().map(u32::from_le_bytes));
        let mut word = || words.next()?.ok();
        let count = word()?;
        let mut functions = Vec::new();
        for _ in 0..count {
            let source = SourceIndex(word()?);
            let mut pieces: Vec<Piece> = Vec::new();
            for _ in 0..word()? {
                let piece = Piece {
                    start: word()?,
                    source: word()?,
                    is_copy: word()? != 0,
                };
                if pieces.last().is_some_and(|last| last.start > piece.start) {
                    return None;
                }
                pieces.push(piece);
            }
            functions.push(Function { source, pieces });
        }
        Some(Positions(functions))
    }
}

/// Whether a section holds debugging information, as the compiler writes it.
pub fn is_debug_section(name: &str) -> bool {
    name.starts_with(".debug_")
}

/// The source of a section of debugging information, and the section's name there.
pub fn kept_debug_section(name: &str) -> Option<(SourceIndex, &str)> {
    let name = name.strip_prefix(DEBUG_PREFIX)?;
    let (number, name) = name.split_at_checked(name.find('.')?)?;
    let number = match number {
        "" => 0,
        number => number.parse().ok()?,
    };
    is_debug_section(name).then_some((SourceIndex(number), name))
}

/// Returns the name that a rewritten module uses for a section of a source's debugging information.
pub fn debug_section_name(source: SourceIndex, name: &str) -> String {
    match source.0 {
        0 => format!("{DEBUG_PREFIX}{name}"),
        number => format!("{DEBUG_PREFIX}{number}{name}"),
    }
}

/// What a run-time module has of its source's debugging information.
pub struct DebugInfo<'a> {
    /// Where the module's code comes from.
    pub positions: Positions,
    /// The sources' sections, by their names there.
    pub sections: Vec<(SourceIndex, &'a str, &'a [u8])>,
}

/// The debugging information of a run-time module, if it was kept.
pub fn debug_info(wasm: &[u8]) -> Option<DebugInfo<'_>> {
    let (mut positions, mut sections) = (None, Vec::new());
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        if let Payload::CustomSection(section) = payload {
            if section.name() == SECTION {
                positions = Positions::decode(section.data());
            } else if let Some((source, name)) = kept_debug_section(section.name()) {
                sections.push((source, name, section.data()));
            }
        }
    }
    Some(DebugInfo {
        positions: positions?,
        sections,
    })
}

/// Where in a module the code of each function that it defines is, locals excepted.
pub fn code_ranges(wasm: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let payloads = Parser::new(0).parse_all(wasm).map_while(Result::ok);
    let bodies = payloads.filter_map(|payload| match payload {
        Payload::CodeSectionEntry(body) => Some(body),
        _ => None,
    });
    bodies.map(|body| {
        let start = body
            .get_binary_reader_for_operators()
            .map(|reader| reader.original_position());
        start.unwrap_or(body.range().end)..body.range().end
    })
}

#[cfg(test)]
mod tests {
    use super::{Moves, Positions, SourceIndex, debug_section_name, kept_debug_section};

    fn moves(parts: &[(usize, usize, usize, bool)]) -> Moves {
        let mut moves = Moves::default();
        for (from, length, to, is_copy) in parts {
            moves.add(*from, *length, *to, *is_copy);
        }
        moves
    }

    /// Two instructions are copied, one becomes three bytes, and one is copied behind it.
    fn first() -> Positions {
        let mut positions = Positions::default();
        positions.push_nothing();
        positions.push_source(&moves(&[(0, 4, 0, true), (4, 2, 4, false), (6, 3, 7, true)]), 100);
        positions
    }

    #[test]
    fn code_is_found_in_the_source() {
        let positions = first();
        let found: Vec<_> = (0..10).map(|offset| positions.source(1, offset)).collect();
        let expected = [100, 101, 102, 103, 104, 104, 104, 106, 107, 108].map(|offset| Some((SourceIndex(0), offset)));
        assert_eq!(found, expected);
        assert_eq!(positions.source(0, 0), None);
        assert_eq!(positions.source(2, 0), None);
    }

    #[test]
    fn a_second_pass_moves_what_the_first_has_moved() {
        let before = first();
        let mut after = Positions::default();
        // Ten bytes come first. A copy covers parts of all three pieces, and then one instruction becomes others.
        after.push_moved(
            &moves(&[(2, 6, 10, true), (8, 1, 16, false)]),
            &before,
            SourceIndex(2),
            1,
        );
        let found = (9..19).map(|offset| after.source(0, offset));
        let found: Vec<_> = found
            .map(|found| found.map(|(source, offset)| (source.0, offset)))
            .collect();
        let expected = [
            None,
            Some((2, 102)),
            Some((2, 103)),
            Some((2, 104)),
            Some((2, 104)),
            Some((2, 104)),
            Some((2, 106)),
            Some((2, 107)),
            Some((2, 107)),
            Some((2, 107)),
        ];
        assert_eq!(found, expected);
        after.push_moved(&moves(&[(0, 5, 0, true)]), &before, SourceIndex(2), 0);
        after.push_moved(&moves(&[(0, 5, 0, true)]), &before, SourceIndex(2), 9);
        assert_eq!((after.source(1, 2), after.source(2, 2)), (None, None));
    }

    #[test]
    fn a_section_is_read_as_it_was_written() {
        let bytes = first().encode();
        assert_eq!(Positions::decode(&bytes), Some(first()));
        for length in 0..bytes.len() {
            assert_eq!(Positions::decode(&bytes[..length]), None, "{length}");
        }
        // More functions than there are bytes, and parts that are not in order.
        assert_eq!(Positions::decode(&[0xff; 64]), None);
        let words = [1_u32, 0, 2, 5, 0, 0, 4, 0, 0].map(u32::to_le_bytes);
        assert_eq!(Positions::decode(words.as_flattened()), None);
    }

    #[test]
    fn names_of_sections_tell_the_source() {
        for number in [0, 1, 12] {
            let source = SourceIndex(number);
            assert_eq!(
                kept_debug_section(&debug_section_name(source, ".debug_line")),
                Some((source, ".debug_line"))
            );
        }
        assert_eq!(debug_section_name(SourceIndex(0), ".debug_line"), "weft.debug_line");
        for other in [
            ".debug_line",
            "weft",
            "weft.positions",
            "weftx.debug_line",
            "weft99999999999.debug_line",
        ] {
            assert_eq!(kept_debug_section(other), None, "{other}");
        }
    }
}
