//! Runs a hundred thousand programs in one process, and tells what the process has after each tenth:
//! `cargo bench -p weft-bench --bench soak -- soak`, with another number of programs behind that. It fails if the process is not flat.
//!
//! Without the word it does nothing, so that `cargo bench -p weft-bench` measures and nothing else.

use anyhow::{Result, bail};
use std::time::Instant;
use weft_bench::soak::{Soak, Usage, silence_panics};

const PROGRAMS: usize = 100_000;

const PARTS: usize = 10;

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1).skip_while(|word| word != "soak").skip(1);
    if !std::env::args().any(|word| word == "soak") {
        return Ok(());
    }
    let programs = words
        .find(|word| !word.starts_with("--"))
        .map_or(Ok(PROGRAMS), |word| word.parse())?;
    silence_panics();
    let start = Instant::now();
    let mut soak = Soak::new()?;
    let mut first = None;
    for part in 1..=PARTS {
        soak.run(programs / PARTS)?;
        let usage = match &first {
            Some(first) => soak.returns_to(first)?,
            None => Usage::now()?,
        };
        println!(
            "{:>8} programs {:>7.1} s {usage}",
            part * (programs / PARTS),
            start.elapsed().as_secs_f64()
        );
        let first = first.get_or_insert(usage);
        if !first.is_flat(&usage) {
            bail!("the process is not flat");
        }
    }
    for (way, programs) in soak.seen() {
        println!("{programs:>8} {way:?}");
    }
    Ok(())
}
