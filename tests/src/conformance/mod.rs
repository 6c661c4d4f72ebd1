//! The conformance page: which rules of the specification hold, and which tests show it.
//!
//! **Problem.** A list that is maintained by hand soon differs from what the code does. **Here**, the list is generated
//! from the tests. Before: the rules as data (`tests/conformance/rules.toml`), scripts (`tests/conformance/*.wast`),
//! and other tests, in all of which *marks* name the rules that they show. After: `docs/conformance.md`, a table of
//! rules, each with its status and links to its evidence, by
//!
//! ```text
//! cargo run --release -p weft-tests --bin conformance
//! ```
//!
//! The same command writes the ids as the enum that error messages take them from.
//!
//! # Marks
//!
//! - In a script, `;;; CTX-09 CTX-10` names the rules that the next directive shows. `;;; STP-04 @suspended-target`
//!   also gives that directive a name, which the list of expected failures uses.
//! - In Rust, `// rule: SPAWN-REF-01 SPAWN-REF-02` is directly above a `#[test]`, its documentation or its
//!   attributes; and in `tools/cli/tests/programs`, whose tests are rows of a table, above a row or the function that makes it.
//! - In a golden case (`*.wat` in a folder `tests`), `;;; SETV-01` names a rule that the whole case shows. A case that is
//!   refused has a name that begins with `error-`.
//!
//! # Status
//!
//! A rule **holds** if marks name it. It is **refused** if the data say so, and a directive that asserts it, or a golden
//! case that is refused, is marked: the page cannot tell what a test in Rust asserts. It is **not applicable** if the data
//! say why, and then no mark may name it. It **differs** if a directive that is marked with it fails, and
//! `tests/conformance/expected-failures.toml` lists the directive with the reason. Everything else is **open**.
//!
//! Making the page runs the scripts. If a directive fails unexpectedly, marked or not, no page is made. `cargo test`
//! runs the tests in Rust and the golden cases like all others.
//!
//! **Rejected:** recording the results of tests in Rust too (a failing test stops a merge by itself; a mark on
//! something that is no test is detected).

mod evidence;
mod expected;
mod files;
mod ids;
mod marks;
mod page;
mod rules;
mod scripts;

pub use rules::{Kind, Rule, Rules, Section};

use anyhow::{Context, Result};
use files::read;
use std::path::{Path, PathBuf};

/// The repository's folder.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}

/// Where the page is.
pub fn page_path() -> PathBuf {
    root().join("docs/conformance.md")
}

/// Where the ids of the rules are, as Rust.
pub fn ids_path() -> PathBuf {
    root().join("host/lower/src/rules/ids.rs")
}

/// The ids of the rules, as Rust.
///
/// # Errors
///
/// The data are wrong.
pub fn make_ids() -> Result<String> {
    Ok(ids::render(&rules()?))
}

/// Runs all scripts, collects all marks, and makes the page.
///
/// # Errors
///
/// The data or a mark is wrong, a directive fails that should not, or one succeeds that was expected to fail. The
/// message has a line for each.
pub fn make_page() -> Result<String> {
    let root = root();
    let data = root.join("tests/conformance");
    let rules = rules()?;
    let failures = data.join("expected-failures.toml");
    let expected = expected::parse(&read(&failures)?).context("`tests/conformance/expected-failures.toml`")?;
    let scripts = scripts::run_all(&data)?;
    let marks = marks::collect(&root)?;
    let evidence = evidence::gather(&rules, &scripts, marks, &expected)?;
    Ok(page::render(&rules, &evidence))
}

fn rules() -> Result<Rules> {
    let text = read(&root().join("tests/conformance/rules.toml"))?;
    Rules::parse(&text).context("`tests/conformance/rules.toml`")
}
