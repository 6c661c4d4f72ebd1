//! An instance of a component, as the embedder holds it.

use super::end_handle::EndHandle;
use super::func::{CallableInstance, Func};
use super::versions::find_export;
use crate::builtins::resources::is_plain;
use crate::engine::component::Component;
use crate::engine::module::Module;
use crate::error::{Error, Outcome};
use crate::lifecycle::running_instance::RunningInstance;
use crate::metrics::{InstanceMetrics, MetricsHandle};
use crate::store::thread_store::ThreadStore;
use std::sync::Arc;
use weft_abi::{ResourceAny, ResourceType, Val};
use weft_lower::plan::{self, HomeIndex, ResourceName};

/// An instance of a component. Dropping it ends its threads.
pub struct Instance<T: Send + Sync + 'static> {
    inner: Arc<CallableInstance<T>>,
}

impl<T: Send + Sync + 'static> Instance<T> {
    pub(crate) fn new(running: Arc<RunningInstance<T>>) -> Self {
        Instance {
            inner: Arc::new(CallableInstance {
                homes: running.make_homes(),
                running,
            }),
        }
    }

    pub(crate) async fn initialize(&self) -> Result<(), Error> {
        self.inner.running.initialize(&self.inner.homes).await
    }

    /// The embedder's state.
    pub fn host(&self) -> &T {
        &self.inner.running.state.host
    }

    /// Returns the instance in the form that calls use.
    pub(crate) fn callable(&self) -> &Arc<CallableInstance<T>> {
        &self.inner
    }

    /// The number of the instance.
    pub fn number(&self) -> u64 {
        self.inner.running.state.number
    }

    /// What the instance has done until now.
    pub fn metrics(&self) -> InstanceMetrics {
        self.metrics_handle().metrics()
    }

    /// A handle to the instance's metrics. It remains valid after the instance is gone.
    pub fn metrics_handle(&self) -> MetricsHandle {
        let state = &self.inner.running.state;
        MetricsHandle::new(&state.record, state.engine().scheduler())
    }

    /// Makes a handle that owns a resource of a type of the host, to pass as an argument.
    pub fn new_resource(&self, ty: ResourceType, rep: u32) -> Result<ResourceAny, Error> {
        let made = self.inner.running.state.resources.make(ty, rep);
        made.map_err(|error| Error::engine("cannot create a resource", &error))
    }

    /// The representation of a resource of a type of the host.
    pub fn resource_rep(&self, ty: ResourceType, resource: ResourceAny) -> Result<u32, Error> {
        let rep = self.inner.running.state.resources.rep(ty, resource);
        rep.map_err(|error| Error::engine("cannot use a resource", &error))
    }

    /// Takes a resource of a type of the host out of its handle, without its destructor.
    pub fn take_resource(&self, ty: ResourceType, resource: ResourceAny) -> Result<u32, Error> {
        let taken = self.inner.running.state.resources.take(ty, resource);
        taken.map_err(|error| Error::engine("cannot use a resource", &error))
    }

    /// Destroys a resource, and releases the handle. If the handle owns the resource, its destructor runs, as a call that takes its turn
    /// among the calls of the instance. If the handle is borrowed, nothing else happens.
    pub async fn resource_drop_async(&self, resource: ResourceAny) -> Result<(), Error> {
        let state = &self.inner.running.state;
        let ty = state.resources.type_of(resource)?;
        let plan = state.component.plan();
        if !resource.owned() || is_plain(plan, ty) {
            state.resources.remove(resource)?;
            return Ok(());
        }
        let place = match plan.resource_types.get(ty.index()) {
            Some(plan::ResourceType::Defined { instance, .. }) => (plan.home(*instance), plan.thread_table(*instance)),
            Some(plan::ResourceType::Imported { .. }) | None => (HomeIndex(0), plan.initializing_thread_table()),
        };
        // If the future is dropped before this begins, the handle remains valid.
        let of_body = Arc::clone(state);
        let destroy = move |mut store: Box<ThreadStore<T>>, thread| async move {
            let removed = match of_body.resources.remove(resource) {
                Ok(Some(dropped)) => Ok(store.destroy(thread, dropped).await?),
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            };
            Ok((store, removed))
        };
        let name = || "destructor of a resource".to_owned();
        Ok(self.inner.enter(place, name, destroy).await??)
    }

    /// Destroys a resource as [`Self::resource_drop_async`] does, and waits on the calling thread.
    pub fn resource_drop(&self, resource: ResourceAny) -> Result<(), Error> {
        let engine = self.inner.running.state.engine().clone();
        engine.block_on(self.resource_drop_async(resource))?
    }

    /// The component, with the core modules that the linker supplied.
    pub fn component(&self) -> &Component {
        &self.inner.running.state.component
    }

    /// The exported function with this path: the names of the instances that contain it, then its own name.
    pub fn get_func(&self, path: &[&str]) -> Option<Func<T>> {
        let component = &self.inner.running.state.component;
        let exports = component.plan().exports.iter().map(|export| export.path.as_slice());
        Some(Func::new(&self.inner, component.clone(), find_export(exports, path)?))
    }

    /// The exported resource type with this path, found as [`Self::get_func`] finds a function.
    pub fn get_resource(&self, path: &[&str]) -> Option<ResourceType> {
        let exported = self.inner.running.state.component.plan().exported_resources.iter();
        self.get_resource_at(find_export(exported.map(|export| export.path.as_slice()), path)?)
    }

    /// The exported resource type of this position among the plan's.
    pub fn get_resource_at(&self, position: usize) -> Option<ResourceType> {
        let state = &self.inner.running.state;
        let ResourceName { ty, .. } = state.component.plan().exported_resources.get(position)?;
        state.resources.ty(*ty)
    }

    /// The exported core module with this path, found as [`Self::get_func`] finds a function.
    pub fn get_module(&self, path: &[&str]) -> Option<Module> {
        let exported = &self.inner.running.state.component.plan().exported_modules;
        let found = find_export(exported.iter().map(|export| export.path.as_slice()), path)?;
        Some(Module::valid(&exported[found].wasm))
    }

    /// The exported function of this position among the plan's exports.
    pub fn get_func_at(&self, position: usize) -> Option<Func<T>> {
        let component = &self.inner.running.state.component;
        (position < component.plan().exports.len()).then(|| Func::new(&self.inner, component.clone(), position))
    }

    /// Runs a command: calls `run` of the exported `wasi:cli/run`, then ends all threads and waits until they are gone.
    /// Returns the exit status.
    pub async fn run_async(self) -> Result<i32, Error> {
        let result = match self.command() {
            Some(run) => run.call_async(&[]).await,
            None => Err(Error::NotACommand),
        };
        self.end_async().await;
        match result {
            Ok(Some(Val::Result(Err(_)))) => Ok(1),
            Ok(_) => Ok(0),
            Err(Error::Exit(code)) => Ok(code),
            Err(error) => Err(error),
        }
    }

    /// Runs a command as [`Self::run_async`] does, and waits on the calling thread.
    pub fn run(self) -> Result<i32, Error> {
        let engine = self.inner.running.state.engine().clone();
        engine.block_on(self.run_async())?
    }

    /// A handle that ends the instance from any thread, with a reason. It does not keep the instance alive.
    pub fn end_handle(&self) -> EndHandle {
        EndHandle::new(&self.inner.running)
    }

    /// Ends all threads, wherever they are, and waits until they are gone.
    pub async fn end_async(self) {
        self.inner.running.end(Outcome::Ended);
        self.inner.running.state.threads.empty().await;
    }

    /// Ends all threads as [`Self::end_async`] does, and waits on the calling thread.
    pub fn end(self) -> Result<(), Error> {
        let engine = self.inner.running.state.engine().clone();
        engine.block_on(self.end_async())
    }

    fn command(&self) -> Option<Func<T>> {
        let interfaces = self.inner.running.state.component.plan().exports.iter();
        let interfaces = interfaces.filter_map(|export| match export.path.as_slice() {
            [interface, function] if function == "run" => Some(interface.as_str()),
            _ => None,
        });
        let interface = weft_lower::run_interface(interfaces)?;
        self.get_func(&[interface, "run"])
    }
}

impl<T: Send + Sync + 'static> Drop for Instance<T> {
    fn drop(&mut self) {
        self.inner.running.end(Outcome::Ended);
    }
}
