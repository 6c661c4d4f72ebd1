//! `weft lower`: what weft makes of a component, for its author to see and for other tools to run.

use crate::io::{OutputArg, print, read_wasm};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use weft_lower::{CanonicalEncoding, Rules, respell, text, unshare, validate};

/// Write a component in a form or encoding that other tools read
///
/// The unshared form has no `shared` types and no `thread.spawn-*`. It creates threads with `thread.new-indirect`, which Wasmtime
/// supports. Threads of such a component take turns.
#[derive(Args)]
#[command(after_help = "Examples:

    # Write a component for tools without shared-everything-threads
    $ weft lower component.wasm -o unshared.wasm

    # Write the component itself in the encoding of the specification, or in that of wasm-tools
    $ weft lower component.wat --emit spec -o component.wasm
    $ weft lower component.wasm --emit wasm-tools -o for-wasm-tools.wasm

Exit status:
    0 on success, 1 if the component is invalid or cannot be lowered, 2 for wrong usage")]
pub struct Opts {
    /// The component (text or binary, `-` for standard input)
    input: PathBuf,

    /// Which form to write
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Unshared)]
    emit: Form,

    #[command(flatten)]
    output: OutputArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// The unshared form
    Unshared,
    /// The component itself, with its thread built-ins in the specification's encoding
    Spec,
    /// The component itself, with its thread built-ins in wasm-tools' encoding
    WasmTools,
}

impl Opts {
    pub fn run(&self) -> Result<()> {
        let component = read_wasm(&self.input)?;
        let context = || format!("cannot lower `{}`", self.input.display());
        if !matches!(self.emit, Form::Unshared) {
            // An encoding can be written of what is invalid, and would say nothing of it.
            validate(&component, Rules::Extended).with_context(context)?;
        }
        match self.emit {
            Form::Unshared => self.output.write(&unshare(&component).with_context(context)?),
            Form::WasmTools => {
                let output = respell(&component, CanonicalEncoding::WasmTools).with_context(context)?;
                self.output.write(&output)
            }
            Form::Spec => {
                let output = respell(&component, CanonicalEncoding::Specification).with_context(context)?;
                self.output.write_or_print(&output, || {
                    let printed = print(&respell(&component, CanonicalEncoding::WasmTools)?)?;
                    Ok(text::to_specification(&printed, &component)?)
                })
            }
        }
    }
}
