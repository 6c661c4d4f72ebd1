//! Core modules on Wasmtime: the store of one script thread, and the instances that are registered in it.

use crate::context::Context;
use crate::execution::{End, Execution, Value};
use crate::linking::{Exports, Given, Interface};
use crate::spectest;
use std::collections::HashMap;
use std::rc::Rc;
use wasmtime::{Engine, Extern, Linker, SharedMemory, Store, Val};
use weft_parallel::__shared::Limiter;
use weft_parallel::StoreAccount;

/// The largest table that weft creates. A larger one would take gigabytes.
const MAX_TABLE_ELEMENTS: u64 = 1 << 26;

/// A core module, compiled.
pub(crate) struct Module {
    compiled: wasmtime::Module,
    interface: Rc<Interface>,
}

impl Module {
    /// Compiles a valid module. `unshared` is its unshared form.
    ///
    /// # Errors
    ///
    /// The engine refuses it. The message says why.
    pub(crate) fn new(engine: &Engine, module: &[u8], unshared: &[u8]) -> Result<Self, String> {
        let interface = Interface::of(module).map_err(|error| error.to_string())?;
        Ok(Module {
            compiled: wasmtime::Module::new(engine, unshared).map_err(|error| format!("{error:#}"))?,
            interface: Rc::new(interface),
        })
    }
}

/// An instance of a core module, as a script names it.
#[derive(Clone)]
pub(crate) enum Instance {
    Own(wasmtime::Instance, Rc<Exports>),
    /// An instance in another thread's store: the shared memories that it exports.
    Foreign(Vec<(String, SharedMemory)>),
}

/// The store of one script thread.
pub(crate) struct CoreStore {
    pub(crate) store: Store<StoreAccount>,
    linker: Linker<StoreAccount>,
    /// The items in the linker that the script has defined, except memories, by the names of module and item.
    registered: HashMap<(String, String), Given>,
}

impl CoreStore {
    pub(crate) fn new(context: &Context) -> wasmtime::Result<Self> {
        let mut account = StoreAccount::of_instance(context.max_memory(), MAX_TABLE_ELEMENTS, Limiter::default());
        // A script creates instances at any time, and growing may fail in all of them.
        account.finish_instantiation();
        let mut store = Store::new(&context.engine, account);
        store.limiter(|account| account);
        store.set_epoch_deadline(1);
        let mut linker = Linker::new(&context.engine);
        linker.allow_shadowing(true);
        spectest::define(&mut linker, &mut store, &context.spectest_memory)?;
        Ok(CoreStore {
            store,
            linker,
            registered: HashMap::new(),
        })
    }

    pub(crate) fn instantiate(&mut self, module: &Module) -> Execution<Instance> {
        let given = self.given(module)?;
        match self.linker.instantiate(&mut self.store, &module.compiled) {
            Ok(instance) => Ok(Instance::Own(instance, Rc::new(module.interface.exports(&given)))),
            Err(error) => Err(End::of_instantiation(error)),
        }
    }

    /// The arguments of the imports. If an import has none, the engine reports it.
    fn given(&mut self, module: &Module) -> Execution<Vec<Option<Given>>> {
        let mut given = Vec::new();
        for import in module.compiled.imports() {
            if self.linker.get_by_import(&mut self.store, &import).is_none() {
                return Ok(Vec::new());
            }
            let name = (import.module().to_owned(), import.name().to_owned());
            given.push(self.registered.get(&name).cloned());
        }
        let sharing = module.interface.check_sharing(&given);
        sharing.map_err(|(position, problem)| {
            let import = module.compiled.imports().nth(position);
            let name = import.map(|import| format!("`{}::{}`", import.module(), import.name()));
            let name = name.unwrap_or_else(|| "an import".to_owned());
            End::Unlinkable(format!("incompatible import type for {name}: {problem}"))
        })?;
        Ok(given)
    }

    /// Lets later modules import from an instance by `name`.
    pub(crate) fn register(&mut self, name: &str, instance: &Instance) -> wasmtime::Result<()> {
        match instance {
            Instance::Own(instance, exports) => {
                self.linker.instance(&mut self.store, name, *instance)?;
                let exports = exports.iter();
                let registered = exports.map(|(export, item)| ((name.to_owned(), export.clone()), item.clone()));
                self.registered.extend(registered);
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
            return Err(End::NotRun(format!("expected {wanted} argument(s), found {given}")));
        }
        for (argument, ty) in arguments.iter().zip(ty.params()) {
            let fits = argument.matches_ty(&self.store, &ty);
            if !fits.map_err(|error| End::NotRun(format!("{error:#}")))? {
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

    /// The shared memories that an instance exports. Another thread's store can use nothing else of it.
    pub(crate) fn shared_memories(&mut self, instance: &Instance) -> Vec<(String, SharedMemory)> {
        match instance {
            Instance::Foreign(memories) => memories.clone(),
            Instance::Own(instance, _) => {
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
            Instance::Own(instance, _) => instance.get_export(&mut self.store, name),
            Instance::Foreign(memories) => {
                let memory = memories.iter().find(|(export, _)| export == name);
                memory.map(|(_, memory)| Extern::SharedMemory(memory.clone()))
            }
        }
    }
}
