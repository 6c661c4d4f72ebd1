//! What host functions and built-ins can reach from the thread that calls them.
//!
//! [`thread::Thread`] is the data of a thread's store. It refers to [`instance_state::InstanceState`], which all
//! threads of an instance share, and to [`thread_control::ThreadControl`], with which a thread starts others.

pub(crate) mod borrows;
pub(crate) mod context;
pub(crate) mod core_items;
pub(crate) mod destructor;
pub(crate) mod ending;
pub(crate) mod exclusive;
pub(crate) mod host_function;
pub(crate) mod host_item;
pub(crate) mod host_memory;
pub(crate) mod import;
pub(crate) mod instance_state;
pub(crate) mod leaving;
pub(crate) mod memories;
pub(crate) mod option_lookup;
pub(crate) mod pending_result;
pub(crate) mod program;
pub(crate) mod resources;
pub(crate) mod slice;
pub(crate) mod start_functions;
pub(crate) mod store_options;
pub(crate) mod thread;
pub(crate) mod thread_control;
