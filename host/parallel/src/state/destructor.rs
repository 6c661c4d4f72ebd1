//! What is called when the last handle of a resource is dropped.

use crate::state::host_item::HostResource;
use std::sync::Arc;
use wasmtime::TypedFunc;
use weft_lower::plan::{ComponentInstanceIndex, ThreadTableIndex};

/// What runs when a resource is dropped, in the form that a store with data `D` uses.
pub(crate) enum Destructor<D: 'static> {
    /// The resource has none.
    None,
    /// A guest function that runs in this store, and the thread table of its component instance. Cloning a typed
    /// function changes a reference count that all stores share, so the store wraps it in its own `Arc`.
    Guest(Arc<TypedFunc<u32, ()>>, ThreadTableIndex),
    /// A guest function that runs in the home of its component instance.
    AtHome(ComponentInstanceIndex, Arc<str>),
    /// A host function. The store has its own `Arc`, so that threads that drop resources in parallel do not contend for
    /// a reference count.
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
