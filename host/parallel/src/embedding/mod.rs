//! Linkers, instances and their functions, generic over the type of the embedder's state. [`surface`](crate::surface)
//! is the public form.

mod blocking_calls;
mod core_calls;
pub(crate) mod end_handle;
pub(crate) mod func;
pub(crate) mod host_functions;
mod import_kinds;
pub(crate) mod instance;
pub(crate) mod instance_pre;
pub(crate) mod linker;
pub(crate) mod linker_instance;
mod parallel;
pub(crate) mod stack_account;
#[cfg(test)]
mod tests;
pub(crate) mod typed;
pub(crate) mod versions;
