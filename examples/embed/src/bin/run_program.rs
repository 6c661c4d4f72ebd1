//! Runs a program with WASI, whatever it is: a core module with threads, or a component with threads or without:
//!
//!     cargo run --release --bin run_program tests/programs/hello.wasm

use anyhow::Context;
use weft::{Component, Config, Engine, Linker};
use weft_wasi::WasiCtxBuilder;

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: run_program PROGRAM")?;

    // The engine owns the compiler and the OS threads. One is enough for a process.
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, &path)?;

    let mut linker = Linker::new(&engine);
    weft_wasi::add_to_linker(&mut linker, |wasi| wasi)?;

    let wasi = WasiCtxBuilder::new().inherit_stdio().arg(&path).build()?;
    let status = linker.instantiate(&component, wasi)?.run()?;
    std::process::exit(status)
}
