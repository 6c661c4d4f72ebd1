//! `wasi:random`. The insecure functions return the same quality as the secure ones, because that costs the same.

use super::call::Call;
use wasmtime::{Error, Result};

/// The most bytes in one call, as in Wasmtime.
const MOST: u64 = 64 << 20;
/// How many random bytes are made at a time.
const PIECE: usize = 4096;
/// Up to this many are made on the stack: memory that the allocator must zero takes longer than the bytes themselves.
const SHORT: usize = 256;
/// After how many bytes other threads get a turn.
const TURN: usize = 64 * PIECE;

pub(crate) async fn bytes(call: Call<'_>, length: u64) -> Result<Vec<u8>> {
    if length > MOST {
        return Err(Error::msg(format!("requested len {length:?} exceeds limit {MOST}")));
    }
    if length <= SHORT as u64 {
        return short(call, length as usize);
    }
    let charge = call.charge(length as usize);
    let _charge = charge.map_err(|_| {
        Error::msg(format!(
            "the program's memory limit has no room for {length} random bytes"
        ))
    })?;
    let mut bytes = vec![0; length as usize];
    for (piece, number) in bytes.chunks_mut(PIECE).zip(1..) {
        fill(call, piece)?;
        if number % (TURN / PIECE) == 0 {
            weft_parallel::yield_now().await;
        }
    }
    Ok(bytes)
}

fn short(call: Call<'_>, length: usize) -> Result<Vec<u8>> {
    let bytes = &mut [0; SHORT][..length];
    fill(call, bytes)?;
    Ok(bytes.to_vec())
}

pub(crate) fn number(call: Call<'_>) -> Result<u64> {
    let mut bytes = [0; 8];
    fill(call, &mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// As in Wasmtime, the value stays the same as long as the program runs.
pub(crate) fn seed(call: Call<'_>) -> Result<(u64, u64)> {
    if let Some(seed) = call.ctx.seed.get() {
        return Ok(*seed);
    }
    let made = (number(call)?, number(call)?);
    Ok(*call.ctx.seed.get_or_init(|| made))
}

fn fill(call: Call<'_>, bytes: &mut [u8]) -> Result<()> {
    let filled = call.ctx.random.fill(bytes);
    filled.map_err(|error| Error::msg(format!("cannot get random bytes: {error}")))
}
