//! Writes `docs/conformance.md` and `host/lower/src/rules/ids.rs`: see [`weft_tests::conformance`].

use anyhow::{Context, Result};
use std::path::Path;
use weft_tests::conformance::{ids_path, make_ids, make_page, page_path};

fn main() -> Result<()> {
    // First, because scripts that show a new rule fail until an error names it.
    write(&ids_path(), &make_ids()?)?;
    write(&page_path(), &make_page()?)
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
