//! Definitions of component functions and resource types, for a state of type `T`.

use super::context::{BlockingCaller, ThreadContext};
use super::state::{HostState, Place};
use crate::builtins::typed_imports::{HostParams, HostResult};
use crate::embedding::linker_instance::LinkerInstance as Definitions;
use crate::engine::module::Module;
use crate::error::Error;
use std::future::Future;
use weft_abi::{ResourceType, Signature, Val};

/// A place to define host functions on component values: the component's own imports
/// ([`Linker::root`](crate::Linker::root)), or an instance that it imports ([`Linker::instance`](crate::Linker::instance)).
pub struct LinkerInstance<'a, T: 'static> {
    definitions: Definitions<'a, HostState>,
    place: Place<T>,
}

impl<'a, T: Send + Sync + 'static> LinkerInstance<'a, T> {
    pub(super) fn new(definitions: Definitions<'a, HostState>, place: Place<T>) -> Self {
        LinkerInstance { definitions, place }
    }

    /// An instance within this one.
    ///
    /// # Errors
    ///
    /// A function has this name.
    pub fn instance(&mut self, name: &str) -> Result<LinkerInstance<'_, T>, Error> {
        Ok(LinkerInstance::new(self.definitions.instance(name)?, self.place))
    }

    /// An instance within this one. This form consumes the outer one.
    ///
    /// # Errors
    ///
    /// A function has this name.
    pub fn into_instance(self, name: &str) -> Result<LinkerInstance<'a, T>, Error> {
        Ok(LinkerInstance::new(self.definitions.into_instance(name)?, self.place))
    }

    /// Defines the function `name` with Rust types: `Params` is a tuple of the parameters, and `Return` a tuple of the result, or `()`.
    ///
    /// The function returns without suspending the guest thread, and must not block: see [`Self::func_new`]. Instantiation checks whether
    /// the types fit the import.
    ///
    /// ```
    /// use weft_parallel::{Component, Config, Engine, Linker, ThreadContext};
    ///
    /// let engine = Engine::new(&Config::new())?;
    /// let component = Component::new(&engine, br#"(component
    ///     (import "add" (func $add (param "a" u32) (param "b" u32) (result u32)))
    ///     (core func $add (canon lower (func $add)))
    ///     (core module $m
    ///         (import "" "add" (func $add (param i32 i32) (result i32)))
    ///         (func (export "twice") (param i32) (result i32) (call $add (local.get 0) (local.get 0))))
    ///     (core instance $m (instantiate $m (with "" (instance (export "add" (func $add))))))
    ///     (func (export "twice") (param "n" u32) (result u32) (canon lift (core func $m "twice"))))"#)?;
    ///
    /// let mut linker = Linker::new(&engine);
    /// linker.root().func_wrap("add", |_: ThreadContext<'_, ()>, (a, b): (u32, u32)| Ok((a.wrapping_add(b),)))?;
    ///
    /// let instance = linker.instantiate(&component, ())?;
    /// let twice = instance.get_typed_func::<(u32,), (u32,)>(&["twice"])?;
    /// assert_eq!(twice.call((21,))?, (42,));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_wrap<F, Params, Return>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, Params) -> wasmtime::Result<Return> + Send + Sync + 'static,
        Params: HostParams + 'static,
        Return: HostResult + 'static,
    {
        let place = self.place;
        self.definitions.func_wrap(name, move |store, params| {
            func(ThreadContext::new(store, place), params)
        })?;
        Ok(self)
    }

    /// Defines the function `name` like [`Self::func_wrap`], but the function may suspend the guest thread.
    ///
    /// While it does not wait, it runs on a worker, like a function of [`Self::func_wrap`].
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_wrap_async<F, Params, Return>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(ThreadContext<'f, T>, Params) -> Box<dyn Future<Output = wasmtime::Result<Return>> + Send + 'f>
            + Send
            + Sync
            + 'static,
        Params: HostParams + 'static,
        Return: HostResult + 'static,
    {
        let place = self.place;
        self.definitions.func_wrap_async(name, move |store, params| {
            func(ThreadContext::new(store, place), params)
        })?;
        Ok(self)
    }

    /// Defines the function `name` like [`Self::func_wrap`], but the function may block.
    ///
    /// It runs on an OS thread for blocking calls: see [`HostModule::func_wrap_blocking`](crate::HostModule::func_wrap_blocking).
    ///
    /// # Errors
    ///
    /// The name is already defined; or the system refuses the first thread for such calls.
    pub fn func_wrap_blocking<F, Params, Return>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(BlockingCaller<T>, Params) -> wasmtime::Result<Return> + Send + Sync + 'static,
        Params: HostParams + 'static,
        Return: HostResult + 'static,
    {
        let place = self.place;
        self.definitions.func_wrap_blocking(name, move |caller, params| {
            func(BlockingCaller::new(caller, place), params)
        })?;
        Ok(self)
    }

    /// Defines the function `name`, which returns without suspending the guest thread. It gets the arguments as values of the types that
    /// the component declares, and returns a value if the function has a result. If the value has another type, the call traps.
    ///
    /// Threads that run in parallel call it in parallel, each on its own worker. It must not block: see
    /// [`HostModule::func_wrap`](crate::HostModule::func_wrap).
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_new<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, &[Val]) -> wasmtime::Result<Option<Val>> + Send + Sync + 'static,
    {
        let place = self.place;
        self.definitions.func_new(name, move |store, arguments| {
            func(ThreadContext::new(store, place), arguments)
        })?;
        Ok(self)
    }

    /// Defines the function `name` like [`Self::func_new`], but the function may suspend the guest thread.
    ///
    /// While it does not wait, it runs on a worker, like a function of [`Self::func_new`].
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_new_async<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(
                ThreadContext<'f, T>,
                &'f [Val],
            ) -> Box<dyn Future<Output = wasmtime::Result<Option<Val>>> + Send + 'f>
            + Send
            + Sync
            + 'static,
    {
        let place = self.place;
        self.definitions.func_new_async(name, move |store, arguments| {
            func(ThreadContext::new(store, place), arguments)
        })?;
        Ok(self)
    }

    /// Defines the function `name` like [`Self::func_new`], but the function may block.
    ///
    /// It runs on an OS thread for blocking calls: see [`HostModule::func_wrap_blocking`](crate::HostModule::func_wrap_blocking).
    ///
    /// # Errors
    ///
    /// The name is already defined; or the system refuses the first thread for such calls.
    pub fn func_new_blocking<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(BlockingCaller<T>, &[Val]) -> wasmtime::Result<Option<Val>> + Send + Sync + 'static,
    {
        let place = self.place;
        self.definitions.func_new_blocking(name, move |caller, arguments| {
            func(BlockingCaller::new(caller, place), arguments)
        })?;
        Ok(self)
    }

    /// Declares the type of the function `name`, which must already be defined. If a component imports it with another type, linking
    /// the component is an error that says what differs. [`Func::signature`](crate::Func::signature) returns the type of a function that
    /// an instance exports.
    ///
    /// Without this, a function that takes [`Val`]s has the type that each component imports.
    pub fn func_type(&mut self, name: &str, signature: Signature) -> &mut Self {
        self.definitions.func_type(name, signature);
        self
    }

    /// Defines the core module `name`, which becomes part of the programs that import it: all threads of a program share its instances
    /// as they share those of the component's own core modules. An instance [exports](crate::Instance::get_module) such a module, or
    /// [`Module::new`] makes one.
    ///
    /// weft lowers and compiles a component with its core modules each time it is linked. [`Linker::instantiate_pre`] does that
    /// once for many instances.
    ///
    /// [`Linker::instantiate_pre`]: crate::Linker::instantiate_pre
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn module(&mut self, name: &str, module: &Module) -> Result<&mut Self, Error> {
        self.definitions.module(name, module)?;
        Ok(self)
    }

    /// Defines the resource type `name`. When a guest thread drops the handle that owns a resource, weft calls `destructor` with the
    /// representation. The destructor runs on that thread and must not block: see [`Self::func_new`].
    ///
    /// `ty` is a type of the host: [`ResourceType::host`] or [`ResourceType::host_dynamic`]. If a component imports several resource types,
    /// each needs a different one.
    ///
    /// # Errors
    ///
    /// The name is already defined; or a component defines the type.
    pub fn resource<F>(&mut self, name: &str, ty: ResourceType, destructor: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, u32) -> wasmtime::Result<()> + Send + Sync + 'static,
    {
        let place = self.place;
        self.definitions.resource(name, ty, move |store, rep| {
            destructor(ThreadContext::new(store, place), rep)
        })?;
        Ok(self)
    }

    /// Defines the resource type `name` like [`Self::resource`], but the destructor may suspend the guest thread. For example, it can call
    /// another instance.
    ///
    /// # Errors
    ///
    /// Those of [`Self::resource`].
    pub fn resource_async<F>(&mut self, name: &str, ty: ResourceType, destructor: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(ThreadContext<'f, T>, u32) -> Box<dyn Future<Output = wasmtime::Result<()>> + Send + 'f>
            + Send
            + Sync
            + 'static,
    {
        let place = self.place;
        self.definitions.resource_async(name, ty, move |store, rep| {
            destructor(ThreadContext::new(store, place), rep)
        })?;
        Ok(self)
    }
}
