//! The command line: a program's arguments and variables, the output of `adapt`, and exit statuses.

use crate::needs::{Need, trial_with};
use crate::{scratch, trial};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use weft_tests::{Case, Stdin, Weft, fixture};

/// What the command says of a program that fails without the threads that it asked for.
const NO_SPAWNS: &str = "note: the program did not get all the threads that it asked for, because spawns start none in the deterministic \
                         profile: leave out `--deterministic`\n";

pub(crate) fn cases() -> Vec<Case> {
    [
        Case::run("unstable.wat").stdout("hello from wasi_unstable\n").status(5),
        Case::run("wide_arithmetic.wat").status(7),
        Case::run("features.wat"),
        Case::run("waits_alone.wat").named("waits of a program without threads end"),
        Case::run("open_types.wat").stdout("open\n").status(9),
        Case::command("adapt")
            .arguments([fixture("fixed_memory.wat").as_str(), "-o", "/dev/null"])
            .named("adapt warns of a memory that cannot grow for the stacks of threads")
            .stderr([
                "warning: the memory cannot grow beyond its 65536 bytes",
                "link with `--max-memory`",
            ]),
        Case::run("never_spawns.wat").status(3).stderr([
            "warning: the module imports `wasi.thread-spawn`",
            "`--export=wasi_thread_start`",
        ]),
        Case::run("command_exports.wat")
            .status(3)
            .named("a command's other exports may have any names"),
        Case::run("command_exports.wat")
            .options(["-v"])
            .named("-v tells what is left out")
            .status(3)
            .stderr([
                "note: the export `1abc` is left out: its name has no kebab-case form",
                "note: the export `__lseek` is left out: it is `lseek` in kebab case, as `lseek` is",
                "note: the export `Foo` is left out: it is `foo` in kebab case, as `foo` is",
            ]),
        Case::run("versions.wat").status(1),
        Case::run("trapping_component.wat")
            .named("a component without threads runs on Wasmtime's component runtime")
            .status(134)
            .stderr(["error: wasm trap: wasm `unreachable` instruction executed\n"]),
        Case::run("trapping_component.wat")
            .named("--runtime weft runs it on weft's own, which says which thread trapped")
            .options(["--runtime", "weft"])
            .status(134)
            .stderr(["error: thread 1: wasm trap: wasm `unreachable` instruction executed\n"]),
        Case::run("command_exports.wat")
            .options(["-v", "--interruption", "epochs"])
            .named("--interruption epochs is told with -v")
            .status(3)
            .stderr(["guests are interruptible by=Epochs"]),
        Case::run("command_exports.wat")
            .options(["-v", "--interruption", "signal"])
            .named("--interruption signal is told with -v, or why it does not work")
            .status(3)
            .stderr([match cfg!(all(target_os = "linux", target_arch = "x86_64")) {
                true => "guests are interruptible by=Signal",
                false => "note: weft interrupts threads by checks in their code: ",
            }]),
        Case::run("cat.wasm")
            .named("cat.wasm: arguments, environment, standard input, exit status")
            .options(["--env", "KEY=value", "--env", "INHERITED", "--env", "EMPTY="])
            .arguments(["--exit", "42", "one", "two words", "--env"])
            .stdin(Stdin::Bytes(b"first\nsecond\n".to_vec()))
            .status(42)
            .lines([
                "argument one",
                "argument two words",
                "argument --env",
                "variable KEY=value",
                "variable INHERITED=from outside",
                "variable EMPTY=",
                "first",
                "second",
            ]),
        Case::run("cat.wasm")
            .named("cat.wasm: a long standard input")
            .stdin(Stdin::Bytes("0123456789abcdef\n".repeat(20_000).into_bytes()))
            .stdout("0123456789abcdef\n".repeat(20_000)),
        Case::run("arguments.wat")
            .named("arguments.wat: the file's name and the arguments")
            .arguments(["one", ""])
            .stdout("arguments.wat\0one\0\0"),
        Case::run("arguments.wat")
            .named("arguments.wat: another name")
            .options(["--argv0", "dir/another name"])
            .arguments(["--argv0", "one"])
            .stdout("dir/another name\0--argv0\0one\0"),
        Case::command("run")
            .named("arguments.wat: the name of standard input")
            .arguments(["-", "one"])
            .stdin(Stdin::Bytes(
                include_bytes!("../../../../tests/programs/arguments.wat").to_vec(),
            ))
            .stdout("-\0one\0"),
        Case::run("hash.wasm")
            .named("hash.wasm: a file that is not there")
            .options(["--dir", env!("CARGO_TARGET_TMPDIR")])
            .arguments(["1", "missing"])
            .status(1)
            .stderr(["cannot open missing: FileNotFound"]),
        Case::run("hash.wasm")
            .named("hash.wasm: a path that leaves the directory")
            .options(["--dir", env!("CARGO_TARGET_TMPDIR")])
            .arguments(["1", "../../Cargo.toml"])
            .status(1)
            .stderr(["cannot open ../../Cargo.toml: "]),
        Case::run("hash.wasm")
            .named("hash.wasm: a file on procfs")
            .options(["--dir", "/"])
            .arguments(["1", "proc/self/environ"])
            .status(1)
            .stderr([
                "warning: with `--dir /` the program can use all files",
                "cannot open proc/self/environ: ",
            ]),
        Case::run("hash.wasm")
            .named("hash.wasm: a file on procfs with `--allow-procfs`")
            .options(["--allow-procfs", "--dir", "/"])
            .arguments(["1", "proc/self/environ"])
            .stdout_contains([""])
            .stderr(["warning: with `--dir /` the program can read the memory and the environment"]),
        Case::run("hash.wasm")
            .named("hash.wasm: a directory on procfs")
            .options(["--dir", "/proc/self::/in"])
            .status(1)
            .stderr(["the directory `/proc/self` is on procfs", "`--allow-procfs`"]),
        Case::run("cat.wasm")
            .named("cat.wasm: a port that the system chooses")
            .options(["--tcplisten", "127.0.0.1:0"])
            .stderr(["listening at 127.0.0.1:", " (`--tcplisten 127.0.0.1:0`)"]),
        Case::run("cat.wasm")
            .named("cat.wasm: an address where nothing can listen")
            .options(["--tcplisten", "127.0.0.1:no-port"])
            .status(1)
            .stderr(["cannot listen at `127.0.0.1:no-port`"]),
        Case::run("hello_c.wasm")
            .named("hello_c.wasm: more threads than `--max-threads`")
            .options(["--max-threads", "4"])
            .status(1)
            .stdout_contains([""])
            .stderr([
                "does not hold: a thread starts",
                "note: the program did not get all the threads that it asked for, because it can have 4 at once",
                "raise `--max-threads`",
            ]),
        Case::run("pi.wasm")
            .named("pi.wasm: no thread but the first")
            .options(["--max-threads", "1"])
            .status(1)
            .stderr(["because it can have 1 at once, including the first: raise `--max-threads`"]),
        Case::run("hello.wasm")
            .named("hello.wasm: no thread with `--deterministic`")
            .options(["--deterministic"])
            .status(1)
            .stderr([NO_SPAWNS]),
        Case::run("cat.wasm")
            .named("cat.wasm: the last of several variables of one name")
            .options(["--env", "KEY=first", "--env", "OTHER=1", "--env", "KEY=last"])
            .lines(["variable OTHER=1", "variable KEY=last"]),
        Case::run("builtins.wat")
            .named("builtins.wat: no thread with `--deterministic`")
            .options(["--deterministic", "--workers", "8"])
            .status(21)
            .stderr([NO_SPAWNS]),
        Case::run("wasi_0_3.wat")
            .named("wasi_0_3.wat: no cooperative thread with `--deterministic`")
            .options(["--deterministic"])
            .status(134)
            .stderr(["note: if the program spawned threads, none started, because the profile is deterministic: leave out `--deterministic`\n"]),
        Case::run("text.wat")
            .named("text.wat: no thread with `--deterministic`")
            .options(["--deterministic"])
            .status(3)
            .stderr([NO_SPAWNS]),
        Case::run("sort.wasm")
            .named("sort.wasm: more memory than `--max-memory`")
            .options(["--max-memory", "16MiB"])
            .arguments(["1"])
            .status(1)
            .stderr(["OutOfMemory"]),
        Case::run("until_refused.wat")
            .named("until_refused.wat: more threads than `--max-memory` has room for")
            .options(["--max-memory", "1MiB"]),
        Case::run("until_refused.wat")
            .named("until_refused.wat: more threads than `--max-threads`")
            .options(["--max-threads", "5"]),
        Case::run("sort.wasm")
            .named("sort.wasm: less memory than it starts with")
            .options(["--max-memory", "64KiB"])
            .status(1)
            .stderr(["limit is 65536 bytes in total: raise `--max-memory`"]),
        Case::adapt("hello_c.wasm")
            .named("adapt -t prints text")
            .arguments(["-t"])
            .stdout_contains([
                "(component",
                "thread.spawn-indirect",
                "context.set",
                "wasi:cli/run@0.2",
                "$greet",
            ]),
    ]
    .into_iter()
    .chain(scripts())
    .collect()
}

