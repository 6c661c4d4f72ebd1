//! `weft run`: a program runs, and its output and exit status are those of the command.

mod limits;
mod network;
mod stats;
mod wasi;

use crate::build::{self, BuildArgs};
use crate::cache::CacheArgs;
use crate::invoke::{self, Invocation};
use crate::io;
use crate::number::{parse_threads, parse_workers};
use crate::precompiled;
use crate::quiet::quietly;
use crate::size::{parse_size, parse_stack_size};
use anyhow::{Context, Result};
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use limits::Spawns;
use network::NetworkArgs;
use nix::sys::signal::{SigSet, Signal};
use stats::Stats;
use std::convert::Infallible;
use std::ffi::OsString;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;
use weft::{Component, Config, Engine, Linker, Runtime, SourceLocation, Trap};
use weft_wasi::WasiCtx;

/// What a shell reports of a process that was aborted: 128 and SIGABRT. Wasmtime's command ends so after a trap.
const TRAPPED: i32 = 134;

/// Run a program: a component, or a core module, which weft adapts first
#[derive(Args)]
#[command(after_help = "Examples:

    # Run a program with two arguments, and give it access to a directory
    $ weft run --dir data program.wasm first second

    # Give it the same directory under another name, and an environment variable
    $ weft run --dir data::/in --env LEVEL=3 program.wasm

    # Run a program that `weft compile` compiled; weft does not check its code, so run only what you trust
    $ weft run program.cwasm

Exit status:
    the program's own status; 134 if it trapped; 1 if weft reports an error; 2 for wrong usage")]
pub struct Opts {
    /// Give the program access to the directory HOST, under the name GUEST; may be repeated [default: the same name]
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    dirs: Vec<String>,

    /// Allow procfs in the directories of `--dir`; the program can then read the memory and the environment of the weft process
    #[arg(long)]
    allow_procfs: bool,

    /// Listen at this address, and pass the socket to the program as descriptor 3, or as the next one after the directories (WASI
    /// preview 1)
    #[arg(long = "tcplisten", value_name = "ADDRESS:PORT")]
    listens: Vec<String>,

    #[command(flatten)]
    network: NetworkArgs,

    /// Set an environment variable of the program; without a value, copy weft's own variable; may be repeated
    #[arg(long = "env", value_name = "K[=V]", value_parser = OsStringValueParser::new().try_map(wasi::check_variable))]
    envs: Vec<OsString>,

    /// Set RAYON_NUM_THREADS and TOKIO_WORKER_THREADS to the number of workers, for the thread pools of Rust programs; `--env` overrides
    /// them
    #[arg(long)]
    thread_variables: bool,

    /// Set the program's name, its first argument [default: the file name without directories]
    #[arg(long, value_name = "NAME")]
    argv0: Option<OsString>,

    /// Limit how many threads the program can have at once [default: as many as memory and mappings allow]
    #[arg(long, value_name = "N", value_parser = parse_threads, allow_negative_numbers = true)]
    max_threads: Option<u32>,

    /// Run parallel threads on N OS threads, at most 1024; weft uses fewer if the system refuses some [default: one per processor]
    #[arg(long, value_name = "N", value_parser = parse_workers, allow_negative_numbers = true)]
    workers: Option<NonZeroUsize>,

    /// Limit the program's total memory, in bytes or with a suffix such as 64MiB or 2GiB [default: half of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, allow_negative_numbers = true)]
    max_memory: Option<u64>,

    /// Set the stack size of each thread for WebAssembly code [default: 8MiB]
    #[arg(long, value_name = "SIZE", value_parser = parse_stack_size, allow_negative_numbers = true)]
    max_wasm_stack: Option<usize>,

    #[command(flatten)]
    build: BuildArgs,

    /// Call this exported function instead of `wasi:cli/run`, with arguments in WAVE, and print its result: `add(1, 2)`, or
    /// `ns:pkg/iface#add(1, 2)`; without parentheses, pass ARGS to the function
    #[arg(long, value_name = "FUNCTION(ARGS)", value_parser = invoke::parse)]
    invoke: Option<Invocation>,

    /// When the program has ended, print to standard error how many threads it had, how often they waited and were interrupted, and how
    /// much memory and processor time it used
    #[arg(long)]
    stats: bool,

    #[command(flatten)]
    cache: CacheArgs,

    /// The program (text or binary, `-` for standard input) and its arguments
    #[arg(required = true, trailing_var_arg = true, value_names = ["PROGRAM", "ARGS"])]
    program: Vec<OsString>,
}

impl Opts {
    /// Ends the process with the program's status.
    pub fn run(&self, verbose: bool) -> Result<Infallible> {
        block_file_size_signal()?;
        let path = Path::new(self.program.first().context("no program is given")?);
        let linker = build::linker(&Engine::new(&self.config())?)?;
        let (component, spawns) = quietly(|| self.load(&linker, path, verbose))?;
        // `component` holds the engine, and the process ends before it is dropped: to end and join the workers one by one would take
        // longer than the system takes to end all of them.
        let error = match self.start(&linker, &component, verbose) {
            Ok(code) => {
                if code != 0 {
                    self.say_limits(linker.engine(), spawns, "");
                }
                // A status that does not fit in a byte is cut as the system cuts it.
                std::process::exit(code)
            }
            Err(error) => error,
        };
        match error.downcast_ref() {
            Some(weft::Error::Trap(trap)) => {
                let locations = component.source_locations(trap.backtrace());
                let _ = report(trap, &locations);
                if self.build.debug_info && !locations.is_empty() && locations.iter().all(Vec::is_empty) {
                    say_missing_lines();
                }
                self.say_limits(linker.engine(), spawns, &trap.to_string());
                std::process::exit(TRAPPED)
            }
            _ => Err(error.context(format!("cannot run {}", io::name(path)))),
        }
    }

