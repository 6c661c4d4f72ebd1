//! Waiting for the first of several clocks and descriptors.

use crate::clocks::{Clock, Deadline};
use crate::ctx::WasiCtx;
use crate::errno::{Errno, Result};
use crate::rights::Rights;
use crate::table::Open;
use crate::types::{Event, Readiness, Subject, Subscription};
use crate::watched::Direction;
use async_io::Timer;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

/// How long to sleep when the host's clock says that it is time, and the embedder's, which goes by steps, does not.
const AGAIN: Duration = Duration::from_millis(1);

/// A subscription, and what it has become.
pub(crate) struct Pending {
    subscription: Subscription,
    waiter: Waiter,
}

enum Waiter {
    /// It is over at that time.
    Until(Deadline),
    /// It is over when the descriptor that was there at the beginning is ready.
    Ready(Arc<Open>, Direction),
    /// It cannot be waited for, which is an event too.
    Failed(Errno),
}

/// Suspends until something has happened, and says what: one event or more, in the order of the subscriptions.
///
/// # Errors
///
/// `inval` if nothing is subscribed to: that would wait for ever.
pub(crate) async fn poll(ctx: &WasiCtx, pending: &[Pending]) -> Result<Vec<[u8; Event::SIZE]>> {
    if pending.is_empty() {
        return Err(Errno::Inval);
    }
    let mut at_least = Duration::ZERO;
    loop {
        let events: Vec<_> = pending.iter().filter_map(|one| one.event(ctx)).collect();
        if !events.is_empty() {
            return Ok(events);
        }
        first(ctx, pending, at_least).await?;
        at_least = AGAIN;
    }
}

impl Pending {
    pub(crate) fn new(ctx: &WasiCtx, subscription: Subscription) -> Self {
        Pending {
            subscription,
            waiter: waiter(ctx, subscription.subject),
        }
    }

    /// What has happened by now.
    fn event(&self, ctx: &WasiCtx) -> Option<[u8; Event::SIZE]> {
        let outcome = match &self.waiter {
            Waiter::Until(deadline) => match ctx.clocks.left(*deadline) {
                Ok(Some(_)) => None,
                Ok(None) => Some(Ok(Readiness::default())),
                Err(error) => Some(Err(error)),
            },
            Waiter::Ready(descriptor, direction) => descriptor.ready(*direction).transpose(),
            Waiter::Failed(error) => Some(Err(*error)),
        };
        let event = Event {
            subscription: self.subscription,
            outcome: outcome?,
        };
        Some(event.encode())
    }
}

fn waiter(ctx: &WasiCtx, subject: Subject) -> Waiter {
    let descriptor = |fd, right| ctx.table.get_for(fd, Rights::POLL_FD_READWRITE | right);
    let made = match subject {
        Subject::Clock { id, timeout, absolute } => {
            Clock::from_id(id).map(|clock| Waiter::Until(ctx.clocks.deadline(clock, timeout, absolute)))
        }
        Subject::Read { fd } => descriptor(fd, Rights::FD_READ).map(|found| Waiter::Ready(found, Direction::Read)),
        Subject::Write { fd } => descriptor(fd, Rights::FD_WRITE).map(|found| Waiter::Ready(found, Direction::Write)),
    };
    made.unwrap_or_else(Waiter::Failed)
}

/// Suspends until one of the waiters may have become ready.
async fn first(ctx: &WasiCtx, pending: &[Pending], at_least: Duration) -> Result<()> {
    let waiters = || pending.iter().map(|one| &one.waiter);
    let left = waiters().filter_map(|waiter| match waiter {
        Waiter::Until(deadline) => Some(ctx.clocks.left(*deadline).ok().flatten().unwrap_or_default()),
        Waiter::Ready(..) | Waiter::Failed(_) => None,
    });
    let until = left
        .min()
        .and_then(|left| Instant::now().checked_add(left.max(at_least)));
    let mut timer = until.map_or_else(Timer::never, Timer::at);
    let mut streams: Vec<_> = waiters()
        .filter_map(|waiter| match waiter {
            Waiter::Ready(descriptor, direction) => Some(Box::pin(descriptor.watched()?.wait(*direction))),
            Waiter::Until(_) | Waiter::Failed(_) => None,
        })
        .collect();
    poll_fn(|context| {
        if Pin::new(&mut timer).poll(context).is_ready() {
            return Poll::Ready(Ok(()));
        }
        for stream in &mut streams {
            if let Poll::Ready(outcome) = stream.as_mut().poll(context) {
                return Poll::Ready(outcome);
            }
        }
        Poll::Pending
    })
    .await
}
