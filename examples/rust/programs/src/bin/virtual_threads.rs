//! Ten thousand threads that are alive at once: each waits for its number and passes the next one on. weft runs them on as many
//! OS threads as there are processors.
//!
//!     cargo build --release --target wasm32-wasip1-threads
//!     weft run target/wasm32-wasip1-threads/release/virtual_threads.wasm 10000

use std::sync::mpsc;
use std::{env, io, thread};

/// Each thread needs little: this is its stack in the program's memory, which holds at most a gigabyte.
const STACK: usize = 32 * 1024;

fn main() -> io::Result<()> {
    let count = env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(10_000);
    let (first, mut receiver) = mpsc::channel::<u64>();
    let mut threads = Vec::new();
    for _ in 0..count {
        let (sender, next) = mpsc::channel();
        let pass_on = move || {
            while let Ok(number) = receiver.recv() {
                // The next one ends only when this one has.
                sender.send(number + 1).expect("it waits");
            }
        };
        threads.push(thread::Builder::new().stack_size(STACK).spawn(pass_on)?);
        receiver = next;
    }
    println!("{} threads are alive", threads.len());
    for round in 0..3 {
        first.send(round).expect("it waits");
    }
    for _ in 0..3 {
        println!("passed on: {}", receiver.recv().expect("three were sent"));
    }
    drop(first);
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    println!("all ended");
    Ok(())
}
