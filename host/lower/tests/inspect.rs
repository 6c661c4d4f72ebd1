//! The reports of `inspect` on components and modules: `tests/inspect` holds the text for each of [`FILES`].
//!
//! With `BLESS=1` in the environment, the tests write the texts instead of comparing them.

mod passes;

use passes::inspect;
use std::fs;
use std::path::{Path, PathBuf};
use weft_lower::inspect::{BuiltinReport, ContextSlot, Format};

/// From the repository's folder. Each shows something that the others do not.
const FILES: &[&str] = &[
    // Context slots, and built-ins at shared types.
    "host/lower/tests/cases/builtins.wat",
    "host/lower/tests/cases/context-several-modules.wat",
    // A thread, and tables and memories that are shared.
    "host/lower/tests/cases/stock-spawn-renumbers.wat",
    "host/lower/tests/cases/imported-modules.wat",
    // A component that is refused is inspected like others.
    "host/lower/tests/cases/error-builtin-thread-suspend-then-resume.wat",
    // Core modules: of the wasi-threads ABI, with built-ins by name, and without threads.
    "tests/programs/hello_c.wasm",
    "tests/programs/hello_builtins.wasm",
    "tests/programs/cat.wasm",
    "tests/programs/unstable.wat",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn reports_are_as_recorded() {
    for file in FILES {
        let path = root().join(file);
        let input = fs::read(&path).unwrap_or_else(|error| panic!("`{file}`: {error}"));
        let report = inspect(&input).unwrap_or_else(|error| panic!("`{file}`: {error}"));
        let stem = path.file_stem().expect("a file has a name").to_string_lossy();
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/inspect/{stem}.txt"));
        let text = report.to_string();
        if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
            fs::write(golden, text).expect("the text can be written");
            continue;
        }
        let recorded = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(
            text,
            recorded,
            "`{}` differs (BLESS=1 writes it anew)",
            golden.display()
        );
    }
}

#[test]
fn every_case_of_the_passes_can_be_inspected() {
    let mut inspected = 0;
    for entry in fs::read_dir(root().join("host/lower/tests/cases")).expect("the cases can be listed") {
        let path = entry.expect("the cases can be listed").path();
        if path.extension().is_none_or(|extension| extension != "wat") {
            continue;
        }
        let input = fs::read(&path).expect("a case can be read");
        // A text that is not well formed is refused by every command alike.
        if weft_lower::to_binary(&input).is_err() {
            continue;
        }
        let report = inspect(&input);
        assert!(report.is_ok(), "`{}`: {report:?}", path.display());
        inspected += 1;
    }
    assert!(inspected > 100, "{inspected} cases were inspected");
}

#[test]
fn what_is_no_webassembly_has_no_report() {
    for input in [&b"#!/bin/sh"[..], b"\0asm\x01\0\0", b"(component"] {
        assert!(inspect(input).is_err(), "{input:?}");
    }
    let truncated = weft_lower::to_binary(b"(component (core module (memory 1)))").expect("the text is well formed");
    assert!(inspect(&truncated[..truncated.len() - 1]).is_err());
}

#[test]
fn a_start_type_may_come_from_outside_the_component() {
    let report = inspect(
        br#"(component $outer
            (core type $start (shared (func (param i32))))
            (component
                (core type $other (func (param i64)))
                (alias outer $outer $start (core type $aliased))
                (core module $m (table (export "t") shared 1 (ref null (shared func))))
                (core instance $i (instantiate $m))
                (alias core export $i "t" (core table $t))
                (core func (canon thread.spawn-indirect $aliased $t))
                (core func (canon thread.spawn-indirect $aliased $t))
                (core func (canon thread.new-indirect $other $t))))"#,
    )
    .expect("the text is well formed");
    let builtin = |name: &str, shared, argument: &str, count| BuiltinReport {
        name: name.to_owned(),
        shared: Some(shared),
        argument: Some(argument.to_owned()),
        count,
    };
    assert_eq!(
        report.builtins,
        [
            builtin("thread.new-indirect", false, "i64", 1),
            builtin("thread.spawn-indirect", true, "i32", 2),
        ]
    );
}

#[test]
fn a_component_in_the_specifications_encoding_is_read_like_another() {
    let component = br#"(component
        (core type $start (shared (func (param i32))))
        (core func (canon thread.spawn-ref shared $start))
        (core func (canon thread.available-parallelism))
        (core func (canon thread.available-parallelism shared)))"#;
    let binary = weft_lower::to_binary(component).expect("the text is well formed");
    let report = inspect(&binary).expect("the binary is well formed");
    let builtins: Vec<_> = report.builtins.iter().map(|b| (b.name.as_str(), b.shared)).collect();
    assert_eq!(
        builtins,
        [
            ("thread.available-parallelism", Some(false)),
            ("thread.available-parallelism", Some(true)),
            ("thread.spawn-ref", Some(true)),
        ]
    );
}

#[test]
fn a_module_that_is_imported_shifts_the_names_of_those_that_are_defined() {
    let report = inspect(
        br#"(component
            (import "host" (core module $imported))
            (core module $first)
            (core module $second))"#,
    )
    .expect("the text is well formed");
    let names: Vec<_> = report.modules.iter().map(|module| module.name.as_deref()).collect();
    assert_eq!(names, [Some("first"), Some("second")]);
    assert_eq!(report.imports.len(), 1);
    assert_eq!(report.imports[0].kind, "core module");
}

#[test]
fn context_slots_tell_how_they_are_used() {
    let report = inspect(
        b"(component
            (core func (canon context.get i64 1))
            (core func (canon context.set i64 1))
            (core func (canon context.get i64 0)))",
    )
    .expect("the text is well formed");
    let slot = |slot, set| ContextSlot {
        slot,
        ty: "i64".to_owned(),
        get: true,
        set,
    };
    assert_eq!(report.context, [slot(0, false), slot(1, true)]);
}

#[test]
fn names_cannot_write_to_a_terminal() {
    let report = inspect(b"(module (import \"\\1b[2J\" \"\\n\" (func)))").expect("the text is well formed");
    assert_eq!(report.format, Format::Module);
    assert!(report.to_string().contains(r"function `\u{1b}[2J` `\n`: (func)"));
}
