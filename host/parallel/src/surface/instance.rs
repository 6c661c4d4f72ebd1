//! An instance of a component, for a state of type `T`.

use super::erased;
use super::func::{Func, TypedFunc};
use super::state::{HostState, Place};
use crate::embedding::end_handle::EndHandle;
use crate::embedding::instance::Instance as Erased;
use crate::error::Error;
use crate::metrics::{InstanceMetrics, MetricsHandle};
use std::marker::PhantomData;
use weft_abi::{ComponentNamedList, Lift, Lower, ResourceAny};

/// An instance of a component. Dropping it ends its threads.
pub struct Instance<T: Send + Sync + 'static> {
    instance: Erased<HostState>,
    marker: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> Instance<T> {
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

    /// The number of the instance. It tells the instances of the process apart in the log and for
    /// [hooks](crate::Config::on_thread_start).
    pub fn number(&self) -> u64 {
        self.instance.number()
    }

    /// What the instance has done until now.
    pub fn metrics(&self) -> InstanceMetrics {
        self.instance.metrics()
    }

    /// A handle that tells what the instance has done, also when it is gone. The handle can be cloned and sent, and does not keep the
    /// instance alive.
    pub fn metrics_handle(&self) -> MetricsHandle {
        self.instance.metrics_handle()
    }

    /// Makes a handle that owns a resource of the host's type that `R` stands for, as an argument of calls.
    ///
    /// # Errors
    ///
    /// The component imports no such resource type; or there is no memory for another handle.
    pub fn new_resource<R: 'static>(&self, rep: u32) -> Result<ResourceAny, Error> {
        self.instance.new_resource::<R>(rep)
    }

    /// Destroys a resource, and releases the handle. If the handle owns the resource, its destructor runs, as a call that takes its turn
    /// among the calls of the instance. If the handle is borrowed, nothing else happens.
    ///
    /// # Errors
    ///
    /// The handle was passed on or dropped, is lent to a call, or belongs to another program. Or the destructor traps, or cannot run
    /// for one of the reasons of [`Func::call_async`].
    pub async fn resource_drop_async(&self, resource: ResourceAny) -> Result<(), Error> {
        erased::resource_drop_async(&self.instance, resource).await
    }

    /// Destroys a resource as [`Self::resource_drop_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::resource_drop_async`]; and the caller is a host function, which must not wait.
    pub fn resource_drop(&self, resource: ResourceAny) -> Result<(), Error> {
        erased::resource_drop(&self.instance, resource)
    }

    /// The exported function with this path: its own name, behind those of the instances that it is in.
    ///
    /// If no interface of the path's version is exported, the function is found in the latest one whose version is compatible by semantic
    /// versioning.
    pub fn get_func(&self, path: &[&str]) -> Option<Func<T>> {
        erased::get_func(&self.instance, path).map(Func::new)
    }

    /// The exported function with this path, as [`Self::get_func`] finds it, with Rust types: see [`Func::typed`].
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

    /// Runs a command: calls `run` of the exported `wasi:cli/run`, then ends all threads and waits until they are gone.
    /// Gives the exit status.
    ///
    /// # Errors
    ///
    /// The component is no command, or a thread trapped.
    pub async fn run_async(self) -> Result<i32, Error> {
        erased::run_async(self.instance).await
    }

    /// Runs a command as [`Self::run_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::run_async`]; and the caller is a host function, which must not wait.
    pub fn run(self) -> Result<i32, Error> {
        erased::run(self.instance)
    }

    /// A handle that ends the instance from any thread, with a reason. It does not keep the instance alive.
    pub fn end_handle(&self) -> EndHandle {
        self.instance.end_handle()
    }

    /// Ends all threads, wherever they are, and waits until they are gone.
    pub async fn end_async(self) {
        erased::end_async(self.instance).await;
    }

    /// Ends all threads as [`Self::end_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// The caller is a host function, which must not wait.
    pub fn end(self) -> Result<(), Error> {
        erased::end(self.instance)
    }
}
