//! Makes `docs/conformance.md` anew: see [`weft_tests::conformance`].

use anyhow::{Context, Result};
use weft_tests::conformance::{make_page, page_path};

fn main() -> Result<()> {
    let path = page_path();
    std::fs::write(&path, make_page()?).with_context(|| format!("cannot write `{}`", path.display()))
}
