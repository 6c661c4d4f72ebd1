//! What the host supplies on the component level: functions that take and give values, and resource types.

use crate::state::import::Import;
use crate::state::thread::Thread;
use std::future::Future;
use std::sync::Arc;
use wasmtime::{FuncType, Linker};
use weft_abi::typed::TypeCheck;
use weft_abi::{ArgumentError, ResourceType, Val};

/// The view that a host function on component values has of the guest thread that calls it.
///
/// It is Wasmtime's own type, so what is known of that one holds here: [`data`](wasmtime::StoreContextMut::data) gives the
/// [`Thread`].
pub type ThreadContext<'a, T> = wasmtime::StoreContextMut<'a, Thread<T>>;

/// What a host function gives: a value if its type has a result.
type Outcome = wasmtime::Result<Option<Val>>;

type Returning<T> = dyn Fn(ThreadContext<'_, T>, &[Val]) -> Outcome + Send + Sync;

type Suspending<T> =
    dyn for<'a> Fn(ThreadContext<'a, T>, &'a [Val]) -> Box<dyn Future<Output = Outcome> + Send + 'a> + Send + Sync;

/// A host function on component values.
pub(crate) enum HostFunction<T: 'static> {
    /// One that returns without suspending the guest thread.
    Returning(Arc<Returning<T>>),
    /// One that may suspend it.
    Suspending(Arc<Suspending<T>>),
    /// One on Rust values.
    Typed(Arc<dyn TypedImport<T>>),
}

/// A host function that knows the types of its parameters and its result.
pub(crate) trait TypedImport<T: 'static>: Send + Sync {
    /// Whether the types are those of an import.
    fn check(&self, types: &TypeCheck<'_>, func: &weft_abi::FuncType) -> Result<(), ArgumentError>;

    /// Defines the function as the argument with this name, of the core type given.
    fn define(
        self: Arc<Self>,
        linker: &mut Linker<Thread<T>>,
        name: &str,
        ty: FuncType,
        import: Import,
    ) -> wasmtime::Result<()>;
}

impl<T> Clone for HostFunction<T> {
    fn clone(&self) -> Self {
        match self {
            HostFunction::Returning(function) => HostFunction::Returning(Arc::clone(function)),
            HostFunction::Suspending(function) => HostFunction::Suspending(Arc::clone(function)),
            HostFunction::Typed(function) => HostFunction::Typed(Arc::clone(function)),
        }
    }
}

type HostDestructor<T> = dyn Fn(ThreadContext<'_, T>, u32) -> wasmtime::Result<()> + Send + Sync;

/// A resource type of the host's with its destructor. A Rust type tells the host's resource types apart. The representation is a number
/// that the host chooses, as in Wasmtime.
pub(crate) struct HostResource<T: 'static> {
    pub(crate) ty: ResourceType,
    /// It is given the representation when a guest drops the handle that owns the resource.
    pub(crate) destructor: Arc<HostDestructor<T>>,
}

impl<T> Clone for HostResource<T> {
    fn clone(&self) -> Self {
        HostResource {
            ty: self.ty,
            destructor: Arc::clone(&self.destructor),
        }
    }
}
