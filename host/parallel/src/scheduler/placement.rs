//! On which processor a worker runs when it is woken.
//!
//! Problem: a system likes to run a woken thread where the waker runs, because the waker often goes to sleep then. Ours
//! continues to compute, so the woken worker waits for the end of its time slice (2.5 ms were measured, with the other
//! processor idle), or takes the processor away from the very thread that it was to relieve.
//!
//! So a worker that wakes another first takes its own processor off the other's list, where it has one to spare, and the
//! other puts its list right when it runs. This costs two system calls for a wake-up, which is one anyway.
//!
//! Rejected: a processor for each worker (other programs need processors too, and a worker would wait behind one of
//! them while another processor is idle).

#[cfg(target_os = "linux")]
mod system {
    use rustix::thread::{CpuSet, Pid, gettid, sched_getaffinity, sched_getcpu, sched_setaffinity};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// The processors of one worker's thread.
    #[derive(Default)]
    pub(in crate::scheduler) struct Placement {
        thread: OnceLock<(Pid, CpuSet)>,
        moved: AtomicBool,
    }

    impl Placement {
        /// Makes it that of the calling thread.
        pub(in crate::scheduler) fn register(&self) {
            if let Ok(processors) = sched_getaffinity(None) {
                self.thread.get_or_init(|| (gettid(), processors));
            }
        }

        /// Keeps the thread off the caller's processor when it is woken.
        pub(in crate::scheduler) fn keep_off_caller(&self) {
            let Some((thread, processors)) = self.thread.get() else {
                return;
            };
            let mut others = *processors;
            others.unset(sched_getcpu());
            // If it is refused the thread runs where the system likes.
            if others.count() > 0 && sched_setaffinity(Some(*thread), &others).is_ok() {
                // Last: a thread that puts its list right meanwhile does so once more.
                self.moved.store(true, Ordering::Release);
            }
        }

        /// Gives the calling thread all its processors back.
        pub(in crate::scheduler) fn put_right(&self) {
            if let Some((_, processors)) = self.thread.get()
                && self.moved.swap(false, Ordering::Acquire)
            {
                let _ = sched_setaffinity(None, processors);
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_thread_is_moved_off_and_gets_its_processors_back() {
            let all = sched_getaffinity(None).expect("Linux tells");
            let placement = Placement::default();
            placement.register();
            placement.keep_off_caller();
            let moved = sched_getaffinity(None).expect("Linux tells");
            assert_eq!(moved.count(), if all.count() > 1 { all.count() - 1 } else { 1 });
            placement.put_right();
            assert!(sched_getaffinity(None).expect("Linux tells") == all);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    /// Elsewhere it is left to the system.
    #[derive(Default)]
    pub(in crate::scheduler) struct Placement;

    impl Placement {
        pub(in crate::scheduler) fn register(&self) {}
        pub(in crate::scheduler) fn keep_off_caller(&self) {}
        pub(in crate::scheduler) fn put_right(&self) {}
    }
}

pub(super) use system::Placement;
