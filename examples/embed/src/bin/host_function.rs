//! Runs a threaded program that calls a host function from each of its threads:
//!
//!     cargo run --release --bin host_function tests/programs/report.wasm
//!
//! The program is examples/c/report.c.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context;
use weft::{Caller, Component, Config, Engine, Linker};

/// The host state. All threads of a program share it by reference, so it consists of atomics here; a lock would do too.
#[derive(Default)]
struct Progress {
    reports: AtomicU32,
    primes: AtomicU32,
}

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: host_function PROGRAM")?;

    // The engine owns the compiler and the OS threads. One is enough for a process.
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;

    // The program imports the function `report` from the module `progress`. Its threads call it at the same time.
    let mut linker = Linker::new(&engine);
    linker
        .module("progress")?
        .func_wrap("report", |caller: Caller<'_, Arc<Progress>>, primes: u32| {
            let progress = caller.data().host();
            progress.reports.fetch_add(1, Ordering::Relaxed);
            progress.primes.fetch_add(primes, Ordering::Relaxed);
        })?;

    let progress = Arc::new(Progress::default());
    let status = linker.instantiate(&component, Arc::clone(&progress))?.run()?;

    let reports = progress.reports.load(Ordering::Relaxed);
    let primes = progress.primes.load(Ordering::Relaxed);
    println!("{reports} threads found {primes} primes; exit status {status}");
    Ok(())
}
