//! Where a program's random numbers come from.

use std::io;

/// A source of random bytes for `random_get`.
///
/// All threads of a program use it at once. Without one of the embedder's own, a program gets the operating system's.
pub trait HostRandom: Send + Sync {
    /// Fills `bytes`, which are at most 4096.
    ///
    /// # Errors
    ///
    /// There are no random bytes to be had. The program gets what preview 1 has for the error, or `io`.
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()>;
}

/// The operating system's random numbers, good enough for keys.
pub(crate) struct SystemRandom;

impl HostRandom for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        Ok(getrandom::fill(bytes)?)
    }
}
