//! `weft validate`: whether a component or a core module is valid.

use crate::io::{name, parse, read};
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;
use weft_lower::Rules;

/// Check a component or a core module; print nothing if it is valid
///
/// The error names the broken rule and the byte offset. If the input is text, the offset is in the binary that the text encodes. Without
/// `--strict`, weft also accepts what docs/extensions.md lists.
#[derive(Args)]
#[command(after_help = "Examples:

    # Check a component
    $ weft validate component.wasm

    # Check that it keeps to the letter of the specification
    $ weft validate --strict component.wat

Exit status:
    0 if the input is valid, 1 if it is not, 2 for wrong usage")]
pub struct Opts {
    /// The component or core module (text or binary, `-` for standard input)
    input: PathBuf,

    /// Refuse what weft accepts beyond the specification
    #[arg(long)]
    strict: bool,
}

impl Opts {
    pub fn run(&self) -> Result<()> {
        let rules = match self.strict {
            true => Rules::Strict,
            false => Rules::Extended,
        };
        let bytes = read(&self.input)?;
        let failed = || format!("{} is not valid", name(&self.input));
        parse(&self.input, &bytes, failed)?.validate(rules).with_context(failed)
    }
}
