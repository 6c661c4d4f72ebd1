//! Work for a program that continues between its calls: sending bytes to a connection, and looking up names.
//!
//! **Problem.** Such work waits for the system while no guest thread waits for it, and must not outlive the program.
//! **Here**, it is a task. One thread of the process runs the steps of all such tasks, since no step blocks. The
//! program's context owns the tasks, so they end with it.
//!
//! **Rejected:** a thread for each (a program can have thousands of connections); running a step where it is woken (the
//! waker's thread may hold a lock that the step needs).

use async_task::{Runnable, Task};
use std::collections::HashMap;
use std::future::Future;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

/// The background work of one program.
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
                    // Dropping the task would cancel it, but it is running here.
                    task.detach();
                }
            };
            let (runnable, task) = async_task::spawn(work, schedule);
            state.running.insert(number, task);
            runnable
        };
        runnable.run();
    }
}

/// Lets the thread for such steps run the next one. If the system refuses that thread, the waker of the task runs it.
fn schedule(step: Runnable) {
    static STEPS: OnceLock<Option<Sender<Runnable>>> = OnceLock::new();
    let steps = STEPS.get_or_init(|| {
        let (sender, steps) = channel::<Runnable>();
        let run_all = move || {
            for step in steps {
                step.run();
            }
        };
        let started = thread::Builder::new().name("weft-wasi".to_owned()).spawn(run_all);
        started.ok().map(|_| sender)
    });
    let refused = match steps {
        Some(steps) => steps.send(step).err().map(|refused| refused.0),
        None => Some(step),
    };
    if let Some(step) = refused {
        step.run();
    }
}

/// No code under this lock panics.
fn lock(tasks: &Mutex<Tasks>) -> MutexGuard<'_, Tasks> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use event_listener::Event;
    use std::sync::mpsc::channel;

    #[test]
    fn work_goes_on_when_it_is_woken_and_ends_with_the_program() {
        let (background, event) = (Background::default(), Arc::new(Event::new()));
        let (done, is_done) = channel();
        let kept = Arc::new(());
        for _ in 0..2 {
            let (listener, done, kept) = (event.listen(), done.clone(), kept.clone());
            background.spawn(async move {
                listener.await;
                // Nobody listens any more when the test is over.
                let _ = done.send(());
                drop(kept);
            });
        }
        assert!(is_done.try_recv().is_err(), "both wait");
        event.notify(1);
        is_done.recv().expect("one goes on");
        while lock(&background.0).running.len() > 1 {
            thread::yield_now();
        }
        assert_eq!(Arc::strong_count(&kept), 2, "the other one waits");
        drop(background);
        while Arc::strong_count(&kept) > 1 {
            thread::yield_now();
        }
        assert!(is_done.try_recv().is_err(), "it did not go on");
    }
}
