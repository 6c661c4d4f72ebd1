//! Core modules that the host implements, for a state of type `T`.

use super::context::{BlockingCaller, Caller, StoreData};
use super::state::{HostState, Place};
use crate::builtins::arities::for_each_arity;
use crate::embedding::linker::HostModule as Definitions;
use crate::error::Error;
use std::future::Future;
use wasmtime::{WasmRet, WasmTy, WasmTyList};

/// A core module that the host implements: see [`Linker::module`](crate::Linker::module).
pub struct HostModule<'a, T: 'static> {
    definitions: Definitions<'a, HostState>,
    place: Place<T>,
}

impl<'a, T: Send + Sync + 'static> HostModule<'a, T> {
    pub(super) fn new(definitions: Definitions<'a, HostState>, place: Place<T>) -> Self {
        HostModule { definitions, place }
    }

    /// Defines the export `name` as a host function that returns without suspending the guest thread.
    ///
    /// The function must not block: it must not sleep, read from a pipe, or wait for another thread, and must not wait for a lock that
    /// others hold for long. While it runs, its worker cannot run other guest threads of any program, and cannot end the program. So it
    /// should take microseconds. If it may take longer, define it with [`Self::func_wrap_blocking`], or with [`Self::func_wrap_async`]
    /// if it waits for a future.
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_wrap<Params, Results>(
        &mut self,
        name: &str,
        func: impl IntoFunc<T, Params, Results>,
    ) -> Result<&mut Self, Error> {
        func.define(self, name)?;
        Ok(self)
    }

    /// Defines the export `name` as a host function that may suspend the guest thread.
    ///
    /// While it does not wait, it runs on a worker, like a function of [`Self::func_wrap`].
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_wrap_async<F, Params, Results>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(Caller<'f, T>, Params) -> Box<dyn Future<Output = Results> + Send + 'f> + Send + Sync + 'static,
        Params: WasmTyList + 'static,
        Results: WasmRet,
    {
        let place = self.place;
        self.definitions
            .func_wrap_async(name, move |caller, params| func(Caller::new(caller, place), params))?;
        Ok(self)
    }

    /// Defines the export `name` as a host function that may block.
    ///
    /// It runs on an OS thread for blocking calls, of which the process has at most 512; further calls wait for their turn. In the
    /// meantime, the guest thread is suspended and its worker runs others. If the program ends, the host function continues, and weft
    /// drops its results. It sees the same state and memory as other host functions:
    ///
    /// ```
    /// use weft_parallel::{BlockingCaller, Component, Config, Engine, Linker, Val};
    ///
    /// let engine = Engine::new(&Config::new())?;
    /// let component = Component::new(&engine, br#"
    ///     (component
    ///         (import "disk" (core module $disk (export "length" (func (result i64)))))
    ///         (core instance $disk (instantiate $disk))
    ///         (core module $main
    ///             (import "disk" "length" (func $length (result i64)))
    ///             (func (export "length") (result i64) (call $length)))
    ///         (core instance $main (instantiate $main (with "disk" (instance $disk))))
    ///         (func (export "length") (result u64) (canon lift (core func $main "length"))))"#)?;
    ///
    /// struct Disk(std::path::PathBuf);
    ///
    /// let mut linker = Linker::new(&engine);
    /// linker.module("disk").func_wrap_blocking("length", |caller: BlockingCaller<Disk>, (): ()| {
    ///     // Other guest threads keep running while this waits for the disk.
    ///     let length = std::fs::metadata(&caller.host().0)?.len();
    ///     weft_parallel::wasmtime::Result::Ok(length as i64)
    /// })?;
    ///
    /// let instance = linker.instantiate(&component, Disk("/proc/self/exe".into()))?;
    /// let length = instance.get_func(&["length"]).ok_or("no function `length`")?;
    /// assert!(matches!(length.call(&[])?, Some(Val::U64(1..))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The name is already defined; or the system refuses the first thread for such calls.
    pub fn func_wrap_blocking<F, Params, Results>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(BlockingCaller<T>, Params) -> Results + Send + Sync + 'static,
        Params: WasmTyList + Send + 'static,
        Results: WasmRet + Send + 'static,
    {
        let place = self.place;
        self.definitions.func_wrap_blocking(name, move |caller, params| {
            func(BlockingCaller::new(caller, place), params)
        })?;
        Ok(self)
    }
}

/// A function for [`HostModule::func_wrap`]. It takes up to 16 core values, and may take the [`Caller`] first.
///
/// It is like Wasmtime's trait of this name, but with weft's `Caller`, and is implemented for the same functions.
pub trait IntoFunc<T: 'static, Params, Results>: Send + Sync + 'static {
    #[doc(hidden)]
    fn define(self, module: &mut HostModule<'_, T>, name: &str) -> Result<(), Error>;
}

macro_rules! into_func {
    ($($arg:ident)*) => {
        #[allow(non_snake_case, reason = "a parameter is called as its type is")]
        impl<T, F, $($arg,)* R> IntoFunc<T, (Caller<'_, T>, $($arg,)*), R> for F
        where
            T: Send + Sync + 'static,
            F: Fn(Caller<'_, T>, $($arg),*) -> R + Send + Sync + 'static,
            $($arg: WasmTy,)*
            R: WasmRet,
        {
            fn define(self, module: &mut HostModule<'_, T>, name: &str) -> Result<(), Error> {
                let place = module.place;
                let func = move |caller: wasmtime::Caller<'_, StoreData>, $($arg: $arg),*| {
                    self(Caller::new(caller, place), $($arg),*)
                };
                module.definitions.func_wrap(name, func).map(drop)
            }
        }

        #[allow(non_snake_case, reason = "a parameter is called as its type is")]
        impl<T, F, $($arg,)* R> IntoFunc<T, ($($arg,)*), R> for F
        where
            T: Send + Sync + 'static,
            F: Fn($($arg),*) -> R + Send + Sync + 'static,
            $($arg: WasmTy,)*
            R: WasmRet,
        {
            fn define(self, module: &mut HostModule<'_, T>, name: &str) -> Result<(), Error> {
                let func = move |$($arg: $arg),*| self($($arg),*);
                module.definitions.func_wrap(name, func).map(drop)
            }
        }
    };
}

for_each_arity! { into_func }
