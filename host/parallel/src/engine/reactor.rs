//! The thread of async-io, one per process. It wakes guest threads when timers fire and when files become readable or
//! writable.
//!
//! Problem: async-io starts the thread at the first wait, and panics if the system refuses it. By then a guest may hold
//! every descriptor that the process may have. Without the thread, no later wait works, in other programs either. So
//! weft starts it with the first engine, after checking that the system grants what it needs. Another thread keeps its
//! place until the engine has started its workers, so that these do not take it.

use crate::error::Error;
use crate::system::os_threads::{Ending, Place};
use async_io::Timer;
use rustix::event::epoll::{self, CreateFlags};
use std::future::Future;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

const CONTEXT: &str = "cannot start the thread that waits for timers and files";

/// The most descriptors that async-io opens: a poll, a timer, and the two ends of a pipe.
const DESCRIPTORS: usize = 4;

/// Whether the thread was started. If async-io panicked once, this stays `Some(false)`, because async-io may be half
/// initialized.
static STARTED: Mutex<Option<bool>> = Mutex::new(None);

/// A place for the thread while the engine starts its own threads. None if the thread runs already.
pub(crate) struct Reservation(Option<Place>);

/// A place that becomes free.
pub(crate) struct Released(Option<Ending>);

/// Makes sure that the system grants what the thread takes, unless it runs already, and takes its place.
pub(crate) fn reserve() -> Result<Reservation, Error> {
    match *started() {
        Some(true) => return Ok(Reservation(None)),
        Some(false) => return Err(refused()),
        None => {}
    }
    probe_descriptors().map_err(|error| failed(format!("the system refuses to open another descriptor: {error}")))?;
    let place = Place::take().map_err(|refusal| Error::OsThread {
        context: CONTEXT,
        refusal,
    })?;
    Ok(Reservation(Some(place)))
}

impl Reservation {
    /// Gives the place up, which takes the system some time.
    pub(crate) fn release(self) -> Released {
        Released(self.0.map(Place::give_up))
    }
}

impl Released {
    /// Starts the thread in its place, unless it runs already.
    pub(crate) fn start(self) -> Result<(), Error> {
        if let Some(place) = self.0 {
            place.wait();
        }
        let mut started = started();
        match *started {
            Some(true) => return Ok(()),
            Some(false) => return Err(refused()),
            None => {}
        }
        let wait = || {
            let timer = pin!(Timer::after(Duration::from_secs(1)));
            let _ = timer.poll(&mut Context::from_waker(Waker::noop()));
        };
        // The descriptors that were free may be taken by now.
        let waits = catch_unwind(wait).is_ok();
        *started = Some(waits);
        waits.then_some(()).ok_or_else(refused)
    }
}

fn started() -> MutexGuard<'static, Option<bool>> {
    STARTED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn refused() -> Error {
    failed("the system refuses a thread or a descriptor".to_owned())
}

fn failed(message: String) -> Error {
    Error::Engine {
        context: CONTEXT,
        message,
    }
}

fn probe_descriptors() -> rustix::io::Result<()> {
    let polls = (0..DESCRIPTORS).map(|_| epoll::create(CreateFlags::CLOEXEC));
    polls.collect::<rustix::io::Result<Vec<_>>>().map(drop)
}
