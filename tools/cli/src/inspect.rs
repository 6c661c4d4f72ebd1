//! `weft inspect`: what a program asks for, and whether weft runs it.

use crate::io::{name, parse, read, stdout};
use crate::printable::Printable;
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::io::Write;
use std::panic::catch_unwind;
use std::path::PathBuf;
use weft::{Config, Engine, Error, Linker, Threads};
use weft_lower::inspect::{Format, Report};
use weft_lower::{Component, Input, Profile, panic_message};
use weft_wasi::WasiCtx;
use wit_component::WitPrinter;
use wit_parser::PackageId;

/// Show what a component, a core module or a compiled program asks for, and whether weft can run it
///
/// The report lists built-ins and how they start threads, context slots, shared items, the limits of memories and tables, imports and
/// exports. It then names the runtime that runs the input, or says why none can.
#[derive(Args)]
#[command(after_help = "Examples:

    # Show what a program asks for
    $ weft inspect program.wasm

    # List the built-ins that start threads which run in parallel
    $ weft inspect --json program.wasm | jq '.builtins[] | select(.shared and .argument)'

    # Write the component's world to a file
    $ weft inspect --wit program.wasm > world.wit

Exit status:
    0 even if weft cannot run the input, 1 if weft cannot read it, 2 for wrong usage")]
pub struct Opts {
    /// The component or core module (text or binary, `-` for standard input), or a compiled program
    input: PathBuf,

    /// Print JSON; docs/inspect.md lists its keys
    #[arg(long)]
    json: bool,

    /// Print only the component's world and the interfaces that it refers to, as WIT
    #[arg(long, conflicts_with = "json")]
    wit: bool,
}

impl Opts {
    pub fn run(&self) -> Result<()> {
        let bytes = read(&self.input)?;
        let failed = || format!("cannot inspect {}", name(&self.input));
        if Engine::detect_precompiled(&bytes).is_some() {
            return self.print_precompiled(&bytes).with_context(failed);
        }
        let input = parse(&self.input, &bytes, failed)?;
        if self.wit {
            return print_wit(&input).with_context(failed);
        }
        let report = input.inspect().with_context(failed)?;
        let world = match &input {
            Input::Component(component) => Some(world(component, false)),
            Input::Module(_) => None,
        };
        let inspection = Inspection {
            run: Run::of(&input, &report),
            world: world.as_ref().map(|world| world.as_ref().ok().cloned()),
            report,
        };
        let mut stdout = stdout();
        match self.json {
            true => {
                let json = serde_json::to_string_pretty(&inspection).context("cannot write JSON")?;
                writeln!(stdout, "{json}")?;
            }
            false => {
                write!(
                    stdout,
                    "{}\n{}",
                    Printable(&inspection.report),
                    Printable(&inspection.run)
                )?;
                match &world {
                    Some(Ok(world)) => write!(stdout, "\nworld:\n\n{}", Printable(world))?,
                    Some(Err(error)) => writeln!(
                        stdout,
                        "\nworld: WIT cannot express it: {}",
                        Printable(format!("{error:#}"))
                    )?,
                    None => {}
                }
            }
        }
        Ok(stdout.flush()?)
    }

    /// A compiled program has nothing of its source but what it exports and imports in a form of its runtime's.
    fn print_precompiled(&self, bytes: &[u8]) -> Result<()> {
        if self.wit {
            bail!("a compiled program has no world: inspect its source");
        }
        let info = Engine::inspect_precompiled(bytes)?;
        let fit = Fit {
            compiled: info.compiled_for.into_iter().collect(),
            error: info.refusal.map(|refusal| refusal.to_string()),
        };
        let mut stdout = stdout();
        match self.json {
            true => {
                let json = serde_json::to_string_pretty(&fit).context("cannot write JSON")?;
                writeln!(stdout, "{json}")?;
            }
            false => {
                writeln!(stdout, "compiled program:")?;
                for (name, value) in &fit.compiled {
                    writeln!(stdout, "  {} {}", name.escape_debug(), value.escape_debug())?;
                }
                match &fit.error {
                    None => writeln!(
                        stdout,
                        "`weft run` runs it, with the same options as `weft compile` had"
                    )?,
                    Some(error) => writeln!(stdout, "does not run: {}", Printable(error))?,
                }
            }
        }
        Ok(stdout.flush()?)
    }
}