/// `weft wast`: what it prints, and its exit status.
fn scripts() -> Vec<Case> {
    let (passes, fails) = (fixture("passes.wast"), fixture("fails.wast"));
    let (unshared, grows) = (fixture("unshared.wast"), fixture("grows.wast"));
    vec![
        Case::command("wast")
            .named("wast: a script that passes")
            .arguments([&passes])
            .stdout(format!("{passes}: 2 passed, 0 failed\n")),
        Case::command("wast")
            .named("wast: a script that fails and does not end, before one that passes")
            .options(["--timeout", "1"])
            .arguments([&fails, &passes])
            .status(1)
            .stdout(format!(
                "{fails}:4:2: assert_return failed\n    expected: (i32.const 2)\n         got: (i32.const 1)\n\
                 {fails}:5:2: assert_return failed\n    expected: no value\n         got: no end within the time limit\n\
                 {fails}: 1 passed, 2 failed\n\
                 {passes}: 2 passed, 0 failed\n\
                 2 files: 3 passed, 2 failed\n"
            )),
        Case::command("wast")
            .named("wast: a proposal that is off")
            .arguments([&unshared])
            .stdout(format!("{unshared}: 1 passed, 0 failed\n")),
        Case::command("wast")
            .named("wast --shared-everything")
            .options(["--shared-everything"])
            .arguments([&unshared])
            .status(1)
            .stdout_contains([format!("{unshared}:3:2: assert_invalid failed\n")]),
        Case::command("wast")
            .named("wast --max-memory: Wasmtime's component runtime")
            .options(["--max-memory", "1MiB"])
            .arguments([&grows])
            .stdout(format!("{grows}: 7 passed, 0 failed\n")),
        Case::command("wast")
            .named("wast --max-memory: weft's own runtime")
            .options(["--max-memory", "1MiB", "--runtime", "weft"])
            .arguments([&grows])
            .stdout(format!("{grows}: 7 passed, 0 failed\n")),
        Case::command("wast")
            .named("wast: no limit of memory")
            .arguments([&grows])
            .status(1)
            .stdout_contains([format!("{grows}: 4 passed, 3 failed\n")]),
        Case::command("wast")
            .named("wast: a program")
            .arguments([fixture("collatz.wasm")])
            .status(1)
            .stderr(["collatz.wasm` is a program and not a script: use `weft run`"]),
        Case::command("wast")
            .named("wast: one of two files is not there")
            .arguments([&passes, "missing.wast"])
            .status(1)
            .stdout(format!("{passes}: 2 passed, 0 failed\n1 file: 2 passed, 0 failed\n"))
            .stderr(["cannot read `missing.wast`"]),
        Case::command("wast")
            .named("wast: a file that is not there")
            .arguments(["missing.wast"])
            .status(1)
            .stderr(["cannot read `missing.wast`"]),
    ]
}

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(weft, "adapt, then run the file", adapt_then_run),
        trial(
            weft,
            "adapt from and to the standard streams, then run from standard input",
            adapt_and_run_streams,
        ),
        trial(weft, "adapt -t, then run the text", adapt_text_then_run),
        trial(
            weft,
            "cat.wasm: arguments and variables that are not text",
            bytes_that_are_no_text,
        ),
        trial_with(
            &[Need::Program("script", "util-linux")],
            weft,
            "adapt refuses to write binary to a terminal",
            adapt_to_terminal,
        ),
    ]
}

