//! Calls of wit-component and wit-parser.
//!
//! **Problem.** They return an error for most wrong input, but panic on some: on a `component-type` section, for
//! example, in which an interface's name belongs to a function. **Here,** a panic becomes an error like the others. The
//! process's panic hook has already reported it by then.
//!
//! **Rejected:** refusing such input first. The two crates check what they read as they use it, so that check would be
//! most of their decoder, written again.

use crate::error::AdaptError;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use weft_lower::panic_message;

/// Makes a call that reads a module's world or makes a component for one.
pub(crate) fn guarded<R, E: Display>(call: impl FnOnce() -> Result<R, E>) -> Result<R, AdaptError> {
    // What the call changes is dropped if it panics.
    let message = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(result)) => return Ok(result),
        Ok(Err(error)) => format!("{error:#}"),
        Err(panic) => format!("wit-component cannot read it, and panicked: {}", panic_message(&*panic)),
    };
    Err(AdaptError::World { message })
}
