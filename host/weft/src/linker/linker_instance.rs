//! The interface to define host functions on component values.

use super::Linker;
use super::define::{define_in_parallel, say_type_in_parallel};
use super::definition::{Suspended, Typed, TypedAsync, TypedBlocking, Values, ValuesAsync, ValuesBlocking};
use super::link::{Destructor, Item};
use crate::host::{BlockingCaller, ThreadContext};
use std::sync::Arc;
use weft_abi::{ResourceType, Signature, Val};
use weft_parallel::__shared::start_blocking;
use weft_parallel::{Error, HostParams, HostResult, Module};

/// A place to define host functions on component values: the component's own imports ([`Linker::root`]), or an instance that it imports
/// ([`Linker::instance`]).
pub struct LinkerInstance<'a, T: Send + Sync + 'static> {
    linker: &'a mut Linker<T>,
    path: Vec<String>,
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// The place for imports of the component that are outside instances.
    pub fn root(&mut self) -> LinkerInstance<'_, T> {
        LinkerInstance {
            linker: self,
            path: Vec::new(),
        }
    }

    /// The instance for the component's import `name`, which is usually the name of an interface, such as `example:text/log@1.0.0`. Define
    /// functions in it.
    ///
    /// The instance also satisfies imports of other versions that are compatible by semantic versioning.
    ///
    /// # Errors
    ///
    /// A function has this name.
    pub fn instance(&mut self, name: &str) -> Result<LinkerInstance<'_, T>, Error> {
        self.root().into_instance(name)
    }
}