    /// Takes the program from the cache, or reads and compiles it. One that `weft compile` compiled is only read.
    fn load(&self, linker: &Linker<WasiCtx>, path: &Path, verbose: bool) -> Result<(Component, Spawns)> {
        let input = io::read(path)?;
        let failed = || format!("cannot run {}", io::name(path));
        if Engine::detect_precompiled(&input).is_some() {
            let component = precompiled::load(linker.engine(), path, &input).with_context(failed)?;
            return Ok((component, Spawns::Counted));
        }
        let component = build::compile(linker, (path, &input), verbose, failed)?;
        self.cache.check_kept(&component);
        let spawns = match component.runtime() {
            Runtime::Cooperative if self.build.deterministic => Spawns::ignored(&input),
            Runtime::Cooperative | Runtime::Parallel => Spawns::Counted,
        };
        Ok((component, spawns))
    }

    fn start(&self, linker: &Linker<WasiCtx>, component: &Component, verbose: bool) -> Result<i32> {
        if verbose {
            say_refusals(component.engine());
        }
        let wasi = self.wasi(component)?;
        let stats = self.stats.then(Stats::begin);
        let status = self.call(linker, component, wasi);
        if let Some(stats) = stats {
            stats.print(component);
        }
        status
    }

    fn call(&self, linker: &Linker<WasiCtx>, component: &Component, wasi: WasiCtx) -> Result<i32> {
        match linker.instantiate(component, wasi) {
            Ok(instance) => match &self.invoke {
                None => Ok(instance.run()?),
                Some(invocation) => status_of(invoke::call(invocation, component, instance, &self.program[1..])),
            },
            // A start function ends the program as the main function does.
            Err(weft::Error::Exit(code)) => Ok(code),
            Err(error) => Err(error.into()),
        }
    }

    fn config(&self) -> Config {
        let mut config = self.build.config();
        config.cache(self.cache.cache());
        if let Some(workers) = self.workers {
            config.workers(workers);
        }
        if let Some(threads) = self.max_threads {
            config.max_threads(threads);
        }
        if let Some(bytes) = self.max_memory {
            config.max_memory(bytes);
        }
        if let Some(bytes) = self.max_wasm_stack {
            config.max_wasm_stack(bytes);
        }
        config
    }
}

/// Says what the system refuses the engine.
fn say_refusals(engine: &Engine) {
    let mut stderr = std::io::stderr().lock();
    if let (Some(refusal), Some(workers)) = (engine.refusal(), engine.workers()) {
        // If standard error is closed, there is no reader to inform.
        let _ = writeln!(stderr, "note: weft uses only {workers} workers: {refusal}");
    }
    if let Some(refusal) = engine.interruption_refusal() {
        let _ = writeln!(
            stderr,
            "note: weft interrupts threads by checks in their code: {refusal}"
        );
    }
}

/// A program that writes beyond the limit of a file's size is to get an error, as far as this thread and those that it
/// starts are concerned, and not to end the process.
fn block_file_size_signal() -> Result<()> {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGXFSZ);
    signals.thread_block().context("cannot block the signal SIGXFSZ")
}

/// Prints the result of a function, and gives the exit status. A call may end the program as `run` may.
fn status_of(called: Result<String>) -> Result<i32> {
    match called {
        Ok(result) => {
            writeln!(io::stdout(), "{result}").context("cannot print the result")?;
            Ok(0)
        }
        Err(error) => match error.downcast_ref() {
            Some(weft::Error::Exit(code)) => Ok(*code),
            _ => Err(error),
        },
    }
}

/// Says why `-g` shows no lines.
fn say_missing_lines() {
    // If standard error is closed, there is no reader to inform.
    let _ = writeln!(
        std::io::stderr(),
        "note: weft finds no source lines of these functions: build the program with `-g`, and also use `-g` with `weft adapt` \
         and `weft compile`"
    );
}

/// If standard error is closed, there is no reader to inform. Each frame has places in the source, as far as they are known.
fn report(trap: &Trap, locations: &[Vec<SourceLocation>]) -> std::io::Result<()> {
    let mut stderr = std::io::stderr().lock();
    writeln!(stderr, "error: {trap}")?;
    if !trap.backtrace().is_empty() {
        writeln!(stderr, "backtrace:")?;
    }
    for (number, frame) in trap.backtrace().iter().enumerate() {
        writeln!(stderr, "  {number:>3}: {frame}")?;
        let locations = locations.get(number).map_or(&[][..], Vec::as_slice);
        for (depth, location) in locations.iter().enumerate() {
            // The last is the frame's own function; those before it were inlined there.
            match &location.function {
                Some(function) if depth + 1 < locations.len() => {
                    writeln!(stderr, "          at {location} ({function}, inlined)")?;
                }
                Some(_) | None => writeln!(stderr, "          at {location}")?,
            }
        }
    }
    Ok(())
}
