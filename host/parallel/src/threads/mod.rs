//! The threads of an instance, without their stores: which there are, what they start with, and which goes first.

pub(crate) mod call_chain;
pub(crate) mod home_locks;
pub(crate) mod instance_locks;
pub(crate) mod precedence;
pub(crate) mod spawn_refusals;
pub(crate) mod start;
pub(crate) mod states;
#[cfg(test)]
mod tests;
pub(crate) mod thread_id;
pub(crate) mod thread_table;
