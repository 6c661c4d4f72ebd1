//! Gives programs limits, and ends them:
//!
//!     cargo run --release --bin limits tests/programs/library.wasm
//!
//! The library is examples/c/library.c.

use std::time::Duration;

use weft::{Component, Config, Engine, Error, InstanceLimits, Linker, Val};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: limits LIBRARY")?;
    let library = std::fs::read(path)?;

    // The limits hold for each program of the engine. The thread that runs the call counts too.
    let engine = Engine::new(Config::new().max_threads(4).max_memory(16 << 20))?;
    let component = Component::new(&engine, &library)?;
    let linker = Linker::new(&engine);

    // A spawn beyond the limit fails in the guest, which decides what to do. This library returns -1.
    let instance = linker.instantiate(&component, ())?;
    let count = instance.get_func(&["count-primes"]).ok_or("no `count-primes`")?;
    for threads in [3, 4] {
        let result = count.call(&[Val::S32(100_000), Val::S32(threads)])?;
        println!("{threads} threads: {result:?}");
    }

    // A trap in any thread ends all threads of its program. Later calls return the same error.
    let fail = instance.get_func(&["fail-in-thread"]).ok_or("no `fail-in-thread`")?;
    match fail.call(&[]) {
        Err(Error::Trap(trap)) => println!("trap: {}", trap.message()),
        other => return Err(format!("expected a trap, got {other:?}").into()),
    }

    // `end` ends a program that does not end by itself, even if its threads compute. Dropping the instance does too.
    let instance = linker.instantiate(&component, ())?;
    let forever = instance.get_func(&["run-forever"]).ok_or("no `run-forever`")?;
    let call = std::thread::spawn(move || forever.call(&[]));
    std::thread::sleep(Duration::from_millis(20));
    instance.end()?;
    println!("ended: {:?}", call.join().map_err(|_| "the call panicked")?);

    // An instance can have limits of its own. At its deadline it ends, whatever its threads do.
    let mut limits = InstanceLimits::new();
    limits.max_threads(2).deadline(Duration::from_millis(20));
    let instance = linker.instantiate_with(&component, (), &limits)?;
    let forever = instance.get_func(&["run-forever"]).ok_or("no `run-forever`")?;
    match forever.call(&[]) {
        Err(error @ Error::EndedBy(_)) => println!("deadline: {error}"),
        other => return Err(format!("expected the deadline, got {other:?}").into()),
    }

    // A program that needs more memory than `max_memory` to start is an error.
    let engine = Engine::new(Config::new().max_memory(1 << 16))?;
    match Linker::new(&engine).instantiate(&Component::new(&engine, &library)?, ()) {
        Err(Error::Limit(message)) => println!("limit: {message}"),
        other => return Err(format!("expected a limit, got {:?}", other.err()).into()),
    }
    Ok(())
}
