//! A store with the plan instantiated in it: what a guest thread runs in.
//!
//! It serves one thread after another. Shared functions reach no unshared state, so nothing of a thread that ended
//! normally is left but the context slots, which are zeroed. One whose thread trapped is thrown away.

use crate::builtins;
use crate::error::{LinkError, trap};
use crate::program::Program;
use crate::thread::{Caller, Thread};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;
use std::sync::Arc;
use wasmtime::{AsContextMut, Extern, ExternType, Func, Global, Instance, Module, Ref, Store, Trap, TypedFunc, Val};
use weft_lower::plan::{CONTEXT_SLOT_EXPORTS, CoreExport, Definition, INITIALIZE_EXPORT, InstanceIndex};

pub(crate) struct Worker<T: 'static> {
    pub(crate) store: Store<Thread<T>>,
    /// By the plan's index.
    instances: Vec<Instance>,
    context: Option<[Global; 2]>,
    /// The functions that threads started with here.
    start_functions: FxHashMap<StartFunction, TypedFunc<i32, ()>>,
}

/// A function that a thread can start with: an element of a spawn table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct StartFunction {
    /// The table's number in the program.
    pub table: usize,
    /// The element's index.
    pub index: u64,
}

impl<T: Send + Sync + 'static> Worker<T> {
    /// A worker for a spawned thread.
    pub(crate) async fn new(program: &Arc<Program<T>>, index: u32) -> wasmtime::Result<Self> {
        Self::instantiate(program, index, false).await
    }

    /// The worker of the implicit threads, with everything done that has to be done once.
    pub(crate) async fn initialize(program: &Arc<Program<T>>, index: u32) -> wasmtime::Result<Self> {
        Self::instantiate(program, index, true).await
    }

    async fn instantiate(program: &Arc<Program<T>>, index: u32, initialize: bool) -> wasmtime::Result<Self> {
        let thread = Thread {
            program: Arc::clone(program),
            index,
            may_leave: true,
            spawn_tables: vec![None; program.imports.spawn_tables.len()],
            fit_to_start: FxHashSet::default(),
        };
        let mut store = Store::new(program.engine().wasmtime(), thread);
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        let mut worker = Worker {
            store,
            instances: Vec::new(),
            context: None,
            start_functions: FxHashMap::default(),
        };
        let plan = program.component.plan();
        for (instance, index) in plan.instances.iter().zip(0..) {
            let mut arguments = Vec::with_capacity(instance.arguments.len());
            for definition in &instance.arguments {
                arguments.push(worker.argument(program, definition)?);
            }
            let module = &program.component.modules()[instance.module.index()];
            let instantiated = match Instance::new_async(&mut worker.store, module, &arguments).await {
                Ok(instance) => instance,
                Err(error) => return Err(worker.link_error(module, &arguments, error)),
            };
            worker.instances.push(instantiated);
            worker.find_spawn_tables(program, InstanceIndex(index))?;
            if plan.context == Some(InstanceIndex(index)) {
                worker.context = Some(worker.context_slots(instantiated)?);
            }
            if initialize && plan.modules[instance.module.index()].initialize {
                let once = instantiated.get_typed_func::<(), ()>(&mut worker.store, INITIALIZE_EXPORT)?;
                once.call_async(&mut worker.store, ()).await?;
            }
        }
        Ok(worker)
    }

    /// Names the import whose type does not fit, if that is the reason.
    fn link_error(&self, module: &Module, arguments: &[Extern], error: wasmtime::Error) -> wasmtime::Error {
        for (import, argument) in module.imports().zip(arguments) {
            if let (ExternType::Func(wanted), ExternType::Func(found)) = (import.ty(), argument.ty(&self.store))
                && !found.matches(&wanted)
            {
                let (module, name) = (import.module(), import.name());
                return LinkError(format!(
                    "import `{module}/{name}` is of type {wanted}, and the host's is {found}"
                ))
                .into();
            }
        }
        error
    }

    fn argument(&mut self, program: &Program<T>, definition: &Definition) -> wasmtime::Result<Extern> {
        let linker = &program.imports.linker;
        match definition {
            Definition::Memory(memory) => Ok(program.memory(*memory).clone().into()),
            Definition::Export(export) => self.export(export),
            Definition::Import(import, name) => {
                let module = &program.component.plan().imports[import.index()].name;
                linker.get(&mut self.store, module, name)
            }
            Definition::Builtin(builtin) => linker.get(&mut self.store, builtins::MODULE, &builtins::name(builtin)),
        }
    }

    fn export(&mut self, export: &CoreExport) -> wasmtime::Result<Extern> {
        let instance = self.instances[export.instance.index()];
        let found = instance.get_export(&mut self.store, &export.name);
        found.ok_or_else(|| trap(format_args!("a core module does not export `{}`", export.name)))
    }

    /// Notes the tables of a new instance that threads are spawned from: its start function may do so already.
    fn find_spawn_tables(&mut self, program: &Program<T>, instance: InstanceIndex) -> wasmtime::Result<()> {
        for (number, export) in program.imports.spawn_tables.iter().enumerate() {
            if export.instance == instance {
                let table = self.export(export)?.into_table();
                self.store.data_mut().spawn_tables[number] = table;
            }
        }
        Ok(())
    }

    fn context_slots(&mut self, instance: Instance) -> wasmtime::Result<[Global; 2]> {
        let mut slot = |name| {
            let global = instance.get_global(&mut self.store, name);
            global.ok_or_else(|| trap(format_args!("a core module does not export `{name}`")))
        };
        Ok([slot(CONTEXT_SLOT_EXPORTS[0])?, slot(CONTEXT_SLOT_EXPORTS[1])?])
    }

    /// Makes the store that of thread `index`, whose context slots are zero ([`CTX-09`, `CTX-10`]).
    ///
    /// [`CTX-09`, `CTX-10`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#thread-state
    pub(crate) fn begin(&mut self, index: u32) -> wasmtime::Result<()> {
        self.store.data_mut().index = index;
        self.store.set_epoch_deadline(1);
        for slot in self.context.iter().flatten() {
            slot.set(&mut self.store, Val::I32(0))?;
        }
        Ok(())
    }

    /// Runs a function that the spawner has found to be fit.
    pub(crate) async fn run(&mut self, start: StartFunction, argument: i32) -> wasmtime::Result<()> {
        let function = match self.start_functions.entry(start) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(start_function(&mut self.store, start)?),
        };
        function.call_async(&mut self.store, argument).await
    }

    /// Runs a `post-return` function, which may not leave the component instance.
    pub(crate) async fn post_return(&mut self, export: &CoreExport, results: &[Val]) -> wasmtime::Result<()> {
        let function = self.function(export)?;
        self.store.data_mut().may_leave = false;
        function.call_async(&mut self.store, results, &mut []).await?;
        self.store.data_mut().may_leave = true;
        Ok(())
    }

    /// The core function that a lifted function or a `post-return` option names.
    pub(crate) fn function(&mut self, export: &CoreExport) -> wasmtime::Result<Func> {
        let function = self.export(export)?.into_func();
        function.ok_or_else(|| trap(format_args!("`{}` is not a function", export.name)))
    }
}

/// Checks that a thread can start with a function.
///
/// The table never changes, so a function that was fit once is so for good, and on every thread.
pub(crate) fn check_start_function<T: Send + Sync + 'static>(
    caller: &mut Caller<'_, T>,
    start: StartFunction,
) -> wasmtime::Result<()> {
    if !caller.data().fit_to_start.contains(&start) {
        start_function(&mut *caller, start)?;
        caller.data_mut().fit_to_start.insert(start);
    }
    Ok(())
}

fn start_function<T: Send + Sync + 'static>(
    mut store: impl AsContextMut<Data = Thread<T>>,
    start: StartFunction,
) -> wasmtime::Result<TypedFunc<i32, ()>> {
    let mut store = store.as_context_mut();
    let table = store.data().spawn_tables[start.table].ok_or(Trap::TableOutOfBounds)?;
    match table.get(&mut store, start.index) {
        None => Err(Trap::TableOutOfBounds.into()),
        Some(Ref::Func(Some(function))) => Ok(function.typed(&store).map_err(|_| Trap::BadSignature)?),
        Some(_) => Err(Trap::IndirectCallToNull.into()),
    }
}
