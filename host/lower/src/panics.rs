//! What a caught panic said.
//!
//! weft turns panics of the crates that it calls into errors: see the callers of `catch_unwind`.

use std::any::Any;

/// The message of a panic, from what [`catch_unwind`](std::panic::catch_unwind) returns.
pub fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("(no message)")
}
