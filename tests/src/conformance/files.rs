//! Reading the files that the page is made of.

use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// The text of a file.
pub(super) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}
