//! How the threads of an instance start, run, go on and end.

mod guest_thread;
mod launch;
pub(crate) mod running_instance;