/// What a compiled program fits.
#[derive(Serialize)]
struct Fit {
    /// What it was compiled for.
    compiled: BTreeMap<String, String>,
    /// Why it does not run on this machine with this version, if it does not.
    error: Option<String>,
}

#[derive(Serialize)]
struct Inspection {
    #[serde(flatten)]
    report: Report,
    /// What a component imports and exports, as WIT. Null if WIT cannot express it.
    #[serde(skip_serializing_if = "Option::is_none")]
    world: Option<Option<String>>,
    run: Run,
}

fn print_wit(input: &Input<'_>) -> Result<()> {
    let Input::Component(component) = input else {
        bail!("a core module has no world: `weft adapt` makes a component of it");
    };
    let world = world(component, true).context("WIT cannot express its world")?;
    let mut stdout = stdout();
    write!(stdout, "{world}")?;
    Ok(stdout.flush()?)
}

/// The world of a component as WIT, or why it has none: WIT has no words for core modules and components that are imported or exported.
/// The interfaces that it refers to are in other packages.
fn world(component: &Component<'_>, with_interfaces: bool) -> Result<String> {
    // wit-component does not know shared types, which the unshared form has none of.
    let unshared = component.unshare(Profile::Full)?;
    // wit-component panics on components that WIT cannot express, such as one that imports a function by an interface's name.
    let world = catch_unwind(|| print_world(unshared.bytes(), with_interfaces));
    world.unwrap_or_else(|panic| {
        bail!(
            "wit-component, which weft uses to print WIT, panicked: {}",
            panic_message(&*panic)
        )
    })
}

fn print_world(component: &[u8], with_interfaces: bool) -> Result<String> {
    let decoded = wit_component::decode(component)?;
    let (resolve, package) = (decoded.resolve(), decoded.package());
    let others = resolve.package_names.values().copied();
    let others: Vec<PackageId> = others.filter(|other| with_interfaces && *other != package).collect();
    let mut printer = WitPrinter::default();
    printer.print(resolve, package, &others)?;
    Ok(printer.output.to_string())
}

/// What becomes of a program that is run.
#[derive(Serialize)]
struct Run {
    /// Which runtime it is for, if weft gets so far.
    runtime: Option<Runtime>,
    /// What kind of threads it starts, if weft gets so far.
    threads: Option<&'static str>,
    /// For a core module, which is adapted first: how it asks for threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    abi: Option<Abi>,
    /// For a core module that can be adapted: what its author may want to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    /// Whether it exports `wasi:cli/run` of WASI 0.2 or 0.3. If not, its functions can only be called one by one.
    command: bool,
    /// The interface whose `run` is called, if it is a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    interface: Option<String>,
    /// What it imports and `weft run` does not have. An embedder may.
    missing: Vec<String>,
    /// The exported functions that cannot be called.
    not_callable: Vec<NotCallable>,
    /// Why it does not run.
    error: Option<String>,
}

/// An exported function that cannot be called.
#[derive(Serialize)]
struct NotCallable {
    /// The names of the instances that it is in, outermost first, and its own.
    path: Vec<String>,
    /// What stands in the way.
    reason: String,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Runtime {
    /// weft's own, whose threads run in parallel.
    Weft,
    /// Wasmtime's component runtime, where threads take turns.
    Wasmtime,
}

/// The ways in which core modules ask for threads.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Abi {
    /// By an import `wasi.thread-spawn`.
    WasiThreads,
    /// By imports of the built-ins from `$root`.
    BuiltIns,
    /// Not at all.
    None,
}

