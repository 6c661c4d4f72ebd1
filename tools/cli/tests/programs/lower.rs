//! `weft lower`: the unshared form, and both encodings of the thread built-ins.

use crate::{scratch, trial};
use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use std::path::Path;
use weft_tests::{Case, Stdin, Weft, fixture};

pub(crate) fn cases() -> Vec<Case> {
    let emit = |form: &'static str| {
        Case::command("lower")
            .named(format!("lower --emit {form} -t prints text"))
            .arguments([fixture("spelling.wat"), "-t".to_owned(), format!("--emit={form}")])
    };
    vec![
        emit("unshared").stdout_contains(["(core type $start (;0;) (func (param i32)))", "thread.new-indirect"]),
        emit("spec").stdout_contains([
            "(canon thread.spawn-indirect shared $start",
            "(canon thread.available-parallelism shared)",
        ]),
        emit("wasm-tools").stdout_contains([
            "(canon thread.spawn-indirect $start",
            "(canon thread.available_parallelism)",
        ]),
        Case::run("spelling.wat").workers(crate::WORKERS).times(10),
        Case::command("lower")
            .named("lower names a missing file")
            .arguments(["missing.wasm"])
            .status(1)
            .stderr(["missing.wasm", "No such file"]),
        Case::command("lower")
            .named("lower refuses a core module")
            .arguments([fixture("hello.wasm")])
            .status(1)
            .stderr(["hello.wasm", "core module", "weft adapt"]),
        Case::command("lower")
            .named("lower names a form that it does not know")
            .arguments([fixture("spelling.wat"), "--emit=lowered".to_owned()])
            .status(2)
            .stderr(["lowered", "unshared", "spec", "wasm-tools"]),
    ]
}

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(weft, "lower from each form to each other", between_the_forms),
        trial(
            weft,
            "lower writes the unshared form unless told otherwise",
            unshared_by_default,
        ),
        trial(weft, "what lower writes runs", run_what_is_lowered),
    ]
}

/// The arguments of `weft lower` and those of the test.
fn lower(weft: &Weft, arguments: &[&str], stdin: Vec<u8>) -> Result<Vec<u8>> {
    let line = [&["lower"], arguments].concat();
    let outcome = weft.run(&line, &Stdin::Bytes(stdin))?;
    ensure!(outcome.status == Some(0), "weft {}: {}", line.join(" "), outcome.stderr);
    Ok(outcome.stdout)
}

fn between_the_forms(weft: &Weft) -> Result<()> {
    let source = fixture("spelling.wat");
    let specification = lower(weft, &[&source, "--emit=spec"], Vec::new())?;
    let wasm_tools = lower(weft, &[&source, "--emit=wasm-tools"], Vec::new())?;
    // A byte for each of the two built-ins.
    ensure!(
        specification.len() == wasm_tools.len() + 2,
        "the encodings do not differ by two bytes"
    );
    for input in [&specification, &wasm_tools] {
        ensure!(lower(weft, &["-", "--emit=spec"], input.clone())? == specification);
        ensure!(lower(weft, &["-", "--emit=wasm-tools"], input.clone())? == wasm_tools);
    }
    let text = lower(weft, &[&source, "--emit=spec", "-t"], Vec::new())?;
    ensure!(
        lower(weft, &["-", "--emit=spec"], text)? == specification,
        "printed text says something else"
    );
    Ok(())
}

fn unshared_by_default(weft: &Weft) -> Result<()> {
    let file = scratch("lower")?.join("unshared.wasm");
    let written = lower(
        weft,
        &[&fixture("spelling.wat"), "-o", &file.display().to_string()],
        Vec::new(),
    )?;
    ensure!(written.is_empty(), "standard output is not empty");
    let unshared = lower(weft, &[&fixture("spelling.wat"), "--emit=unshared"], Vec::new())?;
    ensure!(
        std::fs::read(&file)? == unshared,
        "another form than `unshared` is written"
    );
    let text = String::from_utf8(lower(weft, &["-", "-t"], unshared)?)?;
    ensure!(!text.contains("thread.spawn"), "a spawn is left: {text}");
    Ok(())
}

fn run_what_is_lowered(weft: &Weft) -> Result<()> {
    let directory = scratch("lower-run")?;
    for form in ["spec", "wasm-tools"] {
        let file = directory
            .join(Path::new(form).with_extension("wasm"))
            .display()
            .to_string();
        lower(
            weft,
            &[&fixture("spelling.wat"), "-o", &file, "--emit", form],
            Vec::new(),
        )?;
        let ran = weft.run(["run", &file], &Stdin::Bytes(Vec::new()))?;
        Case::run("spelling.wat").check(&ran)?;
    }
    Ok(())
}
