//! The deadline of an instance.
//!
//! **Problem.** An instance must end at its deadline, even if all its threads wait and all workers sleep, or if all
//! workers are busy with other instances. **Here,** the timer's waker ends the instance, on the thread that fires
//! timers. So no task and no OS thread waits for the deadline. The timer is dropped with the instance.
//!
//! **Rejected:** a task of the scheduler (it waits for its turn behind all threads of other instances); checking at
//! each tick (there are no ticks while all workers sleep).

use async_io::Timer;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::Duration;

/// See the module. Dropping it cancels the deadline.
pub(super) struct Deadline {
    _timer: Timer,
}

struct Alarm<F>(F);

impl Deadline {
    /// Calls `end` after `time`.
    pub(super) fn new(time: Duration, end: impl Fn() + Send + Sync + 'static) -> Self {
        let alarm = Arc::new(Alarm(end));
        let waker = Waker::from(Arc::clone(&alarm));
        let mut timer = Timer::after(time);
        if Pin::new(&mut timer).poll(&mut Context::from_waker(&waker)).is_ready() {
            (alarm.0)();
        }
        Deadline { _timer: timer }
    }
}

impl<F: Fn() + Send + Sync + 'static> Wake for Alarm<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}
