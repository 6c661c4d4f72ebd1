//! Makes `docs/benchmarks.md` of the last run, or of the file that is named: `document [FILE]`.

use anyhow::Result;
use std::path::PathBuf;
use weft_bench::{Results, document};

fn main() -> Result<()> {
    let file = std::env::args_os().nth(1).map_or_else(Results::last, PathBuf::from);
    document::write(&Results::read(&file)?)
}
