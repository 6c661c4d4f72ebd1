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

/// What a subscription has become.
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
pub(crate) async fn poll(ctx: &WasiCtx, subscriptions: &[Subscription]) -> Result<Vec<Event>> {
    if subscriptions.is_empty() {
        return Err(Errno::Inval);
    }
    let waiters: Vec<Waiter> = subscriptions
        .iter()
        .map(|subscription| waiter(ctx, subscription.subject))
        .collect();
    let mut at_least = Duration::ZERO;
    loop {
        let events = collect(ctx, subscriptions, &waiters);
        if !events.is_empty() {
            return Ok(events);
        }
        first(ctx, &waiters, at_least).await?;
        at_least = AGAIN;
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

/// The events of all that has happened by now.
fn collect(ctx: &WasiCtx, subscriptions: &[Subscription], waiters: &[Waiter]) -> Vec<Event> {
    let happened = |waiter: &Waiter| match waiter {
        Waiter::Until(deadline) => match ctx.clocks.left(*deadline) {
            Ok(Some(_)) => None,
            Ok(None) => Some(Ok(Readiness::default())),
            Err(error) => Some(Err(error)),
        },
        Waiter::Ready(descriptor, direction) => descriptor.ready(*direction).transpose(),
        Waiter::Failed(error) => Some(Err(*error)),
    };
    let outcomes = waiters.iter().map(happened);
    let pairs = subscriptions.iter().zip(outcomes);
    pairs
        .filter_map(|(subscription, outcome)| {
            Some(Event {
                subscription: *subscription,
                outcome: outcome?,
            })
        })
        .collect()
}

/// Suspends until one of the waiters may have become ready.
async fn first(ctx: &WasiCtx, waiters: &[Waiter], at_least: Duration) -> Result<()> {
    let left = waiters.iter().filter_map(|waiter| match waiter {
        Waiter::Until(deadline) => Some(ctx.clocks.left(*deadline).ok().flatten().unwrap_or_default()),
        _ => None,
    });
    let until = left
        .min()
        .and_then(|left| Instant::now().checked_add(left.max(at_least)));
    let mut timer = until.map_or_else(Timer::never, Timer::at);
    let mut streams: Vec<_> = waiters
        .iter()
        .filter_map(|waiter| match waiter {
            Waiter::Ready(descriptor, direction) => Some(Box::pin(descriptor.watched()?.wait(*direction))),
            _ => None,
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
