//! Makes `docs/benchmarks.md` and its plots from the figures in `docs/benchmarks/results.json`.
//!
//! The page contains the rows of the last full run as tables, and two plots: kernels compared with plain Wasmtime, and
//! contention compared with native threads. A test fails if the page does not match the file.

mod plots;

use crate::{Results, Row, Target};
use anyhow::{Context, Result};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The titles of the groups that are drawn.
const KERNELS: &str = "kernels";
const CONTENTION: &str = "contention against native threads";

/// A file of the page, by its path from `docs`.
type File = (&'static str, String);

/// The folder of the page.
pub fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// The file with the figures of the page.
pub fn figures() -> PathBuf {
    docs().join("benchmarks/results.json")
}

/// Writes the page and its plots.
///
/// # Errors
///
/// The system refuses it, or nothing can be drawn.
pub fn write(results: &Results) -> Result<()> {
    results.write(&figures())?;
    for (name, text) in files(results)? {
        let file = docs().join(name);
        fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
    }
    Ok(())
}

/// The page and its plots.
fn files(results: &Results) -> Result<Vec<File>> {
    Ok(vec![
        ("benchmarks.md", page(results)?),
        (
            "benchmarks/kernels.svg",
            plots::kernels(results.group(KERNELS).unwrap_or_default())?,
        ),
        (
            "benchmarks/contention.svg",
            plots::contention(results.group(CONTENTION).unwrap_or_default())?,
        ),
    ])
}

fn page(results: &Results) -> Result<String> {
    let mut text = String::new();
    let subject = &results.subject;
    writeln!(text, "# Benchmarks\n")?;
    writeln!(
        text,
        "These are the figures of commit `{}` on {} processors of type {}, with {}. The load was {:.2} when the run began.\n",
        subject.commit, subject.processors, subject.processor, subject.system, results.load
    )?;
    text.push_str(HOW);
    for group in &results.groups {
        writeln!(text, "\n## {}\n", capitalized(&group.title))?;
        match group.title.as_str() {
            KERNELS => writeln!(
                text,
                "![The time of each kernel against plain Wasmtime](benchmarks/kernels.svg)\n"
            )?,
            CONTENTION => writeln!(text, "![The time against native threads](benchmarks/contention.svg)\n")?,
            _ => {}
        }
        writeln!(text, "| What | Median | 10 % to 90 % | Target |\n|---|---|---|---|")?;
        for row in &group.rows {
            writeln!(text, "{}", line(row))?;
        }
    }
    Ok(text)
}

/// How the figures are made.
const HOW: &str = "\
In each round every contender runs once, in the next round in the opposite order. A ratio is the median of the ratios within the \
rounds. Plain Wasmtime is version 48 with its defaults: it cannot interrupt guest code. Native threads are those of the machine's C \
library, in the same C program, which the machine's C compiler builds when the benchmark starts.

    cargo build --release && cargo bench -p weft-bench      # measures, and writes target/bench/results.json
    cargo run --release -p weft-bench --bin compare         # compares the last run with the one before
    cargo run --release -p weft-bench --bin document        # makes this page of the last run
";

fn line(row: &Row) -> String {
    let show = |value| row.unit.show(value);
    let spread = row
        .figures
        .spread
        .map(|(low, high)| format!("{} to {}", show(low), show(high)));
    let verdict = |target: Target| {
        if target.is_met(row.figures.median) {
            "met"
        } else {
            "not met"
        }
    };
    let target = row.target.map(|target| match target {
        Target::AtMost(limit) => format!("at most {}: {}", show(limit), verdict(target)),
        Target::AtLeast(limit) => format!("at least {}: {}", show(limit), verdict(target)),
    });
    format!(
        "| {} | {} | {} | {} |",
        row.name,
        show(row.figures.median),
        spread.unwrap_or_default(),
        target.unwrap_or_default()
    )
}

fn capitalized(title: &str) -> String {
    let mut characters = title.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_that_of_the_figures() -> Result<()> {
        let results = Results::read(&figures())?;
        for (name, expected) in files(&results)? {
            let text = fs::read_to_string(docs().join(name))?;
            assert!(
                text == expected,
                "`docs/{name}` is not what `docs/benchmarks/results.json` gives: run `cargo run -p weft-bench --bin document`"
            );
        }
        Ok(())
    }
}
