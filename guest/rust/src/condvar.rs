//! A condition: threads that wait for a change, and threads that say that there was one.

use crate::mutex::{Mutex, MutexGuard};
use crate::wait::Event;
use alloc::collections::VecDeque;
use alloc::sync::Arc;

/// Threads that wait until something about a mutex's value has changed.
///
/// Each waiter has an event of its own. Parking would take the token that somebody else left for [`park`](crate::park).
pub struct Condvar(Mutex<VecDeque<Arc<Event>>>);

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
        let notified = Arc::new(Event::new());
        self.0.lock().push_back(Arc::clone(&notified));
        let mutex = guard.mutex();
        drop(guard);
        notified.wait();
        mutex.lock()
    }

    /// Wakes one of the threads that wait.
    pub fn notify_one(&self) {
        let first = self.0.lock().pop_front();
        if let Some(waiter) = first {
            waiter.announce();
        }
    }

    /// Wakes all threads that wait.
    pub fn notify_all(&self) {
        let all = core::mem::take(&mut *self.0.lock());
        all.iter().for_each(|waiter| waiter.announce());
    }
}
