//! On which processor a worker runs when it is woken.
//!
//! Problem: an operating system prefers to run a woken thread on the waker's processor, because a waker often goes to
//! sleep soon. Our waker continues to compute. So the woken worker waits until the waker's time slice ends (2.5 ms were
//! measured, with the other processor idle), or preempts the very thread that it was woken to relieve.
//!
//! So before a worker wakes another, it removes its own processor from the other's affinity mask, if that leaves a
//! processor. The woken worker restores its mask when it runs. This adds two system calls to a wake-up, which takes one
//! anyway.
//!
//! Rejected: pinning each worker to a processor (a worker would wait behind another program while another processor is
//! idle).

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
        /// Records the calling thread and its processors.
        pub(in crate::scheduler) fn register(&self) {
            if let Ok(processors) = sched_getaffinity(None) {
                self.thread.get_or_init(|| (gettid(), processors));
            }
        }

        /// Keeps the thread off the caller's processor when the caller wakes it.
        pub(in crate::scheduler) fn keep_off_caller(&self) {
            let Some((thread, processors)) = self.thread.get() else {
                return;
            };
            let mut others = *processors;
            others.unset(sched_getcpu());
            // If the system refuses this, it chooses where the thread runs.
            if others.count() > 0 && sched_setaffinity(Some(*thread), &others).is_ok() {
                // This is set last, so a thread that restores its mask meanwhile restores it once more.
                self.moved.store(true, Ordering::Release);
            }
        }

        /// Restores the calling thread's mask.
        pub(in crate::scheduler) fn put_right(&self) {
            if let Some((_, processors)) = self.thread.get()
                && self.moved.swap(false, Ordering::Acquire)
            {
                let _ = sched_setaffinity(None, processors);
            }
        }
    }

    /// How many processors the process's threads may run on, whatever share of their time a control group grants. Reading that share
    /// takes a dozen system calls.
    pub(crate) fn processors() -> usize {
        sched_getaffinity(None).map_or(1, |processors| processors.count() as usize)
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
    /// On other systems, the system alone chooses.
    #[derive(Default)]
    pub(in crate::scheduler) struct Placement;

    impl Placement {
        pub(in crate::scheduler) fn register(&self) {}
        pub(in crate::scheduler) fn keep_off_caller(&self) {}
        pub(in crate::scheduler) fn put_right(&self) {}
    }

    pub(crate) fn processors() -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }
}

pub(super) use system::Placement;
pub(crate) use system::processors;
