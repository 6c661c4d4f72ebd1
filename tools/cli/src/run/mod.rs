//! `weft run`: a program runs, and its output and exit status are those of the command.

mod network;
mod size;
mod stats;
mod wasi;

use crate::build::{BuildArgs, Compiled, Engines, cooperative_engine, preemptive_linker};
use crate::cache::{CacheArgs, Slot};
use crate::invoke::{self, Invocation};
use crate::io;
use crate::module::say_notes;
use crate::precompiled;
use crate::quiet::quietly;
use anyhow::{Context, Result};
use clap::Args;
use network::NetworkArgs;
use nix::sys::signal::{SigSet, Signal};
use size::{parse_size, parse_stack_size};
use stats::Stats;
use std::convert::Infallible;
use std::ffi::OsString;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;
use weft::{Cache, Config, Engine, SourceLocation, Trap};
use weft_cooperative::wasmtime;
use weft_cooperative::{Host, in_tokio};
use weft_lower::Input;
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

    # Run a program that was compiled before; its code is not checked, so run only what you trust
    $ weft run program.cwasm

Exit status:
    the program's own status; 134 if it trapped; 1 if weft reports an error; 2 for wrong usage")]
pub struct Opts {
    /// Give the program access to the directory HOST, under the name GUEST
    #[arg(long = "dir", value_name = "HOST[::GUEST]")]
    dirs: Vec<String>,

    /// Allow procfs in these directories: the program can then read the memory and the environment of this process
    #[arg(long)]
    allow_procfs: bool,

    /// Listen at this address, and pass the socket to the program: as descriptor 3, or after those of the directories
    #[arg(long = "tcplisten", value_name = "ADDRESS:PORT")]
    listens: Vec<String>,

    #[command(flatten)]
    network: NetworkArgs,

    /// Set an environment variable of the program; without a value, copy weft's own variable
    #[arg(long = "env", value_name = "K[=V]")]
    envs: Vec<OsString>,

    /// Tell the thread pools of Rust programs the number of workers, by RAYON_NUM_THREADS and TOKIO_WORKER_THREADS, unless `--env` sets
    /// these variables
    #[arg(long)]
    thread_variables: bool,

    /// Set the program's name, its first argument [default: the file name without directories]
    #[arg(long, value_name = "NAME")]
    argv0: Option<OsString>,

    /// Limit how many preemptive threads the program can have at once [default: as many as memory mappings allow]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_threads: Option<u32>,

    /// Run preemptive threads on N OS threads, at most 1024; weft uses fewer if the system refuses some [default: one per processor]
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroUsize>,

    /// Limit the program's memory in total, in bytes or with a suffix such as 64MiB or 2GB [default: half of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    max_memory: Option<u64>,

    /// Set the stack size of each thread for WebAssembly code [default: 8MiB]
    #[arg(long, value_name = "SIZE", value_parser = parse_stack_size)]
    max_wasm_stack: Option<usize>,

    #[command(flatten)]
    build: BuildArgs,

    /// Call this exported function instead of `wasi:cli/run`, with arguments in WAVE, and print its result: `add(1, 2)`, or
    /// `ns:pkg/iface#add(1, 2)`; without parentheses the program's ARGS are the function's arguments
    #[arg(long, value_name = "FUNCTION(ARGS)", value_parser = invoke::parse)]
    invoke: Option<Invocation>,

    /// Show source files and lines in backtraces of parallel threads, if the program has debugging information (DWARF); the program
    /// is compiled anew each time
    #[arg(short = 'g', long)]
    debug_info: bool,

