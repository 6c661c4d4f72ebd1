//! The deadline of an instance.
//!
//! **Problem.** An instance must end at a time, even if all its threads wait and all workers sleep, or if all workers are busy with other
//! instances. **Here,** the thread that wakes timers ends it: the timer's waker does, so that no task and no OS thread waits for it. The
//! timer goes with the instance.
//!
//! **Rejected:** a task of the scheduler's (it waits for its turn behind all threads of other instances); looking at each tick (there are
//! none while all workers sleep).

use super::running_instance::RunningInstance;
use crate::error::{EndReason, Error, Outcome};
use async_io::Timer;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

/// See the module. Dropping it cancels the deadline.
pub(super) struct Deadline {
    _timer: Timer,
}

struct Alarm<T: 'static> {
    instance: Weak<RunningInstance<T>>,
    time: Duration,
}

impl Deadline {
    /// Ends the instance when so much time has passed.
    pub(super) fn new<T: Send + Sync + 'static>(instance: &Arc<RunningInstance<T>>, time: Duration) -> Self {
        let alarm = Arc::new(Alarm {
            instance: Arc::downgrade(instance),
            time,
        });
        let waker = Waker::from(Arc::clone(&alarm));
        let mut timer = Timer::after(time);
        if Pin::new(&mut timer).poll(&mut Context::from_waker(&waker)).is_ready() {
            alarm.ring();
        }
        Deadline { _timer: timer }
    }
}

impl<T: Send + Sync + 'static> Alarm<T> {
    fn ring(&self) {
        if let Some(instance) = self.instance.upgrade() {
            let reason = EndReason::Deadline(self.time);
            instance.end(Outcome::Failed(Error::EndedBy(reason)));
        }
    }
}

impl<T: Send + Sync + 'static> Wake for Alarm<T> {
    fn wake(self: Arc<Self>) {
        self.ring();
    }
}
