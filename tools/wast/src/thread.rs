//! `(thread …)`: an OS thread of its own, with a store of its own. Of another thread's instances it has the shared memories.

use crate::context::Context;
use crate::report::Failure;
use crate::session::Session;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use wasmtime::SharedMemory;

/// The stack of a thread that runs scripts. The engine takes half a mebibyte of it for WebAssembly; the parser and the
/// compiler need the rest for what is deeply nested.
pub(crate) const STACK_SIZE: usize = 16 << 20;

/// A thread that a script has started.
pub(crate) struct Thread {
    name: String,
    handle: JoinHandle<Result<(), Failure>>,
}

impl Thread {
    /// Runs the directives of the form `(thread …)` in `range` of the text. `shared` is the name of an instance, and the
    /// memories that it exports.
    ///
    /// # Errors
    ///
    /// The system refuses the thread.
    pub(crate) fn spawn(
        context: &Arc<Context>,
        name: &str,
        range: Range<usize>,
        shared: Option<(String, Vec<(String, SharedMemory)>)>,
    ) -> io::Result<Self> {
        let context = Arc::clone(context);
        let handle = Builder::new().stack_size(STACK_SIZE).spawn(move || {
            let session = Session::new(&context);
            let mut session = session.map_err(|error| Failure::new("a store for the thread", format!("{error:#}")))?;
            if let Some((name, memories)) = shared {
                session.share(&name, memories);
            }
            session.form(&range, true);
            session.finish();
            Ok(())
        })?;
        Ok(Thread {
            name: name.to_owned(),
            handle,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Waits for its end. What came of its directives stands in the record of the script.
    pub(crate) fn join(self) -> Result<(), Failure> {
        let joined = self.handle.join();
        joined.unwrap_or_else(|_| Err(Failure::new("a thread that ends", "a panic")))
    }
}
