//! Futures for threads and tasks that deal with a scheduler: waiting on a thread of one's own, and yielding.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

/// Runs a future to its end on the calling thread, which sleeps while the future waits.
///
/// It is for a thread of the embedder's. Called in a task, it keeps the worker from running any other.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let wakeup = Arc::new(ThreadWakeup {
        thread: std::thread::current(),
        woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&wakeup));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut cx) {
            return value;
        }
        // The flag, and not the park token alone: the future may park this thread for reasons of its own.
        while !wakeup.woken.swap(false, Ordering::Acquire) {
            std::thread::park();
        }
    }
}

struct ThreadWakeup {
    thread: Thread,
    woken: AtomicBool,
}

impl Wake for ThreadWakeup {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}

/// Lets the other tasks that can run go first.
pub fn yield_now() -> impl Future<Output = ()> + Send {
    let mut yielded = false;
    poll_fn(move |cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        // The scheduler puts a task that is woken while it runs behind the others.
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}
