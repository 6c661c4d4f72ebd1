//! A pipeline whose ends are in the host, and whose middle is a component with four threads: one thread of the host makes pieces of
//! text, the component's threads take and summarize them, and the host puts the summaries in order again.
//!
//!     cargo run --release --bin pipeline tests/guests/pipeline.wasm

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use anyhow::Context;
use weft::{Component, Config, Engine, Linker};
use weft_wasi::{WasiCtx, WasiCtxBuilder};

// `next` waits, so it runs on a thread for blocking calls, and the other threads of the component go on.
weft::bindgen!({
    world: "pipeline",
    path: "../wit/pipeline",
    imports: { "example:pipeline/ends@1.0.0#next": blocking },
});

use example::pipeline::ends::{Host, Piece, Summary};

struct Ends {
    pieces: Mutex<Receiver<Piece>>,
    summaries: Mutex<Sender<Summary>>,
    wasi: WasiCtx,
}

impl Host for Ends {
    fn next(&self) -> Option<Piece> {
        self.pieces.lock().expect("no panic").recv().ok()
    }

    fn put(&self, summary: Summary) {
        // Nobody waits for summaries if the program ends early.
        let _ = self.summaries.lock().expect("no panic").send(summary);
    }
}

/// A text of as many words as its number has digits, and one more.
fn piece(number: u32) -> Piece {
    let digits: Vec<String> = number
        .to_string()
        .chars()
        .map(|digit| format!("digit{digit}"))
        .collect();
    Piece {
        number,
        text: format!("number{number} {}", digits.join(" ")),
    }
}

/// Prints what is special, in the order of the pieces.
fn report(summaries: Receiver<Summary>) {
    let (mut next, mut early, mut words) = (0, BTreeMap::new(), 0);
    for summary in summaries {
        early.insert(summary.number, summary);
        while let Some(summary) = early.remove(&next) {
            words += summary.words;
            if next % 400 == 0 {
                println!("{}: {} words, the longest is {}", next, summary.words, summary.longest);
            }
            next += 1;
        }
    }
    println!("{words} words in {next} pieces");
}

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("usage: pipeline MODULE")?;
    let engine = Engine::new(&Config::new())?;
    let component = Component::from_file(&engine, path)?;
    let mut linker = Linker::new(&engine);
    weft_wasi::add_to_linker(&mut linker, |ends: &Ends| &ends.wasi)?;
    Pipeline::add_to_linker(&mut linker, |ends: &Ends| ends)?;

    // The component takes a piece when it has a thread for it, so few are in memory at once.
    let (to_pieces, pieces) = sync_channel(8);
    let (to_summaries, summaries) = channel();
    let source = std::thread::spawn(move || (0..1000).try_for_each(|number| to_pieces.send(piece(number))));
    let sink = std::thread::spawn(|| report(summaries));
    let ends = Ends {
        pieces: Mutex::new(pieces),
        summaries: Mutex::new(to_summaries),
        wasi: WasiCtxBuilder::new().build()?,
    };
    let pipeline = Pipeline::instantiate(&linker, &component, ends)?;
    let count = pipeline.call_run(4)?;
    // With the instance goes its state, and so the sender of summaries.
    drop(pipeline);
    source.join().expect("no panic")?;
    sink.join().expect("no panic");
    println!("the component took {count}");
    Ok(())
}
