//! The processor time of an instance on the cooperative runtime.
//!
//! **Problem.** The guest runs where the embedder polls its call, and a guest that computes does not return from there. **Here,** each poll is
//! measured, and a task looks at each tick while a call of the instance is in progress. It ends an instance that has used its time, as a
//! deadline does. So an instance without such a limit, and one that nobody calls, cost nothing.

use super::ending::Ending;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::task::AbortHandle;
use weft_cooperative::{TokioHandle, tokio_handle};
use weft_parallel::__shared::ProcessorTime;
use weft_parallel::{EndReason, Error};

/// How often the task looks.
const TICK: Duration = Duration::from_millis(1);

/// The limit of an instance.
#[derive(Clone)]
pub(crate) struct TimeLimit(Arc<ProcessorTime>);

impl TimeLimit {
    /// Ends an instance when its calls have used so much time.
    pub(crate) fn new(ending: &Arc<Ending>, limit: Duration) -> Self {
        let ending: Weak<Ending> = Arc::downgrade(ending);
        TimeLimit(Arc::new(ProcessorTime::new(limit, move || {
            if let Some(ending) = ending.upgrade() {
                ending.end(Error::EndedBy(EndReason::ProcessorTime(limit)));
            }
        })))
    }

    /// Polls the future of a call of the instance.
    async fn measure<F: Future>(self, call: F) -> Result<F::Output, Error> {
        let _ticks = self.tick()?;
        let mut call = pin!(call);
        Ok(std::future::poll_fn(|context| self.0.during(|| call.as_mut().poll(context))).await)
    }

    /// Looks at each tick until what this gives is dropped.
    fn tick(&self) -> Result<Ticks, Error> {
        let TokioHandle::Driven(tokio) = tokio_handle()? else {
            return Err(Error::Engine {
                context: "cannot limit the processor time",
                message: "the system refuses an OS thread for it".to_owned(),
            });
        };
        let time = Arc::clone(&self.0);
        let ticks = tokio.spawn(async move {
            loop {
                tokio::time::sleep(TICK).await;
                time.check();
            }
        });
        Ok(Ticks(ticks.abort_handle()))
    }
}

/// A task that ends with this.
struct Ticks(AbortHandle);

impl Drop for Ticks {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Polls the future of a call, which counts if there is a limit.
pub(crate) async fn measured<F: Future>(limit: Option<TimeLimit>, call: F) -> Result<F::Output, Error> {
    match limit {
        Some(limit) => limit.measure(call).await,
        None => Ok(call.await),
    }
}
