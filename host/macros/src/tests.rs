//! What the macros refuse, with the reason that the compiler shows.

use crate::bindgen::{self, Options};
use crate::derive::{self, Trait};
use crate::flags::Flags;
use proc_macro2::TokenStream;
use syn::parse_str;

/// The message with which code ends the compilation.
fn message(code: &TokenStream) -> String {
    let code = code.to_string();
    match code.split_once("compile_error") {
        Some((_, rest)) => rest.split('"').nth(1).unwrap_or_default().to_owned(),
        None => panic!("it is not refused: {code}"),
    }
}

fn derived(item: &str) -> TokenStream {
    derive::expand(&parse_str(item).expect("an item"), Trait::ComponentType)
}

#[test]
fn a_derive_says_what_it_needs() {
    let refused = |item| message(&derived(item));
    assert!(refused("struct Size { width: u32 }").starts_with("the kind of the type is missing"));
    assert!(refused("#[component(record)] struct Size(u32);").contains("named fields"));
    assert!(refused("#[component(record)] struct Size {}").contains("the record has no fields"));
    assert!(refused("#[component(record)] enum Kind { Photo }").contains("a record is a struct"));
    assert!(refused("#[component(enum)] struct Size { width: u32 }").contains("use `#[component(record)]`"));
    assert!(refused("#[component(enum)] enum Kind { Photo(u8) }").contains("use `#[component(variant)]`"));
    assert!(refused("#[component(variant)] enum Kind { Photo(u8, u8) }").contains("one payload at most"));
    assert!(refused("#[component(variant)] enum Kind {}").contains("the type has no cases"));
    assert!(refused("#[component(table)] struct Size { width: u32 }").contains("expected `record`"));
    let named = "#[component(record)] struct Size { #[component(called = \"w\")] width: u32 }";
    assert!(refused(named).contains("expected `name"));
}

#[test]
fn names_are_those_of_wit() {
    let item = "#[component(record)] struct Size { line_width: u32, #[component(name = \"a\")] r#type: u8 }";
    let code = derived(item).to_string();
    assert!(code.contains("\"line-width\"") && code.contains("\"a\""), "{code}");
}

#[test]
fn flags_are_1_to_32() {
    let flags = |count: u32| {
        let flags: String = (0..count).map(|flag| format!("const F{flag};")).collect();
        parse_str::<Flags>(&format!("Many {{ {flags} }}"))
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert_eq!(
        flags(0),
        Err("the type has no flags: the component model requires at least one".to_owned())
    );
    assert_eq!(flags(1), Ok(()));
    assert_eq!(flags(32), Ok(()));
    assert_eq!(
        flags(33),
        Err("the type has more than 32 flags: the component model allows 32 at most".to_owned())
    );
}

fn generated(world: &str, options: &str) -> TokenStream {
    let input = format!("{{ inline: {world:?}, {options} }}");
    bindgen::expand(&parse_str::<Options>(&input).expect("options"))
}

#[test]
fn bindings_say_what_cannot_be_passed() {
    let refused = |item: &str| message(&generated(&format!("package a:b; world w {{ {item} }}"), ""));
    assert!(refused("import f: async func();").contains("`f` is an `async func`"));
    assert!(refused("import f: func(a: stream<u8>);").contains("the host cannot pass type `stream`"));
    assert!(refused("import f: func() -> future<u8>;").contains("the host cannot pass type `future`"));
    let unread = refused("import f func;");
    assert!(unread.contains("expected") && unread.contains("inline:1:"), "{unread}");
}

#[test]
fn names_in_options_that_mean_nothing_are_mistakes() {
    let world = "package a:b; interface i { resource r; f: func(); } world w { import i; }";
    let refused = |options| message(&generated(world, options));
    assert!(refused("with: { \"a:b/i/s\": S }").contains("`with` names `a:b/i/s`"));
    assert!(refused("imports: { \"a:b/i#g\": async }").contains("`imports` names `a:b/i#g`"));
    assert!(refused("trappable_error_type: { \"a:b/i/e\" => E }").contains("`trappable_error_type` names `a:b/i/e`"));
    for options in [
        "with: { \"a:b/i/r\": S }",
        "imports: { \"a:b/i.f\": blocking | trappable }",
    ] {
        let code = generated(world, options).to_string();
        assert!(!code.contains("compile_error"), "{options}: {code}");
    }
    let parsed = |options: &str| {
        parse_str::<Options>(options)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert!(parsed("{ imports: { default: async | blocking } }").is_err());
    assert!(
        parsed("{ color: \"red\" }")
            .expect_err("unknown")
            .starts_with("expected `world`")
    );
}
