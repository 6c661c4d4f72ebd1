//! Imported component functions that the host defines with Rust types.
//!
//! **Before:** a closure on Rust values. **After:** a core function that copies between them and the guest, made for those types by
//! the compiler. [`imports`](super::imports) does the same for closures on values.

use super::arguments::ARGUMENTS;
use super::core_functions::{CoreParams, CoreResult, FlatCall};
use super::results::give_typed;
use crate::state::host_function::ThreadContext;
use crate::state::host_item::TypedImport;
use crate::state::import::Import;
use crate::state::leaving;
use crate::state::option_lookup::option_memory;
use crate::state::thread::Thread;
use crate::values::core::FlatValues;
use crate::values::guest::{PlainGuest, StoreGuest};
use crate::values::memory::view;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use wasmtime::{AsContextMut, FuncType, Linker};
use weft_abi::typed::{TypeCheck, are_numbers, lift_numbers, lower_number, now};
use weft_abi::{AddressWidth, ArgumentError, Budget, ComponentNamedList, ComponentType, Lift, Lower};

/// A tuple of Rust types for the parameters of a host function. Each [`ComponentNamedList`] of types that can be lifted is one.
pub trait HostParams: ComponentNamedList + ComponentType<Flat: CoreParams> + Lift {}

impl<P: ComponentNamedList + ComponentType<Flat: CoreParams> + Lift> HostParams for P {}

/// A tuple of a Rust type for the result of a host function, or `()`. Each [`ComponentNamedList`] of a type that can be lowered is one.
pub trait HostResult: ComponentNamedList + ComponentType<Flat: CoreResult> + Lower {}

impl<R: ComponentNamedList + ComponentType<Flat: CoreResult> + Lower> HostResult for R {}

/// A function that returns without suspending the guest thread.
pub(crate) struct Returning<F, P, R>(F, PhantomData<fn(P) -> R>);

/// A function that may suspend the guest thread.
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

/// What a suspending function returns.
pub(crate) type Suspended<'a, R> = Box<dyn Future<Output = wasmtime::Result<R>> + Send + 'a>;

impl<T, F, P, R> TypedImport<Thread<T>> for Returning<F, P, R>
where
    T: Send + Sync + 'static,
    F: Fn(ThreadContext<'_, T>, P) -> wasmtime::Result<R> + Send + Sync + 'static,
    P: HostParams + 'static,
    R: HostResult + 'static,
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
        if import.lowered().allocates {
            let import = Arc::new(import);
            if is_known::<P, R>(&import) {
                return <P::Flat as CoreParams>::define_asking::<T, _>(linker, name, move |mut caller, flat| {
                    call_asking(&import, &mut caller.as_context_mut(), &flat, &self.0)
                });
            }
            let defined = linker.func_new(ARGUMENTS, name, ty, move |mut caller, params, results| {
                let flat = FlatValues::of(params)?.call();
                let asked = call_asking(&import, &mut caller.as_context_mut(), &flat, &self.0)?;
                import.give(&[asked], results)
            });
            return defined.map(drop);
        }
        if R::FORM.pointers {
            // The guest's `realloc` may suspend the thread.
            let suspending = Suspending::new::<T>(move |store, params| {
                let result = self.0(store, params);
                Box::new(std::future::ready(result))
            });
            return Arc::new(suspending).define(linker, name, ty, import);
        }
        if is_known::<P, R>(&import) {
            return <P::Flat as CoreParams>::define::<T, R::Flat, _>(linker, name, move |mut caller, flat| {
                call(&import, &mut caller.as_context_mut(), flat, &self.0)
            });
        }
        let defined = linker.func_new(ARGUMENTS, name, ty, move |mut caller, params, results| {
            let flat = FlatValues::of(params)?;
            let bits = call(&import, &mut caller.as_context_mut(), &flat, &self.0)?;
            import.give(&[bits], results)
        });
        defined.map(drop)
    }
}

/// Whether the compiler knows the core type of an import.
fn is_known<P: HostParams, R: HostResult>(import: &Import) -> bool {
    // Numbers have the same core types with any memory.
    let has_known_width = const { are_numbers::<P, R>() } || import.signature().options.width == AddressWidth::W32;
    has_known_width && <P::Flat as CoreParams>::KNOWN && <R::Flat as CoreResult>::KNOWN
}

