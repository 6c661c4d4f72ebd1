//! Numbers that are opened, renumbered and closed while others read and write through them.
//!
//! A call uses the descriptor that its number names at some moment during the call. One thread changes what numbers
//! name, and records between which ticks of a clock it did so. The others record what they found, and between which
//! ticks. Each result must match a descriptor that the number named at a tick in between: bytes of that file, or `badf`
//! if the number named no descriptor, or one that cannot be read.

use crate::calls::{APPEND, BADF, CREAT, DIR, DIRECTORY, NOTCAPABLE, Numbers, READ, WRITE};
use crate::driver::{Program, Thread};
use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use weft_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

/// How many calls each of those makes who read or write.
const CALLS: u32 = 20_000;
/// Of either, how many there are.
const PAIRS: usize = 3;
/// The numbers that change.
const NUMBERS: Range<u32> = 4..9;
/// The files that are opened to be read, whose cells say which file it is; and those that are opened to be written.
const TO_READ: Range<u32> = 0..4;
const FILES: u32 = 8;
const CELL: usize = 16;
const CELLS: usize = 4096;

/// Ticks between which something happened.
type Span = (u64, u64);

/// From some tick in `span` on, `number` names the file.
struct Change {
    number: u32,
    span: Span,
    file: Option<u32>,
}

/// A call read from a file, or got an error that says that there is none to read from.
struct Read {
    number: u32,
    span: Span,
    file: Option<u32>,
}

/// A call wrote a record, or got an error that says that there is nothing to write to.
struct Write {
    number: u32,
    span: Span,
    record: String,
    done: bool,
}

#[derive(Default)]
struct History {
    clock: AtomicU64,
    /// How many of those who read or write have made their calls.
    done: AtomicUsize,
    changes: Mutex<Vec<Change>>,
    reads: Mutex<Vec<Read>>,
    writes: Mutex<Vec<Write>>,
}

impl History {
    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, SeqCst)
    }
}

/// What a number named, in order, and from which ticks on.
struct Named(Vec<(Span, Option<u32>)>);

impl Named {
    fn new(changes: &[Change], number: u32) -> Self {
        let own = changes.iter().filter(|change| change.number == number);
        let mut named = vec![((0, 0), None)];
        named.extend(own.map(|change| (change.span, change.file)));
        Named(named)
    }

    /// What it can have named at some tick in `span`: what it named before that, unless it certainly was another by then, and
    /// whatever came before the end.
    fn possible(&self, span: Span) -> &[(Span, Option<u32>)] {
        let certain = self.0.partition_point(|((_, end), _)| *end <= span.0);
        let begun = self.0.partition_point(|((begin, _), _)| *begin <= span.1);
        &self.0[certain.saturating_sub(1)..begun]
    }
}

fn with_dir(path: &Path) -> WasiCtxBuilder {
    let mut wasi = WasiCtxBuilder::new();
    wasi.preopened_dir(path, "/", DirPerms::all(), FilePerms::all())
        .expect("a directory");
    wasi
}

async fn change(thread: Thread, history: Arc<History>) {
    let mut numbers = Numbers::new(7);
    let mut names: HashMap<u32, u32> = HashMap::new();
    while history.done.load(SeqCst) < 2 * PAIRS {
        let (one, other) = (4 + numbers.below(5), 4 + numbers.below(5));
        let begin = history.tick();
        let changed = match (numbers.below(5), names.get(&one).copied(), names.contains_key(&other)) {
            (0..3, ..) if names.len() < NUMBERS.len() => {
                let file = numbers.below(FILES);
                let (how, rights, flags) = match TO_READ.contains(&file) {
                    true => (0, READ, 0),
                    false => (CREAT, WRITE, APPEND),
                };
                let opened = thread.open(DIR, &file.to_string(), how, rights, flags).await;
                let lowest = NUMBERS.into_iter().find(|number| !names.contains_key(number));
                assert_eq!(opened.ok(), lowest, "the lowest free number");
                vec![(opened.expect("as above"), Some(file))]
            }
            (3, Some(_), _) => {
                thread.close(one).await.expect("open");
                vec![(one, None)]
            }
            (4, Some(file), true) if one != other => {
                thread.renumber(one, other).await.expect("both open");
                vec![(one, None), (other, Some(file))]
            }
            _ => continue,
        };
        let span = (begin, history.tick());
        for (number, file) in changed {
            match file {
                Some(file) => names.insert(number, file),
                None => names.remove(&number),
            };
            history
                .changes
                .lock()
                .expect("no panic")
                .push(Change { number, span, file });
        }
    }
}

