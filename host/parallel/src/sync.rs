//! The primitives by which the scheduler, the wait queues and the thread table synchronise.
//!
//! The model checker (`host/models`) compiles those files once more with primitives of its own in the place of this file. It
//! controls each of them, and so decides who runs next. Code that it checks takes its primitives from here and from
//! nowhere else.

pub(crate) use async_io::Timer;
pub(crate) use std::hint::spin_loop;
pub(crate) use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, atomic};
pub(crate) use std::thread_local;
pub(crate) use std::{thread, time};
