//! What an instance may take from the system, and how that is counted.

pub(crate) mod budget;
pub(crate) mod host_memory;
pub(crate) mod instance_limits;
pub(crate) mod limiter;
pub(crate) mod processor_time;
pub(crate) mod room;
pub(crate) mod stack_use;
pub(crate) mod store_account;
