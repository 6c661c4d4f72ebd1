//! A fuzzer's choices: a generator of random numbers that returns the bytes of an input, and then zeros.

use rand::{Rng, TryRng};
use std::convert::Infallible;

/// The rest of an input.
pub struct Bytes<'a>(pub &'a [u8]);

impl TryRng for Bytes<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Infallible> {
        let (now, later) = self.0.split_at(into.len().min(self.0.len()));
        let (filled, rest) = into.split_at_mut(now.len());
        filled.copy_from_slice(now);
        rest.fill(0);
        self.0 = later;
        Ok(())
    }
}
