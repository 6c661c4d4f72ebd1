//! Exports that wait for each other: they return only if the calls of several threads are in the component at once.

use exports::meetings::{Guest, GuestVisitor};
use std::cell::{Cell, RefCell};
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex};

wit_bindgen::generate!({ world: "overlap", path: "wit" });

struct Overlap;

struct Named(String);

static DROPPED: AtomicU32 = AtomicU32::new(0);

impl Drop for Named {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// How many calls have arrived. A round is over when the next multiple of the number of calls is reached.
static ARRIVED: (Mutex<u32>, Condvar) = (Mutex::new(0), Condvar::new());

fn wait_for(calls: u32) {
    let mut arrived = ARRIVED.0.lock().expect("nobody panics");
    *arrived += 1;
    let end = arrived.div_ceil(calls) * calls;
    ARRIVED.1.notify_all();
    drop(ARRIVED.1.wait_while(arrived, |arrived| *arrived < end).expect("nobody panics"));
}

thread_local! {
    static NAME: RefCell<String> = const { RefCell::new(String::new()) };
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// Fills a part of the stack, meets the others below it, and checks that nobody else wrote there.
#[inline(never)]
fn deeper(levels: u32, mark: u8, calls: u32) {
    let part = black_box([mark; 512]);
    match levels {
        0 => wait_for(calls),
        _ => deeper(levels - 1, mark, calls),
    }
    assert!(black_box(part).iter().all(|byte| *byte == mark));
}

impl Guest for Overlap {
    type Visitor = Named;
}

impl GuestVisitor for Named {
    fn new(name: String) -> Self {
        Named(name)
    }

    fn meet(&self, calls: u32, words: Vec<String>) -> Vec<String> {
        NAME.set(self.0.clone());
        NUMBER.set(words.len() as u32);
        // All are inside, and have set their variables.
        wait_for(calls);
        let mark = self.0.as_bytes().last().copied().unwrap_or_default();
        deeper(20, mark, calls);
        NAME.with_borrow(|name| assert_eq!(*name, self.0));
        assert_eq!(NUMBER.get(), words.len() as u32);
        // The results of the import are allocated in the middle of the other calls.
        let words = words.iter().map(|word| double(&format!("{} {word}", self.0))).collect();
        wait_for(calls);
        words
    }

    fn dropped() -> u32 {
        DROPPED.load(Ordering::Relaxed)
    }
}

export!(Overlap);
