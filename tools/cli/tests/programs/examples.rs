//! The programs in `examples/rust/programs`. Independent code checks their output.

use crate::needs::{Need, trial_with};
use crate::{WORKERS, scratch, trial};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use weft_tests::{Case, Outcome, Stdin, Weft, fixture};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::run("../guests/virtual_threads.wasm")
            .arguments(["10000"])
            .stdout("10000 threads are alive\npassed on: 10000\npassed on: 10001\npassed on: 10002\nall ended\n"),
        Case::run("../guests/virtual_threads.wasm")
            .named("virtual_threads.wasm, a hundred")
            .arguments(["100"])
            .stdout("100 threads are alive\npassed on: 100\npassed on: 101\npassed on: 102\nall ended\n")
            .workers(WORKERS),
    ]
}

pub(crate) fn trials(weft: &Weft) -> Vec<Trial> {
    vec![
        trial(
            weft,
            "mandelbrot.wasm draws the same picture with any number of threads",
            draws,
        ),
        trial(weft, "word_count.wasm counts the words of a directory", counts_words),
        trial(weft, "pgzip.wasm decompresses what it compresses", decompresses),
        trial_with(
            &[Need::Program("gzip", "gzip")],
            weft,
            "pgzip.wasm compresses what gzip decompresses",
            compresses_for_gzip,
        ),
    ]
}

/// The digest is that of a picture that a program in Python draws in the same way.
fn draws(weft: &Weft) -> Result<()> {
    const DIGEST: &str = "ab19bf3298095242b2134fe2faef60629c3ae23a802b63d35d5e6d9c1aeaab77";
    let directory = scratch("mandelbrot")?;
    let host = format!("{}::.", directory.display());
    for threads in ["1", "3", "8"] {
        let program = fixture("../guests/mandelbrot.wasm");
        let line = ["run", "--dir", &host, &program, "m.ppm", "60", "40", threads];
        let case = Case::command("run").stdout(format!("m.ppm: 60 by 40, on {threads} threads\n"));
        case.check(&weft.run(line, &Stdin::Bytes(Vec::new()))?)?;
        let picture = fs::read(directory.join("m.ppm"))?;
        ensure!(format!("{:x}", Sha256::digest(picture)) == DIGEST, "{threads} threads");
    }
    Ok(())
}

fn counts_words(weft: &Weft) -> Result<()> {
    let directory = scratch("word count")?;
    for file in 1..=50 {
        let below = directory.join(format!("{}", file % 7)).join("below");
        fs::create_dir_all(&below)?;
        let text = format!("The word{file}, the {}", "Most! ".repeat(file));
        fs::write(below.join(format!("{file}.txt")), text)?;
    }
    let mut expected = String::from("50 files, 52 different words\n    1275 most\n     100 the\n");
    let mut words: Vec<String> = (1..=50).map(|file| format!("word{file}")).collect();
    words.sort();
    for word in &words[..8] {
        expected += &format!("       1 {word}\n");
    }
    let case = Case::command("run").stdout(expected);
    let host = format!("{}::.", directory.display());
    for threads in ["1", "4", "16"] {
        let program = fixture("../guests/word_count.wasm");
        let line = ["run", "--dir", &host, &program, ".", threads];
        case.check(&weft.run(line, &Stdin::Bytes(Vec::new()))?)?;
    }
    Ok(())
}

/// Texts of no, one and several blocks, the last of them cut.
fn texts() -> [Vec<u8>; 4] {
    let line = |number: usize| format!("{number} is the number of this line\n").into_bytes();
    [0, 1, 20_000, 40_000].map(|lines| (0..lines).flat_map(line).collect())
}

fn run(weft: &Weft, argument: &str, input: &[u8]) -> Result<Vec<u8>> {
    let program = fixture("../guests/pgzip.wasm");
    let Outcome { status, stdout, stderr } = weft.run(["run", &program, argument], &Stdin::Bytes(input.to_vec()))?;
    ensure!(status == Some(0) && stderr.is_empty(), "{status:?}: {stderr}");
    Ok(stdout)
}

fn decompresses(weft: &Weft) -> Result<()> {
    for text in texts() {
        for threads in ["1", "4"] {
            let compressed = run(weft, threads, &text)?;
            ensure!(compressed.len() < text.len().max(100) / 2, "it is hardly smaller");
            ensure!(
                run(weft, "--decompress", &compressed)? == text,
                "another text comes out"
            );
        }
    }
    Ok(())
}

fn compresses_for_gzip(weft: &Weft) -> Result<()> {
    for text in texts() {
        let compressed = run(weft, "4", &text)?;
        let mut gzip = Command::new("gzip")
            .arg("-dc")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut input = gzip.stdin.take().context("the input is a pipe")?;
        let writer = std::thread::spawn(move || input.write_all(&compressed));
        let output = gzip.wait_with_output()?;
        writer.join().ok().context("the writer panicked")??;
        ensure!(output.status.success() && output.stdout == text, "{}", output.status);
    }
    Ok(())
}
