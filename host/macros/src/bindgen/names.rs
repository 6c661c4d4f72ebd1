//! Converts WIT names to Rust names.

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};

/// The words that Rust keeps for itself.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The name of a function, parameter, field or module.
pub(super) fn snake(name: &str) -> String {
    let name = name.to_snake_case();
    match KEYWORDS.contains(&name.as_str()) {
        true => format!("{name}_"),
        false => name,
    }
}

/// The name of a type or a case.
pub(super) fn camel(name: &str) -> String {
    let name = name.to_upper_camel_case();
    match name.as_str() {
        "Self" => "Self_".to_owned(),
        _ => name,
    }
}

/// A name as a token.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

pub(super) fn snake_ident(name: &str) -> Ident {
    ident(&snake(name))
}

pub(super) fn camel_ident(name: &str) -> Ident {
    ident(&camel(name))
}
