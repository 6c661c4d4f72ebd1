//! An instance of a program, on the runtime that the program needs.

use crate::component::{Component, ExportLookup, name_of, path_of};
use crate::config::Runtime;
use crate::cooperative::calls::wait;
use crate::cooperative::func::CooperativeFunc;
use crate::cooperative::instance::Running;
use crate::cooperative::state::host_of;
use crate::end_handle::EndHandle;
use crate::func::{Func, TypedFunc};
use std::sync::Arc;
use weft_abi::{ComponentNamedList, HandleError, Lift, Lower, ResourceAny, ResourceType};
use weft_parallel::__shared::find_export;
use weft_parallel::Module;
use weft_parallel::guest::{AsContext, Context, Exports};
use weft_parallel::{Error, InstanceMetrics, MetricsHandle};

/// An instance of a program. Dropping it ends its threads.
pub struct Instance<T: Send + Sync + 'static> {
    component: Component,
    kind: Kind<T>,
}

enum Kind<T: Send + Sync + 'static> {
    Parallel(weft_parallel::Instance<T>),
    Cooperative(Ended),
}

/// An instance of the cooperative runtime, which ends when this is dropped.
struct Ended(Arc<Running>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.ending.end(Error::Ended);
    }
}

impl<T: Send + Sync + 'static> AsContext for &Instance<T> {
    fn context(&mut self) -> Context<'_> {
        match &self.kind {
            Kind::Parallel(instance) => Context::of(instance),
            Kind::Cooperative(_) => Context::none(),
        }
    }
}

