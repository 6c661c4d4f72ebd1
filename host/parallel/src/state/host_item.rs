//! What the host supplies at the component level: functions on component values, and resource types.
//!
//! `D` is the data of a thread's store. That data refers to the instance, and the instance to these items, so the items
//! take the type as a parameter.

use crate::state::import::Import;
use std::future::Future;
use std::sync::Arc;
use wasmtime::{FuncType, Linker, StoreContextMut};
use weft_abi::typed::TypeCheck;
use weft_abi::{ArgumentError, ResourceType, Val};

/// What a host function returns: a value if its type has a result.
type Returned = wasmtime::Result<Option<Val>>;

type Returning<D> = dyn Fn(StoreContextMut<'_, D>, &[Val]) -> Returned + Send + Sync;

type Suspending<D> =
    dyn for<'a> Fn(StoreContextMut<'a, D>, &'a [Val]) -> Box<dyn Future<Output = Returned> + Send + 'a> + Send + Sync;

/// A host function on component values.
pub(crate) enum HostFunction<D: 'static> {
    /// A function that returns without suspending the guest thread.
    Returning(Arc<Returning<D>>),
    /// A function that may suspend the guest thread.
    Suspending(Arc<Suspending<D>>),
    /// A function on Rust values.
    Typed(Arc<dyn TypedImport<D>>),
}

/// A host function that knows the types of its parameters and its result.
pub(crate) trait TypedImport<D: 'static>: Send + Sync {
    /// Checks that the types match those of an import.
    fn check(&self, types: &TypeCheck<'_>, func: &weft_abi::FuncType) -> Result<(), ArgumentError>;

    /// Defines the function under this argument name, with the given core type.
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

type ReturningDestructor<D> = dyn Fn(StoreContextMut<'_, D>, u32) -> wasmtime::Result<()> + Send + Sync;

type SuspendingDestructor<D> = dyn for<'a> Fn(StoreContextMut<'a, D>, u32) -> Box<dyn Future<Output = wasmtime::Result<()>> + Send + 'a>
    + Send
    + Sync;

/// What the host runs with the representation when a guest drops the handle that owns a resource.
pub(crate) enum HostDestructor<D: 'static> {
    /// One that returns without suspending the guest thread.
    Returning(Arc<ReturningDestructor<D>>),
    /// One that may suspend the guest thread.
    Suspending(Arc<SuspendingDestructor<D>>),
}

impl<D> Clone for HostDestructor<D> {
    fn clone(&self) -> Self {
        match self {
            HostDestructor::Returning(destructor) => HostDestructor::Returning(Arc::clone(destructor)),
            HostDestructor::Suspending(destructor) => HostDestructor::Suspending(Arc::clone(destructor)),
        }
    }
}

/// A resource type of the host, with its destructor. A Rust type or a number identifies the resource type. The
/// representation is a number that the host chooses, as in Wasmtime.
pub(crate) struct HostResource<D: 'static> {
    pub(crate) ty: ResourceType,
    pub(crate) destructor: HostDestructor<D>,
}

impl<D> Clone for HostResource<D> {
    fn clone(&self) -> Self {
        HostResource {
            ty: self.ty,
            destructor: self.destructor.clone(),
        }
    }
}
