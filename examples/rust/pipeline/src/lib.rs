//! The middle of a pipeline, whose ends are in the host: threads take pieces of text, and give results back. Compile it and make a
//! component of it:
//!
//!     cargo build --release --target wasm32-wasip1-threads
//!     weft adapt target/wasm32-wasip1-threads/release/pipeline.wasm -o pipeline.component.wasm
//!
//! The program ../../embed/src/bin/pipeline.rs is the host.

use example::pipeline::ends::{self, Piece, Summary};
use std::thread;

wit_bindgen::generate!({ world: "pipeline", path: "../../wit/pipeline" });

struct Pipeline;

impl Guest for Pipeline {
    fn run(threads: u32) -> u32 {
        thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        })
    }
}

/// Only the thread that waits for a piece is suspended.
fn work() -> u32 {
    let mut pieces = 0;
    while let Some(Piece { number, text }) = ends::next() {
        let words: Vec<&str> = text.split_whitespace().collect();
        let longest = words.iter().copied().max_by_key(|word| word.len()).unwrap_or_default();
        ends::put(&Summary { number, words: words.len() as u32, longest: longest.to_owned() });
        pieces += 1;
    }
    pieces
}

export!(Pipeline);
