//! The descriptors of the process, which all its programs share.
//!
//! **Problem.** The system grants a process a number of descriptors (`ulimit -n`), and
//! [`Limits::descriptors`](super::limits::Limits) limits one program. If a program opened as many files as it can, none
//! would be left for other programs and the host. **Here,** a program with more than a few descriptors cannot take the
//! last part of them: that is its limit.
//!
//! **Rejected:** the same number for each program (nobody knows how many programs there will be).

use rustix::process::{Resource, getrlimit};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// How many descriptors a program may have before it must leave some to others.
const FEW: usize = 16;

/// Only programs with few descriptors can have the last `1 / KEPT` of the process's descriptors.
const KEPT: u64 = 16;

/// How many descriptors all programs of the process have.
static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// Counts a descriptor as one of the process, as long as it exists.
pub(super) struct OfProcess(());

impl OfProcess {
    /// One that the host opens for a program.
    pub(super) fn new() -> Self {
        ALIVE.fetch_add(1, Relaxed);
        OfProcess(())
    }

    /// One more for a program with `own` descriptors. `None` if it must leave it to others.
    pub(super) fn one_more(own: usize) -> Option<Self> {
        let counted = OfProcess::new();
        let granted = own < FEW || is_granted(ALIVE.load(Relaxed), getrlimit(Resource::Nofile).current);
        granted.then_some(counted)
    }
}

impl Drop for OfProcess {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Relaxed);
    }
}

/// Whether a program that has many may be one of those that have `alive` together.
fn is_granted(alive: usize, limit: Option<u64>) -> bool {
    limit.is_none_or(|limit| alive as u64 <= limit - limit / KEPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_with_many_leaves_the_last_ones_to_others() {
        assert!(is_granted(15_000, Some(16_000)));
        assert!(!is_granted(15_001, Some(16_000)));
        assert!(is_granted(usize::MAX, None));
        let few = OfProcess::one_more(FEW - 1);
        assert!(few.is_some());
    }
}
