//! Two programs in one component, each adapted by itself. Both import WASI preview 1, and each has its own memory.

use crate::{WORKERS, scratch, trial};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::fs;
use weft_tests::{Stdin, Weft, fixture};

/// Runs the first program and then the second one. `$FIRST` and `$SECOND` are their components.
const OUTER: &str = r#"(component
    (import "wasi-snapshot-preview1" (core module $wasi
        (import "env" "memory" (memory 0 65536 shared))
        (type $exit (shared (func (param i32))))
        (type $two (shared (func (param i32 i32) (result i32))))
        (type $four (shared (func (param i32 i32 i32 i32) (result i32))))
        (export "args_sizes_get" (func (type $two)))
        (export "args_get" (func (type $two)))
        (export "proc_exit" (func (type $exit)))
        (export "fd_read" (func (type $four)))
        (export "fd_write" (func (type $four)))
        (export "poll_oneoff" (func (type $four)))))
    $FIRST
    $SECOND
    (instance $first (instantiate $First (with "wasi-snapshot-preview1" (core module $wasi))))
    (instance $second (instantiate $Second (with "wasi-snapshot-preview1" (core module $wasi))))
    (component $Both
        (import "first" (instance $first (export "run" (func (result (result))))))
        (import "second" (instance $second (export "run" (func (result (result))))))
        (core func $first (canon lower (func $first "run")))
        (core func $second (canon lower (func $second "run")))
        (core module $main
            (import "" "first" (func $first (result i32)))
            (import "" "second" (func $second (result i32)))
            (func (export "run") (result i32)
                (if (call $first) (then (return (i32.const 1))))
                (call $second)))
        (core instance $main (instantiate $main
            (with "" (instance (export "first" (func $first)) (export "second" (func $second))))))
        (func $run (result (result)) (canon lift (core func $main "run")))
        (instance $run (export "run" (func $run)))
        (export "wasi:cli/run@0.2.6" (instance $run)))
    (instance $both (instantiate $Both
        (with "first" (instance $first "wasi:cli/run@0.2.6")) (with "second" (instance $second "wasi:cli/run@0.2.6"))))
    (export "wasi:cli/run@0.2.6" (instance $both "wasi:cli/run@0.2.6")))"#;

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(
            weft,
            "two programs in one component write from their memories",
            each_memory,
        ),
        trial(weft, "one of two programs in a component ends both", ends),
    ]
}

/// Composes two programs of `tests/programs`, and returns the path.
fn compose(weft: &Weft, name: &str, first: &str, second: &str) -> Result<String> {
    let mut text = OUTER.to_owned();
    for (program, name) in [(first, "First"), (second, "Second")] {
        let adapted = weft.run(["adapt", "-t", &fixture(program)], &Stdin::Bytes(Vec::new()))?;
        ensure!(adapted.status == Some(0), "{program}: {}", adapted.stderr);
        let adapted = String::from_utf8(adapted.stdout)?;
        let inner = adapted.strip_prefix("(component").context("a component")?;
        text = text.replace(
            &format!("${}", name.to_uppercase()),
            &format!("(component ${name}{inner}"),
        );
    }
    let path = scratch(name)?.join("composed.wat");
    fs::write(&path, text)?;
    Ok(path.display().to_string())
}

fn each_memory(weft: &Weft) -> Result<()> {
    let path = compose(weft, "two programs", "hello_c.wasm", "spawn_join_c.wasm")?;
    for workers in WORKERS {
        for _ in 0..5 {
            let workers = workers.to_string();
            let outcome = weft.run(["run", "--workers", &workers, &path, "20"], &Stdin::Bytes(Vec::new()))?;
            let output = String::from_utf8(outcome.stdout)?;
            ensure!(outcome.status == Some(0), "{output}{}", outcome.stderr);
            let mut lines: Vec<_> = output.lines().collect();
            let (greetings, rest) = lines.split_at_mut(10.min(output.lines().count()));
            greetings.sort_unstable();
            let expected = (0..10).map(|number| format!("hello from thread {number}"));
            ensure!(greetings.iter().copied().eq(expected), "{output}");
            ensure!(rest == ["all joined", "spawned and joined 20 threads"], "{output}");
        }
    }
    Ok(())
}

fn ends(weft: &Weft) -> Result<()> {
    let path = compose(weft, "a program that ends both", "hello_c.wasm", "ending.wasm")?;
    for (how, status, message) in [("exit", 7, ""), ("trap", 134, "0: unreachable")] {
        let outcome = weft.run(["run", &path, how, "wait"], &Stdin::Bytes(Vec::new()))?;
        let output = String::from_utf8(outcome.stdout)?;
        ensure!(
            outcome.status == Some(status),
            "{how}: {:?} {}",
            outcome.status,
            outcome.stderr
        );
        ensure!(output.contains("all joined\nbegun\n"), "{how}: {output}");
        let names_ours = outcome.stderr.contains("weft:");
        ensure!(
            outcome.stderr.contains(message) && !names_ours,
            "{how}: {}",
            outcome.stderr
        );
    }
    Ok(())
}
