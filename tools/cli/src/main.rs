//! The command `weft`: one file for each subcommand, what they share in [`io`].

mod adapt;
mod io;
mod run;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Run multi-threaded WebAssembly components
///
/// Exit status: 1 for an error of weft's own, 2 for wrong usage; `run` ends with that of the program.
#[derive(Parser)]
#[command(name = "weft", version)]
struct Weft {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Opts),
    Adapt(adapt::Opts),
}

fn main() -> ExitCode {
    let result = match Weft::parse().command {
        Command::Run(opts) => opts.run(),
        Command::Adapt(opts) => opts.run().map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        if !io::is_broken_pipe(&error) {
            eprintln!("error: {error}");
            let mut causes = error.chain().skip(1).peekable();
            if causes.peek().is_some() {
                eprintln!("\ncaused by:");
            }
            for (cause, number) in causes.zip(0..) {
                eprintln!("    {number}: {cause}");
            }
        }
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Weft::command().debug_assert();
    }
}