/// Whether parameters and result contain no handles, and lowering the result calls no `realloc`. Such a call needs at
/// most a memory.
const fn are_plain<P: HostParams, R: HostResult>() -> bool {
    !P::FORM.handles && !R::FORM.handles && !R::FORM.pointers
}

/// Calls a function that returns without suspending, and returns the core value of its result.
#[inline]
fn call<T, F, P, R>(
    import: &Import,
    store: &mut ThreadContext<'_, T>,
    flat: &[u64],
    function: &F,
) -> wasmtime::Result<u64>
where
    T: Send + Sync + 'static,
    F: Fn(ThreadContext<'_, T>, P) -> wasmtime::Result<R>,
    P: HostParams,
    R: HostResult,
{
    if const { are_numbers::<P, R>() } {
        leaving::check(&mut *store)?;
        let result = function(store.as_context_mut(), lift_numbers(flat)?)?;
        return Ok(lower_number(&result)?);
    }
    let signature = import.signature();
    if const { are_plain::<P, R>() } {
        leaving::check(&mut *store)?;
        let mut charge = Budget::uncharged();
        let params = lift_plain::<T, P>(import, store, flat, &mut charge)?;
        let result = function(store.as_context_mut(), params)?;
        let memory = option_memory(store, import.lowered().options)?;
        return match const { R::FORM.is_flat_result() } {
            true => Ok(lower_number(&result)?),
            false => signature.lower_plain_result::<P, R>(PlainGuest::new(view(store, memory)), &result, flat),
        };
    }
    let items = import.begin(store)?;
    let mut handles = import.handles(&items);
    let params = signature.lift_typed_params::<T, P>(store, &items, flat, &mut handles)?;
    let (params, _charge) = params.split();
    let result = function(store.as_context_mut(), params)?;
    let guest = StoreGuest {
        store,
        items: &items,
        handles: &mut handles,
        allocated: None,
    };
    let bits = now(signature.lower_typed_result::<T, P, R>(guest, &result, flat))?;
    handles.finish()?;
    Ok(bits)
}

/// Calls a function that returns without suspending, and gives what the guest is to allocate for the result.
#[inline]
fn call_asking<T, F, P, R>(
    import: &Arc<Import>,
    store: &mut ThreadContext<'_, T>,
    flat: &FlatCall,
    function: &F,
) -> wasmtime::Result<u64>
where
    T: Send + Sync + 'static,
    F: Fn(ThreadContext<'_, T>, P) -> wasmtime::Result<R>,
    P: HostParams + 'static,
    R: HostResult + 'static,
{
    let signature = import.signature();
    let result = if const { P::FORM.handles } {
        let items = import.begin(store)?;
        let mut handles = import.handles(&items);
        let params = signature.lift_typed_params::<T, P>(store, &items, flat, &mut handles)?;
        let (params, _charge) = params.split();
        let result = function(store.as_context_mut(), params)?;
        handles.finish()?;
        result
    } else {
        leaving::check(&mut *store)?;
        let mut charge = Budget::uncharged();
        let params = lift_plain::<T, P>(import, store, flat, &mut charge)?;
        function(store.as_context_mut(), params)?
    };
    give_typed::<T, P, R>(import, store, result, flat)
}

/// Lifts arguments without handles. They are charged until `charge`, which is uncharged, is dropped.
#[inline]
fn lift_plain<T, P>(
    import: &Import,
    store: &mut ThreadContext<'_, T>,
    flat: &[u64],
    charge: &mut Budget,
) -> wasmtime::Result<P>
where
    T: Send + Sync + 'static,
    P: HostParams,
{
    let memory = option_memory(store, import.lowered().options)?;
    import
        .signature()
        .lift_plain_params::<T, P>(store, memory, flat, charge)
}

impl<T, F, P, R> TypedImport<Thread<T>> for Suspending<F, P, R>
where
    T: Send + Sync + 'static,
    F: for<'a> Fn(ThreadContext<'a, T>, P) -> Suspended<'a, R> + Send + Sync + 'static,
    P: HostParams + 'static,
    R: HostResult + 'static,
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
        // One `Arc`, so that a call counts one reference.
        let bound = Arc::new((self, Arc::new(import)));
        let asks = bound.1.lowered().allocates;
        if asks && is_known::<P, R>(&bound.1) {
            return <P::Flat as CoreParams>::define_asking_async::<T, _>(linker, name, move |mut caller, flat| {
                let bound = Arc::clone(&bound);
                Box::new(async move {
                    let (this, import) = &*bound;
                    let asked = call_asking_async(import, &mut caller.as_context_mut(), &flat, &this.0).await?;
                    Ok(asked as i64)
                })
            });
        }
        if is_known::<P, R>(&bound.1) {
            return <P::Flat as CoreParams>::define_async::<T, R::Flat, _>(linker, name, move |mut caller, flat| {
                let bound = Arc::clone(&bound);
                Box::new(async move {
                    let (this, import) = &*bound;
                    let bits = call_async(import, &mut caller.as_context_mut(), &flat, &this.0).await?;
                    Ok(<R::Flat as CoreResult>::value(bits))
                })
            });
        }
        let defined = linker.func_new_async(ARGUMENTS, name, ty, move |mut caller, params, results| {
            let bound = Arc::clone(&bound);
            Box::new(async move {
                let (this, import) = &*bound;
                let flat = FlatValues::of(params)?.call();
                let store = &mut caller.as_context_mut();
                let bits = match asks {
                    true => call_asking_async(import, store, &flat, &this.0).await?,
                    false => call_async(import, store, &flat, &this.0).await?,
                };
                import.give(&[bits], results)
            })
        });
        defined.map(drop)
    }
}

