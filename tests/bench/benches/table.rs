//! Runs the measurements and prints them as a table: `cargo bench -p weft-bench`. With a word behind `--` it runs only the
//! groups that have the word in their title: `cargo bench -p weft-bench -- sort`.

use anyhow::Result;
use std::time::Instant;
use weft_bench::{GROUPS, Row, machine};

/// A machine whose load is above this is not quiet.
const QUIET: f64 = 0.5;

fn main() -> Result<()> {
    // Cargo passes `--bench`.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let selected = |title: &str| words.is_empty() || words.iter().any(|word| title.contains(word.as_str()));
    let load = machine::load()?;
    println!("{} processors, load {load:.2}", machine::processors());
    if load > QUIET {
        println!("The machine is not quiet: these figures cannot be relied on.");
    }
    let start = Instant::now();
    for group in GROUPS.iter().filter(|group| selected(group.title)) {
        println!("\n{}", Row::head(group.title));
        for row in (group.measure)()? {
            println!("{row}");
        }
    }
    println!("\nmeasured in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}
