//! `poll_oneoff`.

use super::Call;
use crate::buffers::with_scratch;
use crate::errno::{Errno, Result};
use crate::poll::Pending;
use crate::types::{Event, SubscriptionLayout};

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
    let _charge = call.charge(count as usize * (layout.size + size_of::<Pending>() + Event::SIZE))?;
    let pending: Result<Vec<Pending>> = with_scratch(count as usize * layout.size, |records| {
        call.memory.read(subscriptions.into(), records)?;
        let records = records.chunks_exact(layout.size);
        records
            .map(|record| Ok(Pending::new(call.ctx, layout.decode(record)?)))
            .collect()
    });
    let happened = crate::poll::poll(call.ctx, &pending?).await?;
    call.memory.write(events.into(), happened.as_flattened())?;
    Ok(call.memory.write_u32(answer.into(), happened.len() as u32)?)
}