/// Calls a function that may suspend the guest thread, and returns what the guest must allocate for its result.
///
/// The future has less in it than that of [`call_async`]: the allocator takes longer for more than a kilobyte.
async fn call_asking_async<T, F, P, R>(
    import: &Arc<Import>,
    store: &mut ThreadContext<'_, T>,
    flat: &FlatCall,
    function: &F,
) -> wasmtime::Result<u64>
where
    T: Send + Sync + 'static,
    F: for<'a> Fn(ThreadContext<'a, T>, P) -> Suspended<'a, R> + Send + Sync,
    P: HostParams + 'static,
    R: HostResult + 'static,
{
    let result = if const { P::FORM.handles } {
        let items = import.begin(store)?;
        let mut handles = import.handles(&items);
        let params = import
            .signature()
            .lift_typed_params::<T, P>(store, &items, flat, &mut handles)?;
        let (params, _charge) = params.split();
        let result = Box::into_pin(function(store.as_context_mut(), params)).await?;
        handles.finish()?;
        result
    } else {
        leaving::check(&mut *store)?;
        let mut charge = Budget::uncharged();
        let params = lift_plain::<T, P>(import, store, flat, &mut charge)?;
        Box::into_pin(function(store.as_context_mut(), params)).await?
    };
    give_typed::<T, P, R>(import, store, result, flat)
}

/// Calls a function that may suspend the guest thread, and returns the core value of its result.
async fn call_async<T, F, P, R>(
    import: &Import,
    store: &mut ThreadContext<'_, T>,
    flat: &FlatCall,
    function: &F,
) -> wasmtime::Result<u64>
where
    T: Send + Sync + 'static,
    F: for<'a> Fn(ThreadContext<'a, T>, P) -> Suspended<'a, R> + Send + Sync,
    P: HostParams + 'static,
    R: HostResult + 'static,
{
    let items = import.begin(store)?;
    let mut handles = import.handles(&items);
    let signature = import.signature();
    let params = signature.lift_typed_params::<T, P>(store, &items, flat, &mut handles)?;
    let (params, _charge) = params.split();
    let result = Box::into_pin(function(store.as_context_mut(), params)).await?;
    let guest = StoreGuest {
        store,
        items: &items,
        handles: &mut handles,
        allocated: None,
    };
    let bits = signature.lower_typed_result::<T, P, R>(guest, &result, flat).await?;
    handles.finish()?;
    Ok(bits)
}
