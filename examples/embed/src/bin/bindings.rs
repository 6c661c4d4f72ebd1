//! Implements a WIT interface with a resource, and calls a component whose threads use it at the same time, or one without threads:
//!
//!     cargo run --release --bin bindings examples/components/count.wat
//!     cargo run --release --bin bindings examples/components/count_alone.wat

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use weft::{Component, Config, Engine, Linker, Resource};

weft::bindgen!({ world: "counting", path: "wit" });

use example::counting::counters::{Counter, Host, HostCounter};

#[derive(Default)]
struct Counters {
    next: AtomicU32,
    counters: RwLock<HashMap<u32, Arc<(String, AtomicU64)>>>,
}

impl Counters {
    fn get(&self, counter: &Resource<Counter>) -> Option<Arc<(String, AtomicU64)>> {
        let counters = self.counters.read().expect("no panic under the lock");
        counters.get(&counter.rep()).cloned()
    }
}

impl Host for Counters {}

impl HostCounter for Counters {
    fn new(&self, name: String) -> Resource<Counter> {
        let rep = self.next.fetch_add(1, Ordering::Relaxed);
        let mut counters = self.counters.write().expect("no panic under the lock");
        counters.insert(rep, Arc::new((name, AtomicU64::new(0))));
        Resource::new_own(rep)
    }

    fn add(&self, counter: Resource<Counter>, amount: u32) -> u64 {
        let amount = u64::from(amount);
        match self.get(&counter) {
            Some(counter) => counter.1.fetch_add(amount, Ordering::Relaxed) + amount,
            None => 0,
        }
    }

    fn drop(&self, counter: Resource<Counter>) -> weft::wasmtime::Result<()> {
        let mut counters = self.counters.write().expect("no panic under the lock");
        if let Some(counter) = counters.remove(&counter.rep()) {
            println!("{}: {}", counter.0, counter.1.load(Ordering::Relaxed));
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: bindings COMPONENT")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::new(&engine, &std::fs::read(path)?)?;

    let mut linker = Linker::new(&engine);
    Counting::add_to_linker(&mut linker, |counters: &Counters| counters)?;
    let counting = Counting::instantiate(&linker, &component, Counters::default())?;
    println!("count: {}", counting.call_count(8)?);
    Ok(())
}
