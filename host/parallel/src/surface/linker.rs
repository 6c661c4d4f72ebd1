//! What a component may import from its host, and instantiation with it, for a state of type `T`.

use super::erased;
use super::host_module::HostModule;
use super::instance::Instance;
use super::linker_instance::LinkerInstance;
use super::state::{HostState, Parts, Place};
use crate::embedding::linker::Linker as Definitions;
use crate::engine::component::Component;
use crate::engine::handle::Engine;
use crate::error::Error;
use crate::limits::instance_limits::InstanceLimits;
use std::marker::PhantomData;
use weft_lower::Plan;

/// The host's definitions for imports of components: [core modules](Linker::module), [functions](Linker::root), and
/// [instances](Linker::instance) with functions.
///
/// `T` is the embedder's state. All threads of a program share one value, by reference.
pub struct Linker<T: 'static> {
    pub(super) definitions: Definitions<HostState>,
    pub(super) parts: Parts,
    marker: PhantomData<fn(T)>,
}

impl<T> Clone for Linker<T> {
    fn clone(&self) -> Self {
        Linker {
            definitions: self.definitions.clone(),
            parts: self.parts.clone(),
            marker: PhantomData,
        }
    }
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// Creates a linker without definitions.
    pub fn new(engine: &Engine) -> Self {
        Linker {
            definitions: erased::linker(engine),
            parts: Parts::default(),
            marker: PhantomData,
        }
    }

    /// The same linker for host functions that see only a part of the embedder's state, which `get` returns.
    ///
    /// A library of host functions names only the type of its own part, so it is compiled once for all types of the embedder's state.
    ///
    /// ```
    /// use weft_parallel::{Component, Config, Engine, Linker, LinkerPart, ThreadContext};
    /// use std::sync::atomic::{AtomicU32, Ordering};
    ///
    /// /// What the library needs.
    /// #[derive(Default)]
    /// struct Counter(AtomicU32);
    ///
    /// fn add_counter(mut linker: LinkerPart<'_, Counter>) -> Result<(), weft_parallel::Error> {
    ///     linker.root().func_wrap("count", |thread: ThreadContext<'_, Counter>, (): ()| {
    ///         Ok((thread.data().host().0.fetch_add(1, Ordering::Relaxed),))
    ///     })?;
    ///     Ok(())
    /// }
    ///
    /// struct State {
    ///     counter: Counter,
    /// }
    ///
    /// let engine = Engine::new(&Config::new())?;
    /// let mut linker = Linker::new(&engine);
    /// add_counter(linker.part(|state: &State| &state.counter))?;
    /// # let component = Component::new(&engine, br#"(component
    /// #     (import "count" (func $count (result u32)))
    /// #     (core func $count (canon lower (func $count)))
    /// #     (core module $m
    /// #         (import "" "count" (func $count (result i32)))
    /// #         (func (export "next") (result i32) (call $count)))
    /// #     (core instance $m (instantiate $m (with "" (instance (export "count" (func $count))))))
    /// #     (func (export "next") (result u32) (canon lift (core func $m "next"))))"#)?;
    /// let instance = linker.instantiate(&component, State { counter: Counter::default() })?;
    /// # let next = instance.get_typed_func::<(), (u32,)>(&["next"])?;
    /// # assert_eq!((next.call(())?, next.call(())?), ((0,), (1,)));
    /// # assert_eq!(instance.host().counter.0.load(Ordering::Relaxed), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn part<U, G>(&mut self, get: G) -> LinkerPart<'_, U>
    where
        U: Send + Sync + 'static,
        G: Fn(&T) -> &U + Send + Sync + 'static,
    {
        LinkerPart {
            place: self.parts.add(get),
            definitions: &mut self.definitions,
        }
    }

