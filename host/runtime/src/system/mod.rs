//! What the machine and the operating system grant: memory, OS threads, stacks.

pub(crate) mod blocking;
pub(crate) mod machine;
pub mod os_threads;
pub(crate) mod stack_owner;
pub(crate) mod stack_pages;
pub(crate) mod stacks;
