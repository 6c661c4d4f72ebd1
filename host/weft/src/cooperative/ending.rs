//! The end of an instance on the cooperative runtime, from anywhere.
//!
//! **Problem.** The thread that ends an instance does not have its store. **Here,** the outcome is set once. An event
//! wakes calls that wait, which then see the outcome, and guest code that computes sees it when the engine's epoch
//! changes.

use event_listener::Event;
use std::sync::{Mutex, MutexGuard, PoisonError};
use wasmtime::Engine;
use weft_parallel::Error;

/// How an instance ended, if it has.
pub(crate) struct Ending {
    engine: Engine,
    outcome: Mutex<Option<Error>>,
    event: Event,
}

impl Ending {
    pub(crate) fn new(engine: &Engine) -> Self {
        Ending {
            engine: engine.clone(),
            outcome: Mutex::new(None),
            event: Event::new(),
        }
    }

    /// Ends the instance, with the error that its calls then return. Only the first error counts; returns whether this
    /// was the first.
    pub(crate) fn end(&self, error: Error) -> bool {
        let mut outcome = self.lock();
        if outcome.is_some() {
            return false;
        }
        *outcome = Some(error);
        drop(outcome);
        self.event.notify(usize::MAX);
        self.engine.increment_epoch();
        true
    }

    /// The error that calls return. `None` while the instance runs.
    pub(crate) fn outcome(&self) -> Option<Error> {
        self.lock().clone()
    }

    /// Waits for the end.
    pub(crate) async fn ended(&self) -> Error {
        loop {
            let listener = self.event.listen();
            if let Some(error) = self.outcome() {
                return error;
            }
            listener.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Error>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
