//! `weft lower`: what weft makes of a component, for its author to see and for other tools to run.

use crate::io::{OutputArg, name, parse, read};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use weft_lower::{CanonicalEncoding, Component, Input, LowerError, Profile, Rules};

/// Write a component in a form or encoding that other tools read
///
/// The unshared form has no `shared` types and no `thread.spawn-*`. It creates threads with `thread.new-indirect`, which Wasmtime
/// supports. Threads of such a component take turns, and `memory.atomic.wait32` and `memory.atomic.wait64` trap there.
#[derive(Args)]
#[command(after_help = "Examples:

    # Write a component for tools without shared-everything-threads
    $ weft lower component.wasm -o unshared.wasm

    # Write the component itself in the encoding of the specification, or in that of wasm-tools
    $ weft lower component.wat --emit spec -o component.wasm
    $ weft lower component.wasm --emit wasm-tools -o for-wasm-tools.wasm

    # See the core module that each thread instantiates, and what weft supplies for its imports
    $ weft lower component.wasm --stage module
    $ weft lower component.wasm --stage plan

Exit status:
    0 on success, 1 if the component is invalid or cannot be lowered, 2 for wrong usage")]
pub struct Opts {
    /// The component (text or binary, `-` for standard input)
    input: PathBuf,

    /// Which form to write
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Unshared)]
    emit: Form,

    /// Print the output of a stage of lowering, as text
    #[arg(long, value_enum, conflicts_with_all = ["emit", "wat"])]
    stage: Option<Stage>,

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

#[derive(Clone, Copy, ValueEnum)]
enum Stage {
    /// The unshared form, which Wasmtime's component runtime runs
    Unshared,
    /// What weft's own runtime supplies to the run-time module, and what that module exports
    Plan,
    /// The run-time module, which each thread instantiates
    Module,
}

impl Opts {
    pub fn run(&self) -> Result<()> {
        let bytes = read(&self.input)?;
        let context = || format!("cannot lower {}", name(&self.input));
        let component = match parse(&self.input, &bytes, context)? {
            Input::Component(component) => component,
            Input::Module(_) => return Err(LowerError::CoreModule).with_context(context),
        };
        match self.stage {
            Some(stage) => self.output.write_text(&stage.text(&component).with_context(context)?),
            None => self.write(&component, context),
        }
    }

    fn write(&self, component: &Component<'_>, context: impl Fn() -> String) -> Result<()> {
        let encoding = match self.emit {
            Form::Unshared => {
                let unshared = component.unshare(Profile::Full).with_context(context)?;
                return self.output.write(unshared.bytes());
            }
            Form::WasmTools => CanonicalEncoding::WasmTools,
            Form::Spec => CanonicalEncoding::Specification,
        };
        // An encoding can be written of what is invalid, and would say nothing of it.
        component.validate(Rules::Extended).with_context(&context)?;
        let output = component.encode(encoding).with_context(context)?;
        self.output.write_or_print(&output, || Ok(component.to_text(encoding)?))
    }
}

impl Stage {
    fn text(self, component: &Component<'_>) -> Result<String, LowerError> {
        match self {
            Stage::Unshared => component.unshare(Profile::Full)?.to_text(),
            Stage::Plan => Ok(component.lower()?.to_string()),
            Stage::Module => component.lower()?.module_to_text(),
        }
    }
}
