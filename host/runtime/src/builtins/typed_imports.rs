//! Imported component functions that the host defines with Rust types.
//!
//! **Before:** a closure on Rust values. **After:** a core function that copies between them and the guest, made for those types by
//! the compiler. [`imports`](super::imports) does the same for closures on values.

use super::ARGUMENTS;
use super::imports::Import;
use crate::state::host_function::ThreadContext;
use crate::state::thread::Thread;
use crate::values::core::FlatValues;
use crate::values::guest::StoreGuest;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use wasmtime::{AsContextMut, FuncType, Linker};
use weft_abi::typed::{TypeCheck, now};
use weft_abi::{ArgumentError, ComponentNamedList, Lift, Lower};

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

/// A function that returns without suspending the guest thread.
pub(crate) struct Returning<F, P, R>(F, PhantomData<fn(P) -> R>);

/// A function that may suspend it.
pub(crate) struct Suspending<F, P, R>(F, PhantomData<fn(P) -> R>);

impl<F, P, R> Returning<F, P, R> {
    pub(crate) const fn new(function: F) -> Self {
        Returning(function, PhantomData)
    }
}

impl<F, P, R> Suspending<F, P, R> {
    pub(crate) const fn new<T: 'static>(function: F) -> Self
    where
        F: for<'a> Fn(ThreadContext<'a, T>, P) -> Suspended<'a, R>,
    {
        Suspending(function, PhantomData)
    }
}

/// What a suspending function gives.
pub(crate) type Suspended<'a, R> = Box<dyn Future<Output = wasmtime::Result<R>> + Send + 'a>;

impl<T, F, P, R> TypedImport<T> for Returning<F, P, R>
where
    T: Send + Sync + 'static,
    F: Fn(ThreadContext<'_, T>, P) -> wasmtime::Result<R> + Send + Sync + 'static,
    P: ComponentNamedList + Lift + 'static,
    R: ComponentNamedList + Lower + 'static,
{
    fn check(&self, types: &TypeCheck<'_>, func: &weft_abi::FuncType) -> Result<(), ArgumentError> {
        types.func::<P, R>(func)
    }

    fn define(
        self: Arc<Self>,
        linker: &mut Linker<Thread<T>>,
        name: &str,
        ty: FuncType,
        import: Import,
    ) -> wasmtime::Result<()> {
        if R::FORM.pointers {
            // The guest's `realloc` may suspend the thread.
            let suspending = Suspending::new::<T>(move |store, params| {
                let result = self.0(store, params);
                Box::new(std::future::ready(result))
            });
            return Arc::new(suspending).define(linker, name, ty, import);
        }
        let defined = linker.func_new(ARGUMENTS, name, ty, move |mut caller, params, results| {
            let mut store = caller.as_context_mut();
            let mut handles = import.handles();
            let items = import.begin(&mut store)?;
            let flat = FlatValues::of(params)?;
            let signature = import.signature();
            let params = signature.lift_typed_params::<T, P>(&mut store, &items, &flat, &mut handles)?;
            let result = self.0(store.as_context_mut(), params)?;
            let guest = StoreGuest {
                store: &mut store,
                items: &items,
                handles: &mut handles,
            };
            let bits = now(signature.lower_typed_result::<T, P, R>(guest, &result, &flat))?;
            import.finish(&[bits], handles, results)
        });
        defined.map(drop)
    }
}

impl<T, F, P, R> TypedImport<T> for Suspending<F, P, R>
where
    T: Send + Sync + 'static,
    F: for<'a> Fn(ThreadContext<'a, T>, P) -> Suspended<'a, R> + Send + Sync + 'static,
    P: ComponentNamedList + Lift + 'static,
    R: ComponentNamedList + Lower + 'static,
{
    fn check(&self, types: &TypeCheck<'_>, func: &weft_abi::FuncType) -> Result<(), ArgumentError> {
        types.func::<P, R>(func)
    }

    fn define(
        self: Arc<Self>,
        linker: &mut Linker<Thread<T>>,
        name: &str,
        ty: FuncType,
        import: Import,
    ) -> wasmtime::Result<()> {
        let import = Arc::new(import);
        let defined = linker.func_new_async(ARGUMENTS, name, ty, move |mut caller, params, results| {
            let (this, import) = (Arc::clone(&self), Arc::clone(&import));
            Box::new(async move {
                let mut store = caller.as_context_mut();
                let mut handles = import.handles();
                let items = import.begin(&mut store)?;
                let flat = FlatValues::of(params)?;
                let signature = import.signature();
                let params = signature.lift_typed_params::<T, P>(&mut store, &items, &flat, &mut handles)?;
                let result = Box::into_pin(this.0(store.as_context_mut(), params)).await?;
                let guest = StoreGuest {
                    store: &mut store,
                    items: &items,
                    handles: &mut handles,
                };
                let bits = signature.lower_typed_result::<T, P, R>(guest, &result, &flat).await?;
                import.finish(&[bits], handles, results)
            })
        });
        defined.map(drop)
    }
}
