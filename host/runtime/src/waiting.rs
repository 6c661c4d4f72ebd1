//! The thread of async-io, one for the process: it wakes guest threads at times and when files can be read or written.
//!
//! Problem: async-io starts it at the first wait, and panics where the system refuses it. By then a guest may hold every
//! descriptor that the process may have, and with the thread all later waits are lost, those of other programs too. So
//! it is started with the first engine.

use crate::Error;
use async_io::Timer;
use std::future::Future;
use std::panic::catch_unwind;
use std::pin::pin;
use std::sync::OnceLock;
use std::task::{Context, Waker};
use std::time::Duration;

/// Starts the thread, if it was not yet. Where the system refused it, it does so for good: half of it may be there.
pub(crate) fn start() -> Result<(), Error> {
    static STARTED: OnceLock<bool> = OnceLock::new();
    let wait = || {
        let timer = pin!(Timer::after(Duration::from_secs(1)));
        let _ = timer.poll(&mut Context::from_waker(Waker::noop()));
    };
    match STARTED.get_or_init(|| catch_unwind(wait).is_ok()) {
        true => Ok(()),
        false => Err(Error::Engine {
            context: "cannot start waiting for times and files",
            message: "the system refuses a thread or a descriptor".to_owned(),
        }),
    }
}
