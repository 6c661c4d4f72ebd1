//! Rust's threads, and files from all of them: `parallel THREADS`. Everything in it is the standard library's: scoped threads,
//! locks, channels, thread-local variables, buffered output.
#![cfg_attr(target_os = "wasi", feature(wasi_ext))]
use std::cell::Cell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, OnceLock, RwLock};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use std::os::unix::fs::FileExt;
#[cfg(target_os = "wasi")]
use std::os::wasi::fs::FileExt;

const BLOCK: usize = 4096;
const BLOCKS: usize = 64;

/// The bytes of a file, other ones at each place of each file.
fn pattern(file: usize, block: usize) -> Vec<u8> {
    (0..BLOCK)
        .map(|place| (file * 31 + block * 7 + place * (1 + block % 3)) as u8)
        .collect()
}

/// Each thread writes a file of its own and reads those of all others, through descriptors of its own.
fn files_of_their_own(threads: usize) -> io::Result<()> {
    let written = Barrier::new(threads);
    thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|thread| {
                let written = &written;
                scope.spawn(move || -> io::Result<usize> {
                    let mut file = File::create(format!("file {thread}"))?;
                    for block in 0..BLOCKS {
                        file.write_all(&pattern(thread, block))?;
                    }
                    drop(file);
                    written.wait();
                    let mut right = 0;
                    for other in 0..threads {
                        let mut file = File::open(format!("file {other}"))?;
                        let mut bytes = vec![0; BLOCK];
                        for block in 0..BLOCKS {
                            file.read_exact(&mut bytes)?;
                            right += usize::from(bytes == pattern(other, block));
                        }
                        right += usize::from(file.read(&mut bytes)? == 0);
                    }
                    Ok(right)
                })
            })
            .collect();
        let mut right = 0;
        for handle in handles {
            right += handle.join().map_err(|_| io::Error::other("a thread panicked"))??;
        }
        println!("files of their own: {}", right == threads * threads * (BLOCKS + 1));
        Ok(())
    })
}

/// All threads take the blocks of one descriptor, at positions, while one of them moves the descriptor's own position.
fn one_descriptor(threads: usize) -> io::Result<()> {
    let file = Arc::new(
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open("shared")?,
    );
    let (next, right) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let handles: Vec<_> = (0..threads)
        .map(|thread| {
            let (file, next, right) = (file.clone(), next.clone(), right.clone());
            thread::spawn(move || -> io::Result<()> {
                loop {
                    let block = next.fetch_add(1, Ordering::Relaxed);
                    if block >= BLOCKS {
                        return Ok(());
                    }
                    let place = (block * BLOCK) as u64;
                    file.write_all_at(&pattern(0, block), place)?;
                    if thread == 0 {
                        (&*file).seek(SeekFrom::Start(block as u64))?;
                    }
                    let mut bytes = vec![0; BLOCK];
                    file.read_exact_at(&mut bytes, place)?;
                    right.fetch_add(usize::from(bytes == pattern(0, block)), Ordering::Relaxed);
                }
            })
        })
        .collect();
    for handle in handles {
        handle.join().map_err(|_| io::Error::other("a thread panicked"))??;
    }
    println!("one descriptor: {}", right.load(Ordering::Relaxed) == BLOCKS);
    Ok(())
}

/// Each thread appends lines of its own length to one file, through a descriptor of its own: none is torn, lost or doubled.
fn appending(threads: usize) -> io::Result<()> {
    const LINES: usize = 200;
    let line = |thread: usize, number: usize| format!("{thread} {number} {}\n", "x".repeat(1 + 37 * thread % 500));
    thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let mut log = OpenOptions::new()
                    .append(true)
                    .create(true)
                    .open("log")
                    .expect("the log opens");
                for number in 0..LINES {
                    log.write_all(line(thread, number).as_bytes())
                        .expect("the log takes a line");
                }
            });
        }
    });
    let text = fs::read_to_string("log")?;
    let mut next = vec![0; threads];
    let mut wrong = 0;
    for found in text.split_inclusive('\n') {
        let thread = found
            .split(' ')
            .next()
            .and_then(|thread| thread.parse().ok())
            .filter(|thread| *thread < threads);
        match thread {
            Some(thread) if line(thread, next[thread]) == found => next[thread] += 1,
            _ => wrong += 1,
        }
    }
    println!("appending: {}", wrong == 0 && next.iter().all(|lines| *lines == LINES));
    Ok(())
}

/// Every thread creates, renames, lists and removes in one directory.
fn names(threads: usize) -> io::Result<()> {
    fs::create_dir("names")?;
    let created = AtomicUsize::new(0);
    thread::scope(|scope| {
        for thread in 0..threads {
            let created = &created;
            scope.spawn(move || {
                for number in 0..20 {
                    // Exactly one thread creates each of these.
                    if fs::create_dir(format!("names/one of all {number}")).is_ok() {
                        created.fetch_add(1, Ordering::Relaxed);
                    }
                    let (old, new) = (
                        format!("names/{thread} old {number}"),
                        format!("names/{thread} new {number}"),
                    );
                    fs::write(&old, &new).expect("a file is written");
                    fs::rename(&old, &new).expect("a file is renamed");
                    assert_eq!(fs::read_to_string(&new).expect("a file is read"), new);
                    let mine = format!("{thread} new {number}");
                    let found = fs::read_dir("names")
                        .expect("the directory is listed")
                        .flatten()
                        .filter(|e| e.file_name() == *mine);
                    assert_eq!(found.count(), 1);
                    fs::remove_file(&new).expect("a file is removed");
                }
            });
        }
    });
    println!(
        "names: {} {}",
        created.load(Ordering::Relaxed),
        fs::read_dir("names")?.count()
    );
    Ok(())
}

