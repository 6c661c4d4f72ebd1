//! The host definitions that a program may import, on either runtime, and instantiation with them.

mod define;
pub(crate) mod definition;
mod link;
mod linker_instance;
mod unknown;
mod validate;
mod versions;

use crate::component::{Code, Component, Imports};
use crate::cooperative::calls::wait;
use crate::cooperative::component;
use crate::cooperative::instance::Linked;
use crate::engine::Engine;
use crate::instance::Instance;
use crate::instance_pre::{InstancePre, Prepared, instantiate_linked};
use link::{Cooperative, Definitions};
pub use linker_instance::LinkerInstance;
use std::sync::{Arc, OnceLock};
pub use validate::Validated;
use weft_parallel::{Error, HostModule, InstanceLimits};
use weft_wasi::{WasiCtx, WasiLinker};

/// The host's definitions for imports of programs: [functions](Linker::root), [instances](Linker::instance) with functions, and
/// [core modules](Linker::module). You define each once, for both runtimes.
///
/// `T` is the embedder's state. All threads of a program share one value, by reference.
pub struct Linker<T: Send + Sync + 'static> {
    engine: Engine,
    definitions: Definitions<T>,
    /// The linker of the parallel runtime, once it is needed.
    parallel: OnceLock<weft_parallel::Linker<T>>,
    /// The linkers of the cooperative runtime, once they are needed: for contexts without procfs, and for those with
    /// it.
    cooperative: [OnceLock<Cooperative>; 2],
}

impl<T: Send + Sync + 'static> Clone for Linker<T> {
    fn clone(&self) -> Self {
        Linker {
            engine: self.engine.clone(),
            definitions: self.definitions.clone(),
            // It has definitions for core modules, which are nowhere else.
            parallel: self.parallel.clone(),
            cooperative: Default::default(),
        }
    }
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// Creates a linker without definitions.
    pub fn new(engine: &Engine) -> Self {
        Linker {
            engine: engine.clone(),
            definitions: Definitions::default(),
            parallel: OnceLock::new(),
            cooperative: Default::default(),
        }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Sets whether a definition may take the place of another one with the same name. By default, it may not, and returns
    /// [`Error::Defined`].
    pub fn allow_shadowing(&mut self, allow: bool) -> &mut Self {
        self.definitions.allow_shadowing(allow);
        if let Some(linker) = self.parallel.get_mut() {
            linker.allow_shadowing(allow);
        }
        self
    }

    /// Defines all imports of `component` that this linker lacks. If the component calls such a function, it traps.
    ///
    /// # Errors
    ///
    /// The component is of another engine, a runtime cannot start, or the linker defines a function where the component imports an
    /// instance, or the other way around.
    pub fn define_unknown_imports_as_traps(&mut self, component: &Component) -> Result<(), Error> {
        match self.code(component)? {
            Code::Parallel(code) => {
                self.parallel()?;
                match self.parallel.get_mut() {
                    Some(linker) => linker.define_unknown_imports_as_traps(code),
                    None => unreachable!("the linker was made a moment ago"),
                }
            }
            Code::Cooperative(code) => {
                self.definitions.add_unknown(code);
                self.cooperative = Default::default();
                Ok(())
            }
        }
    }

    /// The host module for the core module import `name`. Define functions in it. Only the parallel runtime uses them, because components
    /// that import core modules run there.
    ///
    /// # Errors
    ///
    /// The parallel runtime cannot start.
    pub fn module(&mut self, name: &str) -> Result<HostModule<'_, T>, Error> {
        self.parallel()?;
        match self.parallel.get_mut() {
            Some(linker) => Ok(linker.module(name)),
            None => unreachable!("the linker was made a moment ago"),
        }
    }

    /// Lists the imports of `component` that this linker lacks, even those that the component does not use: functions of core modules as
    /// `module/function`, functions of instances as `instance#function`, and everything else by the import's name.
    ///
    /// # Errors
    ///
    /// The component is of another engine, or a runtime cannot start.
    pub fn missing(&self, component: &Component) -> Result<Vec<String>, Error> {
        match self.code(component)? {
            Code::Parallel(component) => Ok(self.parallel()?.missing(component)),
            Code::Cooperative(component) => {
                let linker = &self.cooperative(false)?.linker;
                match weft_cooperative::link(linker, &component.component) {
                    Ok(_) => Ok(Vec::new()),
                    Err(Error::MissingImports(missing)) => {
                        Ok(self.definitions.name_missing(linker, component, missing))
                    }
                    Err(error) => Err(error),
                }
            }
        }
    }

    /// Creates an instance of a component, and runs the start functions of its core modules.
    ///
    /// # Errors
    ///
    /// The component belongs to another engine; the linker lacks an import or has one of another type; the instance needs more to start
    /// than the limits allow; a start function traps or exits; or the WASI context contains something that the cooperative runtime does
    /// not support.
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
        match self.code(component)? {
            Code::Parallel(code) => {
                let instance = self.parallel()?.instantiate_with_async(code, host, limits).await?;
                Ok(Instance::parallel(component, instance))
            }
            Code::Cooperative(code) => self.instantiate_cooperative(component, code, host, limits).await,
        }
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
        match self.code(component)? {
            // The parallel runtime's own form starts no thread for waiting.
            Code::Parallel(code) => {
                let instance = self.parallel()?.instantiate_with(code, host, limits)?;
                Ok(Instance::parallel(component, instance))
            }
            Code::Cooperative(code) => wait(self.instantiate_cooperative(component, code, host, limits)),
        }
    }

    async fn instantiate_cooperative(
        &self,
        component: &Component,
        code: &component::Cooperative,
        host: T,
        limits: &InstanceLimits,
    ) -> Result<Instance<T>, Error> {
        let wasi = self.definitions.wasi().map(Arc::as_ref);
        let link = |allows_procfs| self.link(code, allows_procfs);
        instantiate_linked(component, wasi, link, host, limits).await
    }

    /// Finds the imports of a component on the cooperative runtime.
    fn link(&self, component: &component::Cooperative, allows_procfs: bool) -> Result<Linked, Error> {
        let Cooperative { linker, types } = self.cooperative(allows_procfs)?;
        self.definitions.check(linker, component, types)?;
        let ready = weft_cooperative::link(linker, &component.component).map_err(|error| match error {
            Error::MissingImports(missing) => {
                Error::MissingImports(self.definitions.name_missing(linker, component, missing))
            }
            error => error,
        })?;
        Ok(Linked {
            component: component.clone(),
            ready,
            types: types.clone(),
        })
    }

    /// Finds and checks all imports of a component, and links it, for any number of instances.
    ///
    /// # Errors
    ///
    /// The component belongs to another engine; or the linker lacks an import or has one of another type.
    pub fn instantiate_pre(&self, component: &Component) -> Result<InstancePre<T>, Error> {
        Ok(match self.code(component)? {
            Code::Parallel(code) => InstancePre::parallel(component, self.parallel()?.instantiate_pre(code)?),
            Code::Cooperative(code) => InstancePre::cooperative(
                component,
                Prepared {
                    linked: self.link(code, false)?,
                    // The context of an instance decides which of the two it uses.
                    with_procfs: match self.definitions.wasi() {
                        Some(wasi) => Some((Arc::clone(wasi), self.link(code, true)?)),
                        None => None,
                    },
                },
            ),
        })
    }

    /// The component's code, if it belongs to the linker's engine.
    fn code<'a>(&self, component: &'a Component) -> Result<&'a Code, Error> {
        match self.engine.is(component.engine()) {
            true => Ok(component.code()),
            false => Err(Error::OtherEngine),
        }
    }

    fn parallel(&self) -> Result<&weft_parallel::Linker<T>, Error> {
        if let Some(linker) = self.parallel.get() {
            return Ok(linker);
        }
        let linker = self.definitions.parallel(&self.engine.parallel()?)?;
        Ok(self.parallel.get_or_init(|| linker))
    }

    fn cooperative(&self, allows_procfs: bool) -> Result<&Cooperative, Error> {
        let place = &self.cooperative[usize::from(allows_procfs)];
        if let Some(linker) = place.get() {
            return Ok(linker);
        }
        let linker = self.definitions.cooperative(&self.engine, allows_procfs)?;
        Ok(place.get_or_init(|| linker))
    }
}

