//! What becomes of a panic inside the engine's compiler.
//!
//! What it is known to panic at is refused by name before it sees it. This is the second line: an embedder gets an error, as
//! long as the process is built to unwind. The panic hook, which is the process's and not a library's, has reported it by then.

use crate::error::Error;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Has the engine compile or validate something.
///
/// # Errors
///
/// The engine refuses it, or panics. `context` says what cannot be done.
pub fn guarded<T>(context: &'static str, compile: impl FnOnce() -> wasmtime::Result<T>) -> Result<T, Error> {
    // What the engine was making is dropped, and what it shares is behind locks that do not mind.
    match catch_unwind(AssertUnwindSafe(compile)) {
        Ok(compiled) => compiled.map_err(|error| Error::engine(context, &error)),
        Err(panic) => Err(Error::Engine {
            context,
            message: format!("Wasmtime panicked, please report it: {}", message(&*panic)),
        }),
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("(no message)")
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
