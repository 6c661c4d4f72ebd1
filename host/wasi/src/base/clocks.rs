//! The two clocks that a program has.
//!
//! The CPU-time clocks return `inval`, as POSIX specifies for a missing clock: guest threads are fibers that move
//! between the host's threads, so no CPU clock of the host measures one of them, and the process's clock would tell a
//! guest about other programs.

use crate::base::errno::{Errno, Result};
use rustix::time::{ClockId, Timespec, clock_getres};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The time of day, as a program sees it. All threads of a program may call it at once.
pub trait HostWallClock: Send + Sync {
    /// The smallest difference between two times that differ.
    fn resolution(&self) -> Duration;

    /// The time since the beginning of 1970, without leap seconds.
    fn now(&self) -> Duration;
}

/// A clock that never goes back, as a program sees it. All threads of a program may call it at once.
///
/// If a program waits for a time on this clock, weft sleeps for the difference in the host's time, and then reads the clock again.
pub trait HostMonotonicClock: Send + Sync {
    /// The smallest difference between two times that differ, in nanoseconds.
    fn resolution(&self) -> u64;

    /// The time in nanoseconds, from a start that the clock chooses.
    fn now(&self) -> u64;
}

/// A clock, as `clockid` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The time since 1970.
    Realtime,
    /// The time since the program's context was made. It never goes back.
    Monotonic,
}

/// A program's clocks.
pub(crate) struct Clocks {
    pub(crate) wall: Arc<dyn HostWallClock>,
    pub(crate) monotonic: Arc<dyn HostMonotonicClock>,
}

/// A time on one of a program's clocks, for which it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deadline {
    clock: Clock,
    at: u64,
}

impl Clock {
    pub(crate) fn from_id(id: u32) -> Result<Self> {
        match id {
            0 => Ok(Clock::Realtime),
            1 => Ok(Clock::Monotonic),
            _ => Err(Errno::Inval),
        }
    }
}

impl Clocks {
    /// The host's clocks. The monotonic one counts from now on.
    pub(crate) fn system() -> Self {
        Clocks {
            wall: Arc::new(SystemWallClock),
            monotonic: Arc::new(SystemMonotonicClock { start: Instant::now() }),
        }
    }

    /// The time in nanoseconds.
    pub(crate) fn now(&self, clock: Clock) -> Result<u64> {
        match clock {
            Clock::Realtime => nanoseconds(self.wall.now()),
            Clock::Monotonic => Ok(self.monotonic.now()),
        }
    }

    /// The clock's resolution in nanoseconds.
    pub(crate) fn resolution(&self, clock: Clock) -> Result<u64> {
        match clock {
            Clock::Realtime => nanoseconds(self.wall.resolution()),
            Clock::Monotonic => Ok(self.monotonic.resolution()),
        }
    }

    /// The time at which `clock` shows `timeout`, or, if relative, at which that much time has passed. Setting the time
    /// of day does not change how long something takes, so relative times use the monotonic clock.
    pub(crate) fn deadline(&self, clock: Clock, timeout: u64, absolute: bool) -> Deadline {
        match absolute {
            true => Deadline { clock, at: timeout },
            false => Deadline {
                clock: Clock::Monotonic,
                at: self.monotonic.now().saturating_add(timeout),
            },
        }
    }

    /// How much time is left until then. `None` if none is left.
    pub(crate) fn left(&self, deadline: Deadline) -> Result<Option<Duration>> {
        let left = deadline.at.saturating_sub(self.now(deadline.clock)?);
        Ok((left > 0).then(|| Duration::from_nanos(left)))
    }
}

struct SystemWallClock;

impl HostWallClock for SystemWallClock {
    fn resolution(&self) -> Duration {
        resolution(ClockId::Realtime)
    }

    fn now(&self) -> Duration {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

struct SystemMonotonicClock {
    start: Instant,
}

impl HostMonotonicClock for SystemMonotonicClock {
    fn resolution(&self) -> u64 {
        nanoseconds(resolution(ClockId::Monotonic)).unwrap_or(1)
    }

    fn now(&self) -> u64 {
        nanoseconds(self.start.elapsed()).unwrap_or(u64::MAX)
    }
}

fn resolution(clock: ClockId) -> Duration {
    let Timespec { tv_sec, tv_nsec } = clock_getres(clock);
    Duration::new(tv_sec.unsigned_abs(), u32::try_from(tv_nsec).unwrap_or(0))
}

fn nanoseconds(time: Duration) -> Result<u64> {
    u64::try_from(time.as_nanos()).map_err(|_| Errno::Overflow)
}
