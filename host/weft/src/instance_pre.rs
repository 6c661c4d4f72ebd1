//! A program that is linked once, and instantiated many times, on the runtime that it needs.

use crate::component::Component;
use crate::cooperative::calls::wait;
use crate::cooperative::instance::Linked;
use crate::engine::Engine;
use crate::instance::Instance;
use crate::linker::{Get, instantiate_linked};
use std::sync::Arc;
use weft_parallel::{Error, InstanceLimits};

/// A component with its imports, found and checked: instances of it are made without looking anything up.
///
/// It keeps what the [`Linker`](crate::Linker) had when it was made. Clones are the same, and threads may make instances at once.
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
    /// How the context of a program is found, and what those that allow procfs are made of. None without WASI.
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

    /// The engine that the component was compiled by.
    pub fn engine(&self) -> &Engine {
        self.component.engine()
    }

    /// Makes an instance, and runs what its core modules do at instantiation.
    ///
    /// # Errors
    ///
    /// What the instance needs to start does not fit in the limits; a start function traps or exits; or the cooperative runtime's WASI
    /// cannot give the program what the context has.
    pub async fn instantiate_async(&self, host: T) -> Result<Instance<T>, Error> {
        self.instantiate_with_async(host, &InstanceLimits::new()).await
    }

    /// Makes an instance as [`Self::instantiate_async`] does, with limits of its own.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_async`]; and the instance met a limit of time.
    pub async fn instantiate_with_async(&self, host: T, limits: &InstanceLimits) -> Result<Instance<T>, Error> {
        match &self.kind {
            Kind::Parallel(prepared) => {
                let instance = prepared.instantiate_with_async(host, limits).await?;
                Ok(Instance::parallel(instance))
            }
            Kind::Cooperative(prepared) => self.instantiate_prepared(prepared, host, limits).await,
        }
    }

    /// Makes an instance as [`Self::instantiate_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_async`]; and the caller is a host function, which must not wait.
    pub fn instantiate(&self, host: T) -> Result<Instance<T>, Error> {
        self.instantiate_with(host, &InstanceLimits::new())
    }

    /// Makes an instance as [`Self::instantiate_with_async`] does, and waits on the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_with_async`]; and the caller is a host function, which must not wait.
    pub fn instantiate_with(&self, host: T, limits: &InstanceLimits) -> Result<Instance<T>, Error> {
        match &self.kind {
            Kind::Parallel(prepared) => Ok(Instance::parallel(prepared.instantiate_with(host, limits)?)),
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
        instantiate_linked(self.engine(), wasi, choose, host, limits).await
    }
}
