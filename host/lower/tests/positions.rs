//! The debugging information of a component with several core modules.

use std::fmt::Write;
use weft_lower::positions::{Moves, Positions, SourceIndex, code_ranges, debug_info};
use weft_lower::{Component, LowerError};

/// The positions of a module with one function, whose code was at `source`.
fn positions(source: usize) -> String {
    let mut positions = Positions::default();
    positions.push_source(&Moves::none(2), source);
    positions.encode().iter().fold(String::new(), |mut text, byte| {
        write!(text, "\\{byte:02x}").expect("strings take all");
        text
    })
}

/// Two modules, the first with two instances.
#[test]
fn each_module_keeps_its_own() -> Result<(), LowerError> {
    let module = |name: &str, source: usize| {
        format!(
            r#"(core module ${name}
                (@custom "weft.positions" (before first) "{}")
                (@custom "weft.debug_line" "{name}")
                (func (export "f") unreachable))"#,
            positions(source)
        )
    };
    let text = format!(
        r#"(component {} {}
            (core instance $1 (instantiate $first))
            (core instance $2 (instantiate $second))
            (core instance $3 (instantiate $first))
            (func (export "a") (canon lift (core func $1 "f")))
            (func (export "b") (canon lift (core func $2 "f")))
            (func (export "c") (canon lift (core func $3 "f"))))"#,
        module("first", 100),
        module("second", 200)
    );
    let plan = Component::read(text.as_bytes())?.lower()?;
    let info = debug_info(&plan.wasm).expect("it was kept");
    let expected = [
        (SourceIndex(0), ".debug_line", &b"first"[..]),
        (SourceIndex(1), ".debug_line", b"second"),
    ];
    assert_eq!(info.sections, expected);
    let found = (0..code_ranges(&plan.wasm).count()).filter_map(|function| info.positions.source(function, 0));
    let expected = [(SourceIndex(0), 100), (SourceIndex(1), 200), (SourceIndex(0), 100)];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    Ok(())
}
