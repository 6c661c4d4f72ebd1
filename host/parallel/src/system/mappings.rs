//! The memory mappings of the process, which all its engines and instances share.
//!
//! **Problem.** Linux grants a process 65,530 mappings. When none is left, the host cannot continue, because an
//! allocation may need a mapping too. If engines and instances each count only their own mappings, they exceed the
//! limit together. **Here**, code that needs mappings for a guest first takes their number from one account
//! ([`Mappings::take`]), which returns an error if too few are left.
//!
//! One instance must not take all mappings, because then no other instance could start. So once an instance holds
//! [`SMALL_SHARE`] mappings, it cannot take from the last part of the account, [`kept_for_small_shares`]. An instance's
//! [`Share`] counts what it holds.
//!
//! **Rejected:** a fixed part for each instance (nobody knows how many instances there will be); reading
//! `/proc/self/maps` (takes milliseconds when there are many mappings).

use super::machine;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// How many mappings are left for everything except guests.
const OTHER_MAPPINGS: u64 = 4096;

/// How many mappings an instance may hold before it must leave the rest to others.
const SMALL_SHARE: u64 = 64;

/// How many mappings the guests of this process hold, those of all engines together.
static HELD: AtomicU64 = AtomicU64::new(0);

/// There are not enough mappings left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it needs {needed} more memory mappings, but guests hold {held} of the {limit} that this process has for them (vm.max_map_count)"
)]
pub(crate) struct NoMappings {
    needed: u64,
    held: u64,
    limit: u64,
}

/// The mappings that one instance holds.
#[derive(Default)]
pub(crate) struct Share {
    held: AtomicU64,
}

/// A reservation of some mappings, until this is dropped.
pub(crate) struct Mappings {
    number: u64,
    share: Option<Arc<Share>>,
}

/// How many mappings all guests can hold.
pub(crate) fn for_guests() -> u64 {
    static MAPPINGS: OnceLock<u64> = OnceLock::new();
    *MAPPINGS.get_or_init(|| machine::mappings().saturating_sub(OTHER_MAPPINGS).max(SMALL_SHARE))
}

/// How many of these only instances with few mappings can take.
fn kept_for_small_shares() -> u64 {
    for_guests() / 16
}

impl Mappings {
    /// Takes mappings for an instance.
    pub(crate) fn take(number: u64, share: &Arc<Share>) -> Result<Self, NoMappings> {
        let held = share.held.fetch_add(number, Ordering::SeqCst).saturating_add(number);
        // From here on, dropping `Mappings` gives back what the share counts.
        let kept = match held <= SMALL_SHARE {
            true => 0,
            false => kept_for_small_shares(),
        };
        match take(number, for_guests() - kept) {
            Ok(()) => Ok(Mappings {
                number,
                share: Some(Arc::clone(share)),
            }),
            Err(error) => {
                share.held.fetch_sub(number, Ordering::SeqCst);
                Err(error)
            }
        }
    }

    /// Takes mappings that an engine's instances share.
    pub(crate) fn of_engine(number: u64) -> Result<Self, NoMappings> {
        take(number, for_guests())?;
        Ok(Mappings { number, share: None })
    }
}

impl Drop for Mappings {
    fn drop(&mut self) {
        if let Some(share) = &self.share {
            share.held.fetch_sub(self.number, Ordering::SeqCst);
        }
        HELD.fetch_sub(self.number, Ordering::SeqCst);
    }
}

fn take(number: u64, limit: u64) -> Result<(), NoMappings> {
    let taken = HELD.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |held| {
        held.checked_add(number).filter(|held| *held <= limit)
    });
    taken.map(drop).map_err(|held| NoMappings {
        needed: number,
        held,
        limit: for_guests(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_takes_many_leaves_some_to_those_that_have_few() {
        let (greedy, modest) = (Arc::<Share>::default(), Arc::<Share>::default());
        assert!(Mappings::take(u64::MAX, &greedy).is_err());
        assert!(
            Mappings::take(for_guests(), &greedy).is_err(),
            "all of them are too many"
        );
        // Other tests of the process hold some.
        let most = for_guests() - kept_for_small_shares() - 1000;
        let held = Mappings::take(most, &greedy).expect("they are there");
        assert!(Mappings::take(1001, &greedy).is_err());
        let few = Mappings::take(SMALL_SHARE, &modest).expect("the first ones of this instance");
        drop((held, few));
        assert_eq!(
            [&greedy, &modest].map(|share| share.held.load(Ordering::SeqCst)),
            [0, 0]
        );
        Mappings::take(most, &modest).expect("they are there again");
    }
}
