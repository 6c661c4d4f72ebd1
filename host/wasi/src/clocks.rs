//! The two clocks that a program has.
//!
//! The CPU-time clocks give `inval`, as POSIX says for a clock that is not there: guest threads are fibers that move
//! between the host's threads, so no CPU clock of the host measures one of them, and the host process's own clock would
//! tell a guest about other programs.

use crate::errno::{Errno, Result};
use rustix::time::{ClockId, clock_getres};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A clock, as `clockid` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The time since 1970.
    Realtime,
    /// The time since the program's context was made. It never goes back.
    Monotonic,
}

impl Clock {
    pub(crate) fn from_id(id: u32) -> Result<Self> {
        match id {
            0 => Ok(Clock::Realtime),
            1 => Ok(Clock::Monotonic),
            _ => Err(Errno::Inval),
        }
    }

    /// The time in nanoseconds. `start` is where the monotonic clock counts from.
    pub(crate) fn now(self, start: Instant) -> Result<u64> {
        let elapsed = match self {
            Clock::Realtime => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            Clock::Monotonic => start.elapsed(),
        };
        u64::try_from(elapsed.as_nanos()).map_err(|_| Errno::Overflow)
    }

    /// The clock's resolution in nanoseconds.
    pub(crate) fn resolution(self) -> u64 {
        let resolution = clock_getres(match self {
            Clock::Realtime => ClockId::Realtime,
            Clock::Monotonic => ClockId::Monotonic,
        });
        crate::types::nanoseconds(resolution.tv_sec, resolution.tv_nsec)
    }

    /// When this clock will show `timeout`, or when that much time will have passed. `None`: not in any foreseeable time.
    pub(crate) fn deadline(self, start: Instant, timeout: u64, absolute: bool) -> Result<Option<Instant>> {
        let passed = if absolute { self.now(start)? } else { 0 };
        let wait = Duration::from_nanos(timeout.saturating_sub(passed));
        Ok(Instant::now().checked_add(wait))
    }
}
