//! Schedules in which a thread runs many steps before another one does.
//!
//! **Problem.** Some races happen only if one thread pauses between two of its steps while another takes dozens. In a
//! random schedule, each of these steps halves the probability. **Here**, the thread that ran last continues with a
//! high probability.

use shuttle::scheduler::{RandomScheduler, Schedule, Scheduler, Task, TaskId};

/// How many steps a thread takes in a row, on average.
const MEAN: u64 = 24;

/// See the module.
pub struct BurstScheduler(RandomScheduler);

impl BurstScheduler {
    /// Explores `schedules` schedules.
    #[must_use]
    pub fn new(schedules: usize) -> Self {
        BurstScheduler(RandomScheduler::new(schedules))
    }
}

impl Scheduler for BurstScheduler {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.0.new_execution()
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, is_yielding: bool) -> Option<TaskId> {
        let goes_on = !self.0.next_u64().is_multiple_of(MEAN);
        match current.filter(|current| goes_on && runnable.iter().any(|task| task.id() == *current)) {
            Some(current) => Some(current),
            None => self.0.next_task(runnable, current, is_yielding),
        }
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}
