//! Where a worker looks first for the task to run next.

use std::cell::Cell;
use std::num::Wrapping;

/// A worker looks at the common queue first once in this many runs, if no tick comes between.
const COMMON_QUEUE_PERIOD: u32 = 61;

/// Where a worker looks first for the task to run next.
#[derive(Clone, Copy, Default)]
pub(super) enum First {
    #[default]
    Slot,
    Queue,
    Common,
}

/// The order of a worker's runs.
#[derive(Default)]
pub(super) struct Order {
    runs: Cell<u32>,
    /// The count of ticks when this worker last chose a task, and where it looked first at the last new tick.
    ticks: Cell<Wrapping<u32>>,
    first_at_tick: Cell<First>,
}

impl Order {
    /// Where to look first, and whether the ticker has ticked since the last choice.
    ///
    /// At ticks, the three places take turns to go first: each run may last until the next tick, and
    /// `COMMON_QUEUE_PERIOD` such runs would take too long.
    pub(super) fn next(&self, ticks: Wrapping<u32>, handed_over: bool) -> (First, bool) {
        let runs = self.runs.get().wrapping_add(1);
        self.runs.set(runs);
        if self.ticks.replace(ticks) == ticks {
            let first = match runs.is_multiple_of(COMMON_QUEUE_PERIOD) && !handed_over {
                true => First::Common,
                false => First::Slot,
            };
            return (first, false);
        }
        let first = match self.first_at_tick.get() {
            First::Slot => First::Common,
            First::Common => First::Queue,
            First::Queue => First::Slot,
        };
        self.first_at_tick.set(first);
        (first, true)
    }
}