/// Which file bytes are of, all of them.
fn file_of(bytes: &[u8]) -> u32 {
    let cells: Vec<(u32, usize)> = bytes
        .chunks(CELL)
        .map(|cell| {
            let text = std::str::from_utf8(cell).expect("text");
            let (file, index) = text.trim_end().split_once(' ').expect("two numbers");
            (file.parse().expect("a number"), index.parse().expect("a number"))
        })
        .collect();
    let (file, first) = cells[0];
    for (index, cell) in cells.iter().enumerate() {
        assert_eq!(*cell, (file, first + index), "one piece of one file");
    }
    file
}

async fn read(thread: Thread, history: Arc<History>) {
    let mut numbers = Numbers::new(100 + thread.number());
    for _ in 0..CALLS {
        let number = 4 + numbers.below(5);
        let begin = history.tick();
        let result = match numbers.below(2) {
            0 => thread.read(number, &[5, 11, 32]).await,
            _ => {
                let offset = u64::from(numbers.below(CELLS as u32)) * CELL as u64;
                thread.pread(number, &[1, 30, 1], offset).await
            }
        };
        let span = (begin, history.tick());
        let file = match result {
            // The end of a file says nothing about which one it is.
            Ok(bytes) if bytes.is_empty() => continue,
            Ok(bytes) => Some(file_of(&bytes)),
            Err(BADF | NOTCAPABLE) => None,
            Err(error) => panic!("error {error}"),
        };
        history
            .reads
            .lock()
            .expect("no panic")
            .push(Read { number, span, file });
    }
    history.done.fetch_add(1, SeqCst);
}

async fn write(thread: Thread, history: Arc<History>) {
    let mut numbers = Numbers::new(200 + thread.number());
    for index in 0..CALLS {
        let number = 4 + numbers.below(5);
        let record = format!("{:03} {index:011}\n", thread.number());
        let (head, tail) = record.as_bytes().split_at(7);
        let begin = history.tick();
        let result = thread.write(number, &[head, tail]).await;
        let span = (begin, history.tick());
        match result {
            Ok(length) => assert_eq!(length, CELL as u32),
            Err(error) => assert!(matches!(error, BADF | NOTCAPABLE), "error {error}"),
        }
        let done = result.is_ok();
        history.writes.lock().expect("no panic").push(Write {
            number,
            span,
            record,
            done,
        });
    }
    history.done.fetch_add(1, SeqCst);
}

#[test]
fn a_number_gives_the_file_that_it_names() {
    let dir = tempfile::tempdir().expect("a directory");
    for file in TO_READ {
        let cells: String = (0..CELLS).map(|index| format!("{file:07} {index:07}\n")).collect();
        fs::write(dir.path().join(file.to_string()), cells).expect("a file");
    }
    let history = Arc::new(History::default());
    let mut program = Program::default();
    program.thread(|thread| change(thread, Arc::clone(&history)));
    for _ in 0..PAIRS {
        program.thread(|thread| read(thread, Arc::clone(&history)));
        program.thread(|thread| write(thread, Arc::clone(&history)));
    }
    program.run(&mut with_dir(dir.path())).expect("no trap");

    let changes = history.changes.lock().expect("no panic");
    let named: HashMap<u32, Named> = NUMBERS.map(|number| (number, Named::new(&changes, number))).collect();
    let reads = history.reads.lock().expect("no panic");
    for Read { number, span, file } in &*reads {
        let possible = named[number].possible(*span);
        let fits = |(_, named): &(Span, Option<u32>)| named.filter(|named| TO_READ.contains(named)) == *file;
        assert!(
            possible.iter().any(fits),
            "{number} gave {file:?} and named {possible:?}"
        );
    }
    let mut found = HashMap::new();
    for file in TO_READ.end..FILES {
        // Chance may have it that one was never opened.
        let text = fs::read_to_string(dir.path().join(file.to_string())).unwrap_or_default();
        for record in text.split_inclusive('\n') {
            assert_eq!(found.insert(record.to_owned(), file), None, "written twice");
        }
    }
    let writes = history.writes.lock().expect("no panic");
    for Write {
        number,
        span,
        record,
        done,
    } in &*writes
    {
        let file = found.remove(record);
        assert_eq!(file.is_some(), *done, "{record} to {number}");
        let possible = named[number].possible(*span);
        let fits = |(_, named): &(Span, Option<u32>)| named.filter(|named| !TO_READ.contains(named)) == file;
        assert!(
            possible.iter().any(fits),
            "{number} took {file:?} and named {possible:?}"
        );
    }
    assert_eq!(found.len(), 0, "nobody wrote the rest");
    let done = |is_done: bool| writes.iter().filter(|write| write.done == is_done).count();
    assert!(done(true) > 0 && done(false) > 0 && reads.iter().any(|read| read.file.is_some()));
    for file in TO_READ {
        let length = fs::metadata(dir.path().join(file.to_string())).expect("a file").len();
        assert_eq!(length, (CELLS * CELL) as u64, "not written to");
    }
}

