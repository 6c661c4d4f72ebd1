//! Where a program's random numbers come from.

use rand::Rng;
use std::io;

/// A source of random bytes for `random_get`.
///
/// All threads of a program use it at once. If the embedder sets no source, a program gets numbers that are suitable for cryptographic
/// keys.
pub trait HostRandom: Send + Sync {
    /// Fills `bytes`, which are at most 4096.
    ///
    /// # Errors
    ///
    /// The source has no random bytes. The program gets the code of preview 1 for the error, or `io`.
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()>;
}

/// Random numbers that are good enough for keys: of a generator for each worker, which the operating system seeds again
/// and again. To ask the system each time takes five times as long.
pub(crate) struct SystemRandom;

impl HostRandom for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        rand::rng().fill_bytes(bytes);
        Ok(())
    }
}
