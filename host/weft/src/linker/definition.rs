//! Host functions that are defined once, for both runtimes.
//!
//! **Problem.** The linkers of the two runtimes take different closures, and neither linker exists before a program
//! needs it. **Here,** a definition keeps the embedder's closure, and defines it in a runtime's linker when that is
//! created.

use crate::cooperative::imports::ImportCall;
use crate::cooperative::state::State;
use crate::host::{BlockingCaller, ThreadContext};
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use wasmtime::component::LinkerInstance as Engine;
use wasmtime::{AsContextMut, Result, StoreContextMut};
use weft_abi::typed::TypeCheck;
use weft_abi::{ArgumentError, FuncType, Val};
use weft_parallel::{Error, HostParams, HostResult, LinkerInstance, unblock};

/// A host function.
pub(crate) trait Definition<T: Send + Sync + 'static>: Send + Sync {
    /// Defines it for the parallel runtime.
    fn parallel(&self, linker: &mut LinkerInstance<'_, T>, name: &str) -> std::result::Result<(), Error>;

    /// Defines it for the cooperative runtime.
    fn cooperative(&self, linker: &mut Engine<'_, State>, name: &str) -> Result<()>;

    /// Checks that it has the type that a component imports. A function on dynamic values has every type.
    fn check(&self, _types: &TypeCheck<'_>, _func: &FuncType) -> std::result::Result<(), ArgumentError> {
        Ok(())
    }
}

/// What an asynchronous host function returns.
pub(crate) type Suspended<'a, R> = Box<dyn Future<Output = Result<R>> + Send + 'a>;

/// A function on values that does not suspend.
pub(crate) struct Values<F>(pub(crate) Arc<F>);

/// A function on values that returns a future.
pub(crate) struct ValuesAsync<F>(pub(crate) Arc<F>);

/// A function on values that may block.
pub(crate) struct ValuesBlocking<F>(pub(crate) Arc<F>);

/// A function on Rust values that does not suspend.
pub(crate) struct Typed<F, P, R>(Arc<F>, PhantomData<fn(P) -> R>);

/// A function on Rust values that returns a future.
pub(crate) struct TypedAsync<F, P, R>(Arc<F>, PhantomData<fn(P) -> R>);

/// A function on Rust values that may block.
pub(crate) struct TypedBlocking<F, P, R>(Arc<F>, PhantomData<fn(P) -> R>);

macro_rules! new {
    ($($name:ident)*) => {$(
        impl<F, P, R> $name<F, P, R> {
            pub(crate) fn new(function: F) -> Self {
                $name(Arc::new(function), PhantomData)
            }
        }
    )*};
}

new!(Typed TypedAsync TypedBlocking);

/// Defines a function on values that suspends, for the cooperative runtime. `function` gets what each call passes.
fn define_suspending<F>(linker: &mut Engine<'_, State>, name: &str, function: F) -> Result<()>
where
    F: for<'f> Fn(StoreContextMut<'f, State>, &'f [Val]) -> Suspended<'f, Option<Val>> + Send + Sync + 'static,
{
    let function = Arc::new(function);
    linker.func_new_async(name, move |mut store, ty, arguments, results| {
        let function = Arc::clone(&function);
        Box::new(async move {
            let call = ImportCall::begin(&mut store, &ty, arguments)?;
            let result = Box::into_pin(function(store.as_context_mut(), &call.arguments)).await?;
            call.finish(&mut store, result, results)
        })
    })
}

/// Defines a function on Rust values that suspends, for the cooperative runtime. `function` gets what each call passes.
fn define_typed_suspending<F, P, R>(linker: &mut Engine<'_, State>, name: &str, function: F) -> Result<()>
where
    F: for<'f> Fn(StoreContextMut<'f, State>, P) -> Suspended<'f, R> + Send + Sync + 'static,
    P: HostParams + 'static,
    R: HostResult + 'static,
{
    let function = Arc::new(function);
    linker.func_new_async(name, move |mut store, ty, arguments, results| {
        let function = Arc::clone(&function);
        Box::new(async move {
            let call = ImportCall::begin(&mut store, &ty, arguments)?;
            let params = call.params::<P>()?;
            let result = Box::into_pin(function(store.as_context_mut(), params)).await?;
            let result = call.result(&result)?;
            call.finish(&mut store, result, results)
        })
    })
}

impl<T, F> Definition<T> for Values<F>
where
    T: Send + Sync + 'static,
    F: Fn(ThreadContext<'_, T>, &[Val]) -> Result<Option<Val>> + Send + Sync + 'static,
{
    fn parallel(&self, linker: &mut LinkerInstance<'_, T>, name: &str) -> std::result::Result<(), Error> {
        let function = Arc::clone(&self.0);
        let defined = linker.func_new(name, move |thread, arguments| {
            function(ThreadContext::parallel(thread), arguments)
        });
        defined.map(drop)
    }

    fn cooperative(&self, linker: &mut Engine<'_, State>, name: &str) -> Result<()> {
        let function = Arc::clone(&self.0);
        linker.func_new(name, move |mut store, ty, arguments, results| {
            let call = ImportCall::begin(&mut store, &ty, arguments)?;
            let result = function(ThreadContext::cooperative(store.as_context_mut()), &call.arguments)?;
            call.finish(&mut store, result, results)
        })
    }
}

impl<T, F> Definition<T> for ValuesAsync<F>
where
    T: Send + Sync + 'static,
    F: for<'f> Fn(ThreadContext<'f, T>, &'f [Val]) -> Suspended<'f, Option<Val>> + Send + Sync + 'static,
{
    fn parallel(&self, linker: &mut LinkerInstance<'_, T>, name: &str) -> std::result::Result<(), Error> {
        let function = Arc::clone(&self.0);
        let defined = linker.func_new_async(name, move |thread, arguments| {
            function(ThreadContext::parallel(thread), arguments)
        });
        defined.map(drop)
    }

    fn cooperative(&self, linker: &mut Engine<'_, State>, name: &str) -> Result<()> {
        let function = Arc::clone(&self.0);
        define_suspending(linker, name, move |store, arguments| {
            function(ThreadContext::cooperative(store), arguments)
        })
    }
}

impl<T, F> Definition<T> for ValuesBlocking<F>
where
    T: Send + Sync + 'static,
    F: Fn(BlockingCaller<T>, &[Val]) -> Result<Option<Val>> + Send + Sync + 'static,
{
    fn parallel(&self, linker: &mut LinkerInstance<'_, T>, name: &str) -> std::result::Result<(), Error> {
        let function = Arc::clone(&self.0);
        let defined = linker.func_new_blocking(name, move |caller, arguments| {
            function(BlockingCaller::parallel(caller), arguments)
        });
        defined.map(drop)
    }

    fn cooperative(&self, linker: &mut Engine<'_, State>, name: &str) -> Result<()> {
        let function = Arc::clone(&self.0);
        define_suspending(linker, name, move |store, arguments| {
            let (caller, arguments) = (BlockingCaller::cooperative(store.data()), arguments.to_vec());
            let function = Arc::clone(&function);
            Box::new(unblock(move || caller.run(|caller| function(caller, &arguments))))
        })
    }
}

impl<T, F, P, R> Definition<T> for Typed<F, P, R>
where
    T: Send + Sync + 'static,
    F: Fn(ThreadContext<'_, T>, P) -> Result<R> + Send + Sync + 'static,
    P: HostParams + 'static,
    R: HostResult + 'static,
{
    fn parallel(&self, linker: &mut LinkerInstance<'_, T>, name: &str) -> std::result::Result<(), Error> {
        let function = Arc::clone(&self.0);
        let defined = linker.func_wrap(name, move |thread: weft_parallel::ThreadContext<'_, T>, params: P| {
            function(ThreadContext::parallel(thread), params)
        });
        defined.map(drop)
    }

    fn cooperative(&self, linker: &mut Engine<'_, State>, name: &str) -> Result<()> {
        let function = Arc::clone(&self.0);
        linker.func_new(name, move |mut store, ty, arguments, results| {
            let call = ImportCall::begin(&mut store, &ty, arguments)?;
            let result = function(ThreadContext::cooperative(store.as_context_mut()), call.params::<P>()?)?;
            let result = call.result(&result)?;
            call.finish(&mut store, result, results)
        })
    }

    fn check(&self, types: &TypeCheck<'_>, func: &FuncType) -> std::result::Result<(), ArgumentError> {
        types.func::<P, R>(func)
    }
}

impl<T, F, P, R> Definition<T> for TypedAsync<F, P, R>
where
    T: Send + Sync + 'static,
    F: for<'f> Fn(ThreadContext<'f, T>, P) -> Suspended<'f, R> + Send + Sync + 'static,
    P: HostParams + 'static,
    R: HostResult + 'static,
{
    fn parallel(&self, linker: &mut LinkerInstance<'_, T>, name: &str) -> std::result::Result<(), Error> {
        let function = Arc::clone(&self.0);
        let defined = linker.func_wrap_async(name, move |thread: weft_parallel::ThreadContext<'_, T>, params: P| {
            function(ThreadContext::parallel(thread), params)
        });
        defined.map(drop)
    }

    fn cooperative(&self, linker: &mut Engine<'_, State>, name: &str) -> Result<()> {
        let function = Arc::clone(&self.0);
        define_typed_suspending(linker, name, move |store, params: P| {
            function(ThreadContext::cooperative(store), params)
        })
    }

    fn check(&self, types: &TypeCheck<'_>, func: &FuncType) -> std::result::Result<(), ArgumentError> {
        types.func::<P, R>(func)
    }
}

impl<T, F, P, R> Definition<T> for TypedBlocking<F, P, R>
where
    T: Send + Sync + 'static,
    F: Fn(BlockingCaller<T>, P) -> Result<R> + Send + Sync + 'static,
    P: HostParams + 'static,
    R: HostResult + 'static,
{
    fn parallel(&self, linker: &mut LinkerInstance<'_, T>, name: &str) -> std::result::Result<(), Error> {
        let function = Arc::clone(&self.0);
        let defined = linker.func_wrap_blocking(name, move |caller: weft_parallel::BlockingCaller<T>, params: P| {
            function(BlockingCaller::parallel(caller), params)
        });
        defined.map(drop)
    }

    fn cooperative(&self, linker: &mut Engine<'_, State>, name: &str) -> Result<()> {
        let function = Arc::clone(&self.0);
        define_typed_suspending(linker, name, move |store, params: P| {
            let (caller, function) = (BlockingCaller::cooperative(store.data()), Arc::clone(&function));
            Box::new(unblock(move || caller.run(|caller| function(caller, params))))
        })
    }

    fn check(&self, types: &TypeCheck<'_>, func: &FuncType) -> std::result::Result<(), ArgumentError> {
        types.func::<P, R>(func)
    }
}
