//! Where a frame of a backtrace is in the source of its program.

use super::demangle;
use std::fmt;
use wasmtime::FrameSymbol;

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

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.column].into_iter().map_while(|number| number) {
            write!(f, ":{number}")?;
        }
        Ok(())
    }
}

impl SourceLocation {
    /// What the engine says, which reads the debugging information of programs on its own component runtime. None if it knows no file.
    pub(super) fn of_engine(symbol: &FrameSymbol) -> Option<Self> {
        Some(SourceLocation {
            function: symbol.name().map(demangle),
            file: symbol.file()?.to_owned(),
            line: symbol.line(),
            column: symbol.column(),
        })
    }
}
