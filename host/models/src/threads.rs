//! The thread table and the exclusive locks of the runtime's `threads` folder.

/// Of `start.rs` the table needs one type, and looks at no part of it.
pub(crate) mod start {
    /// What a new thread does.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Start(pub u32);
}

#[path = "../../parallel/src/threads/home_locks.rs"]
pub(crate) mod home_locks;
#[path = "../../parallel/src/threads/instance_locks.rs"]
pub(crate) mod instance_locks;
#[path = "../../parallel/src/threads/states.rs"]
pub(crate) mod states;
#[path = "../../parallel/src/threads/thread_id.rs"]
pub(crate) mod thread_id;
#[path = "../../parallel/src/threads/thread_table.rs"]
pub(crate) mod thread_table;
