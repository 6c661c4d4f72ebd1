//! Gives programs limits, and ends them:
//!
//!     cargo run --release --bin limits tests/programs/library.wasm
//!
//! The library is examples/c/library.c.

use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use weft::{Component, Config, Engine, Error, InstanceLimits, Linker, Val};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: limits LIBRARY")?;

    // The limits hold for each program of the engine. The thread that runs the call counts too.
    let engine = Engine::new(Config::new().max_threads(4).max_memory(16 << 20))?;
    let component = Component::from_file(&engine, &path)?;
    let linker = Linker::new(&engine);

    // A spawn beyond the limit fails in the guest, which decides what to do. This library returns -1.
    let instance = linker.instantiate(&component, ())?;
    let count = instance.get_func("count-primes").context("no `count-primes`")?;
    for threads in [3, 4] {
        let result = count.call(&[Val::S32(100_000), Val::S32(threads)])?;
        println!("{threads} threads: {result:?}");
    }

    // A trap in any thread ends all threads of its program. Later calls return the same error.
    let fail = instance.get_func("fail-in-thread").context("no `fail-in-thread`")?;
    match fail.call(&[]) {
        Err(Error::Trap(trap)) => println!("trap: {}", trap.message()),
        other => bail!("expected a trap, got {other:?}"),
    }

    // `end` ends a program that does not end by itself, even if its threads compute. Dropping the instance does too.
    let instance = linker.instantiate(&component, ())?;
    let forever = instance.get_func("run-forever").context("no `run-forever`")?;
    let call = std::thread::spawn(move || forever.call(&[]));
    std::thread::sleep(Duration::from_millis(20));
    instance.end()?;
    println!("ended: {:?}", call.join().map_err(|_| anyhow!("the call panicked"))?);

    // An instance can have limits of its own. At its deadline it ends, whatever its threads do.
    let mut limits = InstanceLimits::new();
    limits.max_threads(2).deadline(Duration::from_millis(20));
    let instance = linker.instantiate_with(&component, (), &limits)?;
    let forever = instance.get_func("run-forever").context("no `run-forever`")?;
    match forever.call(&[]) {
        Err(error @ Error::EndedBy(_)) => println!("deadline: {error}"),
        other => bail!("expected the deadline, got {other:?}"),
    }

    // A program that needs more memory than `max_memory` to start is an error.
    let engine = Engine::new(Config::new().max_memory(1 << 16))?;
    match Linker::new(&engine).instantiate(&Component::from_file(&engine, &path)?, ()) {
        Err(Error::Limit(message)) => println!("limit: {message}"),
        other => bail!("expected a limit, got {:?}", other.err()),
    }
    Ok(())
}
