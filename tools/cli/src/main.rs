//! The command `weft`: one file for each subcommand, what they share in [`io`].

mod adapt;
mod build;
mod cache;
mod compile;
mod inspect;
mod invoke;
mod io;
mod log;
mod lower;
mod module;
mod number;
mod precompiled;
mod printable;
mod quiet;
mod run;
mod runtime;
mod size;
mod validate;
mod wast;

use clap::{ArgAction, Parser, Subcommand};
use printable::Printable;
use quiet::quietly;
use std::io::Write;
use std::process::ExitCode;

/// Run multi-threaded WebAssembly modules and components
///
/// weft exits with status 1 if it reports an error, and 2 for wrong usage. `weft run` exits with the program's own status.
#[derive(Parser)]
#[command(name = "weft", version)]
struct Weft {
    /// Log to standard error what weft compiles, and print notes; -vv adds passes and threads, -vvv adds waits
    ///
    /// Notes report exports that `weft adapt` leaves out, and resources that the system refuses. To select what weft logs, set the
    /// variable WEFT_LOG, as in WEFT_LOG=weft::threads=debug.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(Box<run::Opts>),
    Compile(compile::Opts),
    Adapt(adapt::Opts),
    Inspect(inspect::Opts),
    Wast(wast::Opts),
    Lower(lower::Opts),
    Validate(validate::Opts),
}

fn main() -> ExitCode {
    quiet::install_hook();
    let Weft { verbose, command } = Weft::parse();
    match log::install(verbose).and_then(|()| command.run(verbose > 0)) {
        Ok(status) => status,
        Err(error) => {
            if !io::is_broken_pipe(&error) {
                // If standard error is closed, there is no reader to inform.
                let _ = report(&error);
            }
            ExitCode::FAILURE
        }
    }
}

impl Command {
    fn run(self, verbose: bool) -> anyhow::Result<ExitCode> {
        match self {
            Command::Run(opts) => opts.run(verbose).map(|never| match never {}),
            Command::Compile(opts) => quietly(|| opts.run(verbose)).map(|()| ExitCode::SUCCESS),
            Command::Adapt(opts) => quietly(|| opts.run(verbose)).map(|()| ExitCode::SUCCESS),
            Command::Inspect(opts) => quietly(|| opts.run()).map(|()| ExitCode::SUCCESS),
            Command::Wast(opts) => quietly(|| opts.run()),
            Command::Lower(opts) => quietly(|| opts.run()).map(|()| ExitCode::SUCCESS),
            Command::Validate(opts) => quietly(|| opts.run()).map(|()| ExitCode::SUCCESS),
        }
    }
}

fn report(error: &anyhow::Error) -> std::io::Result<()> {
    let mut stderr = std::io::stderr().lock();
    writeln!(stderr, "error: {}", Printable(error))?;
    let mut causes = error.chain().skip(1).peekable();
    if causes.peek().is_some() {
        writeln!(stderr, "\ncaused by:")?;
    }
    for (cause, number) in causes.zip(0..) {
        writeln!(stderr, "    {number}: {}", Printable(cause))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Weft::command().debug_assert();
    }
}
