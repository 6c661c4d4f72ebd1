//! `weft adapt`: a core module becomes a component.

use crate::io::{OutputArg, name, read_wasm};
use crate::module::{say_if_memory_is_fixed, say_notes};
use anyhow::{Context, Result};
use clap::Args;
use std::path::{Path, PathBuf};
use weft_adapt::Options;
use weft_lower::{Component, Rules};

/// Turn a core module into a component
///
/// The module can use the wasi-threads ABI (the target `wasm32-wasip1-threads`), import the thread built-ins by name, or have
/// no threads at all. If wit-bindgen's bindings embed a WIT world in the module, or `--wit` names one, the component has the world's
/// imports and exports. If not, it exports those functions of the module that take and return numbers.
#[derive(Args)]
#[command(after_help = "Examples:

    # Adapt a module and run the component
    $ weft adapt program.wasm -o component.wasm
    $ weft run component.wasm

    # Print the component as text
    $ weft adapt -t program.wasm

    # Make a component of a library whose bindings embed no world
    $ weft adapt library.wasm --wit wit --world greeter -o library.component.wasm

Exit status:
    0 on success, 1 if the module cannot be adapted, 2 for wrong usage")]
pub struct Opts {
    /// The core module (text or binary, `-` for standard input)
    input: PathBuf,

    /// The WIT package of the module's world: a file, or a folder with the packages that it uses in `deps`
    #[arg(long, value_name = "PATH")]
    wit: Option<PathBuf>,

    /// The world in the package, if it has several
    #[arg(long, value_name = "NAME", requires = "wit")]
    world: Option<String>,

    /// For a module without threads and without a shared memory: implement its imports from NAME with this core module, which has a world of its own
    ///
    /// `wasi_snapshot_preview1=wasi_snapshot_preview1.command.wasm` turns calls of preview 1 into calls of WASI 0.2, as in
    /// `wasm-tools component new`. Without adapters, weft implements preview 1 itself.
    #[arg(long, value_name = "NAME=FILE")]
    adapt: Vec<String>,

    /// Keep debugging information (DWARF), so that backtraces of the component show source files and lines
    #[arg(short = 'g', long)]
    debug_info: bool,

    #[command(flatten)]
    output: OutputArg,
}

impl Opts {
    pub fn run(&self, verbose: bool) -> Result<()> {
        let module = read_wasm(&self.input)?;
        let options = self.options()?;
        let component =
            weft_adapt::adapt_with(&module, &options).with_context(|| format!("cannot adapt {}", name(&self.input)))?;
        // A mistake of weft's own is not left to others to find.
        let valid = Component::read(&component).and_then(|component| component.validate(Rules::Extended));
        valid.with_context(|| {
            format!(
                "internal error: the component adapted from {} is not valid; please report it",
                name(&self.input)
            )
        })?;
        say_notes(&module, &options, verbose);
        if !verbose {
            say_if_memory_is_fixed(&module, &options);
        }
        self.output.write(&component)
    }

    fn options(&self) -> Result<Options> {
        let mut options = Options::new().debug_info(self.debug_info);
        if let Some(wit) = &self.wit {
            options = options.world(wit, self.world.as_deref());
        }
        for adapter in &self.adapt {
            let (name, file) = adapter
                .split_once('=')
                .with_context(|| format!("`--adapt {adapter}` has no `=`: write `--adapt NAME=FILE`"))?;
            options = options.adapter(name, read_wasm(Path::new(file))?);
        }
        Ok(options)
    }
}
