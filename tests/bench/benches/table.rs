//! Runs the measurements and prints them as a table: `cargo bench -p weft-bench`. With a word behind `--` it runs only the
//! groups that have the word in their title: `cargo bench -p weft-bench -- sort`. The figures are also kept in a file, see
//! [`Results`].

use anyhow::Result;
use std::time::Instant;
use weft_bench::{GROUPS, GroupResults, Results, Row, Subject, machine};

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
    let mut groups = Vec::new();
    for group in GROUPS.iter().filter(|group| selected(group.title)) {
        println!("\n{}", Row::head(group.title));
        let rows = (group.measure)()?;
        rows.iter().for_each(|row| println!("{row}"));
        groups.push(GroupResults {
            title: group.title.to_owned(),
            rows,
        });
    }
    let subject = Subject::here()?;
    let file = Results { subject, load, groups }.keep()?;
    println!("\nmeasured in {:.0} s", start.elapsed().as_secs_f64());
    println!("the figures are in {}", file.display());
    Ok(())
}
