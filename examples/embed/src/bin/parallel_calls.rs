//! Calls one component from eight threads at once, and waits in another call until they are done:
//!
//!     cargo run --release --bin parallel_calls examples/components/counter.wat

use anyhow::{Context, anyhow};
use weft::{Component, Config, Engine, Linker};

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: parallel_calls COMPONENT")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;

    let instance = Linker::new(&engine).instantiate(&component, ())?;
    let add = instance.get_typed_func::<(u32,), (u32,)>("add")?;
    let wait = instance.get_typed_func::<(u32,), (u32,)>("wait")?;

    // Calls of the component's shared functions overlap: each is a thread of the guest.
    let waiting = std::thread::spawn(move || wait.call((8_000,)));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..1_000).try_for_each(|_| add.call((1,)).map(drop)));
        }
    });
    let (counter,) = waiting.join().map_err(|_| anyhow!("the call panicked"))??;
    println!("counted to {counter}");
    Ok(())
}
