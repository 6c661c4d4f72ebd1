//! Clocks, random numbers, and what concerns the program as a whole.

use super::Call;
use crate::buffers::with_scratch;
use crate::clocks::Clock;
use crate::errno::{Errno, Result};

/// How many random bytes are made at a time.
const RANDOM_PIECE: u32 = 4096;
/// The number of the last signal, `sys`.
const LAST_SIGNAL: u32 = 30;

pub(crate) fn clock_res_get(call: Call<'_>, id: u32, answer: u32) -> Result<()> {
    let clock = Clock::from_id(id)?;
    Ok(call.memory.write_u64(answer.into(), clock.resolution())?)
}

/// The precision is a hint that allows a coarser clock. The host's costs the same at any precision.
pub(crate) fn clock_time_get(call: Call<'_>, id: u32, _precision: u64, answer: u32) -> Result<()> {
    let now = Clock::from_id(id)?.now(call.ctx.start)?;
    Ok(call.memory.write_u64(answer.into(), now)?)
}

pub(crate) fn random_get(call: Call<'_>, address: u32, length: u32) -> Result<()> {
    call.check_answer(address, length)?;
    let mut done = 0;
    while done < length {
        let piece = (length - done).min(RANDOM_PIECE);
        with_scratch(piece as usize, |bytes| {
            getrandom::fill(bytes).map_err(|_| Errno::Io)?;
            Ok::<_, Errno>(call.memory.write(u64::from(address) + u64::from(done), bytes)?)
        })?;
        done += piece;
    }
    Ok(())
}

pub(crate) async fn sched_yield(_call: Call<'_>) -> Result<()> {
    weft::yield_now().await;
    Ok(())
}

/// A program cannot signal its host, and has nothing else to signal: `nosys` for every signal that there is. C libraries
/// deliver signals within the program themselves.
pub(crate) fn raise(_call: Call<'_>, signal: u32) -> Result<()> {
    match signal {
        0..=LAST_SIGNAL => Err(Errno::NoSys),
        _ => Err(Errno::Inval),
    }
}
