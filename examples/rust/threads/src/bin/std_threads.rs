//! Threads of the standard library: names, scopes, parking, thread-locals, and what `spawn` says at the limit.
//!
//!     cargo build --release
//!     weft run target/wasm32-wasip1-threads/release/std_threads.wasm

use std::cell::Cell;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex, OnceLock, RwLock, mpsc};
use std::thread;
use std::time::Duration;

fn main() {
    match std::env::args().nth(1).as_deref() {
        None => {
            names();
            scopes();
            parking();
            locals();
            locks();
            channels();
            timeouts();
            println!("all threads ended");
        }
        Some("processors") => processors(),
        Some("limit") => limit(),
        Some("panic") => panic(),
        Some(other) => panic!("`{other}` is not known: use `processors`, `limit` or `panic`"),
    }
}

fn names() {
    let named = thread::Builder::new().name("reader".into()).stack_size(256 * 1024);
    let name = named.spawn(|| thread::current().name().map(str::to_owned)).expect("a thread starts");
    assert_eq!(name.join().expect("it returns").as_deref(), Some("reader"));
    let nameless = thread::spawn(|| thread::current().name().is_none());
    assert!(nameless.join().expect("it returns"));
}

fn scopes() {
    let mut numbers: Vec<u64> = (0..1000).collect();
    let (left, right) = numbers.split_at_mut(500);
    let sums = thread::scope(|scope| {
        let double = |part: &mut [u64]| {
            part.iter_mut().for_each(|number| *number *= 2);
            part.iter().sum::<u64>()
        };
        let left = scope.spawn(move || double(left));
        let right = scope.spawn(move || double(right));
        left.join().expect("it returns") + right.join().expect("it returns")
    });
    assert_eq!(sums, 999_000);
    assert_eq!(numbers[999], 1998);
}

fn parking() {
    let ready = Arc::new(AtomicBool::new(false));
    let seen = ready.clone();
    let sleeper = thread::spawn(move || {
        while !seen.load(Ordering::Acquire) {
            thread::park();
        }
    });
    ready.store(true, Ordering::Release);
    sleeper.thread().unpark();
    sleeper.join().expect("it returns");
    // A token that is there already, and one that never comes.
    thread::current().unpark();
    thread::park();
    thread::park_timeout(Duration::from_millis(1));
}

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
    static ENDED: Ended = const { Ended };
}

static DESTROYED: AtomicU32 = AtomicU32::new(0);

struct Ended;

impl Drop for Ended {
    fn drop(&mut self) {
        DESTROYED.fetch_add(1, Ordering::Relaxed);
    }
}

fn locals() {
    let threads: Vec<_> = (1..=8)
        .map(|number| {
            thread::spawn(move || {
                ENDED.with(|_| ());
                for _ in 0..number {
                    COUNT.set(COUNT.get() + 1);
                    thread::yield_now();
                }
                COUNT.get()
            })
        })
        .collect();
    for (thread, number) in threads.into_iter().zip(1..) {
        assert_eq!(thread.join().expect("it returns"), number);
    }
    assert_eq!(COUNT.get(), 0);
    assert_eq!(DESTROYED.load(Ordering::Relaxed), 8, "destructors run before a join returns");
}

fn locks() {
    static ONCE: OnceLock<thread::ThreadId> = OnceLock::new();
    let turn = Arc::new((Mutex::new(0_u32), Condvar::new()));
    let log = Arc::new(RwLock::new(Vec::new()));
    let barrier = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let (turn, log, barrier) = (turn.clone(), log.clone(), barrier.clone());
            thread::spawn(move || {
                barrier.wait();
                ONCE.get_or_init(|| thread::current().id());
                let (mutex, condition) = &*turn;
                let mut now = condition
                    .wait_while(mutex.lock().expect("nobody panics"), |now| *now % 4 != number)
                    .expect("nobody panics");
                log.write().expect("nobody panics").push(number);
                *now += 1;
                condition.notify_all();
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("it returns"));
    assert_eq!(*log.read().expect("nobody panics"), [0, 1, 2, 3]);
    assert!(ONCE.get().is_some_and(|id| *id != thread::current().id()));
}

fn channels() {
    let (sender, receiver) = mpsc::sync_channel(2);
    let senders: Vec<_> = (0..4)
        .map(|first| {
            let sender = sender.clone();
            thread::spawn(move || (first..1000).step_by(4).for_each(|number| sender.send(number).expect("received")))
        })
        .collect();
    drop(sender);
    assert_eq!(receiver.iter().sum::<u32>(), 499_500);
    senders.into_iter().for_each(|thread| thread.join().expect("it returns"));
}

fn timeouts() {
    let never = (Mutex::new(()), Condvar::new());
    let guard = never.0.lock().expect("nobody panics");
    let (_guard, result) = never.1.wait_timeout(guard, Duration::from_millis(1)).expect("nobody panics");
    assert!(result.timed_out());
    let (_sender, receiver) = mpsc::channel::<()>();
    assert_eq!(receiver.recv_timeout(Duration::from_millis(1)), Err(mpsc::RecvTimeoutError::Timeout));
}

/// The ABI has no way to ask for the number of processors.
fn processors() {
    match thread::available_parallelism() {
        Ok(number) => println!("{number} processors"),
        Err(error) => println!("unknown: {:?}", error.kind()),
    }
}

/// With `weft run --max-threads`: a spawn beyond the limit is an error, and works again when a thread has ended.
fn limit() {
    let end = Arc::new((Mutex::new(false), Condvar::new()));
    let mut threads = Vec::new();
    let error = loop {
        let end = end.clone();
        let wait = move || drop(end.1.wait_while(end.0.lock().expect("nobody panics"), |end| !*end));
        match thread::Builder::new().spawn(wait) {
            Ok(thread) => threads.push(thread),
            Err(error) => break error,
        }
    };
    println!("{} threads, then {:?}", threads.len(), error.kind());
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    *end.0.lock().expect("nobody panics") = true;
    end.1.notify_all();
    threads.into_iter().for_each(|thread| thread.join().expect("it returns"));
    thread::Builder::new().spawn(|| ()).expect("there is room again").join().expect("it returns");
}

/// The target aborts where it panics, so a panic of a thread ends the program.
fn panic() {
    let thread = thread::Builder::new().name("worker".into());
    let result = thread.spawn(|| panic!("of a thread")).expect("a thread starts").join();
    println!("not reached: {}", result.is_err());
}