    /// Print to standard error, when the program has ended, how many threads it had, how often they waited and were interrupted, and what
    /// memory and processor time it used
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
        let program = path.display();
        let compiled = quietly(|| self.load(path, verbose))?;
        let status = match &compiled {
            Compiled::Preemptive(component) => self.run_preemptive(component, verbose),
            Compiled::Cooperative(component) => self.run_cooperative(component),
        };
        // `compiled` holds the engine, and the process ends before it is dropped: to end and join the workers one by one would take
        // longer than the system takes to end all of them.
        let error = match status {
            // A status that does not fit in a byte is cut as the system cuts it.
            Ok(code) => std::process::exit(code),
            Err(error) => error,
        };
        match error.downcast_ref() {
            Some(weft::Error::Trap(trap)) => {
                let locations = match &compiled {
                    Compiled::Preemptive(component) => component.source_locations(trap.backtrace()),
                    Compiled::Cooperative(_) => Vec::new(),
                };
                let _ = report(trap, &locations);
                std::process::exit(TRAPPED)
            }
            _ => Err(error.context(format!("cannot run `{program}`"))),
        }
    }

    /// Takes the program from the cache, or reads and compiles it. One that `weft compile` compiled is only read.
    fn load(&self, path: &Path, verbose: bool) -> Result<Compiled> {
        let input = io::read(path)?;
        let failed = || format!("cannot run `{}`", path.display());
        if let Some(runtime) = Engine::detect_precompiled(&input) {
            return precompiled::load(path, &input, runtime, self, self.build.deterministic).with_context(failed);
        }
        // What is kept has no debugging information.
        let slot = match self.debug_info {
            true => None,
            false => self.cache.slot(&input, &self.build.choices()),
        };
        if let Some(slot) = &slot
            && let Some((compiled, warned)) = slot.get(self)?
        {
            if warned || verbose {
                say_notes_of(&parse(path, &input)?, verbose);
            }
            return Ok(compiled);
        }
        let cache = slot.as_ref().map(Slot::cache);
        let (compiled, warned) = self.build.compile(self, (path, &input), cache, verbose, failed)?;
        if let Some(slot) = &slot {
            slot.put(&compiled, warned);
        }
        Ok(compiled)
    }

    /// On weft's own runtime, which has preemptive threads and the core modules that a component may import.
    fn run_preemptive(&self, component: &weft::Component, verbose: bool) -> Result<i32> {
        let engine = component.engine();
        if let (true, Some(refusal)) = (verbose, engine.refusal()) {
            let workers = engine.workers();
            // If standard error is closed, there is no reader to inform.
            let _ = writeln!(std::io::stderr(), "note: weft uses only {workers} workers: {refusal}");
        }
        if let (true, Some(refusal)) = (verbose, engine.interruption_refusal()) {
            let _ = writeln!(
                std::io::stderr(),
                "note: weft interrupts threads by checks in their code: {refusal}"
            );
        }
        let linker = preemptive_linker(engine)?;
        let wasi = self.wasi(engine.workers().get())?;
        let stats = self.stats.then(Stats::begin);
        let status = self.call_preemptive(component, &linker, wasi);
        if let Some(stats) = stats {
            stats.print(&engine.metrics());
        }
        status
    }

    fn call_preemptive(
        &self,
        component: &weft::Component,
        linker: &weft::Linker<WasiCtx>,
        wasi: WasiCtx,
    ) -> Result<i32> {
        match linker.instantiate(component, wasi) {
            Ok(instance) => match &self.invoke {
                None => Ok(instance.run()?),
                Some(invocation) => {
                    let called = invoke::preemptive::call(invocation, component, instance, &self.program[1..]);
                    status_of(called)
                }
            },
            // A start function ends the program as the main function does.
            Err(weft::Error::Exit(code)) => Ok(code),
            Err(error) => Err(error.into()),
        }
    }

    /// On Wasmtime's component runtime, which has the component functions of WASI 0.2 and 0.3.
    fn run_cooperative(&self, component: &wasmtime::component::Component) -> Result<i32> {
        let engine = component.engine();
        let linker = self.cooperative_linker(engine)?;
        let mut host = Host::new(self.component_wasi()?);
        if let Some(bytes) = self.max_memory {
            host = host.max_memory(bytes);
        }
        let mut store = host.into_store(engine);
        let stacks = store.data().stacks();
        let stats = self.stats.then(Stats::begin);
        let program = async {
            match weft_cooperative::instantiate(&linker, &mut store, component).await {
                Ok(instance) => match &self.invoke {
                    None => Ok(weft_cooperative::run(&mut store, &instance).await?),
                    Some(invocation) => {
                        let called =
                            invoke::cooperative::call(invocation, component, &mut store, &instance, &self.program[1..]);
                        status_of(called.await)
                    }
                },
                Err(weft::Error::Exit(code)) => Ok(code),
                Err(error) => Err(error.into()),
            }
        };
        let status = in_tokio(stacks.during(program))?;
        if let Some(stats) = stats {
            stats.print_cooperative(store.data().memory_peak());
        }
        status?
    }

    fn config(&self) -> Config {
        let mut config = Config::new();
        self.build.configure(&mut config);
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

impl Engines for Opts {
    fn preemptive(&self, compiles: bool, cache: Option<&Cache>) -> Result<Engine> {
        let mut config = self.config();
        config.parallel_compilation(compiles).cache(cache.cloned());
        Ok(Engine::new(&config)?)
    }

    fn cooperative(&self) -> Result<wasmtime::Engine> {
        cooperative_engine(self.build.deterministic, self.max_wasm_stack)
    }

    fn debug_info(&self) -> bool {
        self.debug_info
    }

    fn cooperative_linker(&self, engine: &wasmtime::Engine) -> Result<wasmtime::component::Linker<Host>> {
        Ok(Host::linker(engine, self.allow_procfs)?)
    }
}

/// A program that writes beyond the limit of a file's size is to get an error, as far as this thread and those that it
/// starts are concerned, and not to end the process.
fn block_file_size_signal() -> Result<()> {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGXFSZ);
    signals.thread_block().context("cannot block the signal SIGXFSZ")
}

/// Reads the program.
fn parse<'a>(path: &Path, bytes: &'a [u8]) -> Result<Input<'a>> {
    io::parse(path, bytes, || format!("cannot run `{}`", path.display()))
}

/// Says again what there is to say of a program that was adapted before.
fn say_notes_of(input: &Input<'_>, verbose: bool) {
    match input {
        Input::Component(_) => {}
        Input::Module(module) => {
            say_notes(module.bytes(), &weft_adapt::Options::new(), verbose);
        }
    }
}

/// Prints the result of a function, and gives the exit status. A call may end the program as `run` may.
fn status_of(called: Result<String>) -> Result<i32> {
    match called {
        Ok(result) => {
            writeln!(std::io::stdout(), "{result}").context("cannot print the result")?;
            Ok(0)
        }
        Err(error) => match error.downcast_ref() {
            Some(weft::Error::Exit(code)) => Ok(*code),
            _ => Err(error),
        },
    }
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
