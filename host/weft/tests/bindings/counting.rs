//! One host for a component whose threads call it at once, and for one without threads.

use std::sync::Mutex;
use weft::{Component, Config, Engine, Linker, Resource, Runtime, wasmtime};

weft::bindgen!({ path: "../../examples/embed/wit", world: "counting" });

use example::counting::counters::{Counter, Host, HostCounter};

const THREADED: &str = include_str!("../../../../examples/components/count.wat");

const UNTHREADED: &str = include_str!("../../../../examples/components/count_alone.wat");

/// The counters, and those that were dropped.
#[derive(Default)]
struct Counters {
    counters: Mutex<Vec<(String, u64)>>,
    dropped: Mutex<Vec<(String, u64)>>,
}

impl Host for Counters {}

impl HostCounter for Counters {
    fn new(&self, name: String) -> Resource<Counter> {
        let mut counters = self.counters.lock().expect("no panic under the lock");
        counters.push((name, 0));
        Resource::new_own(counters.len() as u32 - 1)
    }

    fn add(&self, counter: Resource<Counter>, amount: u32) -> u64 {
        let mut counters = self.counters.lock().expect("no panic under the lock");
        let (_, sum) = &mut counters[counter.rep() as usize];
        *sum += u64::from(amount);
        *sum
    }

    fn drop(&self, counter: Resource<Counter>) -> wasmtime::Result<()> {
        let counters = self.counters.lock().expect("no panic under the lock");
        let mut dropped = self.dropped.lock().expect("no panic under the lock");
        dropped.push(counters[counter.rep() as usize].clone());
        Ok(())
    }
}

#[test]
fn one_world_serves_threads_and_none() {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let mut linker = Linker::new(&engine);
    Counting::add_to_linker(&mut linker, |counters: &Counters| counters).expect("an empty linker");
    for (text, runtime, name) in [
        (THREADED, Runtime::Parallel, "threads"),
        (UNTHREADED, Runtime::Cooperative, "alone"),
    ] {
        let component = Component::new(&engine, text.as_bytes()).expect("a valid component");
        assert_eq!(component.runtime(), runtime);
        let counting = Counting::instantiate(&linker, &component, Counters::default()).expect("an instance");
        assert_eq!(counting.call_count(8).expect("no trap"), 8);
        assert_eq!(counting.call_count(3).expect("no trap"), 3);
        let host = counting.instance().host();
        let dropped = host.dropped.lock().expect("no panic under the lock");
        assert_eq!(*dropped, [(name.to_owned(), 8), (name.to_owned(), 3)]);
    }
}
