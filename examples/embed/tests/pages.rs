//! Compares the C and Rust code of the pages with the examples, so that the pages show code that the tests run.
//!
//! A page names an example by a link, and its next code blocks are from that example: each line of them is a line of the
//! example, in the same order. Indentation does not count, and a block can leave lines out.

use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The path of the example that a line links to, if it does.
fn linked_example(line: &str) -> Option<&str> {
    let (_, target) = line.split_once("](")?;
    let (target, _) = target.split_once(')')?;
    let example = target.trim_start_matches("../");
    (example.starts_with("examples/") && example.contains('.')).then_some(example)
}

/// Compares each block of C and Rust code in a page, and gives their number.
fn compare(page: &str) -> usize {
    let text = fs::read_to_string(repository().join(page)).expect("the page can be read");
    let (mut example, mut blocks) = (None, 0);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        example = linked_example(line).or(example);
        if !["```rust", "```c"].contains(&line) {
            continue;
        }
        blocks += 1;
        let path = example.unwrap_or_else(|| panic!("{page}: block {blocks} follows no link to an example"));
        let source =
            fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{page}: {path}: {error}"));
        let mut rest = source.lines().map(str::trim);
        let block = lines.by_ref().take_while(|line| *line != "```");
        for line in block.map(str::trim).filter(|line| !line.is_empty()) {
            assert!(
                rest.any(|of_example| of_example == line),
                "{page}: block {blocks} has the line `{line}`, which {path} does not have there"
            );
        }
    }
    blocks
}

#[test]
fn the_pages_show_the_examples() {
    assert_eq!(compare("README.md"), 3);
    assert_eq!(compare("docs/server.md"), 4);
    assert_eq!(compare("docs/embedding.md"), 16);
}
