//! How the threads of an instance start, run, resume and end.

pub(crate) mod caller;
mod deadline;
mod exclusive;
mod guest_thread;
pub(crate) mod homes;
mod initialization;
mod launch;
pub(crate) mod running_instance;
pub(crate) mod seats;
