//! Clocks, random numbers, and what concerns the program as a whole.

use super::call::Call;
use crate::base::bytes::with_scratch;
use crate::base::clocks::Clock;
use crate::base::errno::{Errno, Result};

/// How many random bytes are made at a time.
const RANDOM_PIECE: u32 = 4096;
/// After how many of them others get a turn.
const RANDOM_TURN: u32 = 64 * RANDOM_PIECE;
/// The number of the last signal, `sys`.
const LAST_SIGNAL: u32 = 30;

pub(crate) fn clock_res_get(call: Call<'_>, id: u32, answer: u32) -> Result<()> {
    let resolution = call.ctx.clocks.resolution(Clock::from_id(id)?)?;
    Ok(call.memory.write_u64(answer.into(), resolution)?)
}

/// The precision is a hint that allows a coarser clock. The host's costs the same at any precision.
pub(crate) fn clock_time_get(call: Call<'_>, id: u32, _precision: u64, answer: u32) -> Result<()> {
    let now = call.ctx.clocks.now(Clock::from_id(id)?)?;
    Ok(call.memory.write_u64(answer.into(), now)?)
}

/// A program may ask for gigabytes, which takes seconds: other threads get their turns meanwhile, and it can be ended.
pub(crate) async fn random_get(call: Call<'_>, address: u32, length: u32) -> Result<()> {
    call.check_answer(address, length)?;
    let mut done = 0;
    while done < length {
        if done > 0 && done % RANDOM_TURN == 0 {
            weft_parallel::yield_now().await;
        }
        let piece = (length - done).min(RANDOM_PIECE);
        with_scratch(piece as usize, |bytes| {
            call.ctx.random.fill(bytes)?;
            Ok::<_, Errno>(call.memory.write(u64::from(address) + u64::from(done), bytes)?)
        })?;
        done += piece;
    }
    Ok(())
}

pub(crate) async fn sched_yield(_call: Call<'_>) -> Result<()> {
    weft_parallel::yield_now().await;
    Ok(())
}

/// A program cannot signal its host, and has nothing else to signal: `notsup` for every signal that there is. C libraries
/// deliver signals within the program themselves.
pub(crate) fn raise(_call: Call<'_>, signal: u32) -> Result<()> {
    match signal {
        0..=LAST_SIGNAL => Err(Errno::NotSup),
        _ => Err(Errno::Inval),
    }
}