impl<T: Send + Sync + 'static> Instance<T> {
    pub(crate) fn parallel(component: &Component, instance: weft_parallel::Instance<T>) -> Self {
        Instance {
            component: component.clone(),
            kind: Kind::Parallel(instance),
        }
    }

    pub(crate) fn cooperative(component: &Component, running: Arc<Running>) -> Self {
        Instance {
            component: component.clone(),
            kind: Kind::Cooperative(Ended(running)),
        }
    }

    /// The component of which this is an instance.
    pub fn component(&self) -> &Component {
        &self.component
    }

    /// The runtime that runs the instance.
    pub fn runtime(&self) -> Runtime {
        match &self.kind {
            Kind::Parallel(_) => Runtime::Parallel,
            Kind::Cooperative(_) => Runtime::Cooperative,
        }
    }

    /// The embedder's state.
    pub fn host(&self) -> &T {
        match &self.kind {
            Kind::Parallel(instance) => instance.host(),
            Kind::Cooperative(ended) => host_of(&ended.0.host),
        }
    }

    /// What the program's core module exports: functions, memories and tables, by name. None on the cooperative runtime, on which a
    /// component hides its core modules. Core modules never run there.
    pub fn core_exports(&self) -> Option<Exports> {
        match &self.kind {
            Kind::Parallel(instance) => Some(instance.core_exports()),
            Kind::Cooperative(_) => None,
        }
    }

    /// The number of the instance in this process, as [hooks](crate::Config::on_thread_start) and the log have it. `None` on the cooperative
    /// runtime, which has neither.
    pub fn number(&self) -> Option<u64> {
        match &self.kind {
            Kind::Parallel(instance) => Some(instance.number()),
            Kind::Cooperative(_) => None,
        }
    }

    /// The metrics of the instance up to now. `None` on the cooperative runtime, which has no metrics.
    pub fn metrics(&self) -> Option<InstanceMetrics> {
        match &self.kind {
            Kind::Parallel(instance) => Some(instance.metrics()),
            Kind::Cooperative(_) => None,
        }
    }

    /// A handle that returns the metrics of the instance, even after the instance has been dropped. `None` on the cooperative runtime, which
    /// has no metrics.
    pub fn metrics_handle(&self) -> Option<MetricsHandle> {
        match &self.kind {
            Kind::Parallel(instance) => Some(instance.metrics_handle()),
            Kind::Cooperative(_) => None,
        }
    }

    /// An exported function: `get_func("greet")`, or `get_func(&["example:greeting/greeter@1.0.0", "greet"])` for one in an interface. See
    /// [`ExportLookup`].
    pub fn get_func(&self, name: impl ExportLookup) -> Option<Func<T>> {
        self.find_func(&name)
    }

    fn find_func(&self, name: &impl ExportLookup) -> Option<Func<T>> {
        let position = self.component.find_func(name);
        match &self.kind {
            Kind::Parallel(instance) => {
                let func = match position {
                    Some(position) => instance.get_func_at(position),
                    // The component knows its exports only now, if it needs core modules of the linker.
                    None => instance.get_func(&path_of(name)?),
                };
                func.map(Func::parallel)
            }
            Kind::Cooperative(ended) => Some(Func::cooperative(CooperativeFunc::new(&ended.0, position?))),
        }
    }

    /// An exported resource type, found as [`Self::get_func`] finds a function. Handles to such resources have this type
    /// ([`ResourceAny::ty`]).
    pub fn get_resource(&self, name: impl ExportLookup) -> Option<ResourceType> {
        let position = self.component.find_resource(&name);
        match &self.kind {
            Kind::Parallel(instance) => match position {
                Some(position) => instance.get_resource_at(position),
                // As for a function.
                None => instance.get_resource(&path_of(&name)?),
            },
            Kind::Cooperative(ended) => {
                let ty = ended.0.exported.resources.get(position?)?;
                Some(ended.0.handles.ty(*ty))
            }
        }
    }

    /// The exported core module with this path, found as [`Self::get_func`] finds a function. Supply it for an import of another component
    /// with [`LinkerInstance::module`](crate::LinkerInstance::module).
    ///
    /// `None` if the host implements the module; or if the instance runs on the cooperative runtime and imports it itself.
    pub fn get_module(&self, path: &[&str]) -> Option<Module> {
        match &self.kind {
            Kind::Parallel(instance) => instance.get_module(path),
            Kind::Cooperative(ended) => {
                let modules = &ended.0.exported.component.modules;
                let paths = modules.iter().map(|module| module.path.as_slice());
                Some(Module::valid(&modules[find_export(paths, path)?].wasm))
            }
        }
    }

    /// An exported function with Rust types: see [`Self::get_func`] and [`Func::typed`].
    ///
    /// # Errors
    ///
    /// There is no such function ([`Error::NoExport`]); or those of [`Func::typed`].
    pub fn get_typed_func<Params, Return>(&self, name: impl ExportLookup) -> Result<TypedFunc<T, Params, Return>, Error>
    where
        Params: ComponentNamedList + Lower + 'static,
        Return: ComponentNamedList + Lift + 'static,
    {
        let func = self.find_func(&name).ok_or_else(|| Error::NoExport(name_of(&name)))?;
        func.typed()
    }

    /// Creates a handle that owns a resource of the host's resource type for `R`, to pass to calls.
    ///
    /// # Errors
    ///
    /// There is no such resource type; or there is no memory for another handle.
    pub fn new_resource<R: 'static>(&self, rep: u32) -> Result<ResourceAny, Error> {
        self.new_resource_of(ResourceType::host::<R>(), rep)
    }

    /// Creates a handle as [`Self::new_resource`] does, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::new_resource`].
    pub fn new_resource_of(&self, ty: ResourceType, rep: u32) -> Result<ResourceAny, Error> {
        match &self.kind {
            Kind::Parallel(instance) => instance.new_resource_of(ty, rep),
            Kind::Cooperative(ended) => {
                let made = ended.0.handles.make(ty, rep);
                made.map_err(|error| failed("cannot create a resource", error))
            }
        }
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
        match &self.kind {
            Kind::Parallel(instance) => instance.resource_rep_of(ty, resource),
            Kind::Cooperative(ended) => {
                let rep = ended.0.handles.rep(resource, ty);
                rep.map_err(|error| failed("cannot use a resource", error))
            }
        }
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
        match &self.kind {
            Kind::Parallel(instance) => instance.take_resource_of(ty, resource),
            Kind::Cooperative(ended) => {
                let taken = ended.0.handles.take(resource, ty);
                taken.map_err(|error| failed("cannot use a resource", error))
            }
        }
    }

    /// Drops a resource handle. If the handle owns a resource of the guest, the resource's destructor runs. It is a call that takes turns
    /// with other calls of the instance.
    ///
    /// # Errors
    ///
    /// The handle was passed on or dropped before, is lent to a call, or belongs to another program; or the destructor traps, or cannot run
    /// for one of the reasons that [`Func::call_async`] lists.
    pub async fn resource_drop_async(&self, resource: ResourceAny) -> Result<(), Error> {
        match &self.kind {
            Kind::Parallel(instance) => instance.resource_drop_async(resource).await,
            Kind::Cooperative(ended) => ended.0.resource_drop(resource).await,
        }
    }

    /// Drops a resource handle as [`Self::resource_drop_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::resource_drop_async`]; or the caller is a host function, which must not block.
    pub fn resource_drop(&self, resource: ResourceAny) -> Result<(), Error> {
        match &self.kind {
            Kind::Parallel(instance) => instance.resource_drop(resource),
            Kind::Cooperative(ended) => wait(ended.0.resource_drop(resource)),
        }
    }

    /// Runs a command: calls `run` of the exported `wasi:cli/run`, then ends all threads and waits until they have ended. Returns the exit
    /// status.
    ///
    /// # Errors
    ///
    /// The component is not a command, or a thread trapped.
    pub async fn run_async(self) -> Result<i32, Error> {
        match self.kind {
            Kind::Parallel(instance) => instance.run_async().await,
            Kind::Cooperative(ended) => ended.0.run().await,
        }
    }

    /// Runs a command as [`Self::run_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::run_async`]; or the caller is a host function, which must not block.
    pub fn run(self) -> Result<i32, Error> {
        match self.kind {
            Kind::Parallel(instance) => instance.run(),
            Kind::Cooperative(ended) => wait(ended.0.run()),
        }
    }

    /// A handle that ends the instance from any thread, with a reason. It does not keep the instance alive.
    pub fn end_handle(&self) -> EndHandle {
        match &self.kind {
            Kind::Parallel(instance) => EndHandle::parallel(instance.end_handle()),
            Kind::Cooperative(ended) => EndHandle::cooperative(&ended.0.ending),
        }
    }

    /// Ends all threads, whatever they are doing, and waits until they have ended.
    pub async fn end_async(self) {
        match self.kind {
            Kind::Parallel(instance) => instance.end_async().await,
            Kind::Cooperative(ended) => ended.0.end().await,
        }
    }

    /// Ends all threads as [`Self::end_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// The caller is a host function, which must not block.
    pub fn end(self) -> Result<(), Error> {
        match self.kind {
            Kind::Parallel(instance) => instance.end(),
            Kind::Cooperative(ended) => wait(async {
                ended.0.end().await;
                Ok(())
            }),
        }
    }
}

fn failed(context: &'static str, error: HandleError) -> Error {
    Error::Engine {
        context,
        message: error.to_string(),
    }
}
