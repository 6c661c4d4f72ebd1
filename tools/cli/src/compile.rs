//! `weft compile`: a program becomes machine code in a file.

use crate::build::{self, BuildArgs};
use crate::io;
use crate::precompiled::EXTENSION;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use weft::Engine;

/// Compile a program to machine code, which `weft run` starts without compiling it again
///
/// The code runs on machines like this one, with this version of weft and the options given here. Elsewhere, `weft run` refuses it and
/// says what differs. `weft run` does not check what the code does, so run only code that you trust. `weft compile` refuses a program with
/// imports that `weft run` does not supply.
#[derive(Args)]
#[command(after_help = "Examples:

    # Compile a program, and run it
    $ weft compile program.wasm
    $ weft run program.cwasm

    # Show what it was compiled for
    $ weft inspect program.cwasm

Exit status:
    0 on success, 1 if the program cannot be compiled, 2 for wrong usage")]
pub struct Opts {
    /// The component or core module (text or binary, `-` for standard input)
    input: PathBuf,

    /// Write to this file, `-` for standard output [default: the input's name with the extension `cwasm`, in the current folder]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    build: BuildArgs,
}

impl Opts {
    pub fn run(&self, verbose: bool) -> Result<()> {
        let input = io::read(&self.input)?;
        let failed = || format!("cannot compile {}", io::name(&self.input));
        if Engine::detect_precompiled(&input).is_some() {
            return Err(anyhow::anyhow!("it is already compiled: run it with `weft run`").context(failed()));
        }
        let output = self.output()?;
        let linker = build::linker(&Engine::new(&self.build.config())?)?;
        let component = build::compile(&linker, (&self.input, &input), verbose, failed)?;
        io::write_bytes(Some(&output), &component.serialize()?)
    }

    fn output(&self) -> Result<PathBuf> {
        if let Some(output) = &self.output {
            if output == Path::new("-") && std::io::stdout().is_terminal() {
                bail!("cannot write machine code to a terminal: use `-o FILE` or a pipe");
            }
            return Ok(output.clone());
        }
        let name = self.input.file_name().filter(|_| self.input != Path::new("-"));
        let name = name.context("standard input has no name to derive the output's from: use `-o FILE`")?;
        Ok(Path::new(name).with_extension(EXTENSION))
    }
}
