//! The run-time module with its imports.
//!
//! All imports except memories are the same for all instances of a program: [`LinkedModule`] links them once. The
//! memories belong to one instance, and all its threads share them ([`InstanceModule`]).
//!
//! A linker uses names, a plan positions. So each argument is first defined under its position as a name, in a module
//! that cannot clash with the embedder's, and then under the name of the import.
//!
//! **Rejected:** cloning the linker for each instance (it contains all that the host defines, most of which no program
//! imports). Instead, each instance in turn defines its memories in the one linker, under a lock.

use crate::builtins;
use crate::builtins::arguments::ARGUMENTS;
use crate::error::trap;
use crate::limits::store_account::{StoreCost, store_cost};
use crate::state::thread::{Program, Thread};
use crate::store::import_check;
use crate::store::interruption::{Interruptions, StoreInterruption};
use crate::store::own_exports::OwnExports;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use wasmtime::{ImportType, Instance, InstancePre, Linker, Store};
use weft_lower::plan::{Definition, MemoryIndex};

/// The run-time module with what all instances of a program import.
pub(crate) struct LinkedModule<T: 'static> {
    pub(crate) program: Arc<Program<T>>,
    /// All imports except memories.
    linker: Mutex<Linker<Thread<T>>>,
    memories: Vec<MemoryImport>,
    /// The module, if it imports no memories.
    complete: Option<InstancePre<Thread<T>>>,
    interruptions: Interruptions<T>,
    exports: OwnExports,
    /// What each store takes. Known once the module was instantiated in the first store.
    cost: OnceLock<StoreCost>,
}

/// A memory that the run-time module imports.
struct MemoryImport {
    memory: MemoryIndex,
    module: String,
    name: String,
}

impl<T: Send + Sync + 'static> LinkedModule<T> {
    /// Links the run-time module with the built-ins, and with the host modules in `host`.
    ///
    /// # Errors
    ///
    /// A host function's type differs from that of the import.
    pub(crate) fn new(program: Arc<Program<T>>, host: &Linker<Thread<T>>) -> wasmtime::Result<Self> {
        let (plan, module) = (program.component.plan(), program.component.module());
        let mut linker = host.clone();
        linker.allow_shadowing(true);
        for ((argument, import), number) in plan.arguments.iter().zip(module.imports()).zip(0..) {
            define(&mut linker, &program, argument, &import, &i32::to_string(&number))?;
        }
        let mut named = FxHashMap::default();
        let mut memories = Vec::new();
        for ((argument, import), number) in plan.arguments.iter().zip(module.imports()).zip(0..) {
            let (module, name) = (import.module(), import.name());
            match argument {
                Definition::Memory(memory) => memories.push(MemoryImport {
                    memory: *memory,
                    module: module.to_owned(),
                    name: name.to_owned(),
                }),
                Definition::Import(..) | Definition::Lowered(_) | Definition::Builtin(_) => {
                    linker.alias(ARGUMENTS, &i32::to_string(&number), module, name)?;
                }
            }
            if named
                .insert((module, name), argument)
                .is_some_and(|other| other != argument)
            {
                return Err(trap(format_args!(
                    "two imports of the run-time module are called `{name}`"
                )));
            }
        }
        let complete = match memories.is_empty() {
            true => Some(instantiate_pre(&program, &linker)?),
            false => None,
        };
        Ok(LinkedModule {
            exports: OwnExports::of(program.component.module(), program.component.plan())?,
            interruptions: Interruptions::new(&program.component)?,
            linker: Mutex::new(linker),
            memories,
            complete,
            cost: OnceLock::new(),
            program,
        })
    }

    /// Checks the types of host functions now. [`Self::new`] checks them only if the module imports no memories.
    pub(crate) fn check(&self) -> wasmtime::Result<()> {
        match self.complete {
            Some(_) => Ok(()),
            None => {
                let linker = self.linker.lock().unwrap_or_else(PoisonError::into_inner);
                import_check::check(&self.program.component, &linker)
            }
        }
    }

    /// Links the memories of the instance that has this store.
    fn with_memories(&self, store: &Store<Thread<T>>) -> wasmtime::Result<InstancePre<Thread<T>>> {
        // If another holder panicked, the linker is still usable, because each memory is defined anew here.
        let mut linker = self.linker.lock().unwrap_or_else(PoisonError::into_inner);
        for MemoryImport { memory, module, name } in &self.memories {
            let memory = store.data().instance.memory(*memory).clone();
            linker.define(store, module, name, memory)?;
        }
        let linked = instantiate_pre(&self.program, &linker);
        // Otherwise the linker would keep the memories alive until the next instance.
        for MemoryImport { module, name, .. } in &self.memories {
            linker.func_wrap(module, name, || {})?;
        }
        linked
    }
}

