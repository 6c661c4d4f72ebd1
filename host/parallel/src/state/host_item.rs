//! What the host supplies on the component level: functions that take and give values, and resource types.
//!
//! `D` is the data of a thread's store. That data leads to the instance, and the instance to these items, so the items cannot name
//! its type.

use crate::state::import::Import;
use std::future::Future;
use std::sync::Arc;
use wasmtime::{FuncType, Linker, StoreContextMut};
use weft_abi::typed::TypeCheck;
use weft_abi::{ArgumentError, ResourceType, Val};

/// What a host function gives: a value if its type has a result.
type Returned = wasmtime::Result<Option<Val>>;

type Returning<D> = dyn Fn(StoreContextMut<'_, D>, &[Val]) -> Returned + Send + Sync;

type Suspending<D> =
    dyn for<'a> Fn(StoreContextMut<'a, D>, &'a [Val]) -> Box<dyn Future<Output = Returned> + Send + 'a> + Send + Sync;

/// A host function on component values.
pub(crate) enum HostFunction<D: 'static> {
    /// One that returns without suspending the guest thread.
    Returning(Arc<Returning<D>>),
    /// One that may suspend it.
    Suspending(Arc<Suspending<D>>),
    /// One on Rust values.
    Typed(Arc<dyn TypedImport<D>>),
}

/// A host function that knows the types of its parameters and its result.
pub(crate) trait TypedImport<D: 'static>: Send + Sync {
    /// Whether the types are those of an import.
    fn check(&self, types: &TypeCheck<'_>, func: &weft_abi::FuncType) -> Result<(), ArgumentError>;

    /// Defines the function as the argument with this name, of the core type given.
    fn define(
        self: Arc<Self>,
        linker: &mut Linker<D>,
        name: &str,
        ty: FuncType,
        import: Import,
    ) -> wasmtime::Result<()>;
}

impl<D> Clone for HostFunction<D> {
    fn clone(&self) -> Self {
        match self {
            HostFunction::Returning(function) => HostFunction::Returning(Arc::clone(function)),
            HostFunction::Suspending(function) => HostFunction::Suspending(Arc::clone(function)),
            HostFunction::Typed(function) => HostFunction::Typed(Arc::clone(function)),
        }
    }
}

type HostDestructor<D> = dyn Fn(StoreContextMut<'_, D>, u32) -> wasmtime::Result<()> + Send + Sync;

/// A resource type of the host's with its destructor. A Rust type tells the host's resource types apart. The representation is a number
/// that the host chooses, as in Wasmtime.
pub(crate) struct HostResource<D: 'static> {
    pub(crate) ty: ResourceType,
    /// It is given the representation when a guest drops the handle that owns the resource.
    pub(crate) destructor: Arc<HostDestructor<D>>,
}

impl<D> Clone for HostResource<D> {
    fn clone(&self) -> Self {
        HostResource {
            ty: self.ty,
            destructor: Arc::clone(&self.destructor),
        }
    }
}
