//! The command itself: its messages and exit statuses before any program runs. The end-to-end tests run programs.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn weft(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    match command.args(arguments).output() {
        Ok(output) => output,
        Err(error) => panic!("the command does not start: {error}"),
    }
}

/// The same with something to read on standard input.
fn with_input(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
    let command = command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut run = || {
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        child.wait_with_output()
    };
    run().unwrap_or_else(|error: std::io::Error| panic!("the command does not run: {error}"))
}

#[test]
fn it_tells_its_version() {
    let output = weft(&["--version"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        concat!("weft ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn wrong_usage_is_status_2() {
    for arguments in [
        &[][..],
        &["walk"],
        &["run"],
        &["run", "--workers", "0", "x"],
        &["run", "--max-memory", "1X", "x"],
    ] {
        assert_eq!(weft(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_not_there_is_status_1_and_named() {
    for command in ["run", "compile", "adapt", "inspect", "validate"] {
        let output = weft(&[command, "no-such-file.wasm"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("`no-such-file.wasm`"),
            "{output:?}"
        );
    }
}

/// A component that is valid here, and not by the letter of the specification: a shared function is lifted.
const EXTENDED: &str = r#"(component
  (core module $M (type $f (shared (func))) (func (export "f") (type $f)))
  (core instance $m (instantiate $M))
  (func (export "f") (canon lift (core func $m "f"))))"#;

#[test]
fn validate_says_nothing_of_what_is_valid_and_names_the_rule_otherwise() {
    let valid = with_input(&["validate", "-"], EXTENDED);
    assert!(
        valid.status.success() && valid.stdout.is_empty() && valid.stderr.is_empty(),
        "{valid:?}"
    );
    let strict = with_input(&["validate", "--strict", "-"], EXTENDED);
    assert_eq!(strict.status.code(), Some(1));
    let message = String::from_utf8_lossy(&strict.stderr);
    assert!(
        message.starts_with("error: standard input is not valid") && message.contains("SETV-23"),
        "{message}"
    );
    assert!(strict.stdout.is_empty(), "{strict:?}");
}

/// Nothing can be written to this device.
#[cfg(target_os = "linux")]
#[test]
fn errors_of_standard_output_name_it() {
    let component = r#"(component
        (core module $m (func (export "f") (result i32) (i32.const 7)))
        (core instance $m (instantiate $m))
        (func (export "f") (result u32) (canon lift (core func $m "f"))))"#;
    for arguments in [
        &["inspect", "-"][..],
        &["inspect", "--json", "-"],
        &["inspect", "--wit", "-"],
        &["lower", "-"],
        &["lower", "-t", "-"],
        &["lower", "--emit", "spec", "-"],
        &["compile", "-o", "-", "-"],
        &["run", "--no-cache", "--invoke", "f()", "-"],
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full");
        let mut command = Command::new(env!("CARGO_BIN_EXE_weft"));
        command.args(arguments).stdin(Stdio::piped()).stderr(Stdio::piped());
        let child = command.stdout(full.expect("a device of Linux")).spawn();
        let mut child = child.expect("the command starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(component.as_bytes()).expect("it reads its input");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
        assert!(
            stderr.contains("cannot write to standard output: No space left"),
            "{arguments:?}: {stderr}"
        );
    }
}

#[test]
fn lower_writes_nothing_of_what_is_invalid() {
    let component = "(component (core func (canon context.get i32 2)))";
    for form in ["unshared", "spec", "wasm-tools"] {
        let output = with_input(&["lower", "--emit", form, "-"], component);
        assert_eq!(output.status.code(), Some(1), "{form}");
        assert!(output.stdout.is_empty(), "{form}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("CTX-03"), "{form}");
    }
}

/// A thread that runs in parallel, so that the stages differ.
const PARALLEL: &str = r#"(component
  (core type $start (shared (func (param i32))))
  (core module $T (table (export "t") shared 1 1 (ref null (shared func))))
  (core instance $t (instantiate $T))
  (alias core export $t "t" (core table $t))
  (core func $spawn (canon thread.spawn-indirect $start (core table $t)))
  (core module $M
    (type $spawn (shared (func (param i32 i32) (result i32))))
    (import "" "spawn" (func $spawn (type $spawn)))
    (func (export "f") (result i32) (call $spawn (i32.const 0) (i32.const 7))))
  (core instance $m (instantiate $M (with "" (instance (export "spawn" (func $spawn))))))
  (func (export "f") (result u32) (canon lift (core func $m "f"))))"#;

#[test]
fn lower_prints_each_stage_as_text() {
    let stage = |stage| {
        let output = with_input(&["lower", "--stage", stage, "-"], PARALLEL);
        assert!(output.status.success(), "{stage}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    let unshared = with_input(&["lower", "-t", "-"], PARALLEL);
    assert_eq!(stage("unshared"), String::from_utf8_lossy(&unshared.stdout));
    let plan = stage("plan");
    assert!(
        plan.contains("arguments\n  thread.spawn-indirect, ") && plan.contains("export [\"f\"]: () -> u32"),
        "{plan}"
    );
    let module = stage("module");
    assert!(
        module.starts_with("(module") && module.contains("i32.const 7"),
        "{module}"
    );
}

#[test]
fn lower_has_no_stage_of_what_it_refuses() {
    for stage in ["unshared", "plan", "module"] {
        for (input, reason) in [
            ("(component (core func (canon context.get i32 2)))", "CTX-03"),
            ("(module)", "expected a component, found a core module"),
        ] {
            let output = with_input(&["lower", "--stage", stage, "-"], input);
            assert_eq!(output.status.code(), Some(1), "{stage}");
            assert!(output.stdout.is_empty(), "{stage}");
            assert!(String::from_utf8_lossy(&output.stderr).contains(reason), "{output:?}");
        }
        for other in [&["--emit", "spec"][..], &["-t"]] {
            let arguments = [&["lower", "--stage", stage, "-"], other].concat();
            assert_eq!(weft(&arguments).status.code(), Some(2), "{arguments:?}");
        }
    }
}

/// Wasmtime's compiler panics at the first, its translator at the second, and the text format's encoder at the third.
#[test]
fn what_an_engine_panics_at_is_refused_without_a_word_of_panics() {
    let resource = r#"(component
        (type $r (resource (rep i64)))
        (core func $new (canon resource.new $r))
        (core module $m (import "" "new" (func $new (param i64) (result i32))))
        (core instance (instantiate $m (with "" (instance (export "new" (func $new)))))))"#;
    let function = r#"(component (import "m" (core module (type $s (struct)) (export "f" (func (param (ref $s)))))))"#;
    let global = r#"(component (import "m" (core module (type $s (struct)) (export "g" (global (ref null $s))))))"#;
    for (input, expected) in [
        (resource, "`resource.new`"),
        (function, "export `f`"),
        (global, "type `$s`"),
    ] {
        for command in ["run", "inspect"] {
            let output = with_input(&[command, "-"], input);
            let said = [output.stdout, output.stderr]
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .concat();
            assert!(said.contains(expected), "{command}: {said}");
            assert!(!said.contains("panicked"), "{command}: {said}");
            assert!(
                matches!(output.status.code(), Some(0 | 1)),
                "{command}: {:?}",
                output.status
            );
        }
    }
}

#[test]
fn a_device_without_an_end_is_refused() {
    for command in ["run", "wast"] {
        let output = weft(&[command, "/dev/zero"]);
        assert_eq!(output.status.code(), Some(1), "{command}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        let expected = [
            "cannot read `/dev/zero`",
            "contains more than 256 MiB: save it to a file first",
        ];
        assert!(expected.iter().all(|part| stderr.contains(part)), "{command}: {stderr}");
    }
}

#[test]
fn a_device_is_not_a_package() {
    let output = with_input(&["adapt", "-", "--wit", "/dev/zero"], "(module)");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("`/dev/zero`: it is neither a regular file nor a folder"),
        "{stderr}"
    );
}

/// A module that grows its memory by ten pages, and then traps, or ends with the status of that call.
fn growing(memory: &str, then: &str) -> String {
    format!(
        r#"(module
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (memory (export "memory") {memory})
            (func (export "_start") (call $exit (memory.grow (i32.const 10))) {then}))"#
    )
}

/// The same as a component without threads, which runs on the other runtime. `run` returns an error if the memory does not grow.
fn growing_component(memory: &str) -> String {
    format!(
        r#"(component
            (core module $m
                (memory (export "memory") {memory})
                (func (export "run") (result i32) (i32.eq (memory.grow (i32.const 10)) (i32.const -1))))
            (core instance $m (instantiate $m))
            (func $run (result (result)) (canon lift (core func $m "run")))
            (instance $run (export "run" (func $run)))
            (export "wasi:cli/run@0.2.0" (instance $run)))"#
    )
}

const LIMIT: &str = "note: the program did not get all the memory that it asked for, because its limit is 131072 bytes: raise \
                     `--max-memory`\n";
const MAXIMUM: &str = "note: the program did not get all the memory that it asked for, because its memory has reached the maximum that it \
                       declares: link it with a larger `--max-memory` (`-Wl,--max-memory=...` to Clang)\n";

#[test]
fn a_program_that_fails_after_it_got_no_memory_is_told_which_limit_it_was() {
    for (memory, expected) in [
        ("1", LIMIT),
        ("1 100", LIMIT),
        ("1 100 shared", LIMIT),
        ("1 2", MAXIMUM),
        ("1 2 shared", MAXIMUM),
    ] {
        let output = with_input(&["run", "--max-memory", "131072", "-"], &growing(memory, ""));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(255), expected), "{memory}");
    }
    for (memory, expected) in [("1", LIMIT), ("1 2", MAXIMUM)] {
        let component = growing_component(memory);
        let output = with_input(&["run", "--max-memory", "131072", "-"], &component);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(1), expected), "{memory}");
    }
}

#[test]
fn memory_limits_are_named_after_a_trap_and_not_after_success() {
    let growing = |then: &str| {
        let module = growing("1", then).replace(
            "(call $exit (memory.grow (i32.const 10)))",
            "(drop (memory.grow (i32.const 10)))",
        );
        with_input(&["run", "--max-memory", "131072", "-"], &module)
    };
    let trapped = growing("(unreachable)");
    let stderr = String::from_utf8_lossy(&trapped.stderr);
    assert_eq!(trapped.status.code(), Some(134));
    assert!(stderr.contains("unreachable") && stderr.ends_with(LIMIT), "{stderr}");
    let ended = growing("");
    assert!(ended.status.success() && ended.stderr.is_empty(), "{ended:?}");
    let component = growing_component("1 11");
    let enough = with_input(&["run", "-"], &component);
    assert!(enough.status.success() && enough.stderr.is_empty(), "{enough:?}");
}

#[test]
fn too_many_handles_name_the_limit() {
    let component = r#"(component
        (core func $new (canon waitable-set.new))
        (core module $m
            (import "" "new" (func $new (result i32)))
            (func (export "run") (result i32) (loop $again (drop (call $new)) (br $again)) (unreachable)))
        (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
        (func $run (result (result)) (canon lift (core func $m "run")))
        (instance $run (export "run" (func $run)))
        (export "wasi:cli/run@0.2.0" (instance $run)))"#;
    let output = with_input(&["run", "--max-memory", "1MiB", "-"], component);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(134), "{stderr}");
    assert!(
        stderr.contains("raise `--max-memory` or `--max-threads`") && !stderr.contains("note:"),
        "{stderr}"
    );
}
