//! What an embedder holds: a linker with the host's definitions, instances, and their functions.

pub(crate) mod end_handle;
pub(crate) mod func;
mod host_functions;
pub(crate) mod instance;
pub(crate) mod instance_pre;
pub(crate) mod linker;
pub(crate) mod linker_instance;
mod parallel;
#[cfg(test)]
mod tests;
pub(crate) mod typed;
pub(crate) mod versions;
