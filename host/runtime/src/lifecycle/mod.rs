//! How the threads of an instance start, run, resume and end.

mod deadline;
pub(crate) mod exclusive;
mod guest_thread;
mod launch;
pub(crate) mod running_instance;
pub(crate) mod seats;
