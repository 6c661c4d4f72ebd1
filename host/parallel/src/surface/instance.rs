//! An instance of a component, for a state of type `T`.

use super::erased;
use super::func::{Func, TypedFunc};
use super::guest::{AsContext, Context, Exports};
use super::state::{HostState, Place};
use crate::embedding::end_handle::EndHandle;
use crate::embedding::instance::Instance as Erased;
use crate::engine::component::Component;
use crate::engine::module::Module;
use crate::error::Error;
use crate::metrics::{InstanceMetrics, MetricsHandle};
use std::marker::PhantomData;
use weft_abi::{ComponentNamedList, Lift, Lower, ResourceAny, ResourceType};

/// An instance of a component. Dropping it ends its threads.
pub struct Instance<T: Send + Sync + 'static> {
    instance: Erased<HostState>,
    marker: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> AsContext for &Instance<T> {
    fn context(&mut self) -> Context<'_> {
        self.guest_context()
    }
}

impl<T: Send + Sync + 'static> Instance<T> {
    pub(super) fn guest_context(&self) -> Context<'_> {
        Context::of_instance(&self.instance)
    }

    pub(super) fn new(instance: Erased<HostState>) -> Self {
        Instance {
            instance,
            marker: PhantomData,
        }
    }

    /// The embedder's state.
    pub fn host(&self) -> &T {
        Place::whole().find(self.instance.host())
    }

    /// What the program's core module exports: functions, memories and tables, by name.
    pub fn core_exports(&self) -> Exports {
        Exports::new(&self.instance.callable().running.state.component)
    }

    /// The number of the instance in this process, as the log and [hooks](crate::Config::on_thread_start) have it.
    pub fn number(&self) -> u64 {
        self.instance.number()
    }

    /// The metrics of the instance up to now.
    pub fn metrics(&self) -> InstanceMetrics {
        self.instance.metrics()
    }

    /// A handle that returns the metrics of the instance, even after the instance has been dropped. The handle can be cloned and sent, and
    /// does not keep the instance alive.
    pub fn metrics_handle(&self) -> MetricsHandle {
        self.instance.metrics_handle()
    }

    /// Creates a handle that owns a resource of the host's resource type for `R`, to pass to calls.
    ///
    /// # Errors
    ///
    /// The component imports no such resource type; or there is no memory for another handle.
    pub fn new_resource<R: 'static>(&self, rep: u32) -> Result<ResourceAny, Error> {
        self.new_resource_of(ResourceType::host::<R>(), rep)
    }

    /// Creates a handle as [`Self::new_resource`] does, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::new_resource`].
    pub fn new_resource_of(&self, ty: ResourceType, rep: u32) -> Result<ResourceAny, Error> {
        self.instance.new_resource(ty, rep)
    }

    /// The representation of a resource of the host's resource type for `R`, which a call returned.
    ///
    /// # Errors
    ///
    /// The resource has another type or belongs to another program, or the handle was passed on.
    pub fn resource_rep<R: 'static>(&self, resource: ResourceAny) -> Result<u32, Error> {
        self.resource_rep_of(ResourceType::host::<R>(), resource)
    }

    /// The representation of a resource, as [`Self::resource_rep`] returns it, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::resource_rep`].
    pub fn resource_rep_of(&self, ty: ResourceType, resource: ResourceAny) -> Result<u32, Error> {
        self.instance.resource_rep(ty, resource)
    }

    /// Takes a resource of the host's resource type for `R` out of its handle, which must own it, and returns its representation. weft does
    /// not call the destructor.
    ///
    /// # Errors
    ///
    /// The resource is borrowed or lent, has another type, or belongs to another program; or the handle was passed on.
    pub fn take_resource<R: 'static>(&self, resource: ResourceAny) -> Result<u32, Error> {
        self.take_resource_of(ResourceType::host::<R>(), resource)
    }

    /// Takes a resource out of its handle as [`Self::take_resource`] does, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::take_resource`].
    pub fn take_resource_of(&self, ty: ResourceType, resource: ResourceAny) -> Result<u32, Error> {
        self.instance.take_resource(ty, resource)
    }

    /// Drops a resource handle. If the handle owns the resource, the resource's destructor runs. It is a call that takes turns with other
    /// calls of the instance. If the handle is borrowed, nothing else happens.
    ///
    /// # Errors
    ///
    /// The handle was passed on or dropped before, is lent to a call, or belongs to another program; or the destructor traps, or cannot run
    /// for one of the reasons that [`Func::call_async`] lists.
    pub async fn resource_drop_async(&self, resource: ResourceAny) -> Result<(), Error> {
        erased::resource_drop_async(&self.instance, resource).await
    }

    /// Drops a resource handle as [`Self::resource_drop_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::resource_drop_async`]; or the caller is a host function, which must not block.
    pub fn resource_drop(&self, resource: ResourceAny) -> Result<(), Error> {
        erased::resource_drop(&self.instance, resource)
    }

    /// The component, with the core modules that the linker supplied for its imports.
    pub fn component(&self) -> &Component {
        self.instance.component()
    }

    /// The exported function with this path: the names of the instances that contain it, outermost first, then its own name.
    ///
    /// If the component does not export the interface in the path's version, weft looks in the latest version that is compatible by
    /// semantic versioning.
    pub fn get_func(&self, path: &[&str]) -> Option<Func<T>> {
        erased::get_func(&self.instance, path).map(Func::new)
    }

    /// The exported resource type with this path, which [`Self::get_func`] describes. Handles to such resources have this type
    /// ([`ResourceAny::ty`]).
    pub fn get_resource(&self, path: &[&str]) -> Option<ResourceType> {
        self.instance.get_resource(path)
    }

    /// The exported resource type of this position among the plan's.
    #[doc(hidden)]
    pub fn get_resource_at(&self, position: usize) -> Option<ResourceType> {
        self.instance.get_resource_at(position)
    }

    /// The exported core module with this path, which [`Self::get_func`] describes. `None` if the host implements it.
    pub fn get_module(&self, path: &[&str]) -> Option<Module> {
        self.instance.get_module(path)
    }

    /// The exported function of this position in [`Component::functions`](crate::Component::functions).
    #[doc(hidden)]
    pub fn get_func_at(&self, position: usize) -> Option<Func<T>> {
        erased::get_func_at(&self.instance, position).map(Func::new)
    }

    /// The exported function that [`Self::get_func`] returns for this path, with Rust types: see [`Func::typed`].
    ///
    /// # Errors
    ///
    /// There is no such function; or those of [`Func::typed`].
    pub fn get_typed_func<Params, Return>(&self, path: &[&str]) -> Result<TypedFunc<T, Params, Return>, Error>
    where
        Params: ComponentNamedList + Lower + 'static,
        Return: ComponentNamedList + Lift + 'static,
    {
        let func = self.get_func(path).ok_or_else(|| Error::NoExport(path.join("#")))?;
        func.typed()
    }

    /// Runs a command: calls `run` of the exported `wasi:cli/run`, then ends all threads and waits until they have ended.
    /// Returns the exit status.
    ///
    /// # Errors
    ///
    /// The component is not a command, or a thread trapped.
    pub async fn run_async(self) -> Result<i32, Error> {
        erased::run_async(self.instance).await
    }

    /// Runs a command as [`Self::run_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::run_async`]; or the caller is a host function, which must not block.
    pub fn run(self) -> Result<i32, Error> {
        erased::run(self.instance)
    }

    /// A handle that ends the instance from any thread, with a reason. It does not keep the instance alive.
    pub fn end_handle(&self) -> EndHandle {
        self.instance.end_handle()
    }

    /// Ends all threads, whatever they are doing, and waits until they have ended.
    pub async fn end_async(self) {
        erased::end_async(self.instance).await;
    }

    /// Ends all threads as [`Self::end_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// The caller is a host function, which must not block.
    pub fn end(self) -> Result<(), Error> {
        erased::end(self.instance)
    }
}
