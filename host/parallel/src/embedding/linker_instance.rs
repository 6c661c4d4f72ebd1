//! The interface with which an embedder defines functions and resource types for the instances that components import.
//! [`host_functions`](super::host_functions) finds the definition of an import.

use super::blocking_calls;
use super::host_functions::HostFunctions;
use super::linker::Linker;
use crate::engine::module::Module;
use crate::error::Error;
use crate::state::host_function::{HostDestructor, HostFunction, HostResource, ThreadContext};
use crate::state::thread::BlockingCaller;
use crate::system::blocking;
use std::future::Future;
use std::sync::Arc;
use wasmtime::AsContextMut;
use weft_abi::{ResourceType, Signature, Val};

/// Defines host functions on component values, for the component's own imports or for an instance that it imports. See
/// [`Linker::root`] and [`Linker::instance`].
pub struct LinkerInstance<'a, T: 'static> {
    functions: &'a mut HostFunctions<T>,
    path: Vec<String>,
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// Defines functions for the component's imports outside of instances.
    pub fn root(&mut self) -> LinkerInstance<'_, T> {
        LinkerInstance {
            functions: &mut self.functions,
            path: Vec::new(),
        }
    }

    /// Defines functions in the instance for the component's import `name`, usually the name of an interface such as
    /// `example:text/log@1.0.0`.
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
            functions: &mut *self.functions,
            path: self.path.clone(),
        };
        inner.into_instance(name)
    }

    /// An instance within this one. Consumes `self`.
    ///
    /// # Errors
    ///
    /// A function has this name.
    pub fn into_instance(mut self, name: &str) -> Result<LinkerInstance<'a, T>, Error> {
        self.path.push(name.to_owned());
        if self.functions.has_item(&self.path) {
            return Err(Error::Defined(self.path.join("#")));
        }
        if let [name] = self.path.as_slice() {
            self.functions.instances.insert(name.clone());
        }
        Ok(self)
    }

    /// Defines the function `name`, which returns without suspending the guest thread. Its arguments are values of the
    /// types in the component's function type. It returns a value if that type has a result. If the value's type is
    /// wrong, the guest traps.
    pub fn func_new<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, &[Val]) -> wasmtime::Result<Option<Val>> + Send + Sync + 'static,
    {
        self.define(name, HostFunction::Returning(Arc::new(func)))
    }

    /// Defines the function `name` as [`Self::func_new`] does, as one that may suspend the guest thread.
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
        self.define(name, HostFunction::Suspending(Arc::new(func)))
    }

    /// Defines the function `name` as [`Self::func_new`] does, as one that may block.
    pub fn func_new_blocking<F>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(BlockingCaller<T>, &[Val]) -> wasmtime::Result<Option<Val>> + Send + Sync + 'static,
    {
        blocking::start().map_err(|refusal| Error::OsThread {
            context: "cannot start a thread for blocking host functions",
            refusal,
        })?;
        let func = Arc::new(func);
        self.func_new_async(name, move |mut thread, arguments| {
            let func = Arc::clone(&func);
            let arguments = arguments.to_vec();
            Box::new(async move {
                blocking_calls::call(thread.as_context_mut(), None, move |view| func(view, &arguments)).await
            })
        })
    }

    /// Defines the resource type `name`, which must be a type of the host. When a guest thread drops the handle that
    /// owns a resource, it calls `destructor` with the representation. `destructor` must not block: see
    /// [`Self::func_new`].
    pub fn resource<F>(&mut self, name: &str, ty: ResourceType, destructor: F) -> Result<&mut Self, Error>
    where
        F: Fn(ThreadContext<'_, T>, u32) -> wasmtime::Result<()> + Send + Sync + 'static,
    {
        self.define_resource(name, ty, HostDestructor::Returning(Arc::new(destructor)))
    }

    /// Defines the resource type `name` as [`Self::resource`] does, with a destructor that may suspend the guest thread.
    pub fn resource_async<F>(&mut self, name: &str, ty: ResourceType, destructor: F) -> Result<&mut Self, Error>
    where
        F: for<'f> Fn(ThreadContext<'f, T>, u32) -> Box<dyn Future<Output = wasmtime::Result<()>> + Send + 'f>
            + Send
            + Sync
            + 'static,
    {
        self.define_resource(name, ty, HostDestructor::Suspending(Arc::new(destructor)))
    }

    fn define_resource(
        &mut self,
        name: &str,
        ty: ResourceType,
        destructor: HostDestructor<T>,
    ) -> Result<&mut Self, Error> {
        let path = self.free_path(name)?;
        if ty.number().is_none() {
            return Err(Error::GuestResource(path.join("#")));
        }
        self.functions.resources.insert(path, HostResource { ty, destructor });
        Ok(self)
    }

    /// Declares the type of the function `name`.
    pub fn func_type(&mut self, name: &str, signature: Signature) {
        let path = self.path.iter().map(String::as_str).chain([name]);
        let path = path.map(str::to_owned).collect();
        self.functions.signatures.insert(path, signature);
    }

    /// Defines the core module `name`.
    pub fn module(&mut self, name: &str, module: &Module) -> Result<&mut Self, Error> {
        let path = self.free_path(name)?;
        self.functions.modules.insert(path, module.clone());
        Ok(self)
    }

    pub(super) fn define(&mut self, name: &str, function: HostFunction<T>) -> Result<&mut Self, Error> {
        let path = self.free_path(name)?;
        self.functions.by_path.insert(path, function);
        Ok(self)
    }

    /// The path for a new definition, which shadows another one if that is allowed.
    fn free_path(&mut self, name: &str) -> Result<Vec<String>, Error> {
        let path: Vec<String> = self
            .path
            .iter()
            .map(String::as_str)
            .chain([name])
            .map(str::to_owned)
            .collect();
        let is_instance = self.functions.instances.contains(name) && self.path.is_empty();
        if is_instance || (self.functions.has_item(&path) && !self.functions.allow_shadowing) {
            return Err(Error::Defined(path.join("#")));
        }
        // One that is shadowed can be of another kind.
        self.functions.by_path.remove(&path);
        self.functions.resources.remove(&path);
        self.functions.modules.remove(&path);
        self.functions.signatures.remove(&path);
        Ok(path)
    }
}