impl<'a, T: Send + Sync + 'static> LinkerInstance<'a, T> {
    /// An instance within this one.
    ///
    /// # Errors
    ///
    /// A function has this name.
    pub fn instance(&mut self, name: &str) -> Result<LinkerInstance<'_, T>, Error> {
        let inner = LinkerInstance {
            linker: &mut *self.linker,
            path: self.path.clone(),
        };
        inner.into_instance(name)
    }

    /// An instance within this one. This form consumes the outer one.
    ///
    /// # Errors
    ///
    /// A function has this name.
    pub fn into_instance(mut self, name: &str) -> Result<LinkerInstance<'a, T>, Error> {
        self.path.push(name.to_owned());
        if self.linker.definitions.has(&self.path) {
            return Err(Error::Defined(self.path.join("#")));
        }
        if self.linker.definitions.instances.insert(self.path.clone()) {
            if let Some(linker) = self.linker.parallel.get_mut() {
                define_in_parallel(linker, &self.path, None)?;
            }
            self.linker.cooperative = Default::default();
        }
        Ok(self)
    }

    /// Defines the function `name`, which returns without suspending the guest thread. It gets the arguments as values of the types that
    /// the component declares, and returns a value if the function has a result. If the value has another type, the call traps.
    ///
    /// Threads that run in parallel call it in parallel. It must not block: on the parallel runtime, its worker runs no other guest thread
    /// in the meantime, and on the cooperative runtime, all threads of the component wait.
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_new<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, &[Val]) -> wasmtime::Result<Option<Val>> + Send + Sync + 'static,
    {
        self.define(name, Item::Func(Arc::new(Values(Arc::new(func)))))
    }

    /// Defines the function `name` like [`Self::func_new`], but the function may suspend the guest thread. On the cooperative runtime, the
    /// component's other threads wait in the meantime.
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_new_async<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(ThreadContext<'f, T>, &'f [Val]) -> Suspended<'f, Option<Val>> + Send + Sync + 'static,
    {
        self.define(name, Item::Func(Arc::new(ValuesAsync(Arc::new(func)))))
    }

    /// Defines the function `name` like [`Self::func_new`], but the function may block. It runs on an OS thread for blocking calls.
    ///
    /// # Errors
    ///
    /// The name is already defined; or the system refuses the first thread for such calls.
    pub fn func_new_blocking<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(BlockingCaller<T>, &[Val]) -> wasmtime::Result<Option<Val>> + Send + Sync + 'static,
    {
        start_threads()?;
        self.define(name, Item::Func(Arc::new(ValuesBlocking(Arc::new(func)))))
    }

    /// Defines the function `name` with Rust types: `Params` is a tuple of the parameters, and `Return` a tuple of the result, or `()`.
    /// Instantiation checks whether the types fit the import.
    ///
    /// The function must not block: see [`Self::func_new`].
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
        self.define(name, Item::Func(Arc::new(Typed::<F, Params, Return>::new(func))))
    }

    /// Defines the function `name` like [`Self::func_wrap`], but the function may suspend the guest thread. On the cooperative runtime, the
    /// component's other threads wait in the meantime.
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn func_wrap_async<F, Params, Return>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(ThreadContext<'f, T>, Params) -> Suspended<'f, Return> + Send + Sync + 'static,
        Params: HostParams + 'static,
        Return: HostResult + 'static,
    {
        self.define(name, Item::Func(Arc::new(TypedAsync::<F, Params, Return>::new(func))))
    }

    /// Defines the function `name` like [`Self::func_wrap`], but the function may block. It runs on an OS thread for blocking calls.
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
        start_threads()?;
        self.define(
            name,
            Item::Func(Arc::new(TypedBlocking::<F, Params, Return>::new(func))),
        )
    }

    /// Declares the type of the function `name`, which must already be defined. If a component imports it with another type, linking
    /// the component is an error that says what differs.
    ///
    /// This is for a function that calls one that another instance exports: [`Func::signature`](crate::Func::signature) returns the type of
    /// that one. Without this, a function that takes [`Val`]s has the type that each component imports.
    pub fn func_type(&mut self, name: &str, signature: Signature) -> &mut Self {
        let path = self.path.iter().map(String::as_str).chain([name]);
        let path: Vec<_> = path.map(str::to_owned).collect();
        if let Some(linker) = self.linker.parallel.get_mut() {
            say_type_in_parallel(linker, &path, &signature);
        }
        self.linker.definitions.signatures.insert(path, signature);
        self
    }

    /// Defines the core module `name`, which becomes part of the programs that import it: all threads of a program share its instances
    /// as they share those of the component's own core modules. An instance [exports](crate::Instance::get_module) such a module, or
    /// [`Module::new`] makes one.
    ///
    /// On the parallel runtime, weft lowers and compiles a component with its core modules each time it is linked.
    /// [`Linker::instantiate_pre`] does that once for many instances.
    ///
    /// # Errors
    ///
    /// The name is already defined.
    pub fn module(&mut self, name: &str, module: &Module) -> Result<&mut Self, Error> {
        self.define(name, Item::Module(module.clone()))
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
        self.define_resource(name, ty, Destructor::Returning(Arc::new(destructor)))
    }

    /// Defines the resource type `name` like [`Self::resource`], but the destructor may suspend the guest thread. For example, it can call
    /// another instance.
    ///
    /// # Errors
    ///
    /// Those of [`Self::resource`].
    pub fn resource_async<F>(&mut self, name: &str, ty: ResourceType, destructor: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(ThreadContext<'f, T>, u32) -> Suspended<'f, ()> + Send + Sync + 'static,
    {
        self.define_resource(name, ty, Destructor::Suspending(Arc::new(destructor)))
    }

    fn define_resource(&mut self, name: &str, ty: ResourceType, destructor: Destructor<T>) -> Result<&mut Self, Error> {
        if ty.number().is_none() {
            let path = self.path.iter().map(String::as_str).chain([name]);
            return Err(Error::GuestResource(path.collect::<Vec<_>>().join("#")));
        }
        self.define(name, Item::Resource(ty, destructor))
    }

    fn define(&mut self, name: &str, item: Item<T>) -> Result<&mut Self, Error> {
        let mut path = self.path.clone();
        path.push(name.to_owned());
        self.linker.definitions.add(path.clone(), item.clone())?;
        if let Some(linker) = self.linker.parallel.get_mut() {
            define_in_parallel(linker, &path, Some(&item))?;
        }
        self.linker.cooperative = Default::default();
        Ok(self)
    }
}

fn start_threads() -> Result<(), Error> {
    start_blocking().map_err(|refusal| Error::OsThread {
        context: "cannot start a thread for blocking host functions",
        refusal,
    })
}
