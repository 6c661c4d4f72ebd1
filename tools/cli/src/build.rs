//! Compiles the bytes of a program for `weft run` and `weft compile`. The library does the work, and this file turns
//! its errors into those of the command.

use crate::io;
use crate::module::say_notes;
use crate::runtime::RuntimeChoice;
use anyhow::{Result, anyhow};
use clap::{Args, ValueEnum};
use std::path::Path;
use weft::{Component, Config, Engine, Error, Interruption, Linker, Runtime};
use weft_lower::Input;
use weft_wasi::WasiCtx;

/// What the code of a program depends on.
#[derive(Args)]
pub struct BuildArgs {
    /// Use the deterministic profile: spawns start no thread, and scheduling does not depend on time
    #[arg(long)]
    pub deterministic: bool,

    /// Choose the runtime for the component [default: weft's own for parallel threads, Wasmtime's for all others]
    #[arg(long, value_enum, value_name = "RUNTIME")]
    pub runtime: Option<RuntimeChoice>,

    /// Interrupt parallel threads that compute by a signal, or by checks in their code (epochs), which make it slower [default: signal,
    /// where that works]
    #[arg(long, value_name = "MEANS")]
    pub interruption: Option<Means>,

    /// Keep debugging information (DWARF), and show source files and lines in backtraces
    #[arg(short = 'g', long)]
    pub debug_info: bool,

    /// Inline small functions, which makes code that calls them faster; backtraces then lack them, and compiling takes longer
    #[arg(long)]
    pub inlining: bool,
}

/// How threads that compute are interrupted.
#[derive(Clone, Copy, ValueEnum)]
pub enum Means {
    Signal,
    Epochs,
}

impl Means {
    fn interruption(self) -> Interruption {
        match self {
            Means::Signal => Interruption::Signal,
            Means::Epochs => Interruption::Epochs,
        }
    }
}

impl BuildArgs {
    pub fn config(&self) -> Config {
        let mut config = Config::new();
        // The end of the process ends a program that computes.
        config.deterministic(self.deterministic).cooperative_epochs(false);
        config.debug_info(self.debug_info).compiler_inlining(self.inlining);
        if let Some(means) = self.interruption {
            config.interruption(means.interruption());
        }
        if let Some(choice) = self.runtime {
            config.runtime(Some(match choice {
                RuntimeChoice::Weft => Runtime::Parallel,
            }));
        }
        config
    }
}

/// What programs import.
pub fn linker(engine: &Engine) -> Result<Linker<WasiCtx>> {
    let mut linker = Linker::new(engine);
    weft_wasi::add_to_linker(&mut linker, |wasi: &WasiCtx| wasi)?;
    Ok(linker)
}

/// Compiles a program that was read from `path`, or takes it from the engine's cache. `failed` says what cannot be done.
pub fn compile(
    linker: &Linker<WasiCtx>,
    (path, input): (&Path, &[u8]),
    verbose: bool,
    failed: impl Fn() -> String,
) -> Result<Component> {
    let compiled = Component::new_for(linker, input);
    // The library does not say which file the text is in.
    if verbose || !matches!(&compiled, Ok(component) if component.warnings().is_empty()) {
        let parsed = io::parse(path, input, &failed)?;
        let is_adapted = !matches!(compiled, Err(Error::Adapt(_)));
        if let (Input::Module(module), true) = (parsed, is_adapted) {
            say_notes(module.bytes(), &weft_adapt::Options::new(), verbose);
        }
    }
    compiled.map_err(|error| match error {
        Error::Adapt(error) => anyhow!("{error}").context(format!("cannot adapt {}", io::name(path))),
        Error::MissingImports(missing) => missing_imports(&missing).context(failed()),
        error => anyhow::Error::from(error).context(failed()),
    })
}

/// The error for imports that the command lacks: one a line, since there may be many.
fn missing_imports(missing: &[String]) -> anyhow::Error {
    let lines = missing.iter().map(|import| format!("       {}", import.escape_debug()));
    let lines = lines.collect::<Vec<_>>().join("\n");
    let advice = "`weft run` supplies WASI and the built-ins: for other imports, embed weft in a Rust program that supplies them";
    match missing.len() {
        1 => anyhow!("it has an import that `weft run` does not supply:\n{lines}\n       {advice}"),
        count => anyhow!("it has {count} imports that `weft run` does not supply:\n{lines}\n       {advice}"),
    }
}
