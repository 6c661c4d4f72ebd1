//! `weft wast`: scripts run, and what failed in them is printed.

use crate::io;
use crate::number::parse_seconds;
use crate::runtime::RuntimeChoice;
use crate::size::parse_size;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use weft::Engine;
use weft_wast::{Counts, Options, Runtime};

/// Run .wast test scripts with modules, components and threads
#[derive(Args)]
#[command(after_help = "Examples:

    # Run a script
    $ weft wast script.wast

    # Run scripts of the shared-everything-threads proposal, each for at most 30 seconds
    $ weft wast --shared-everything --timeout 30 threads/*.wast

Exit status:
    0 if everything passes, 1 if anything fails or weft cannot read it, 2 for wrong usage")]
pub struct Opts {
    /// Refuse what weft accepts beyond the specification
    #[arg(long)]
    strict: bool,

    /// Turn the shared-everything-threads proposal on
    #[arg(long)]
    shared_everything: bool,

    /// Run all components on this runtime [default: weft's own for parallel threads, Wasmtime's for all others]
    #[arg(long, value_enum, value_name = "RUNTIME")]
    runtime: Option<RuntimeChoice>,

    /// Limit the memory of each component instance, and of the core modules of each script thread together, in bytes or with a suffix such
    /// as 64MiB or 2GiB
    /// [default: none on Wasmtime's runtime, half of the machine's on weft's own]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, allow_negative_numbers = true)]
    max_memory: Option<u64>,

    /// Set the time limit of each script
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = parse_seconds, allow_negative_numbers = true)]
    timeout: u64,

    /// The scripts to run
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Opts {
    pub fn run(&self) -> Result<ExitCode> {
        let options = Options {
            strict: self.strict,
            shared_everything: self.shared_everything,
            runtime: match self.runtime {
                Some(RuntimeChoice::Weft) => Runtime::Weft,
                None => Runtime::ByThreads,
            },
            max_memory: self.max_memory,
            time_limit: Duration::from_secs(self.timeout),
            ..Options::default()
        };
        let mut stdout = io::stdout();
        let mut total = Counts::default();
        let mut unreadable = 0;
        for file in &self.files {
            let name = io::bare_name(file);
            let text = match read_text(file) {
                Ok(text) => text,
                Err(error) => {
                    // If standard error is closed, there is no reader to inform.
                    let _ = writeln!(std::io::stderr(), "error: {error:#}");
                    unreadable += 1;
                    continue;
                }
            };
            let report = weft_wast::run(&text, &options);
            writeln!(stdout, "{}", report.summary(&name))?;
            total += report.counts();
        }
        if self.files.len() > 1 {
            let files = self.files.len() - unreadable;
            let noun = if files == 1 { "file" } else { "files" };
            writeln!(stdout, "{files} {noun}: {total}")?;
        }
        Ok(match total.failed + unreadable {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        })
    }
}

fn read_text(file: &Path) -> Result<String> {
    let bytes = io::read(file)?;
    if bytes.starts_with(b"\0asm") || Engine::detect_precompiled(&bytes).is_some() {
        bail!("{} is a program and not a script: use `weft run`", io::name(file));
    }
    let text = String::from_utf8(bytes).ok();
    text.with_context(|| {
        format!(
            "cannot read {}: it is not a script, which is UTF-8 text",
            io::name(file)
        )
    })
}
