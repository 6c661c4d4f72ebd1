//! Turns panics into errors of the command.
//!
//! Input must not make weft panic. If it does, the user sees one error with the panic's message, without the panic
//! hook's text: several threads read and compile a program, and each would print its own.

use anyhow::{Result, anyhow};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// How many calls of [`quietly`] there are.
static QUIET: AtomicUsize = AtomicUsize::new(0);
/// What the last panic said, and where.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Has panics print nothing while [`quietly`] runs, and what they always print otherwise.
pub fn install_hook() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| match QUIET.load(Ordering::SeqCst) {
        0 => print(panic),
        _ => *LAST.lock().unwrap_or_else(PoisonError::into_inner) = text(panic),
    }));
}

fn text(panic: &PanicHookInfo<'_>) -> String {
    let message = panic.payload_as_str().unwrap_or("(no message)");
    match panic.location() {
        Some(location) => format!("{message} ({location})"),
        None => message.to_owned(),
    }
}

/// Runs what reads or compiles a program, and no code of it. A panic is an error.
pub fn quietly<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    QUIET.fetch_add(1, Ordering::SeqCst);
    let result = catch_unwind(AssertUnwindSafe(run));
    QUIET.fetch_sub(1, Ordering::SeqCst);
    result.unwrap_or_else(|_| {
        let text = LAST.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Err(anyhow!("weft panicked, please report it: {text}"))
    })
}

#[cfg(test)]
mod tests {
    use super::{install_hook, quietly};

    #[test]
    fn a_panic_is_an_error_that_says_what_and_where() {
        install_hook();
        let result = quietly::<()>(|| {
            let empty: &[u8] = std::hint::black_box(&[]);
            let _ = empty[0];
            Ok(())
        });
        let message = result.expect_err("it panicked").to_string();
        assert!(message.contains("index out of bounds"), "{message}");
        assert!(message.contains("quiet.rs"), "{message}");
    }
}
