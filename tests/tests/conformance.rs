//! The conformance page says what the tests show: see [`weft_tests::conformance`].

use weft_tests::conformance::{make_page, page_path};

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
