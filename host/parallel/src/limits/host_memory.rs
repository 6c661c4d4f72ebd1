//! Charges what host functions allocate for a program to its budget.
//!
//! **Problem.** If a guest passes a buffer, the host allocates one of the same size, in each thread that waits in a
//! call. **Here**, a host function first takes a [`MemoryCharge`], and holds it as long as the buffer. If it gets none,
//! it fails.

use super::budget::{Budget, Charge};
use crate::log;
use std::sync::Arc;
use tracing::debug;

/// The memory that a program may use, as a host function sees it ([`Thread::memory_account`](crate::Thread::memory_account)).
pub struct MemoryAccount(Arc<Budget>);

/// Bytes that a host function has allocated for a program. They count against
/// [`Config::max_memory`](crate::Config::max_memory) until this is dropped.
pub struct MemoryCharge {
    _charge: Charge,
}

impl MemoryAccount {
    /// An account of its own, for tests of host functions.
    pub fn new(limit: u64) -> Self {
        MemoryAccount(Budget::new(limit))
    }

    pub(crate) fn of(budget: &Arc<Budget>) -> Self {
        MemoryAccount(Arc::clone(budget))
    }

    /// Charges this many bytes. Returns `None` if the program would exceed its limit.
    pub fn charge(&self, bytes: u64) -> Option<MemoryCharge> {
        match Charge::reclaiming(&self.0, bytes) {
            Ok(charge) => Some(MemoryCharge { _charge: charge }),
            Err(error) => {
                debug!(target: log::LIMITS, %error, "a host function gets no memory");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_counts_until_it_is_dropped() {
        let account = MemoryAccount::new(1 << 20);
        let charge = account.charge(1 << 20).expect("room");
        assert!(account.charge(1 << 20).is_none());
        drop(charge);
        assert!(account.charge(1 << 20).is_some());
    }
}
