//! The synchronization primitives of the scheduler, the wait queues and the thread table.
//!
//! The model checker (`host/models`) compiles those files a second time, with its own primitives instead of this file.
//! It controls each primitive, and so decides which thread runs next. So the checked code must use only the primitives
//! from here.

pub(crate) use async_io::Timer;
pub(crate) use std::hint::spin_loop;
pub(crate) use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, atomic};
pub(crate) use std::thread_local;
pub(crate) use std::{thread, time};
