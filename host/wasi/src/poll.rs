//! Waiting for the first of several clocks and descriptors.

use crate::clocks::Clock;
use crate::ctx::WasiCtx;
use crate::descriptor::Descriptor;
use crate::errno::{Errno, Result};
use crate::stdio::Direction;
use crate::types::{Event, Readiness, Subject, Subscription};
use async_io::Timer;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

/// What a subscription has become.
enum Waiter {
    /// It is over at that time, or never.
    Until(Option<Instant>),
    /// It is over when the descriptor that was there at the beginning is ready.
    Ready(Arc<Descriptor>, Direction),
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
    loop {
        let events = collect(subscriptions, &waiters);
        if !events.is_empty() {
            return Ok(events);
        }
        first(&waiters).await?;
    }
}

fn waiter(ctx: &WasiCtx, subject: Subject) -> Waiter {
    let made = match subject {
        Subject::Clock { id, timeout, absolute } => Clock::from_id(id)
            .and_then(|clock| clock.deadline(ctx.start, timeout, absolute))
            .map(Waiter::Until),
        Subject::Read { fd } => ctx.table.get(fd).map(|found| Waiter::Ready(found, Direction::Read)),
        Subject::Write { fd } => ctx.table.get(fd).map(|found| Waiter::Ready(found, Direction::Write)),
    };
    made.unwrap_or_else(Waiter::Failed)
}

/// The events of all that has happened by now.
fn collect(subscriptions: &[Subscription], waiters: &[Waiter]) -> Vec<Event> {
    let now = Instant::now();
    let happened = |waiter: &Waiter| match waiter {
        Waiter::Until(deadline) => deadline.is_some_and(|at| at <= now).then(|| Ok(Readiness::default())),
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
async fn first(waiters: &[Waiter]) -> Result<()> {
    let deadline = waiters.iter().filter_map(|waiter| match waiter {
        Waiter::Until(deadline) => *deadline,
        _ => None,
    });
    let mut timer = deadline.min().map_or_else(Timer::never, Timer::at);
    let mut streams: Vec<_> = waiters
        .iter()
        .filter_map(|waiter| match waiter {
            Waiter::Ready(descriptor, direction) => match &**descriptor {
                Descriptor::Stream(stream) => Some(Box::pin(stream.wait(*direction))),
                _ => None,
            },
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
