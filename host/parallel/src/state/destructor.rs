//! What is called when the last handle of a resource is dropped.

use crate::state::host_item::HostResource;
use std::sync::Arc;
use wasmtime::TypedFunc;
use weft_lower::plan::{ComponentInstanceIndex, ThreadTableIndex};

/// What runs when a resource is dropped, as one store with data of this type knows it.
pub(crate) enum Destructor<D: 'static> {
    /// The resource has none.
    None,
    /// A function of the guest's that runs in this store, and the thread table of its component instance. A copy of a typed function
    /// counts a reference that all stores share, so the store counts its own.
    Guest(Arc<TypedFunc<u32, ()>>, ThreadTableIndex),
    /// One that runs in the home of its component instance.
    AtHome(ComponentInstanceIndex, Arc<str>),
    /// The host's. The store counts its references alone, so that threads that drop resources in parallel do not wait for each other.
    Host(Arc<HostResource<D>>),
}

impl<D> Clone for Destructor<D> {
    fn clone(&self) -> Self {
        match self {
            Destructor::None => Destructor::None,
            Destructor::Guest(function, table) => Destructor::Guest(Arc::clone(function), *table),
            Destructor::AtHome(instance, export) => Destructor::AtHome(*instance, Arc::clone(export)),
            Destructor::Host(host) => Destructor::Host(Arc::clone(host)),
        }
    }
}