impl Run {
    fn of(input: &Input<'_>, report: &Report) -> Run {
        let mut run = Run {
            runtime: None,
            threads: None,
            abi: (report.format == Format::Module).then(|| Abi::of(report)),
            notes: Vec::new(),
            command: false,
            interface: None,
            missing: Vec::new(),
            not_callable: Vec::new(),
            error: None,
        };
        if let Err(error) = run.prepare(input) {
            run.error = Some(format!("{error:#}"));
        }
        run
    }

    /// Does what comes before a program is compiled.
    fn prepare(&mut self, input: &Input<'_>) -> Result<()> {
        if let Input::Module(module) = input {
            let notes = weft_adapt::notes(module.bytes()).context("it cannot be adapted")?;
            self.notes = notes.iter().map(weft_adapt::Note::to_string).collect();
        }
        let engine = Engine::new(&Config::new())?;
        let mut linker = Linker::new(&engine);
        weft_wasi::add_to_linker(&mut linker, |wasi: &WasiCtx| wasi)?;
        let validated = linker.validate_input(input).map_err(|error| match error {
            Error::Adapt(error) => anyhow!("it cannot be adapted: {error}"),
            error => anyhow!(error),
        })?;
        self.runtime = Some(match validated.runtime {
            weft::Runtime::Parallel => Runtime::Weft,
            weft::Runtime::Cooperative => Runtime::Wasmtime,
        });
        self.threads = Some(match validated.threads {
            Threads::None => "none",
            Threads::Cooperative => "cooperative",
            Threads::Preemptive => "preemptive",
        });
        self.command = validated.command.is_some();
        self.interface = validated.command;
        self.missing = validated.missing;
        let not_callable = validated.not_callable.into_iter();
        self.not_callable = not_callable
            .map(|(path, reason)| NotCallable { path, reason })
            .collect();
        Ok(())
    }
}

impl Abi {
    fn of(report: &Report) -> Abi {
        let imports = |module: &str, prefix: &str| {
            let mut imports = report.imports.iter();
            imports.any(|import| import.module.as_deref() == Some(module) && import.name.starts_with(prefix))
        };
        if imports("wasi", "thread-spawn") {
            Abi::WasiThreads
        } else if imports("$root", "[thread-") {
            Abi::BuiltIns
        } else {
            Abi::None
        }
    }
}

impl Display for Run {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(abi) = self.abi {
            let how = match abi {
                Abi::WasiThreads => "starts threads by the wasi-threads ABI",
                Abi::BuiltIns => "starts threads by the names of the built-ins",
                Abi::None => "starts no threads",
            };
            writeln!(f, "{how}; weft adapts it first")?;
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        match (&self.error, self.runtime) {
            (Some(error), _) => return writeln!(f, "does not run: {error}"),
            (None, Some(Runtime::Weft)) => write!(f, "runs on weft's own runtime")?,
            (None, Some(Runtime::Wasmtime)) => write!(f, "runs on Wasmtime's component runtime")?,
            (None, None) => return Ok(()),
        }
        match self.threads {
            Some(threads) if threads != "none" => writeln!(f, ", with {threads} threads")?,
            _ => writeln!(f)?,
        }
        match &self.interface {
            Some(interface) => writeln!(f, "  `weft run` calls `run` of `{interface}`")?,
            None => writeln!(
                f,
                "  it exports no `wasi:cli/run` of WASI 0.2 or 0.3; `weft run --invoke` or an embedder can call its functions"
            )?,
        }
        if !self.missing.is_empty() {
            writeln!(f, "  `weft run` does not supply these imports; an embedder can:")?;
        }
        for import in &self.missing {
            writeln!(f, "    {}", import.escape_debug())?;
        }
        if !self.not_callable.is_empty() {
            writeln!(f, "  it exports functions that cannot be called:")?;
        }
        for NotCallable { path, reason } in &self.not_callable {
            writeln!(f, "    {}: {}", path.join("#").escape_debug(), reason.escape_debug())?;
        }
        Ok(())
    }
}