/// All threads open, renumber and close at once. Each one's file is its own until it closes it.
#[test]
fn an_open_number_is_nobody_elses() {
    const ROUNDS: u32 = 10_000;
    let dir = tempfile::tempdir().expect("a directory");
    let mut program = Program::default();
    for _ in 0..5 {
        program.thread(|thread| async move {
            let path = thread.number().to_string();
            let own = path.repeat(4096);
            for round in 0..ROUNDS {
                let mut file = thread.open(DIR, &path, 0, READ, 0).await.expect("there");
                if round % 2 == 0 {
                    let other = thread.open(DIR, &path, 0, READ, 0).await.expect("there");
                    thread.renumber(other, file).await.expect("both open");
                } else {
                    let other = thread.open(DIR, ".", DIRECTORY, READ, 0).await.expect("there");
                    thread.renumber(file, other).await.expect("both open");
                    file = other;
                }
                assert_eq!(thread.read(file, &[4096]).await.as_deref(), Ok(own.as_bytes()));
                thread.close(file).await.expect("open");
            }
        });
    }
    for thread in 0..5 {
        fs::write(dir.path().join(thread.to_string()), thread.to_string().repeat(4096)).expect("a file");
    }
    program.run(&mut with_dir(dir.path())).expect("no trap");
}

/// Reads of one descriptor share its position: every byte goes to one of them.
#[test]
fn readers_of_one_descriptor_share_the_file_out() {
    const WORDS: u32 = 1 << 20;
    let dir = tempfile::tempdir().expect("a directory");
    let words: Vec<u8> = (0..WORDS).flat_map(u32::to_le_bytes).collect();
    fs::write(dir.path().join("f"), words).expect("a file");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let mut program = Program::default();
    for _ in 0..4 {
        let seen = Arc::clone(&seen);
        program.thread(|thread| async move {
            if thread.number() == 0 {
                assert_eq!(thread.open(DIR, "f", 0, READ, 0).await, Ok(4));
            }
            let mut numbers = Numbers::new(thread.number());
            loop {
                let lengths = [
                    4 * numbers.below(100),
                    4 * numbers.below(2000),
                    4 + 4 * numbers.below(10),
                ];
                let bytes = match thread.read(4, &lengths).await {
                    Ok(bytes) if bytes.is_empty() => break,
                    Ok(bytes) => bytes,
                    Err(error) => {
                        assert_eq!(error, BADF, "not open yet");
                        thread.give_way().await;
                        continue;
                    }
                };
                let (words, rest) = bytes.as_chunks::<4>();
                assert!(rest.is_empty(), "whole words");
                let words: Vec<u32> = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
                assert!(
                    words.is_sorted_by(|one, next| *next == one + 1),
                    "one piece of the file"
                );
                seen.lock().expect("no panic").extend(words);
            }
        });
    }
    program.run(&mut with_dir(dir.path())).expect("no trap");
    let mut seen = std::mem::take(&mut *seen.lock().expect("no panic"));
    seen.sort_unstable();
    assert!(seen.iter().copied().eq(0..WORDS), "each word once");
}
