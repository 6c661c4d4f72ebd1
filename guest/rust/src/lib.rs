//! Threads for WebAssembly guests that weft runs.
//!
//! The threads are those of the Component Model's built-ins, which bindings of wit-bindgen import by the WIT package `weft:threads`.
//! `weft adapt` (or `weft run`) gives each thread a stack and takes it back at the end. The target is `wasm32-wasip1-threads`, whose
//! C library waits and wakes for this crate: stable Rust has no instructions for that. The crate is `no_std` and needs an
//! allocator.
//!
//! ```no_run
//! let numbers = [1, 2, 3];
//! let sum = weft_guest::scope(|scope| {
//!     let first = scope.spawn(|| numbers[0])?;
//!     let rest = scope.spawn(|| numbers[1] + numbers[2])?;
//!     Ok::<i32, weft_guest::SpawnError>(first.join() + rest.join())
//! });
//! assert_eq!(sum, Ok(6));
//! ```
//!
//! Why not `std::thread`? Programs can use that as well, side by side with this crate. This crate also works without `std`, knows
//! how many threads can run at once, and passes closures without the C library's threads.

#![no_std]

extern crate alloc;

mod condvar;
mod handle;
mod local;
mod mutex;
mod name;
mod thread;
mod wait;

pub use handle::{Thread, current, park};
pub use local::Local;
pub use name::set_thread_name;
pub use thread::{JoinHandle, Scope, ScopedJoinHandle, SpawnError, scope, spawn};

/// A mutex and a condition.
pub mod sync {
    pub use crate::condvar::Condvar;
    pub use crate::mutex::{Mutex, MutexGuard};
}

use core::num::NonZeroUsize;

mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "guest", generate_all });
}

/// How many threads can be expected to run at once.
pub fn available_parallelism() -> NonZeroUsize {
    let count = bindings::weft::threads::threads::available_parallelism();
    NonZeroUsize::new(count as usize).unwrap_or(NonZeroUsize::MIN)
}
