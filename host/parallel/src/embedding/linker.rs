//! The host definitions that components may import, and instantiation with them.

use super::blocking_calls;
use super::host_functions::HostFunctions;
use super::instance::Instance;
use crate::engine::component::Component;
use crate::engine::handle::Engine;
use crate::engine::module::Module;
use crate::error::Error;
use crate::limits::instance_limits::InstanceLimits;
use crate::state::host_memory::called_import;
use crate::state::thread::{BlockingCaller, Caller, Thread};
use crate::system::blocking;
use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;
use wasmtime::{AsContextMut, ExternType, FuncType, IntoFunc, Val, WasmRet, WasmTyList, format_err};
use weft_abi::ResourceType;
use weft_lower::Plan;
use weft_lower::plan::Definition;

/// The host's definitions for the imports of components: [core modules](Linker::module), [functions](Linker::root), and
/// [instances](Linker::instance) with functions.
pub struct Linker<T: 'static> {
    pub(super) engine: Engine,
    pub(super) inner: wasmtime::Linker<Thread<T>>,
    defined: HashSet<(String, String)>,
    /// The names of the host modules, including those without definitions.
    pub(super) modules: HashSet<String>,
    pub(super) functions: HostFunctions<T>,
}

/// The resource type of imports that nobody defines.
struct UnknownResource;

fn unknown_import(name: &str) -> wasmtime::Error {
    format_err!("unknown import: `{name}` has not been defined")
}

impl<T> Clone for Linker<T> {
    fn clone(&self) -> Self {
        Linker {
            engine: self.engine.clone(),
            inner: self.inner.clone(),
            defined: self.defined.clone(),
            modules: self.modules.clone(),
            functions: self.functions.clone(),
        }
    }
}

/// A core module that the host implements: see [`Linker::module`].
pub struct HostModule<'a, T: 'static> {
    linker: &'a mut Linker<T>,
    name: String,
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// A linker without definitions.
    pub fn new(engine: &Engine) -> Self {
        Linker {
            engine: engine.clone(),
            inner: wasmtime::Linker::new(engine.wasmtime()),
            defined: HashSet::new(),
            modules: HashSet::new(),
            functions: HostFunctions::default(),
        }
    }

    /// Sets whether a definition may take the place of another one.
    pub fn allow_shadowing(&mut self, allow: bool) {
        self.inner.allow_shadowing(allow);
        self.functions.allow_shadowing = allow;
    }

    /// Defines all that `component` imports and this linker lacks. Its functions trap.
    pub fn define_unknown_imports_as_traps(&mut self, component: &Component) -> Result<(), Error> {
        let plan = component.plan();
        for (argument, import) in plan.arguments.iter().zip(component.module().imports()) {
            let (Definition::Import(module, function), ExternType::Func(ty)) = (argument, import.ty()) else {
                continue;
            };
            let module = &plan.imports[module.index()].name;
            if !self.defined.contains(&(module.clone(), function.clone())) {
                let name = format!("{module}/{function}");
                let trap = move |_: Caller<'_, T>, _: &[Val], _: &mut [Val]| Err(unknown_import(&name));
                self.module(module).func_new(function, ty, trap)?;
            }
        }
        for import in &plan.imports {
            self.modules.insert(import.name.clone());
        }
        for (path, is_function) in self.functions.unknown(plan) {
            let Some((name, outer)) = path.split_last() else {
                continue;
            };
            let mut place = self.root();
            for instance in outer {
                place = place.into_instance(instance)?;
            }
            let trapping = path.join("#");
            match is_function {
                true => place.func_new(name, move |_, _| Err(unknown_import(&trapping)))?,
                // No function makes such a resource.
                false => place.resource(name, ResourceType::host::<UnknownResource>(), |_, _| Ok(()))?,
            };
        }
        Ok(())
    }

