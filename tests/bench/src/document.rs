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

/// How the kernels are measured.
const KERNEL_COPIES: &str = "Each round runs another of four copies of the kernels, in which the compiled functions lie at different \
addresses: an address alone changes the time of a loop by up to ten per cent.";

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
                "![The time of each kernel against plain Wasmtime](benchmarks/kernels.svg)\n\n{KERNEL_COPIES}\n"
            )?,
            CONTENTION => writeln!(text, "![The time against native threads](benchmarks/contention.svg)\n")?,
            _ => {}
        }
        writeln!(text, "| What | Median | 10 % to 90 % | Target |\n|---|---|---|---|")?;
        for row in &group.rows {
            writeln!(text, "{}", line(row))?;
        }
    }
    text.push_str(VERSIONS);
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

/// Whether the version of Wasmtime is slower than the last one with wasi-threads. The figures were measured once.
const VERSIONS: &str = "
## Wasmtime 46 and 48

Wasmtime 46 was the last version with wasi-threads. It is not among the contenders, because a second engine would \
double the time that the benchmark takes to build. A program outside this project ran the kernels, the merge sort, and \
the accesses of tables and globals on versions 46.0.3 and 48.0.8 in one process, in 25 rounds, and measured the \
processor time of the thread. The defaults of version 48 need 0.987 to 1.012 times as long as those of version 46, and \
so do the settings of weft on version 48 (0.990 to 1.011). Version 46 against itself gives 0.994 to 1.004. So version \
48 is not slower.

The defaults differ in one setting that matters to compiled code: since version 47, garbage collection and exceptions \
are on. On version 46, this makes calls of tiny functions through a table 1.09 to 1.17 times as long. On version 48, \
it does not. Three settings that both versions have were tried on version 48, in 9 rounds:

- Inlining of functions, which is off by default: `rand` takes 0.64 times as long, `mutex` 0.86, `blackscholes` 0.90, \
`exp-log` 0.93, `snprintf` and `fib` 0.95, and the others the same. weft leaves it off too, because backtraces then lack \
the functions that are inlined; `weft run --inlining` and `Config::compiler_inlining` switch it on.
- No address space reserved for memories: `snprintf` takes 1.56 times as long, `matrix` 1.37, the merge sort 1.27, and \
`mutex` 1.13. weft reserves what Wasmtime reserves by default.
- Tables that are filled at once: no difference but for `matrix`, which takes 0.61 times as long. It calls nothing \
through a table, so this is an effect of where its code lies; nobody has examined it.
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
