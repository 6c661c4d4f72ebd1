//! Renders the ids of the rules as the enum `weft_lower::Rule`: see `host/lower/src/rules.rs`.

use super::rules::Rules;
use std::fmt::Write;

const HEAD: &str = "\
// Made by `cargo run --release -p weft-tests --bin conformance` from tests/conformance/rules.toml. Do not edit.

rules! {
";

/// The ids as Rust.
pub(super) fn render(rules: &Rules) -> String {
    let mut file = HEAD.to_owned();
    for rule in rules.iter() {
        // Writing to a string does not fail.
        let _ = writeln!(
            file,
            "    /// {}\n    {} = \"{}\",",
            rule.rule,
            variant(&rule.id),
            rule.id
        );
    }
    file.push_str("}\n");
    file
}

/// `SpawnInd07` for `SPAWN-IND-07`.
fn variant(id: &str) -> String {
    let words = id.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_the_id_in_camel_case() {
        assert_eq!(variant("SPAWN-IND-07"), "SpawnInd07");
        assert_eq!(variant("RL-01"), "Rl01");
    }
}
