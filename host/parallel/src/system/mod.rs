//! What the machine and the operating system grant: memory, OS threads, stacks.

pub(crate) mod blocking;
pub(crate) mod machine;
pub(crate) mod mappings;
pub mod os_threads;
mod stack_guards;
pub(crate) mod stack_owner;
pub(crate) mod stack_pages;
pub(crate) mod stack_slab;
pub(crate) mod stacks;
