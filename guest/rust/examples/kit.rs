//! Every part of the crate, checked: `cargo build --release --target wasm32-wasip1-threads --example kit`, and `weft run` on the
//! module.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use weft_guest::sync::{Condvar, Mutex};
use weft_guest::{Local, SpawnError, available_parallelism, current, park, scope, spawn};

const THREADS: usize = 8;
const ROUNDS: usize = 1000;

struct Counted;

static DROPPED: AtomicUsize = AtomicUsize::new(0);

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::SeqCst);
    }
}

static OWN: Local<(usize, Option<Counted>)> = Local::new(|| (0, Some(Counted)));

/// A value whose destructor uses another thread-local value.
struct UsesOwn;

impl Drop for UsesOwn {
    fn drop(&mut self) {
        OWN.with(|own| own.0 += 1);
    }
}

static LAST: Local<UsesOwn> = Local::new(|| UsesOwn);

fn scopes() -> Result<(), SpawnError> {
    let counter = Mutex::new(0);
    let numbers: Vec<usize> = (0..THREADS).collect();
    let squares = scope(|scope| {
        let threads = numbers.iter().map(|number| {
            let counter = &counter;
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    *counter.lock() += 1;
                    OWN.with(|own| own.0 += 1);
                }
                assert_eq!(OWN.with(|own| own.0), ROUNDS);
                number * number
            })
        });
        let threads = threads.collect::<Result<Vec<_>, _>>()?;
        Ok(threads.into_iter().map(|thread| thread.join()).collect::<Vec<_>>())
    })?;
    assert_eq!(squares, numbers.iter().map(|number| number * number).collect::<Vec<_>>());
    assert_eq!(*counter.lock(), THREADS * ROUNDS);
    Ok(())
}

/// Threads take turns, in the order of their numbers.
fn turns() -> Result<(), SpawnError> {
    let (turn, changed) = (Mutex::new(0), Condvar::new());
    scope(|scope| {
        for number in 0..THREADS {
            let (turn, changed) = (&turn, &changed);
            scope.spawn(move || {
                let mut guard = turn.lock();
                while *guard != number {
                    guard = changed.wait(guard);
                }
                *guard += 1;
                changed.notify_all();
            })?;
        }
        Ok(())
    })?;
    assert_eq!(*turn.lock(), THREADS);
    Ok(())
}

/// Each notification wakes one thread for one token.
fn tokens() -> Result<(), SpawnError> {
    let (tokens, changed) = (Mutex::new(0), Condvar::new());
    scope(|scope| {
        for _ in 0..THREADS {
            let (tokens, changed) = (&tokens, &changed);
            scope.spawn(move || {
                let mut guard = tokens.lock();
                while *guard == 0 {
                    guard = changed.wait(guard);
                }
                *guard -= 1;
            })?;
        }
        for _ in 0..THREADS {
            *tokens.lock() += 1;
            changed.notify_one();
        }
        Ok(())
    })?;
    let guard = tokens.try_lock();
    assert_eq!(guard.as_deref(), Some(&0));
    assert!(tokens.try_lock().is_none());
    Ok(())
}

fn parking() -> Result<(), SpawnError> {
    let main = current();
    for _ in 0..100 {
        let thread = main.clone();
        spawn(move || thread.unpark())?;
        park();
    }
    Ok(())
}

/// A wait for a condition does not take the token of an earlier `unpark`.
fn token_lasts() -> Result<(), SpawnError> {
    let (is_set, changed) = (Mutex::new(false), Condvar::new());
    current().unpark();
    scope(|scope| {
        scope.spawn(|| {
            *is_set.lock() = true;
            changed.notify_one();
        })?;
        let mut guard = is_set.lock();
        while !*guard {
            guard = changed.wait(guard);
        }
        Ok(())
    })?;
    park();
    Ok(())
}

/// Values are dropped before their thread can be joined, and those that a destructor makes are not left to the next thread.
fn ends_of_values() -> Result<(), SpawnError> {
    for _ in 0..100 {
        let before = DROPPED.load(Ordering::SeqCst);
        let thread = spawn(|| {
            assert_eq!(OWN.with(|own| own.0), 0);
            LAST.with(|_| ());
        })?;
        thread.join();
        assert_eq!(DROPPED.load(Ordering::SeqCst) - before, 2);
    }
    // The values of a result that nobody joins.
    spawn(|| UsesOwn)?;
    Ok(())
}

/// Far more threads, one after the other, than stacks fit into the memory at once.
fn many() -> Result<(), SpawnError> {
    let mut seen = BTreeSet::new();
    for number in 0..10_000 {
        seen.insert(spawn(move || number)?.join());
    }
    assert_eq!(seen.len(), 10_000);
    Ok(())
}

fn main() -> Result<(), SpawnError> {
    assert!(available_parallelism().get() >= 1);
    scopes()?;
    turns()?;
    tokens()?;
    // A thread's values are dropped before its scope ends.
    assert_eq!(DROPPED.load(Ordering::SeqCst), THREADS);
    parking()?;
    token_lasts()?;
    ends_of_values()?;
    many()?;
    println!("all checks passed");
    Ok(())
}
