//! Waiting for the first of several clocks, descriptors and signals.

use crate::base::clocks::{Clocks, Deadline};
use crate::base::errno::Result;
use crate::base::watched::{Direction, Watched};
use async_io::Timer;
use event_listener::EventListener;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

/// How long to sleep if the host's clock says that the time has come, but the embedder's clock, which may advance in
/// steps, does not.
const AGAIN: Duration = Duration::from_millis(1);

/// An event that a guest thread waits for. The thread checks again after the event, because it may be spurious.
pub(crate) enum Wait<'a> {
    /// A time.
    Until(Deadline),
    /// A file of the host can be read or written.
    File(&'a Watched, Direction),
    /// Another thread of the host signals it.
    Signal(EventListener),
}

/// Something for which a thread can wait.
pub(crate) trait Waitable: Send + Sync {
    /// Whether the wait is over.
    fn is_ready(&self) -> bool;

    /// The event to wait for until then. `None` if there is nothing to wait for.
    fn wait(&self) -> Option<Wait<'_>>;
}

/// Suspends until `found` finds something. `waits` returns the events on which that depends.
///
/// Starts to listen to signals before `found` looks, so that none is missed.
///
/// # Errors
///
/// A file cannot be waited for.
pub(crate) async fn wait_until<'a, R>(
    clocks: &Clocks,
    found: impl Fn() -> Option<R>,
    waits: impl Fn() -> Vec<Wait<'a>>,
) -> Result<R> {
    if let Some(found) = found() {
        return Ok(found);
    }
    let mut at_least = Duration::ZERO;
    loop {
        let waits = waits();
        if let Some(found) = found() {
            return Ok(found);
        }
        first(clocks, waits, at_least).await?;
        at_least = AGAIN;
    }
}

/// Suspends until one of them may be over.
async fn first(clocks: &Clocks, waits: Vec<Wait<'_>>, at_least: Duration) -> Result<()> {
    let mut left = None;
    let mut signals = Vec::new();
    let mut files = Vec::new();
    for wait in waits {
        match wait {
            Wait::Until(deadline) => {
                let until = clocks.left(deadline).ok().flatten().unwrap_or_default();
                left = Some(left.map_or(until, |left: Duration| left.min(until)));
            }
            Wait::File(file, direction) => files.push(Box::pin(file.wait(direction))),
            Wait::Signal(listener) => signals.push(listener),
        }
    }
    let until = left.and_then(|left| Instant::now().checked_add(left.max(at_least)));
    let mut timer = until.map_or_else(Timer::never, Timer::at);
    poll_fn(|context| {
        if Pin::new(&mut timer).poll(context).is_ready() {
            return Poll::Ready(Ok(()));
        }
        for signal in &mut signals {
            if Pin::new(signal).poll(context).is_ready() {
                return Poll::Ready(Ok(()));
            }
        }
        for file in &mut files {
            if let Poll::Ready(outcome) = file.as_mut().poll(context) {
                return Poll::Ready(outcome);
            }
        }
        Poll::Pending
    })
    .await
}
