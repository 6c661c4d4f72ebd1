//! A watchdog for tests that fail by not ending.

use std::sync::mpsc;
use std::time::Duration;

/// How long a test may take: far longer than any machine needs.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// Runs a test on a thread of its own and fails if it does not end.
pub(crate) fn ends(test: impl FnOnce() + Send + 'static) {
    let (ended, end) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        test();
        // The receiver is gone if the deadline has passed.
        let _ = ended.send(());
    });
    if let Err(mpsc::RecvTimeoutError::Timeout) = end.recv_timeout(DEADLINE) {
        panic!("the test does not end");
    }
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}