impl<T: Send + Sync + 'static> Imports for Linker<T> {
    fn missing_in_parallel(&self, plan: &weft_lower::Plan) -> Result<Vec<String>, Error> {
        Ok(self.parallel()?.missing_for(plan))
    }

    fn missing_in_cooperative(&self, component: &weft_lower::Unshared<'_>) -> Result<Vec<String>, Error> {
        weft_cooperative::missing(&self.engine.cooperative()?, &self.cooperative(false)?.linker, component)
    }
}

impl<T: Send + Sync + 'static> WasiLinker for Linker<T> {
    type Host = T;

    fn add_wasi(&mut self, get: impl Fn(&T) -> &WasiCtx + Copy + Send + Sync + 'static) -> Result<(), Error> {
        self.definitions.add_wasi(get)?;
        self.cooperative = Default::default();
        match self.parallel.get_mut() {
            Some(linker) => weft_wasi::add_to_linker(linker, get),
            None => Ok(()),
        }
    }
}

impl Component {
    /// Compiles a program as [`Component::new`] does, but first checks that a linker has all its imports. So a program that lacks imports
    /// fails before weft spends time to compile it. weft does not check a program that it finds in the cache.
    ///
    /// # Errors
    ///
    /// Those of [`Component::new`]; or the linker lacks imports ([`Error::MissingImports`]). For a core module, the error has their names
    /// in the module.
    pub fn new_for<T: Send + Sync + 'static>(linker: &Linker<T>, bytes: &[u8]) -> Result<Self, Error> {
        Component::load(linker.engine(), bytes, linker)
    }
}
