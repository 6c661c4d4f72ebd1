//! Handles to threads: what wakes a thread, and what is known of it while it runs.

use crate::bindings::weft::threads::threads as builtins;
use crate::mutex::Mutex;
use crate::wait::Event;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::any::Any;
use core::sync::atomic::{AtomicBool, Ordering};

/// The values of a thread, by the address of their [`Local`](crate::Local).
pub(crate) type Locals = Mutex<BTreeMap<usize, Box<dyn Any + Send>>>;

/// What is known of a thread.
struct Inner {
    /// A token that lets [`park`] return.
    token: AtomicBool,
    parked: Event,
    locals: Locals,
}

/// A handle to a thread, to wake it.
#[derive(Clone)]
pub struct Thread(Arc<Inner>);

impl Thread {
    fn new() -> Thread {
        Thread(Arc::new(Inner {
            token: AtomicBool::new(false),
            parked: Event::new(),
            locals: Locals::new(BTreeMap::new()),
        }))
    }

    /// Wakes the thread if it waits in [`park`]. If it does not, its next [`park`] returns at once.
    pub fn unpark(&self) {
        if !self.0.token.swap(true, Ordering::SeqCst) {
            self.0.parked.announce();
        }
    }

    pub(crate) fn locals(&self) -> &Locals {
        &self.0.locals
    }
}

/// The threads that run, by their index. Another thread can get the index when one has ended.
static THREADS: Mutex<BTreeMap<u32, Thread>> = Mutex::new(BTreeMap::new());

/// Forgets the calling thread, which ends.
pub(crate) fn leave() -> Option<Thread> {
    THREADS.lock().remove(&builtins::index())
}

/// A handle to the calling thread.
pub fn current() -> Thread {
    let index = builtins::index();
    let mut threads = THREADS.lock();
    threads.entry(index).or_insert_with(Thread::new).clone()
}

/// Waits until another thread calls [`Thread::unpark`] for this one, if none has yet.
pub fn park() {
    let thread = current();
    thread.0.parked.wait();
    // A swap, so that this thread sees what the last `unpark` made visible.
    thread.0.token.swap(false, Ordering::SeqCst);
}
