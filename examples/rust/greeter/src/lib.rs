//! A library with threads for the world `greeter` of ../wit/greeter. Compile it and make a component of it:
//!
//!     cargo build --release --target wasm32-wasip1-threads
//!     weft adapt target/wasm32-wasip1-threads/release/greeter.wasm -o greeter.component.wasm

use std::thread;

wit_bindgen::generate!({ world: "greeter", path: "../../wit/greeter" });

use example::greeting::people;

struct Greeter;

impl Guest for Greeter {
    fn greet(name: String) -> String {
        let hello = thread::spawn(|| String::from("Hello, "));
        hello.join().expect("the thread returns") + &name
    }

    fn greet_all(names: Vec<String>) -> Vec<String> {
        let threads: Vec<_> = names
            .into_iter()
            .map(|name| thread::spawn(move || format!("Hello, {} {name}", people::title(&name))))
            .collect();
        let greetings = threads.into_iter().map(thread::JoinHandle::join);
        greetings.collect::<Result<_, _>>().expect("each thread returns")
    }
}

export!(Greeter);