    /// The host module for the component's core module import `name`. Add definitions to it.
    pub fn module(&mut self, name: &str) -> HostModule<'_, T> {
        self.modules.insert(name.to_owned());
        HostModule {
            linker: self,
            name: name.to_owned(),
        }
    }

    /// Everything that `component` imports, used or not, and this linker lacks, sorted. Functions of core modules
    /// appear as `module/function`, functions of instances as `instance#function`, and imports of which the linker has
    /// nothing by the import's name. Types other than resource types need no definition.
    pub fn missing(&self, component: &Component) -> Vec<String> {
        self.missing_for(component.plan())
    }

    /// [`Self::missing`] for a component that has been lowered, and not compiled.
    pub fn missing_for(&self, plan: &Plan) -> Vec<String> {
        let mut missing = plan.unsupplied.clone();
        let imports = plan.imports.iter();
        for import in imports.filter(|import| self.supplied_module(&import.path).is_none()) {
            if import.uses.is_empty() && !self.modules.contains(&import.name) {
                missing.push(import.name.clone());
            }
            for function in &import.uses {
                if !self.defined.contains(&(import.name.clone(), function.clone())) {
                    missing.push(format!("{}/{function}", import.name));
                }
            }
        }
        missing.extend(self.functions.missing(plan));
        missing.sort();
        missing.dedup();
        missing
    }

    /// The core module that is the argument for an import.
    pub(super) fn supplied_module(&self, path: &[String]) -> Option<&Module> {
        self.functions.find(&self.functions.modules, path)
    }

    /// Makes an instance of a component, and runs what its core modules do at instantiation.
    pub async fn instantiate_with_async(
        &self,
        component: &Component,
        host: T,
        limits: &InstanceLimits,
    ) -> Result<Instance<T>, Error> {
        self.prepare(component)?.instantiate_with_async(host, limits).await
    }

    /// Makes an instance as [`Self::instantiate_with_async`] does, and waits on the calling thread.
    pub fn instantiate_with(
        &self,
        component: &Component,
        host: T,
        limits: &InstanceLimits,
    ) -> Result<Instance<T>, Error> {
        self.engine
            .block_on(self.instantiate_with_async(component, host, limits))?
    }
}

impl<T: Send + Sync + 'static> HostModule<'_, T> {
    /// Defines the export `name` as a host function that returns without suspending the guest thread.
    pub fn func_wrap<Params, Results>(
        &mut self,
        name: &str,
        func: impl IntoFunc<Thread<T>, Params, Results>,
    ) -> Result<&mut Self, Error> {
        let defined = self.linker.inner.func_wrap(&self.name, name, func).map(drop);
        self.defined(name, defined)
    }

    /// Defines the export `name` as a host function of a type that is known only now.
    fn func_new(
        &mut self,
        name: &str,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> wasmtime::Result<()> + Send + Sync + 'static,
    ) -> Result<&mut Self, Error> {
        let defined = self.linker.inner.func_new(&self.name, name, ty, func).map(drop);
        self.defined(name, defined)
    }

    /// Defines the export `name` as a host function that may suspend the guest thread.
    pub fn func_wrap_async<F, Params, Results>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: for<'a> Fn(Caller<'a, T>, Params) -> Box<dyn Future<Output = Results> + Send + 'a> + Send + Sync + 'static,
        Params: WasmTyList + 'static,
        Results: WasmRet,
    {
        let defined = self.linker.inner.func_wrap_async(&self.name, name, func).map(drop);
        self.defined(name, defined)
    }

    /// Defines the export `name` as a host function that may block.
    pub fn func_wrap_blocking<F, Params, Results>(&mut self, name: &str, func: F) -> Result<&mut Self, Error>
    where
        F: Fn(BlockingCaller<T>, Params) -> Results + Send + Sync + 'static,
        Params: WasmTyList + Send + 'static,
        Results: WasmRet + Send + 'static,
    {
        blocking::start().map_err(|refusal| Error::OsThread {
            context: "cannot start a thread for blocking host functions",
            refusal,
        })?;
        let func = Arc::new(func);
        self.func_wrap_async(name, move |mut caller: Caller<'_, T>, params: Params| {
            let func = Arc::clone(&func);
            let called = called_import(&mut caller);
            Box::new(async move {
                blocking_calls::call(caller.as_context_mut(), called, move |view| func(view, params)).await
            })
        })
    }

    fn defined(&mut self, name: &str, defined: wasmtime::Result<()>) -> Result<&mut Self, Error> {
        defined.map_err(|error| Error::engine("cannot define a host function", &error))?;
        self.linker.defined.insert((self.name.clone(), name.to_owned()));
        Ok(self)
    }
}
