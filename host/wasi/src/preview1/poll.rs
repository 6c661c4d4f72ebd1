//! `poll_oneoff`.

use super::call::Call;
use crate::base::bytes::with_scratch;
use crate::base::clocks::{Clock, Deadline};
use crate::base::ctx::WasiCtx;
use crate::base::errno::{Errno, Result};
use crate::base::poll::{Wait, wait_until};
use crate::base::rights::Rights;
use crate::base::table::Open;
use crate::base::types::{Event, Readiness, Subject, Subscription, SubscriptionLayout};
use crate::base::watched::Direction;
use std::sync::Arc;

/// The most subscriptions in one call.
const MAX_SUBSCRIPTIONS: u32 = 4096;

/// A subscription, and what it has become.
struct Pending {
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

pub(crate) async fn oneoff(
    call: Call<'_>,
    layout: SubscriptionLayout,
    subscriptions: u32,
    events: u32,
    count: u32,
    answer: u32,
) -> Result<()> {
    if count > MAX_SUBSCRIPTIONS {
        return Err(Errno::Inval);
    }
    call.check_answer(answer, 4)?;
    call.check_answer(events, count * Event::SIZE as u32)?;
    let _charge = call.charge(count as usize * (layout.size + size_of::<Pending>() + Event::SIZE))?;
    let pending: Result<Vec<Pending>> = with_scratch(count as usize * layout.size, |records| {
        call.memory.read(subscriptions.into(), records)?;
        let records = records.chunks_exact(layout.size);
        records
            .map(|record| Ok(Pending::new(call.ctx, layout.decode(record)?)))
            .collect()
    });
    let happened = poll(call.ctx, &pending?).await?;
    call.memory.write(events.into(), happened.as_flattened())?;
    Ok(call.memory.write_u32(answer.into(), happened.len() as u32)?)
}

/// Suspends until something has happened, and says what: one event or more, in the order of the subscriptions.
///
/// # Errors
///
/// `inval` if nothing is subscribed to: that would wait for ever.
async fn poll(ctx: &WasiCtx, pending: &[Pending]) -> Result<Vec<[u8; Event::SIZE]>> {
    if pending.is_empty() {
        return Err(Errno::Inval);
    }
    let events = || {
        let events: Vec<_> = pending.iter().filter_map(|one| one.event(ctx)).collect();
        (!events.is_empty()).then_some(events)
    };
    let waits = || pending.iter().filter_map(|one| one.waiter.wait()).collect();
    wait_until(&ctx.clocks, events, waits).await
}

impl Pending {
    fn new(ctx: &WasiCtx, subscription: Subscription) -> Self {
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

impl Waiter {
    fn wait(&self) -> Option<Wait<'_>> {
        match self {
            Waiter::Until(deadline) => Some(Wait::Until(*deadline)),
            Waiter::Ready(descriptor, direction) => Some(Wait::File(descriptor.watched()?, *direction)),
            Waiter::Failed(_) => None,
        }
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
