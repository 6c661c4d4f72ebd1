//! Counts the words of all files in a directory and those below it, and prints the ten that are used most.
//!
//!     cargo build --release --target wasm32-wasip1-threads
//!     weft run --dir . target/wasm32-wasip1-threads/release/word_count.wasm . 4

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, mpsc};
use std::{env, fs, io, thread};

type Counts = HashMap<String, usize>;

/// Sends the path of each file.
fn walk(directory: &Path, files: &mpsc::SyncSender<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_dir() => walk(&entry.path(), files)?,
            kind if kind.is_file() => files.send(entry.path()).map_err(io::Error::other)?,
            _ => {}
        }
    }
    Ok(())
}

fn count(path: &Path, counts: &mut Counts) -> io::Result<()> {
    let text = fs::read(path)?;
    let text = String::from_utf8_lossy(&text);
    for word in text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let directory = arguments.next().unwrap_or_else(|| String::from("."));
    let threads: usize = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(4);
    // The threads count while the directory is read.
    let (sender, receiver) = mpsc::sync_channel::<PathBuf>(64);
    let receiver = Mutex::new(receiver);
    let next = || receiver.lock().expect("no panic").recv().ok();
    let work = || {
        let (mut counts, mut files) = (Counts::new(), 0);
        while let Some(path) = next() {
            count(&path, &mut counts)?;
            files += 1;
        }
        Ok::<_, io::Error>((counts, files))
    };
    let mut all = Counts::new();
    let mut files = 0;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let walked = walk(Path::new(&directory), &sender);
        drop(sender);
        for thread in threads {
            let (counts, files_of_thread) = thread.join().expect("no panic")?;
            files += files_of_thread;
            for (word, count) in counts {
                *all.entry(word).or_default() += count;
            }
        }
        walked
    })?;
    let mut words: Vec<(String, usize)> = all.into_iter().collect();
    words.sort_by(|(one, many), (other, few)| few.cmp(many).then_with(|| one.cmp(other)));
    println!("{files} files, {} different words", words.len());
    for (word, count) in words.iter().take(10) {
        println!("{count:8} {word}");
    }
    Ok(())
}
