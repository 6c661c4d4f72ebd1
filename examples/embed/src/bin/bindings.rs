//! Implements a WIT interface with a resource, and calls a component whose threads use it at the same time, or one without threads:
//!
//!     cargo run --release --bin bindings examples/components/count.wat
//!     cargo run --release --bin bindings examples/components/count_alone.wat

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use weft::{Component, Config, Engine, Linker, Resource, ResourceTable, wasmtime};

weft::bindgen!({
    world: "counting",
    path: "wit",
    // The methods return `wasmtime::Result`. An error ends the program.
    imports: { default: trappable },
    // The host's own type for the resource.
    with: { "example:counting/counters/counter": Counter },
});

use example::counting::counters::{Host, HostCounter};

struct Counter {
    name: String,
    value: AtomicU64,
}

#[derive(Default)]
struct Counters {
    table: ResourceTable,
}

impl Host for Counters {}

impl HostCounter for Counters {
    fn new(&self, name: String) -> wasmtime::Result<Resource<Counter>> {
        let value = AtomicU64::new(0);
        Ok(self.table.push(Counter { name, value })?)
    }

    fn add(&self, counter: Resource<Counter>, amount: u32) -> wasmtime::Result<u64> {
        let amount = u64::from(amount);
        let counter = self.table.get(&counter)?;
        Ok(counter.value.fetch_add(amount, Ordering::Relaxed) + amount)
    }

    fn drop(&self, counter: Resource<Counter>) -> wasmtime::Result<()> {
        let counter = self.table.delete(counter)?;
        println!("{}: {}", counter.name, counter.value.load(Ordering::Relaxed));
        Ok(())
    }
}

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: bindings COMPONENT")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;

    let mut linker = Linker::new(&engine);
    Counting::add_to_linker(&mut linker, |counters: &Counters| counters)?;
    let counting = Counting::instantiate(&linker, &component, Counters::default())?;
    println!("count: {}", counting.call_count(8)?);
    Ok(())
}
