//! The conformance page agrees with the tests: see [`weft_tests::conformance`].

use weft_tests::conformance::{ids_path, make_ids, make_page, page_path, root};

#[test]
fn the_ids_in_the_code_are_those_of_the_rules() {
    let ids = make_ids().unwrap_or_else(|error| panic!("{error:#}"));
    let written = std::fs::read_to_string(ids_path()).expect("the ids can be read");
    assert!(
        ids == written,
        "host/lower/src/rules/ids.rs is stale: `cargo run --release -p weft-tests --bin conformance` makes it anew"
    );
}

#[test]
fn the_page_is_what_the_tests_show() {
    let page = make_page().unwrap_or_else(|error| panic!("{error:#}"));
    let written = std::fs::read_to_string(page_path()).expect("the page can be read");
    let stale = page.lines().zip(written.lines()).find(|(now, then)| now != then);
    assert!(
        page == written,
        "docs/conformance.md is stale: `cargo run --release -p weft-tests --bin conformance` makes it anew; now {stale:?}"
    );
}

/// Who uses cooperative threads finds there what Wasmtime does otherwise than the specification.
#[test]
fn each_difference_of_cooperative_threads_is_explained() {
    let page = std::fs::read_to_string(page_path()).expect("the page can be read");
    let explained = std::fs::read_to_string(root().join("docs/cooperative.md")).expect("the document can be read");
    let differing: Vec<&str> = page
        .lines()
        .filter(|row| row.contains("**differs**") && row.contains("fails: [cooperative-"))
        .filter_map(|row| row.split('"').nth(1))
        .collect();
    assert!(
        differing.contains(&"SYN-01"),
        "rows are not what they were: {differing:?}"
    );
    let words: Vec<&str> = explained.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let missing: Vec<&&str> = differing.iter().filter(|id| !words.contains(id)).collect();
    assert!(missing.is_empty(), "docs/cooperative.md does not explain {missing:?}");
}
