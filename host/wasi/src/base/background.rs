//! Work for a program that goes on between its calls: bytes on their way to a connection, and names that are looked up.
//!
//! **Problem.** Such work waits for the system, with no guest thread that waits for it, and must not outlive the program. **Here**, it is
//! a task whose steps run where it is woken, since none of them blocks. The program's context owns the tasks, so they end with it.
//!
//! **Rejected:** a thread for each, because a program can have thousands of connections.

use async_task::{Runnable, Task};
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The work that goes on for one program.
#[derive(Default)]
pub(crate) struct Background(Arc<Mutex<Tasks>>);

#[derive(Default)]
struct Tasks {
    next: u64,
    running: HashMap<u64, Task<()>>,
}

impl Background {
    /// Runs `work` until it waits, and then whenever it is woken.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let tasks = Arc::downgrade(&self.0);
        let runnable = {
            let mut state = lock(&self.0);
            let number = state.next;
            state.next += 1;
            let work = async move {
                work.await;
                let finished = tasks.upgrade().and_then(|tasks| lock(&tasks).running.remove(&number));
                if let Some(task) = finished {
                    // To drop it would cancel it, and it is what runs here.
                    task.detach();
                }
            };
            let (runnable, task) = async_task::spawn(work, |runnable: Runnable| {
                runnable.run();
            });
            state.running.insert(number, task);
            runnable
        };
        runnable.run();
    }
}

/// No code under this lock panics.
fn lock(tasks: &Mutex<Tasks>) -> MutexGuard<'_, Tasks> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use event_listener::{Event, Listener};
    use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

    #[test]
    fn work_goes_on_when_it_is_woken_and_ends_with_the_program() {
        let (background, event) = (Background::default(), Arc::new(Event::new()));
        let (done, kept) = (Arc::new(AtomicBool::new(false)), Arc::new(()));
        for _ in 0..2 {
            let (listener, done, kept) = (event.listen(), done.clone(), kept.clone());
            background.spawn(async move {
                listener.await;
                done.store(true, SeqCst);
                drop(kept);
            });
        }
        assert!(!done.load(SeqCst), "it waits");
        event.notify(1);
        assert!(done.load(SeqCst));
        assert_eq!(lock(&background.0).running.len(), 1, "the other one waits");
        assert_eq!(Arc::strong_count(&kept), 2);
        drop(background);
        assert_eq!(Arc::strong_count(&kept), 1, "what it held is dropped");
        // Nothing is woken any more.
        event.notify(1);
        let listener = event.listen();
        assert!(listener.wait_timeout(std::time::Duration::ZERO).is_none());
    }
}