fn nothing() -> Stdin {
    Stdin::Bytes(Vec::new())
}

fn sorted_hello() -> Case {
    let lines = (0..10)
        .map(|number| format!("hello from thread {number}"))
        .chain(["all joined".to_owned()]);
    Case::run("hello.wasm").lines(lines)
}

fn adapt_then_run(weft: &Weft) -> Result<()> {
    let out = scratch("adapt")?.join("hello.component.wasm");
    let adapted = weft.run(
        ["adapt", &fixture("hello.wasm"), "-o", &out.display().to_string()],
        &nothing(),
    )?;
    Case::command("adapt").check(&adapted)?;
    sorted_hello().check(&weft.run([OsStr::new("run"), out.as_os_str()], &nothing())?)
}

fn adapt_and_run_streams(weft: &Weft) -> Result<()> {
    let module = std::fs::read(fixture("hello.wasm"))?;
    let adapted = weft.run(["adapt", "-"], &Stdin::Bytes(module))?;
    ensure!(adapted.status == Some(0), "{}", adapted.stderr);
    ensure!(
        adapted.stdout.starts_with(b"\0asm\x0d\0\x01\0"),
        "not a component in the binary format"
    );
    sorted_hello().check(&weft.run(["run", "-"], &Stdin::Bytes(adapted.stdout))?)?;
    // Hand-written text has names for parameters and locals.
    let adapted = weft.run(["adapt", "-t", &fixture("builtins.wat")], &nothing())?;
    let ran = weft.run(["run", "-"], &Stdin::Bytes(adapted.stdout))?;
    ensure!(ran.status == Some(0), "{}", ran.stderr);
    Ok(())
}

