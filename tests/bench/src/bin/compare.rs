//! Compares two runs of the benchmark: `compare [BEFORE [AFTER]]`. Without arguments these are the two last runs on this machine,
//! and with one argument that file and the last run. The exit status is 1 if a ratio got worse.

use anyhow::Result;
use std::path::PathBuf;
use std::process::ExitCode;
use weft_bench::{Results, Verdict, compare};

fn main() -> Result<ExitCode> {
    let mut files = std::env::args_os().skip(1).map(PathBuf::from);
    let before = Results::read(&files.next().unwrap_or_else(Results::before_last))?;
    let after = Results::read(&files.next().unwrap_or_else(Results::last))?;
    for (name, run) in [("before", &before), ("after", &after)] {
        let subject = &run.subject;
        let (commit, processors) = (&subject.commit, subject.processors);
        println!(
            "{name:<7} {commit} on {processors} x {}, load {:.2}",
            subject.processor, run.load
        );
    }
    println!("\n{:<72} {:>9} {:>9}", "ratio", "before", "after");
    let changes = compare(&before, &after);
    changes.iter().for_each(|change| println!("{change}"));
    let worse = changes.iter().any(|change| change.verdict == Verdict::Worse);
    Ok(ExitCode::from(u8::from(worse)))
}
