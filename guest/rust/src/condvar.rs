//! A condition: threads that wait for a change, and threads that say that there was one.

use crate::handle::{Thread, current, park};
use crate::mutex::{Mutex, MutexGuard};
use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, Ordering};

/// Threads that wait until something about a mutex's value has changed.
pub struct Condvar(Mutex<VecDeque<Waiter>>);

#[derive(Clone)]
struct Waiter {
    thread: Thread,
    is_notified: Arc<AtomicBool>,
}

impl Waiter {
    fn wake(self) {
        self.is_notified.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

impl Default for Condvar {
    fn default() -> Condvar {
        Condvar::new()
    }
}

impl Condvar {
    /// A condition that nobody waits for.
    pub const fn new() -> Condvar {
        Condvar(Mutex::new(VecDeque::new()))
    }

    /// Unlocks the mutex, waits until another thread notifies, and locks it again.
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        let waiter = Waiter {
            thread: current(),
            is_notified: Arc::new(AtomicBool::new(false)),
        };
        self.0.lock().push_back(waiter.clone());
        let mutex = guard.mutex();
        drop(guard);
        while !waiter.is_notified.load(Ordering::SeqCst) {
            park();
        }
        mutex.lock()
    }

    /// Wakes one of the threads that wait.
    pub fn notify_one(&self) {
        let first = self.0.lock().pop_front();
        if let Some(waiter) = first {
            waiter.wake();
        }
    }

    /// Wakes all threads that wait.
    pub fn notify_all(&self) {
        let all = core::mem::take(&mut *self.0.lock());
        all.into_iter().for_each(Waiter::wake);
    }
}
