//! Compares the C and Rust code of the pages with the examples, so that the pages show code that the tests run. Follows
//! the links from page to page.
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
    assert_eq!(compare("docs/embedding.md"), 18);
}

/// The pages, without those of dependencies and those that a build writes.
fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            pages(&path, found);
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
}

/// The lines that are not code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence && !line.starts_with("    ")
    })
}

/// The anchor that GitHub gives a heading.
fn anchor(line: &str) -> Option<String> {
    let heading = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?;
    let kept = |character: &char| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_');
    let kept: String = heading.to_lowercase().chars().filter(kept).collect();
    Some(kept.replace(' ', "-"))
}

/// Whether there is such a file, and if it is a page, such a heading.
fn leads_somewhere(page: &Path, target: &str) -> bool {
    let (file, wanted) = target.split_once('#').unwrap_or((target, ""));
    let path = match file {
        "" => page.to_owned(),
        file => page.with_file_name(file),
    };
    // Files of other kinds have an anchor for each line.
    if wanted.is_empty() || path.extension().is_none_or(|extension| extension != "md") {
        return path.exists();
    }
    fs::read_to_string(&path).is_ok_and(|text| prose(&text).filter_map(anchor).any(|anchor| anchor == wanted))
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut all = Vec::new();
    pages(&repository(), &mut all);
    assert!(all.iter().any(|page| page.ends_with("docs/README.md")), "{all:?}");
    let mut broken = Vec::new();
    for page in &all {
        let text = fs::read_to_string(page).expect("the page can be read");
        let links = prose(&text).flat_map(|line| line.split("](").skip(1));
        let targets = links.filter_map(|link| Some(link.split_once(')')?.0));
        for target in targets.filter(|target| !target.contains("://")) {
            if !leads_somewhere(page, target) {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "these links lead nowhere:\n{}", broken.join("\n"));
}
