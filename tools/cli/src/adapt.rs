//! `weft adapt`: a core module becomes a component.

use crate::io::{OutputArg, read_wasm};
use crate::module::say_notes;
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;
use weft_lower::{Component, Rules};

/// Turn a core module with threads into a component
///
/// The module can use the wasi-threads ABI (the target `wasm32-wasip1-threads`), import the thread built-ins by name, or have
/// no threads at all.
#[derive(Args)]
#[command(after_help = "Examples:

    # Adapt a module and run the component
    $ weft adapt program.wasm -o component.wasm
    $ weft run component.wasm

    # Print the component as text
    $ weft adapt -t program.wasm

Exit status:
    0 on success, 1 if the module cannot be adapted, 2 for wrong usage")]
pub struct Opts {
    /// The core module (text or binary, `-` for standard input)
    input: PathBuf,

    #[command(flatten)]
    output: OutputArg,
}

impl Opts {
    pub fn run(&self, verbose: bool) -> Result<()> {
        let module = read_wasm(&self.input)?;
        let component =
            weft_adapt::adapt(&module).with_context(|| format!("cannot adapt `{}`", self.input.display()))?;
        // A mistake of weft's own is not left to others to find.
        let valid = Component::read(&component).and_then(|component| component.validate(Rules::Extended));
        valid.with_context(|| {
            format!(
                "internal error: the component that `{}` was adapted to is not valid",
                self.input.display()
            )
        })?;
        say_notes(&module, verbose);
        self.output.write(&component)
    }
}
