//! `weft run`: a program runs, and its output and exit status are those of the command.

use crate::io::read_wasm;
use anyhow::{Context, Result, anyhow};
use clap::Args;
use std::convert::Infallible;
use std::ffi::OsString;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;
use weft::{Component, Config, Engine, Linker, Trap};
use weft_lower::Encoding;
use weft_wasi::{DirPerms, FilePerms, WasiCtx, WasiCtxBuilder};

/// What a shell reports of a process that was aborted: 128 and SIGABRT. Wasmtime's command ends so after a trap.
const TRAPPED: i32 = 134;

/// Run a program: a component, or a core module, which is adapted first
#[derive(Args)]
#[command(after_help = "Examples:

    # Run a program with two arguments, and let it use a directory
    $ weft run --dir data program.wasm first second

    # The same directory under another name, and a variable
    $ weft run --dir data::/in --env LEVEL=3 program.wasm

Exit status:
    that of the program; 134 if it trapped; 1 for an error of weft's own; 2 for wrong usage")]
pub struct Opts {
    /// Let the program use directory HOST, as GUEST
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    dirs: Vec<String>,

    /// Set a variable of the program's environment, to the value it has here if none is given
    #[arg(long = "env", value_name = "K[=V]")]
    envs: Vec<String>,

    /// How many threads the program may have at once [default: what memory mappings allow]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_threads: Option<u32>,

    /// How many OS threads run them, 1024 at most [default: one for each processor]
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroUsize>,

    /// The greatest size of the program's memory, in bytes or with a suffix as in 64MiB or 2GB
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    max_memory: Option<u64>,

    /// Start no thread that the program spawns, and let time have no part in the order in which others run
    #[arg(long)]
    deterministic: bool,

    /// The program, text or binary, `-` for standard input, and its arguments
    #[arg(required = true, trailing_var_arg = true, value_names = ["PROGRAM", "ARGS"])]
    program: Vec<OsString>,
}

impl Opts {
    /// Ends the process with the program's status.
    pub fn run(&self) -> Result<Infallible> {
        let path = Path::new(self.program.first().context("no program is given")?);
        let program = path.display();
        let component = as_component(read_wasm(path)?).with_context(|| format!("cannot adapt `{program}`"))?;
        let engine = Engine::new(&self.config())?;
        let component = Component::new(&engine, &component).with_context(|| format!("cannot run `{program}`"))?;
        let mut linker = Linker::new(&engine);
        weft_wasi::add_to_linker(&mut linker, |wasi: &WasiCtx| wasi)?;

        let status = match linker.instantiate(&component, self.wasi()?) {
            Ok(instance) => instance.run(),
            // A start function ends the program as the main function does.
            Err(weft::Error::Exit(code)) => Ok(code),
            Err(error) => Err(error),
        };
        match status {
            // A status that does not fit in a byte is cut as the system cuts it.
            Ok(code) => std::process::exit(code),
            Err(weft::Error::Trap(trap)) => {
                let _ = report(&trap);
                std::process::exit(TRAPPED)
            }
            Err(error) => Err(anyhow!(error).context(format!("cannot run `{program}`"))),
        }
    }

    fn config(&self) -> Config {
        let mut config = Config::new();
        config.cache(true).deterministic(self.deterministic);
        if let Some(workers) = self.workers {
            config.workers(workers);
        }
        if let Some(threads) = self.max_threads {
            config.max_threads(threads);
        }
        if let Some(bytes) = self.max_memory {
            config.max_memory(bytes);
        }
        config
    }

    fn wasi(&self) -> Result<WasiCtx> {
        let mut wasi = WasiCtxBuilder::new();
        wasi.inherit_stdio();
        for argument in &self.program {
            wasi.arg(argument.to_string_lossy());
        }
        for variable in &self.envs {
            match variable.split_once('=') {
                Some((name, value)) => {
                    wasi.env(name, value);
                }
                None => {
                    if let Ok(value) = std::env::var(variable) {
                        wasi.env(variable, value);
                    }
                }
            }
        }
        for dir in &self.dirs {
            let (host, guest) = dir.split_once("::").unwrap_or((dir, dir));
            wasi.preopened_dir(host, guest, DirPerms::all(), FilePerms::all())?;
        }
        Ok(wasi.build()?)
    }
}

/// A core module is adapted; there is one way to run.
fn as_component(wasm: Vec<u8>) -> Result<Vec<u8>> {
    match weft_lower::encoding(&wasm)? {
        Encoding::Component => Ok(wasm),
        Encoding::Module => Ok(weft_adapt::adapt(&wasm)?),
    }
}

/// Nobody is there to be told if standard error is closed.
fn report(trap: &Trap) -> std::io::Result<()> {
    let mut stderr = std::io::stderr().lock();
    writeln!(stderr, "error: {trap}")?;
    if !trap.backtrace().is_empty() {
        writeln!(stderr, "backtrace:")?;
    }
    for (frame, number) in trap.backtrace().iter().zip(0..) {
        writeln!(stderr, "  {number:>3}: {frame}")?;
    }
    Ok(())
}

/// A size in bytes, with a suffix or without.
fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let number = digits.parse::<u64>();
    let number = number.map_err(|_| "expected a whole number, with KiB, MiB or GiB behind it or not".to_owned())?;
    let shift = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        suffix => return Err(format!("unknown suffix `{suffix}`: use KiB, MiB or GiB")),
    };
    number.checked_mul(1 << shift).ok_or_else(|| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes_have_binary_suffixes() {
        assert_eq!(parse_size("65536"), Ok(65536));
        assert_eq!(parse_size("64MiB"), Ok(64 << 20));
        assert_eq!(parse_size("2g"), Ok(2 << 30));
        assert!(parse_size("64MiX").is_err());
        assert!(parse_size("MiB").is_err());
        assert!(parse_size("99999999999G").is_err());
    }
}
