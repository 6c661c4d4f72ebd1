//! A component that is linked once, and instantiated many times, for a state of type `T`.

use super::erased;
use super::instance::Instance;
use super::linker::Linker;
use super::state::{HostState, Parts};
use crate::embedding::instance_pre::InstancePre as Erased;
use crate::engine::component::Component;
use crate::engine::handle::Engine;
use crate::error::Error;
use crate::limits::instance_limits::InstanceLimits;
use std::marker::PhantomData;

/// A component whose imports have been found and checked, so that instantiation does not look anything up.
///
/// It keeps the definitions that the [`Linker`] had when it was created. Clones share it, and several threads may instantiate it at once.
///
/// ```
/// use weft_parallel::{Component, Engine, Config, Linker, Val};
///
/// let engine = Engine::new(&Config::new())?;
/// let component = Component::new(&engine, br#"(component
///     (core module $m (func (export "f") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
///     (core instance $i (instantiate $m))
///     (func (export "next") (param "n" s32) (result s32) (canon lift (core func $i "f"))))"#)?;
/// let prepared = Linker::<()>::new(&engine).instantiate_pre(&component)?;
/// for number in 0..3 {
///     let instance = prepared.instantiate(())?;
///     let next = instance.get_func(&["next"]).ok_or("no function `next`")?;
///     assert_eq!(next.call(&[Val::S32(number)])?, Some(Val::S32(number + 1)));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct InstancePre<T: 'static> {
    prepared: Erased<HostState>,
    parts: Parts,
    marker: PhantomData<fn(T)>,
}

impl<T> Clone for InstancePre<T> {
    fn clone(&self) -> Self {
        InstancePre {
            prepared: self.prepared.clone(),
            parts: self.parts.clone(),
            marker: PhantomData,
        }
    }
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// Finds and checks all imports of `component`, and links it, for any number of instances.
    ///
    /// # Errors
    ///
    /// The component belongs to another engine; or the linker lacks an import or has one of another type.
    pub fn instantiate_pre(&self, component: &Component) -> Result<InstancePre<T>, Error> {
        Ok(InstancePre {
            prepared: erased::prepare(&self.definitions, component)?,
            parts: self.parts.clone(),
            marker: PhantomData,
        })
    }
}

impl<T: Send + Sync + 'static> InstancePre<T> {
    /// The component.
    pub fn component(&self) -> &Component {
        self.prepared.component()
    }

    /// The engine that compiled the component.
    pub fn engine(&self) -> &Engine {
        self.prepared.engine()
    }

    /// Creates an instance, and runs the start functions of its core modules.
    ///
    /// # Errors
    ///
    /// The instance needs more to start than the limits allow; or a start function traps or exits.
    pub async fn instantiate_async(&self, host: T) -> Result<Instance<T>, Error> {
        self.instantiate_with_async(host, &InstanceLimits::new()).await
    }

    /// Creates an instance as [`Self::instantiate_async`] does, with limits of its own.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_async`]; or the instance reached a limit of time.
    pub async fn instantiate_with_async(&self, host: T, limits: &InstanceLimits) -> Result<Instance<T>, Error> {
        let host = HostState::new(host, &self.parts);
        Ok(Instance::new(
            erased::instantiate_prepared_async(&self.prepared, host, limits).await?,
        ))
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
        let host = HostState::new(host, &self.parts);
        Ok(Instance::new(erased::instantiate_prepared(
            &self.prepared,
            host,
            limits,
        )?))
    }
}
