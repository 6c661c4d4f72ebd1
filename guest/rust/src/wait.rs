//! Waiting and waking, by semaphores of the C library.
//!
//! `memory.atomic.wait32` and `memory.atomic.notify` are not stable in Rust. A semaphore of wasi-libc is made of nothing else: a post
//! before the wait is not lost, and a wait needs no thread of the library's own.

use core::cell::UnsafeCell;

/// wasi-libc's `sem_t`.
#[repr(C)]
struct Semaphore([i32; 4]);

#[link(name = "c")]
unsafe extern "C" {
    fn sem_wait(semaphore: *mut Semaphore) -> i32;
    fn sem_post(semaphore: *mut Semaphore) -> i32;
}

/// Something that one thread waits for and another one announces. Announcements are counted.
pub(crate) struct Event(UnsafeCell<Semaphore>);

// SAFETY: the functions of a semaphore may be called by all threads at once.
unsafe impl Send for Event {}
// SAFETY: as above.
unsafe impl Sync for Event {}

impl Event {
    /// All zeros is a semaphore of value 0.
    pub(crate) const fn new() -> Event {
        Event(UnsafeCell::new(Semaphore([0; 4])))
    }

    /// Waits until somebody announces, if nobody has yet.
    pub(crate) fn wait(&self) {
        // SAFETY: the semaphore is initialised. A signal can interrupt the call, in which case it is made again.
        while unsafe { sem_wait(self.0.get()) } != 0 {}
    }

    pub(crate) fn announce(&self) {
        // SAFETY: the semaphore is initialised.
        unsafe { sem_post(self.0.get()) };
    }
}
