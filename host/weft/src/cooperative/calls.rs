//! Which calls wait for the code that runs now, and how to run a call to its end.
//!
//! **Problem.** A host function may call an instance. If a call of that instance waits for the host function, the new
//! call would wait for itself. **Here,** a thread-local holds the numbers of the instances whose calls are being polled
//! on this thread. The future of each call sets it while it is polled, and a blocking host function takes it along to
//! its thread.

use futures_lite::future::block_on;
use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use weft_cooperative::{TokioHandle, tokio_handle};
use weft_parallel::__shared::on_worker;
use weft_parallel::Error;

/// The numbers of instances whose calls wait for the code that runs now.
#[derive(Clone, Default)]
pub(crate) struct Chain(Arc<[u64]>);

thread_local! {
    static CURRENT: RefCell<Option<Polled>> = const { RefCell::new(None) };
}

/// What is polled on a thread.
#[derive(Clone)]
struct Polled {
    chain: Chain,
    /// Whether it may block its thread: a blocking host function may.
    may_wait: bool,
}

/// Puts back what was polled before.
struct Restore(Option<Polled>);

impl Drop for Restore {
    fn drop(&mut self) {
        let before = self.0.take();
        // A thread whose thread-locals are destroyed polls nothing any more.
        let _ = CURRENT.try_with(|current| *current.borrow_mut() = before);
    }
}

impl Chain {
    /// The chain of the code that runs on this thread.
    pub(crate) fn current() -> Chain {
        let current = CURRENT.try_with(|current| current.borrow().as_ref().map(|polled| polled.chain.clone()));
        current.ok().flatten().unwrap_or_default()
    }

    pub(crate) fn contains(&self, instance: u64) -> bool {
        self.0.contains(&instance)
    }

    /// This chain with a call of this instance.
    pub(crate) fn call(&self, instance: u64) -> Chain {
        Chain(self.0.iter().copied().chain([instance]).collect())
    }

    fn enter(&self, may_wait: bool) -> Restore {
        let polled = Polled {
            chain: self.clone(),
            may_wait,
        };
        let before = CURRENT.try_with(|current| current.borrow_mut().replace(polled));
        Restore(before.ok().flatten())
    }

    /// Runs a host function that may block, on a thread for such functions.
    pub(crate) fn blocking<R>(&self, call: impl FnOnce() -> R) -> R {
        let _restore = self.enter(true);
        call()
    }

    /// Polls a future for which these calls wait, in the tokio runtime that Wasmtime's WASI needs.
    pub(crate) async fn run<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        let tokio = tokio_handle()?;
        let mut future = pin!(future);
        let polled = std::future::poll_fn(|context| {
            let _restore = self.enter(false);
            let _runtime = match &tokio {
                TokioHandle::Driven(handle) => Some(handle.enter()),
                TokioHandle::Undriven => None,
            };
            future.as_mut().poll(context)
        });
        Ok(polled.await)
    }
}

/// Runs a future to its end on the calling thread.
///
/// # Errors
///
/// The caller is a host function, which must not wait.
pub(crate) fn wait<R>(future: impl Future<Output = Result<R, Error>>) -> Result<R, Error> {
    let in_host_function = CURRENT.try_with(|current| current.borrow().as_ref().is_some_and(|polled| !polled.may_wait));
    if on_worker() || in_host_function.unwrap_or(false) {
        return Err(Error::WaitOnWorker);
    }
    match tokio_handle()? {
        TokioHandle::Driven(_) => block_on(future),
        TokioHandle::Undriven => weft_cooperative::in_tokio(future)?,
    }
}

/// A future that is ready once, with the outcome of another, or when `ended` is.
pub(crate) async fn unless<R>(ended: impl Future<Output = Error>, future: impl Future<Output = R>) -> Result<R, Error> {
    let (mut ended, mut future) = (pin!(ended), pin!(future));
    std::future::poll_fn(|context| {
        // Polls the call first: if it traps because the instance was ended, it ends in order.
        if let Poll::Ready(outcome) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(outcome));
        }
        ended.as_mut().poll(context).map(Err)
    })
    .await
}

/// Catches a panic of host code that a guest called. After a panic, nothing may use the guest's store.
///
/// # Errors
///
/// The future panicked.
pub(crate) async fn caught<F: Future>(future: F) -> Result<F::Output, Error> {
    let mut future = pin!(Some(future));
    std::future::poll_fn(|context| {
        let Some(polled) = future.as_mut().as_pin_mut() else {
            return Poll::Ready(Err(Error::HostPanic(None)));
        };
        match catch_unwind(AssertUnwindSafe(|| polled.poll(context))) {
            Ok(progress) => progress.map(Ok),
            Err(_) => {
                without_panic(|| future.set(None));
                Poll::Ready(Err(Error::HostPanic(None)))
            }
        }
    })
    .await
}

/// Drops what may run the host's code.
pub(crate) fn without_panic(drop: impl FnOnce()) {
    // The panic hook has reported it.
    let _ = catch_unwind(AssertUnwindSafe(drop));
}
