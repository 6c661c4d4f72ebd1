//! The thread of async-io, one per process. It wakes guest threads when timers fire and when files become readable or
//! writable.
//!
//! Problem: async-io starts the thread at the first wait, and panics if the system refuses it. By then a guest may hold
//! every descriptor that the process may have. Without the thread, no later wait works, in other programs either. So
//! weft starts it with the first engine, after checking that the system grants what it needs.

use crate::error::Error;
use crate::system::os_threads::probe;
use async_io::Timer;
use rustix::event::epoll::{self, CreateFlags};
use std::future::Future;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

const CONTEXT: &str = "cannot start the thread that waits for timers and files";

/// The most descriptors that async-io opens: a poll, a timer, and the two ends of a pipe.
const DESCRIPTORS: usize = 4;

/// Starts the thread, unless it was started before. If async-io panicked once, this always fails, because async-io may
/// be half initialized.
pub(crate) fn start() -> Result<(), Error> {
    static STARTED: Mutex<Option<bool>> = Mutex::new(None);
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    let refused = || failed("the system refuses a thread or a descriptor".to_owned());
    match *started {
        Some(true) => return Ok(()),
        Some(false) => return Err(refused()),
        None => {}
    }
    probe_descriptors().map_err(|error| failed(format!("the system refuses to open another descriptor: {error}")))?;
    probe(1).map_err(|refusal| Error::OsThread {
        context: CONTEXT,
        refusal,
    })?;
    let wait = || {
        let timer = pin!(Timer::after(Duration::from_secs(1)));
        let _ = timer.poll(&mut Context::from_waker(Waker::noop()));
    };
    // The descriptors that were free may be taken by now.
    let waits = catch_unwind(wait).is_ok();
    *started = Some(waits);
    waits.then_some(()).ok_or_else(refused)
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
