//! Compresses standard input as gzip does, on several threads, or decompresses it: a block at a time, each a member of the
//! compressed file, which any gzip can read.
//!
//!     cargo build --release --target wasm32-wasip1-threads
//!     weft run target/wasm32-wasip1-threads/release/pgzip.wasm 4 < file > file.gz
//!     weft run target/wasm32-wasip1-threads/release/pgzip.wasm --decompress < file.gz > file

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::{Mutex, mpsc};
use std::{env, thread};

/// What a thread compresses at a time.
const BLOCK: u64 = 128 * 1024;

fn compress(block: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(block)?;
    encoder.finish()
}

/// Writes each block in its turn.
fn write(blocks: mpsc::Receiver<(u64, Vec<u8>)>) -> io::Result<()> {
    let mut output = io::stdout().lock();
    let (mut next, mut early) = (0, BTreeMap::new());
    for (number, block) in blocks {
        early.insert(number, block);
        while let Some(block) = early.remove(&next) {
            output.write_all(&block)?;
            next += 1;
        }
    }
    output.flush()
}

fn compress_all(threads: usize) -> io::Result<()> {
    let (to_compress, blocks) = mpsc::sync_channel::<(u64, Vec<u8>)>(2 * threads);
    let (to_write, compressed) = mpsc::sync_channel(2 * threads);
    let blocks = Mutex::new(blocks);
    let next = || blocks.lock().expect("no panic").recv().ok();
    thread::scope(|scope| {
        let writer = scope.spawn(|| write(compressed));
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                let to_write = to_write.clone();
                scope.spawn(move || {
                    while let Some((number, block)) = next() {
                        // The writer has ended if it could not write, and says why.
                        if to_write.send((number, compress(&block)?)).is_err() {
                            break;
                        }
                    }
                    Ok::<_, io::Error>(())
                })
            })
            .collect();
        drop(to_write);
        let mut input = io::stdin().lock();
        for number in 0.. {
            let mut block = Vec::new();
            input.by_ref().take(BLOCK).read_to_end(&mut block)?;
            // An empty input is one member, too.
            if (block.is_empty() && number > 0) || to_compress.send((number, block)).is_err() {
                break;
            }
        }
        drop(to_compress);
        threads.into_iter().try_for_each(|thread| thread.join().expect("no panic"))?;
        writer.join().expect("no panic")
    })
}

fn main() -> io::Result<()> {
    match env::args().nth(1).as_deref() {
        Some("--decompress") => io::copy(&mut MultiGzDecoder::new(io::stdin().lock()), &mut io::stdout().lock()).map(drop),
        threads => compress_all(threads.and_then(|number| number.parse().ok()).unwrap_or(4)),
    }
}
