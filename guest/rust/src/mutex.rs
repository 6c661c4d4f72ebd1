//! A mutex, which stands on nothing but an [`Event`].

use crate::wait::Event;
use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicUsize, Ordering};

/// A value that one thread at a time can use.
pub struct Mutex<T: ?Sized> {
    /// How many threads have locked it or want to.
    threads: AtomicUsize,
    unlocked: Event,
    value: UnsafeCell<T>,
}

// SAFETY: one thread at a time has the value.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// An unlocked mutex.
    pub const fn new(value: T) -> Mutex<T> {
        Mutex {
            threads: AtomicUsize::new(0),
            unlocked: Event::new(),
            value: UnsafeCell::new(value),
        }
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits until no other thread has the value, and takes it.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        if self.threads.fetch_add(1, Ordering::SeqCst) > 0 {
            self.unlocked.wait();
        }
        MutexGuard(self)
    }

    /// Takes the value if no other thread has it.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let locked = self.threads.compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst);
        locked.is_ok().then_some(MutexGuard(self))
    }
}

/// The value of a locked mutex, which is unlocked when this is dropped.
pub struct MutexGuard<'a, T: ?Sized>(&'a Mutex<T>);

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The mutex that it has locked.
    pub(crate) const fn mutex(&self) -> &'a Mutex<T> {
        self.0
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this thread has locked the mutex.
        unsafe { &*self.0.value.get() }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this thread has locked the mutex.
        unsafe { &mut *self.0.value.get() }
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if self.0.threads.fetch_sub(1, Ordering::SeqCst) > 1 {
            self.0.unlocked.announce();
        }
    }
}