fn locks(threads: usize) {
    const ROUNDS: usize = 1000;
    let (counter, table) = (Mutex::new(0), RwLock::new(vec![0; threads]));
    let (started, cell) = (Once::new(), OnceLock::new());
    let starts = AtomicUsize::new(0);
    thread::scope(|scope| {
        for thread in 0..threads {
            let (counter, table, started, starts, cell) = (&counter, &table, &started, &starts, &cell);
            scope.spawn(move || {
                started.call_once(|| {
                    starts.fetch_add(1, Ordering::Relaxed);
                });
                cell.get_or_init(|| thread);
                for _ in 0..ROUNDS {
                    *counter.lock().expect("no thread panics") += 1;
                    table.write().expect("no thread panics")[thread] += 1;
                    assert!(table.read().expect("no thread panics")[thread] > 0);
                }
            });
        }
    });
    let sum: usize = table.into_inner().map(|table| table.iter().sum()).unwrap_or(0);
    println!(
        "locks: {} {} {}",
        counter.into_inner().is_ok_and(|count| count == threads * ROUNDS),
        sum == threads * ROUNDS,
        starts.into_inner()
    );

    let turn = (Mutex::new(0), Condvar::new());
    thread::scope(|scope| {
        for thread in 0..threads {
            let (turn, changed) = (&turn.0, &turn.1);
            scope.spawn(move || {
                for round in 0..100 {
                    let mine = changed.wait_while(turn.lock().expect("no thread panics"), |now| {
                        *now != round * threads + thread
                    });
                    *mine.expect("no thread panics") += 1;
                    changed.notify_all();
                }
            });
        }
    });
    println!("turns: {}", turn.0.into_inner().is_ok_and(|turn| turn == 100 * threads));
}

fn channels(threads: usize) {
    let (sender, receiver) = mpsc::sync_channel(4);
    let senders: Vec<_> = (0..threads)
        .map(|thread| {
            let sender = sender.clone();
            thread::spawn(move || (0..250).for_each(|number| sender.send((thread, number)).expect("somebody receives")))
        })
        .collect();
    drop(sender);
    let mut next = vec![0; threads];
    let in_order = receiver.iter().all(|(thread, number)| {
        next[thread] += 1;
        next[thread] == number + 1
    });
    senders
        .into_iter()
        .for_each(|sender| sender.join().expect("no thread panics"));
    println!("channels: {in_order} {}", next.iter().all(|count| *count == 250));

    let (sender, receiver) = mpsc::channel::<()>();
    let before = Instant::now();
    let timed_out = receiver.recv_timeout(Duration::from_millis(20)) == Err(RecvTimeoutError::Timeout);
    println!(
        "a channel's time: {timed_out} {}",
        before.elapsed() >= Duration::from_millis(20)
    );
    drop(sender);
    println!("a closed channel: {}", receiver.recv().is_err());
}

/// Thread-local variables are each thread's own, and are dropped when it ends.
fn thread_locals(threads: usize) {
    static DROPPED: AtomicUsize = AtomicUsize::new(0);
    struct Counted(Cell<usize>);
    impl Drop for Counted {
        fn drop(&mut self) {
            DROPPED.fetch_add(self.0.get(), Ordering::Relaxed);
        }
    }
    thread_local!(static OWN: Counted = const { Counted(Cell::new(0)) });
    let handles: Vec<_> = (1..=threads)
        .map(|thread| {
            thread::spawn(move || {
                for _ in 0..thread {
                    OWN.with(|own| own.0.set(own.0.get() + 1));
                    thread::yield_now();
                }
                OWN.with(|own| own.0.get()) == thread
            })
        })
        .collect();
    let own = handles.into_iter().all(|handle| handle.join().unwrap_or(false));
    println!(
        "thread-local: {own} {}",
        DROPPED.load(Ordering::Relaxed) == threads * (threads + 1) / 2
    );
}

fn parking() {
    let parked = thread::spawn(|| {
        thread::park();
        thread::sleep(Duration::from_millis(5));
        "unparked"
    });
    parked.thread().unpark();
    println!("parking: {}", parked.join().unwrap_or("panicked"));
    let named = thread::Builder::new().name("a name".into()).stack_size(200_000);
    let named = named
        .spawn(|| thread::current().name().map(str::to_owned))
        .map(|named| named.join());
    println!(
        "named: {:?}",
        named.map(|name| name.unwrap_or_default()).map_err(|error| error.kind())
    );
}

fn main() -> io::Result<()> {
    let threads = std::env::args()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .unwrap_or(4);
    files_of_their_own(threads)?;
    one_descriptor(threads)?;
    appending(threads)?;
    names(threads)?;
    locks(threads);
    channels(threads);
    thread_locals(threads);
    parking();
    // Each line is one write, so that it stays whole; their order is chance.
    thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || (0..50).for_each(|line| println!("thread {thread} prints line {line}")));
        }
    });
    Ok(())
}
