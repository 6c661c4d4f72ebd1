//! The items that the host supplies, for stores of guest threads.

use crate::state::host_item;
use crate::state::thread::Thread;

/// The view that a host function on component values has of the guest thread that calls it.
///
/// It is Wasmtime's own type, so what is known of that one holds here: [`data`](wasmtime::StoreContextMut::data) gives the
/// [`Thread`].
pub type ThreadContext<'a, T> = wasmtime::StoreContextMut<'a, Thread<T>>;

/// A host function on component values.
pub(crate) type HostFunction<T> = host_item::HostFunction<Thread<T>>;

/// A resource type of the host's with its destructor.
pub(crate) type HostResource<T> = host_item::HostResource<Thread<T>>;
