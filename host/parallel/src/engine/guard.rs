//! Turns a panic inside Wasmtime's compiler into an error.
//!
//! weft refuses input that is known to make the compiler panic before the compiler sees it. This module is the second
//! line of defence: the embedder gets an error, provided that the process is built to unwind. The process's panic hook
//! has already reported the panic by then.

use crate::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use weft_lower::panic_message;

/// Runs a compilation or validation by Wasmtime.
///
/// # Errors
///
/// Wasmtime returns an error or panics. `context` says what failed.
pub fn guarded<T>(context: &'static str, compile: impl FnOnce() -> wasmtime::Result<T>) -> Result<T, Error> {
    // The compiler's partial results are dropped, and its shared state is behind locks that tolerate a panic.
    match catch_unwind(AssertUnwindSafe(compile)) {
        Ok(compiled) => compiled.map_err(|error| Error::engine(context, &error)),
        Err(panic) => Err(Error::Engine {
            context,
            message: format!("Wasmtime panicked, please report it: {}", panic_message(&*panic)),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_becomes_an_error_with_its_message() {
        let failed = guarded::<()>("cannot compile", || {
            std::panic::resume_unwind(Box::new("left == right"))
        });
        let error = failed.expect_err("it panicked").to_string();
        assert_eq!(
            error,
            "cannot compile: Wasmtime panicked, please report it: left == right"
        );
    }

    #[test]
    fn what_compiles_is_given() {
        assert_eq!(guarded("cannot compile", || Ok(42)).ok(), Some(42));
    }
}
