//! The run-time module with its imports, which are the same for all threads of an instance.
//!
//! A linker goes by names, a plan by positions. So the arguments get their positions as names first, where nothing of the
//! embedder's can be in the way, and then the names of the imports.

use crate::builtins::{self, ARGUMENTS};
use crate::error::{LinkError, trap};
use crate::limits::budget::StoreCost;
use crate::state::thread::{InstanceState, Thread};
use crate::store::interruption::{Interruptions, StoreInterruption};
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};
use wasmtime::{ExternType, Instance, InstancePre, Linker, Module, Store};
use weft_lower::plan::Definition;

/// See the module.
pub(crate) struct LinkedModule<T: 'static> {
    /// The host modules.
    linker: Linker<Thread<T>>,
    linked: OnceLock<(InstancePre<Thread<T>>, Interruptions<T>)>,
    /// What each store takes. Known when the first one has its instance.
    cost: OnceLock<StoreCost>,
}

impl<T: Send + Sync + 'static> LinkedModule<T> {
    pub(crate) fn new(linker: Linker<Thread<T>>) -> Self {
        LinkedModule {
            linker,
            linked: OnceLock::new(),
            cost: OnceLock::new(),
        }
    }

    /// What a store takes, as far as it is known.
    pub(crate) fn cost(&self) -> StoreCost {
        self.cost.get().copied().unwrap_or_default()
    }

    /// Makes the instance of a new store.
    pub(crate) async fn instantiate(
        &self,
        store: &mut Store<Thread<T>>,
    ) -> wasmtime::Result<(Instance, StoreInterruption)> {
        let (linked, interruptions) = self.linked(store)?;
        interruptions.before_instance(store);
        let instance = linked.instantiate_async(&mut *store).await?;
        let cost = store.data_mut().account.instantiated();
        self.cost.get_or_init(|| cost);
        Ok((instance, interruptions.prepare(store, &instance)?))
    }

    /// The first store serves to name the engine.
    fn linked(&self, store: &mut Store<Thread<T>>) -> wasmtime::Result<&(InstancePre<Thread<T>>, Interruptions<T>)> {
        match self.linked.get() {
            Some(linked) => Ok(linked),
            None => {
                let linked = link(self.linker.clone(), store)?;
                let interruptions = Interruptions::new(&store.data().instance.component)?;
                Ok(self.linked.get_or_init(|| (linked, interruptions)))
            }
        }
    }
}

/// Links the run-time module with the built-ins, the memories and, out of `linker`, the host modules.
fn link<T: Send + Sync + 'static>(
    mut linker: Linker<Thread<T>>,
    store: &mut Store<Thread<T>>,
) -> wasmtime::Result<InstancePre<Thread<T>>> {
    let state = &*Arc::clone(&store.data().instance);
    let (plan, module) = (state.component.plan(), state.component.module());
    linker.allow_shadowing(true);
    for ((argument, import), number) in plan.arguments.iter().zip(module.imports()).zip(0..) {
        let name = i32::to_string(&number);
        match argument {
            Definition::Memory(memory) => {
                let memory = state.memory(*memory).clone();
                linker.define(&*store, ARGUMENTS, &name, memory).map(drop)
            }
            Definition::Import(import, export) => {
                let host_module = &plan.imports[import.index()].name;
                linker.alias(host_module, export, ARGUMENTS, &name).map(drop)
            }
            Definition::Lowered(lowered) => {
                builtins::imports::define(&mut linker, state, &name, *lowered, &import.ty())
            }
            Definition::Builtin(builtin) => builtins::define(&mut linker, state, &name, builtin, &import.ty()),
        }?;
    }
    let mut named = FxHashMap::default();
    for ((argument, import), number) in plan.arguments.iter().zip(module.imports()).zip(0..) {
        let name = i32::to_string(&number);
        linker.alias(ARGUMENTS, &name, import.module(), import.name())?;
        let other = named.insert((import.module(), import.name()), argument);
        if other.is_some_and(|other| other != argument) {
            let name = import.name();
            return Err(trap(format_args!(
                "two imports of the run-time module are called `{name}`"
            )));
        }
    }
    let linked = linker.instantiate_pre(module);
    linked.map_err(|error| misfit(state, module, &linker, store).map_or(error, wasmtime::Error::from))
}

/// Names the import whose type does not fit, if that is the reason.
fn misfit<T: 'static>(
    state: &InstanceState<T>,
    module: &Module,
    linker: &Linker<Thread<T>>,
    store: &mut Store<Thread<T>>,
) -> Option<LinkError> {
    let plan = state.component.plan();
    plan.arguments
        .iter()
        .zip(module.imports())
        .find_map(|(argument, import)| {
            let found = linker.get_by_import(&mut *store, &import)?.ty(&*store);
            let (ExternType::Func(wanted), ExternType::Func(found)) = (import.ty(), found) else {
                return None;
            };
            if found.matches(&wanted) {
                return None;
            }
            let (module, name) = match argument {
                Definition::Import(host_module, export) => {
                    (plan.imports[host_module.index()].name.as_str(), export.as_str())
                }
                Definition::Memory(_) | Definition::Lowered(_) | Definition::Builtin(_) => {
                    (import.module(), import.name())
                }
            };
            Some(LinkError(format!(
                "import `{module}/{name}` has type {wanted}, but the host defines it with type {found}"
            )))
        })
}