/// The run-time module, as one instance instantiates it.
pub(crate) struct InstanceModule<T: 'static> {
    linked: Arc<LinkedModule<T>>,
    /// The module linked with the memories of the instance, if it has any.
    complete: OnceLock<InstancePre<Thread<T>>>,
}

impl<T: Send + Sync + 'static> InstanceModule<T> {
    pub(crate) fn new(linked: Arc<LinkedModule<T>>) -> Self {
        InstanceModule {
            linked,
            complete: OnceLock::new(),
        }
    }

    /// What each store needs of the module's exports.
    pub(super) fn exports(&self) -> &OwnExports {
        &self.linked.exports
    }

    /// What a store takes, as far as that is known.
    pub(crate) fn cost(&self) -> StoreCost {
        let memories = self.linked.program.component.plan().own_memories;
        store_cost(self.linked.cost.get().copied(), memories)
    }

    /// Instantiates the module in a new store.
    pub(crate) async fn instantiate(
        &self,
        store: &mut Store<Thread<T>>,
    ) -> wasmtime::Result<(Instance, StoreInterruption)> {
        let linked = self.complete(store)?;
        let interruptions = &self.linked.interruptions;
        interruptions.before_instance(store);
        let instance = linked.instantiate_async(&mut *store).await?;
        let cost = store.data_mut().account.instantiated();
        self.linked.cost.get_or_init(|| cost);
        let own = self.exports().initialize(&mut *store, &instance)?;
        Ok((instance, interruptions.prepare(store, own)?))
    }

    /// Any store of the instance can be used to link the memories.
    fn complete(&self, store: &Store<Thread<T>>) -> wasmtime::Result<&InstancePre<Thread<T>>> {
        match self.linked.complete.as_ref().or_else(|| self.complete.get()) {
            Some(complete) => Ok(complete),
            None => {
                let complete = self.linked.with_memories(store)?;
                Ok(self.complete.get_or_init(|| complete))
            }
        }
    }
}

/// Defines an argument under its position, unless it is a memory.
fn define<T: Send + Sync + 'static>(
    linker: &mut Linker<Thread<T>>,
    program: &Program<T>,
    argument: &Definition,
    import: &ImportType<'_>,
    name: &str,
) -> wasmtime::Result<()> {
    match argument {
        Definition::Memory(_) => Ok(()),
        Definition::Import(import, export) => {
            let host_module = &program.component.plan().imports[import.index()].name;
            linker.alias(host_module, export, ARGUMENTS, name).map(drop)
        }
        Definition::Lowered(lowered) => builtins::imports::define(linker, program, name, *lowered, &import.ty()),
        Definition::Builtin(builtin) => builtins::define(linker, program, name, builtin, &import.ty()),
    }
}

/// Resolves all imports. If the type of one does not match, the error names that import.
fn instantiate_pre<T: Send + Sync + 'static>(
    program: &Program<T>,
    linker: &Linker<Thread<T>>,
) -> wasmtime::Result<InstancePre<Thread<T>>> {
    let linked = linker.instantiate_pre(program.component.module());
    linked.map_err(|error| match import_check::check(&program.component, linker) {
        Ok(()) => error,
        Err(misfit) => misfit,
    })
}
