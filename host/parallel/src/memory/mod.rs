//! Shared memory as the host sees it: its bytes, the tables that it holds, and the threads that wait at its addresses.

pub(crate) mod guest_memory;
pub(crate) mod shared_counts;
pub(crate) mod waiter_counts;
pub(crate) mod waiters;
pub(crate) mod written_table;