fn adapt_text_then_run(weft: &Weft) -> Result<()> {
    let adapted = weft.run(["adapt", "-t", &fixture("hello.wasm")], &nothing())?;
    ensure!(adapted.status == Some(0), "{}", adapted.stderr);
    sorted_hello().check(&weft.run(["run", "-"], &Stdin::Bytes(adapted.stdout))?)
}

/// `script` of util-linux runs a command on a terminal of its own and shows what comes out there.
fn adapt_to_terminal(weft: &Weft) -> Result<()> {
    let adapt = format!("'{}' adapt '{}'", weft.path().display(), fixture("hello.wasm"));
    let output = Command::new("script")
        .args(["--quiet", "--return", "--command", &adapt, "/dev/null"])
        .stdin(Stdio::null())
        .output()
        .context("cannot start `script`, which gives the test a terminal")?;
    let shown = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.code() == Some(1),
        "status {:?}, not 1: {shown}",
        output.status.code()
    );
    ensure!(
        shown.contains("terminal"),
        "the message does not say `terminal`: {shown}"
    );
    Ok(())
}

/// Programs of preview 1 get all bytes; components of WASI 0.2 cannot, and an error says which ones.
fn bytes_that_are_no_text(weft: &Weft) -> Result<()> {
    let no_text = OsStr::from_bytes(b"a\xffb");
    let variable = OsStr::from_bytes(b"KEY=\xfe");
    let run = |program: &str| {
        let program = fixture(program);
        let line = ["run".as_ref(), "--env".as_ref(), variable, program.as_ref(), no_text];
        weft.run(line, &nothing())
    };
    let run_as = |program: &str| {
        let program = fixture(program);
        weft.run(
            ["run".as_ref(), "--argv0".as_ref(), no_text, program.as_ref()],
            &nothing(),
        )
    };
    let ran = run("cat.wasm")?;
    ensure!(ran.status == Some(0), "{}", ran.stderr);
    let lines: Vec<&[u8]> = ran.stdout.split(|byte| *byte == b'\n').collect();
    ensure!(lines.contains(&&b"argument a\xffb"[..]), "{lines:?}");
    ensure!(lines.contains(&&b"variable KEY=\xfe"[..]), "{lines:?}");
    let refused = run("wasi_0_2.wat")?;
    ensure!(refused.status == Some(1), "status {:?}", refused.status);
    ensure!(
        refused.stderr.contains("argument \"a\\xFFb\" is not UTF-8"),
        "{}",
        refused.stderr
    );
    let ran = run_as("arguments.wat")?;
    ensure!(ran.stdout == b"a\xffb\0", "{:?}", ran.stdout);
    let refused = run_as("wasi_0_2.wat")?;
    ensure!(refused.status == Some(1), "status {:?}", refused.status);
    Ok(())
}
