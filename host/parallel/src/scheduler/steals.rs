//! Steals from the queues that workers share.

use crossbeam_deque::Steal;

/// Repeats a steal that lost a race until it is decided.
pub(super) fn decided<T>(mut steal: impl FnMut() -> Steal<T>) -> Option<T> {
    loop {
        match steal() {
            Steal::Success(task) => return Some(task),
            Steal::Empty => return None,
            Steal::Retry => std::hint::spin_loop(),
        }
    }
}
