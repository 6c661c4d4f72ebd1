//! A component that is linked once and instantiated many times.
//!
//! **Problem.** Before an instance can be made, weft must find the imports, compare their types and link the run-time
//! module. That is far more work than making the instance. **Here,** [`Linker::instantiate_pre`] does it once, and each
//! instance adds only its memories.

use super::instance::Instance;
use super::linker::Linker;
use super::typed;
use crate::engine::component::Component;
use crate::engine::handle::Engine;
use crate::error::{Error, LinkError};
use crate::lifecycle::running_instance::RunningInstance;
use crate::limits::instance_limits::{Allowance, InstanceLimits};
use crate::state::host_memory::HostMemory;
use crate::state::memories::Memories;
use crate::state::thread::{InstanceState, Program};
use crate::store::linked_module::LinkedModule;
use crate::threads::start::Starts;
use std::collections::BTreeMap;
use std::sync::Arc;
use weft_lower::LowerError;

/// A component with its imports, found and checked. Cloning is cheap.
pub struct InstancePre<T: 'static> {
    module: Arc<LinkedModule<T>>,
}

impl<T> Clone for InstancePre<T> {
    fn clone(&self) -> Self {
        InstancePre {
            module: Arc::clone(&self.module),
        }
    }
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// Finds and checks everything that `component` imports, and links it, for any number of instances.
    pub fn instantiate_pre(&self, component: &Component) -> Result<InstancePre<T>, Error> {
        let prepared = self.prepare(component)?;
        prepared.module.check().map_err(|error| unlinkable(&error))?;
        Ok(prepared)
    }

    /// Does the same as [`Self::instantiate_pre`], but may compare the types of host module functions only when an
    /// instance is made.
    pub(super) fn prepare(&self, component: &Component) -> Result<InstancePre<T>, Error> {
        if !self.engine.is(component.engine()) {
            return Err(Error::OtherEngine);
        }
        self.check_kinds(component.plan())?;
        let supplied = self.with_modules(component)?;
        let component = supplied.as_ref().unwrap_or(component);
        let missing = self.missing(component);
        if !missing.is_empty() {
            return Err(Error::MissingImports(missing));
        }
        let plan = component.plan();
        let functions = self.functions.resolve(plan);
        let host_resources = self.functions.resolve_resources(plan);
        self.functions.check_equal(plan, &host_resources)?;
        self.functions.check_signatures(plan, &host_resources)?;
        typed::check_imports(plan, &functions, &host_resources)?;
        let program = Program {
            functions,
            host_resources,
            host_memory: HostMemory::of(plan),
            starts: Starts::of(plan, component.module()).map_err(|error| unlinkable(&error))?,
            component: component.clone(),
        };
        let module = LinkedModule::new(Arc::new(program), &self.inner).map_err(|error| unlinkable(&error))?;
        Ok(InstancePre {
            module: Arc::new(module),
        })
    }
}

impl<T: Send + Sync + 'static> Linker<T> {
    /// Lowers and compiles a component with the core modules that the linker supplies for its imports. Returns `None` if the linker supplies
    /// none.
    fn with_modules(&self, component: &Component) -> Result<Option<Component>, Error> {
        let plan = component.plan();
        let Some(template) = &plan.template else {
            return Ok(None);
        };
        let modules = plan.imports.iter().filter_map(|import| {
            let module = self.supplied_module(&import.path)?;
            Some((import.name.as_str(), module.bytes()))
        });
        // A component can have several instances of one import.
        let modules: BTreeMap<_, _> = modules.collect();
        if modules.is_empty() && template.refused.is_none() {
            return Ok(None);
        }
        let read = modules
            .iter()
            .map(|(name, wasm)| Ok((*name, weft_lower::Module::read(wasm)?)));
        let read = read.collect::<Result<Vec<_>, Error>>()?;
        let modules: Vec<_> = read.iter().map(|(name, module)| (*name, module)).collect();
        let plan = template.supply(&modules).map_err(|error| match error {
            mismatch @ LowerError::SuppliedType { .. } => Error::Link(mismatch.to_string()),
            error => Error::from(error),
        })?;
        let supplied = Component::of_plan(component.engine(), plan)?;
        self.check_kinds(supplied.plan())?;
        Ok(Some(supplied))
    }
}

impl<T: Send + Sync + 'static> InstancePre<T> {
    /// The component.
    pub fn component(&self) -> &Component {
        &self.module.program.component
    }

    /// The engine that compiled the component.
    pub fn engine(&self) -> &Engine {
        self.component().engine()
    }

    /// Makes an instance, and runs what its core modules do at instantiation.
    pub async fn instantiate_with_async(&self, host: T, limits: &InstanceLimits) -> Result<Instance<T>, Error> {
        let (engine, plan) = (self.engine(), self.component().plan());
        let allowance = Allowance::new(limits, engine.max_threads(), engine.max_memory());
        let deadline = allowance.deadline;
        let memories = Memories::new(engine, plan, &allowance)?;
        let state = InstanceState::new(Arc::clone(&self.module.program), host, allowance, memories);
        let state = state.map_err(|error| unlinkable(&error))?;
        let instance = Instance::new(RunningInstance::new(state, Arc::clone(&self.module), deadline));
        instance.initialize().await?;
        Ok(instance)
    }

    /// Makes an instance as [`Self::instantiate_with_async`] does, and waits on the calling thread.
    pub fn instantiate_with(&self, host: T, limits: &InstanceLimits) -> Result<Instance<T>, Error> {
        self.engine().block_on(self.instantiate_with_async(host, limits))?
    }
}

fn unlinkable(error: &wasmtime::Error) -> Error {
    match error.downcast_ref::<LinkError>() {
        Some(LinkError(message)) => Error::Link(message.clone()),
        None => Error::engine("cannot link the run-time module", error),
    }
}
