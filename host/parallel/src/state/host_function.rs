//! The types of the items that the host supplies, for the stores of guest threads.

use crate::state::host_item;
use crate::state::thread::Thread;

/// The view that a host function on component values has of the guest thread that calls it.
///
/// This is Wasmtime's type, so its documentation applies: [`data`](wasmtime::StoreContextMut::data) returns the
/// [`Thread`].
pub type ThreadContext<'a, T> = wasmtime::StoreContextMut<'a, Thread<T>>;

/// A host function on component values.
pub(crate) type HostFunction<T> = host_item::HostFunction<Thread<T>>;

/// The destructor of a resource type of the host.
pub(crate) type HostDestructor<T> = host_item::HostDestructor<Thread<T>>;

/// A resource type of the host with its destructor.
pub(crate) type HostResource<T> = host_item::HostResource<Thread<T>>;
