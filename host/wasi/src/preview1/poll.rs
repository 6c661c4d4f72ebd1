//! `poll_oneoff`.

use super::Call;
use crate::errno::{Errno, Result};
use crate::types::{Event, Subscription, SubscriptionLayout};

/// The most subscriptions in one call.
const MAX_SUBSCRIPTIONS: u32 = 4096;

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
    let mut records = vec![0; count as usize * layout.size];
    call.memory.read(subscriptions.into(), &mut records)?;
    let decoded: Result<Vec<Subscription>> = records
        .chunks_exact(layout.size)
        .map(|one| layout.decode(one))
        .collect();
    let happened = crate::poll::poll(call.ctx, &decoded?).await?;
    let records: Vec<[u8; Event::SIZE]> = happened.iter().map(Event::encode).collect();
    call.memory.write(events.into(), records.as_flattened())?;
    Ok(call.memory.write_u32(answer.into(), records.len() as u32)?)
}
