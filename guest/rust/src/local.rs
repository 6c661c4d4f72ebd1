//! Values of which each thread has its own.

use crate::handle::{current, leave};
use alloc::boxed::Box;
use core::any::Any;

/// A value of which each thread has its own. A thread's value is made when the thread first uses it, and is dropped when the thread
/// ends, before it can be joined. For the threads that this crate does not start, it is never dropped.
///
/// ```no_run
/// static COUNT: weft_guest::Local<u32> = weft_guest::Local::new(|| 0);
/// COUNT.with(|count| *count += 1);
/// ```
pub struct Local<T: Send + 'static>(fn() -> T);

impl<T: Send + 'static> Local<T> {
    /// A value that begins as what a function returns.
    pub const fn new(init: fn() -> T) -> Local<T> {
        Local(init)
    }

    /// Calls a function with the calling thread's value. The function must not use the same value by another call of this one:
    /// that finds a new value.
    pub fn with<R>(&'static self, body: impl FnOnce(&mut T) -> R) -> R {
        let thread = current();
        let key = core::ptr::from_ref(self).addr();
        let known = thread.locals().lock().remove(&key);
        let mut value = match known.map(Box::<dyn Any + Send>::downcast::<T>) {
            Some(Ok(value)) => value,
            Some(Err(_)) | None => Box::new((self.0)()),
        };
        let result = body(&mut value);
        thread.locals().lock().insert(key, value);
        result
    }
}

/// Drops the values of the calling thread, which ends. Their destructors can make others, which are dropped too, but not for ever.
pub(crate) fn end() {
    for _ in 0..4 {
        let Some(thread) = leave() else { return };
        let values = core::mem::take(&mut *thread.locals().lock());
        drop(values);
    }
    if let Some(thread) = leave() {
        core::mem::forget(core::mem::take(&mut *thread.locals().lock()));
    }
}
