//! Core modules on Wasmtime: the store of one script thread, and what is registered in it.

use crate::context::Context;
use crate::execution::{End, Execution, Value};
use crate::spectest;
use wasmtime::{Extern, Linker, Module, SharedMemory, Store, StoreLimits, StoreLimitsBuilder, Val};

/// A table larger than this cannot be had: its entries would take gigabytes.
const MAX_TABLE_ELEMENTS: usize = 1 << 26;

/// An instance of a core module, as a script names it.
#[derive(Clone)]
pub(crate) enum Instance {
    Own(wasmtime::Instance),
    /// Of another thread's store: the shared memories that it exports.
    Foreign(Vec<(String, SharedMemory)>),
}

/// The store of one script thread.
pub(crate) struct CoreStore {
    pub(crate) store: Store<StoreLimits>,
    linker: Linker<StoreLimits>,
}

impl CoreStore {
    pub(crate) fn new(context: &Context) -> wasmtime::Result<Self> {
        let limits = StoreLimitsBuilder::new().table_elements(MAX_TABLE_ELEMENTS).build();
        let mut store = Store::new(&context.engine, limits);
        store.limiter(|limits| limits);
        store.set_epoch_deadline(1);
        let mut linker = Linker::new(&context.engine);
        linker.allow_shadowing(true);
        spectest::define(&mut linker, &mut store, &context.spectest_memory)?;
        Ok(CoreStore { store, linker })
    }

    pub(crate) fn instantiate(&mut self, module: &Module) -> Execution<Instance> {
        match self.linker.instantiate(&mut self.store, module) {
            Ok(instance) => Ok(Instance::Own(instance)),
            Err(error) => Err(End::of_instantiation(error)),
        }
    }

    /// Lets later modules import from an instance by `name`.
    pub(crate) fn register(&mut self, name: &str, instance: &Instance) -> wasmtime::Result<()> {
        match instance {
            Instance::Own(instance) => {
                self.linker.instance(&mut self.store, name, *instance)?;
            }
            Instance::Foreign(memories) => {
                for (export, memory) in memories {
                    let memory = Extern::SharedMemory(memory.clone());
                    self.linker.define(&self.store, name, export, memory)?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn call(&mut self, instance: &Instance, export: &str, arguments: &[Val]) -> Execution {
        let Some(Extern::Func(function)) = self.export(instance, export) else {
            return Err(End::NotRun(format!("no exported function `{export}`")));
        };
        let ty = function.ty(&self.store);
        if ty.params().len() != arguments.len() {
            let (given, wanted) = (arguments.len(), ty.params().len());
            return Err(End::NotRun(format!("{given} arguments for {wanted} parameters")));
        }
        for (argument, ty) in arguments.iter().zip(ty.params()) {
            if !argument.matches_ty(&self.store, &ty).unwrap_or(false) {
                return Err(End::NotRun(format!("an argument is not of type `{ty}`")));
            }
        }
        let mut results = vec![Val::I32(0); ty.results().len()];
        match function.call(&mut self.store, arguments, &mut results) {
            Ok(()) => Ok(results.into_iter().map(Value::Core).collect()),
            Err(error) => Err(End::of_call(error)),
        }
    }

    pub(crate) fn get(&mut self, instance: &Instance, export: &str) -> Execution {
        match self.export(instance, export) {
            Some(Extern::Global(global)) => Ok(vec![Value::Core(global.get(&mut self.store))]),
            _ => Err(End::NotRun(format!("no exported global `{export}`"))),
        }
    }

    /// The shared memories that an instance exports: all that another thread's store can have of it.
    pub(crate) fn shared_memories(&mut self, instance: &Instance) -> Vec<(String, SharedMemory)> {
        match instance {
            Instance::Foreign(memories) => memories.clone(),
            Instance::Own(instance) => {
                let exports = instance.exports(&mut self.store);
                let memory = |export: wasmtime::Export<'_>| {
                    let name = export.name().to_owned();
                    Some((name, export.into_shared_memory()?))
                };
                exports.filter_map(memory).collect()
            }
        }
    }

    fn export(&mut self, instance: &Instance, name: &str) -> Option<Extern> {
        match instance {
            Instance::Own(instance) => instance.get_export(&mut self.store, name),
            Instance::Foreign(memories) => {
                let memory = memories.iter().find(|(export, _)| export == name);
                memory.map(|(_, memory)| Extern::SharedMemory(memory.clone()))
            }
        }
    }
}
