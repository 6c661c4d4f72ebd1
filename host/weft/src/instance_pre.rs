//! A program that is linked once and instantiated many times, on the runtime that it needs.

use crate::component::Component;
use crate::cooperative::calls::wait;
use crate::cooperative::instance::{Linked, Running};
use crate::engine::Engine;
use crate::instance::Instance;
use crate::instance_limits::of_cooperative;
use std::sync::Arc;
use weft_parallel::{Error, InstanceLimits};
use weft_wasi::WasiCtx;

/// Finds the context of a program in the embedder's state.
pub(crate) type Get<T> = dyn for<'a> Fn(&'a T) -> &'a WasiCtx + Send + Sync;

/// A component whose imports have been found and checked, so that instantiation does not look anything up.
///
/// It keeps the definitions that the [`Linker`](crate::Linker) had when it was created. Clones share it, and several threads may
/// instantiate it at once.
pub struct InstancePre<T: Send + Sync + 'static> {
    component: Component,
    kind: Kind<T>,
}

enum Kind<T: Send + Sync + 'static> {
    Parallel(weft_parallel::InstancePre<T>),
    Cooperative(Arc<Prepared<T>>),
}

/// What instances on the cooperative runtime are made of.
pub(crate) struct Prepared<T> {
    pub(crate) linked: Linked,
    /// How to find the context of a program, and the linked component for contexts that allow procfs. `None` without
    /// WASI.
    pub(crate) with_procfs: Option<(Arc<Get<T>>, Linked)>,
}

impl<T: Send + Sync + 'static> Clone for InstancePre<T> {
    fn clone(&self) -> Self {
        InstancePre {
            component: self.component.clone(),
            kind: match &self.kind {
                Kind::Parallel(prepared) => Kind::Parallel(prepared.clone()),
                Kind::Cooperative(prepared) => Kind::Cooperative(Arc::clone(prepared)),
            },
        }
    }
}

impl<T: Send + Sync + 'static> InstancePre<T> {
    pub(crate) fn parallel(component: &Component, prepared: weft_parallel::InstancePre<T>) -> Self {
        InstancePre {
            component: component.clone(),
            kind: Kind::Parallel(prepared),
        }
    }

    pub(crate) fn cooperative(component: &Component, prepared: Prepared<T>) -> Self {
        InstancePre {
            component: component.clone(),
            kind: Kind::Cooperative(Arc::new(prepared)),
        }
    }

    /// The component.
    pub fn component(&self) -> &Component {
        &self.component
    }

    /// The engine that compiled the component.
    pub fn engine(&self) -> &Engine {
        self.component.engine()
    }

    /// Creates an instance, and runs the start functions of its core modules.
    ///
    /// # Errors
    ///
    /// The instance needs more to start than the limits allow; a start function traps or exits; or the WASI context contains something
    /// that the cooperative runtime does not support.
    pub async fn instantiate_async(&self, host: T) -> Result<Instance<T>, Error> {
        self.instantiate_with_async(host, &InstanceLimits::new()).await
    }

    /// Creates an instance as [`Self::instantiate_async`] does, with limits of its own.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_async`]; or the instance reached a limit of time.
    pub async fn instantiate_with_async(&self, host: T, limits: &InstanceLimits) -> Result<Instance<T>, Error> {
        match &self.kind {
            Kind::Parallel(prepared) => {
                let instance = prepared.instantiate_with_async(host, limits).await?;
                Ok(Instance::parallel(&self.component, instance))
            }
            Kind::Cooperative(prepared) => self.instantiate_prepared(prepared, host, limits).await,
        }
    }

    /// Creates an instance as [`Self::instantiate_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_async`]; or the caller is a host function, which must not block.
    pub fn instantiate(&self, host: T) -> Result<Instance<T>, Error> {
        self.instantiate_with(host, &InstanceLimits::new())
    }

    /// Creates an instance as [`Self::instantiate_with_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_with_async`]; or the caller is a host function, which must not block.
    pub fn instantiate_with(&self, host: T, limits: &InstanceLimits) -> Result<Instance<T>, Error> {
        match &self.kind {
            Kind::Parallel(prepared) => {
                let instance = prepared.instantiate_with(host, limits)?;
                Ok(Instance::parallel(&self.component, instance))
            }
            Kind::Cooperative(prepared) => wait(self.instantiate_prepared(prepared, host, limits)),
        }
    }

    async fn instantiate_prepared(
        &self,
        prepared: &Prepared<T>,
        host: T,
        limits: &InstanceLimits,
    ) -> Result<Instance<T>, Error> {
        let Prepared { linked, with_procfs } = prepared;
        let wasi = with_procfs.as_ref().map(|(get, _)| get.as_ref());
        let choose = |allows_procfs| match with_procfs {
            Some((_, with_procfs)) if allows_procfs => Ok(with_procfs.clone()),
            Some(_) | None => Ok(linked.clone()),
        };
        instantiate_linked(&self.component, wasi, choose, host, limits).await
    }
}

/// Makes an instance on the cooperative runtime. `link` is told whether the program's context allows procfs.
pub(crate) async fn instantiate_linked<T: Send + Sync + 'static>(
    component: &Component,
    wasi: Option<&Get<T>>,
    link: impl FnOnce(bool) -> Result<Linked, Error> + Send,
    host: T,
    limits: &InstanceLimits,
) -> Result<Instance<T>, Error> {
    let engine = component.engine();
    let limits = of_cooperative(engine.config(), limits)?;
    let wasi = wasi.map(|get| get(&host));
    let linked = link(wasi.is_some_and(WasiCtx::allows_procfs))?;
    let wasi = wasi.map(WasiCtx::to_wasmtime).transpose();
    let wasi = wasi.map_err(|error| Error::Link(error.to_string()))?;
    let running = Running::instantiate(
        &linked,
        Arc::new(host),
        wasi.unwrap_or_default(),
        &limits,
        engine.cooperative_memory(),
    )
    .await?;
    Ok(Instance::cooperative(component, Arc::new(running)))
}