    fn whole(&mut self) -> LinkerPart<'_, T> {
        LinkerPart {
            place: Place::whole(),
            definitions: &mut self.definitions,
        }
    }

    /// Sets whether a definition may take the place of another one with the same name. By default, it may not.
    pub fn allow_shadowing(&mut self, allow: bool) -> &mut Self {
        self.definitions.allow_shadowing(allow);
        self
    }

    /// Defines all imports of `component` that this linker lacks. If the component calls such a function, it traps.
    ///
    /// # Errors
    ///
    /// The linker defines a function where the component imports an instance, or the other way around.
    pub fn define_unknown_imports_as_traps(&mut self, component: &Component) -> Result<(), Error> {
        erased::define_unknown_imports_as_traps(&mut self.definitions, component)
    }

    /// The host module for the core module import `name`. Define functions in it.
    pub fn module(&mut self, name: &str) -> HostModule<'_, T> {
        self.whole().into_module(name)
    }

    /// The place for imports of the component that are outside instances.
    pub fn root(&mut self) -> LinkerInstance<'_, T> {
        self.whole().into_root()
    }

    /// The instance for the component's import `name`, which is usually the name of an interface, such as `example:text/log@1.0.0`. Define
    /// functions in it.
    ///
    /// # Errors
    ///
    /// A function has this name.
    pub fn instance(&mut self, name: &str) -> Result<LinkerInstance<'_, T>, Error> {
        self.whole().into_instance(name)
    }

    /// Lists the imports of `component` that this linker lacks, sorted, even those that the component does not use: functions of core
    /// modules as `module/function`, functions of instances as `instance#function`, and everything else by the import's name. Types that
    /// are not resources need no definition.
    pub fn missing(&self, component: &Component) -> Vec<String> {
        self.missing_for(component.plan())
    }

    /// Like [`Self::missing`], for a component that has been lowered but not compiled.
    pub fn missing_for(&self, plan: &Plan) -> Vec<String> {
        erased::missing(&self.definitions, plan)
    }

    /// Creates an instance of a component, and runs the start functions of its core modules.
    ///
    /// # Errors
    ///
    /// The component belongs to another engine; the linker lacks an import or has one of another type; the instance needs more to start
    /// than the limits allow; or a start function traps or exits.
    pub async fn instantiate_async(&self, component: &Component, host: T) -> Result<Instance<T>, Error> {
        self.instantiate_with_async(component, host, &InstanceLimits::new())
            .await
    }

    /// Creates an instance as [`Self::instantiate_async`] does, with limits of its own.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_async`]; or the instance reached a limit of time.
    pub async fn instantiate_with_async(
        &self,
        component: &Component,
        host: T,
        limits: &InstanceLimits,
    ) -> Result<Instance<T>, Error> {
        let host = HostState::new(host, &self.parts);
        let instance = erased::instantiate_async(&self.definitions, component, host, limits).await?;
        Ok(Instance::new(instance))
    }

    /// Creates an instance as [`Self::instantiate_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_async`]; or the caller is a host function, which must not block.
    pub fn instantiate(&self, component: &Component, host: T) -> Result<Instance<T>, Error> {
        self.instantiate_with(component, host, &InstanceLimits::new())
    }

    /// Creates an instance as [`Self::instantiate_with_async`] does, and blocks the calling thread.
    ///
    /// # Errors
    ///
    /// Those of [`Self::instantiate_with_async`]; or the caller is a host function, which must not block.
    pub fn instantiate_with(
        &self,
        component: &Component,
        host: T,
        limits: &InstanceLimits,
    ) -> Result<Instance<T>, Error> {
        let host = HostState::new(host, &self.parts);
        let instance = erased::instantiate(&self.definitions, component, host, limits)?;
        Ok(Instance::new(instance))
    }
}

/// A [`Linker`] for host functions that see only a part of the embedder's state, of type `U`: see [`Linker::part`].
pub struct LinkerPart<'a, U: 'static> {
    definitions: &'a mut Definitions<HostState>,
    place: Place<U>,
}

impl<'a, U: Send + Sync + 'static> LinkerPart<'a, U> {
    /// The host module of a name, as [`Linker::module`] returns it.
    pub fn module(&mut self, name: &str) -> HostModule<'_, U> {
        self.again().into_module(name)
    }

    /// The place for imports outside instances, as [`Linker::root`] returns it.
    pub fn root(&mut self) -> LinkerInstance<'_, U> {
        self.again().into_root()
    }

    /// The instance of a name, as [`Linker::instance`] returns it.
    ///
    /// # Errors
    ///
    /// A function has this name.
    pub fn instance(&mut self, name: &str) -> Result<LinkerInstance<'_, U>, Error> {
        self.again().into_instance(name)
    }

    fn again(&mut self) -> LinkerPart<'_, U> {
        LinkerPart {
            definitions: self.definitions,
            place: self.place,
        }
    }

    fn into_module(self, name: &str) -> HostModule<'a, U> {
        HostModule::new(self.definitions.module(name), self.place)
    }

    fn into_root(self) -> LinkerInstance<'a, U> {
        LinkerInstance::new(self.definitions.root(), self.place)
    }

    fn into_instance(self, name: &str) -> Result<LinkerInstance<'a, U>, Error> {
        Ok(LinkerInstance::new(self.definitions.instance(name)?, self.place))
    }
}
