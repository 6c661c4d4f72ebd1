//! The OS thread of a `(thread …)`.

use crate::report::Failure;
use std::io;
use std::thread::{Builder, JoinHandle};

/// The stack of a thread that runs scripts. The engine takes half a mebibyte of it for WebAssembly; the parser and the
/// compiler need the rest for deeply nested input.
pub(crate) const STACK_SIZE: usize = 16 << 20;

/// A thread that a script has started.
pub(crate) struct Thread {
    name: String,
    handle: JoinHandle<Result<(), Failure>>,
}

impl Thread {
    /// Starts a thread that runs `body`.
    ///
    /// # Errors
    ///
    /// The system refuses the thread.
    pub(crate) fn spawn(name: &str, body: impl FnOnce() -> Result<(), Failure> + Send + 'static) -> io::Result<Self> {
        Ok(Thread {
            name: name.to_owned(),
            handle: Builder::new().stack_size(STACK_SIZE).spawn(body)?,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Waits until the script thread has ended. It records the outcomes of its directives itself.
    pub(crate) fn join(self) -> Result<(), Failure> {
        let joined = self.handle.join();
        joined.unwrap_or_else(|_| Err(Failure::new("a thread that ends", "a panic")))
    }
}
