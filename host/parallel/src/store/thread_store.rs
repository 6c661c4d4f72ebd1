//! The store that a guest thread runs in, with an instance of the run-time module.
//!
//! A store serves one thread after another. Shared functions reach no unshared state, so a thread that ended normally
//! leaves only its context slots behind, and the next thread starts with zeros in them. If a thread traps, its store is
//! dropped.

use crate::builtins::resources::destroy;
use crate::error::{Error, lacks};
use crate::limits::room::Room;
use crate::limits::stack_use::StoreStacks;
use crate::state::context::{self, SavedContext};
use crate::state::core_items::{Work, WorkError};
use crate::state::leaving;
use crate::state::resources::{Dropped, Resources};
use crate::state::slice::begin_time_slice;
use crate::state::start_functions;
use crate::state::thread::Thread;
use crate::store::guest_calls::GuestCalls;
use crate::store::lifted_core::Exported;
use crate::store::linked_module::InstanceModule;
use crate::threads::start::{Start, StartFunction};
use crate::threads::thread_id::ThreadId;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use std::pin::pin;
use std::sync::Arc;
use wasmtime::{AsContextMut, Func, Instance, Store, TypedFunc, Val};
use weft_lower::plan::{CoreEntry, INITIALIZE_EXPORT};

/// See the module.
pub(crate) struct ThreadStore<T: 'static> {
    pub(crate) store: Store<Thread<T>>,
    pub(super) instance: Instance,
    pub(super) calls: GuestCalls,
    /// The functions with which threads started in this store.
    start_functions: FxHashMap<StartFunction, TypedStart>,
    /// The exports that were called in this store, by the plan's index.
    pub(super) exports: Vec<Option<Arc<Exported>>>,
    /// The instance's resources. Each store has its own reference, because a reference count that all calls change
    /// would move between their processors.
    pub(super) resources: Arc<Resources>,
    /// Dropped after the store, which holds the stack.
    _room: Room,
}

/// A function with which a thread started, by the type of its parameter.
enum TypedStart {
    I32(TypedFunc<i32, ()>),
    I64(TypedFunc<i64, ()>),
}

impl<T: Send + Sync + 'static> ThreadStore<T> {
    /// Makes a store, whose first thread is `thread`. It is boxed because it is large and moves from thread to thread.
    pub(crate) async fn new(thread: Thread<T>, module: &InstanceModule<T>, room: Room) -> wasmtime::Result<Box<Self>> {
        let state = Arc::clone(&thread.instance);
        let stacks = StoreStacks::new(&state.stack_use, thread.index());
        let mut store = Store::new(state.engine().wasmtime(), thread);
        store.limiter(|thread| &mut thread.account);
        let (instance, interruption) = stacks.during(module.instantiate(&mut store)).await?;
        let mut store = Box::new(ThreadStore {
            store,
            instance,
            calls: GuestCalls::new(interruption, stacks),
            start_functions: FxHashMap::default(),
            exports: Vec::new(),
            resources: Arc::clone(&state.resources),
            _room: room,
        });
        for export in state.program.starts.tables() {
            let table = instance.get_table(&mut store.store, export);
            let table = table.ok_or_else(|| lacks(export))?;
            store.store.data_mut().start_tables.push(table);
        }
        let exports = module.exports();
        let context = exports.context_slots(&mut store.store, &instance)?;
        let may_leave = exports.may_leave(&mut store.store, &instance);
        let borrows = exports.borrows(&mut store.store, &instance);
        let host_import = exports.host_import(&mut store.store, &instance);
        let thread = store.store.data_mut();
        (thread.module, thread.context) = (Some(instance), context);
        (thread.may_leave, thread.borrows, thread.host_import) = (may_leave, borrows, host_import);
        Ok(store)
    }

    /// Runs what the run-time module runs once for all threads.
    pub(crate) async fn initialize(&mut self) -> wasmtime::Result<()> {
        let once = self.function(INITIALIZE_EXPORT)?;
        let calls = self.calls.clone();
        let call = once.call_async(&mut self.store, &[], &mut []);
        calls.during(call).await
    }

    /// Makes the store serve a thread, and sets the context slots to zero ([`CTX-09`, `CTX-10`]).
    ///
    /// [`CTX-09`, `CTX-10`]: https://github.com/WebAssembly/component-model/blob/6d28164/design/mvp/CanonicalABI.md#thread-state
    pub(crate) fn begin(&mut self, thread: ThreadId) -> wasmtime::Result<()> {
        self.store.data_mut().become_thread(thread);
        self.calls.serve(thread.index);
        begin_time_slice(&mut self.store);
        context::clear(&mut self.store.as_context_mut())
    }

    /// Runs a thread's start function. Its type was checked when the thread was created.
    pub(crate) async fn run(&mut self, start: Start) -> wasmtime::Result<()> {
        let function = match self.start_functions.entry(start.function) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let function = start_functions::find(&mut self.store, start.function)?;
                entry.insert(
                    match self.store.data().instance.program.starts.is_wide(start.function.ty) {
                        false => TypedStart::I32(function.typed(&self.store)?),
                        true => TypedStart::I64(function.typed(&self.store)?),
                    },
                )
            }
        };
        let calls = self.calls.clone();
        match function {
            TypedStart::I32(function) => {
                let call = function.call_async(&mut self.store, start.argument as i32);
                calls.during(call).await
            }
            TypedStart::I64(function) => {
                let call = function.call_async(&mut self.store, start.argument);
                calls.during(call).await
            }
        }
    }

    /// Calls a function for an adapter that runs in another store. Sets the context slots to those of the caller, and
    /// returns their contents after the call.
    pub(crate) async fn call_at_home(
        &mut self,
        export: &str,
        context: SavedContext,
        may_leave: bool,
        arguments: &[Val],
        results: &mut [Val],
    ) -> wasmtime::Result<SavedContext> {
        let function = self.function(export)?;
        context::restore(&mut self.store.as_context_mut(), context)?;
        leaving::set(&mut self.store, may_leave)?;
        let calls = self.calls.clone();
        let call = function.call_async(&mut self.store, arguments, results);
        calls.during(call).await?;
        leaving::set(&mut self.store, true)?;
        Ok(context::values(&mut self.store.as_context_mut()))
    }

    /// Runs the destructor of a resource that the host drops, as a thread of its own.
    pub(crate) async fn destroy(&mut self, thread: ThreadId, dropped: Dropped) -> wasmtime::Result<()> {
        self.begin(thread)?;
        let calls = self.calls.clone();
        let mut store = self.store.as_context_mut();
        calls.during(destroy(&mut store, dropped.ty, dropped.rep)).await
    }

    /// Does the host's work as this thread, between the functions of `entry` if the plan has them. An error of the host is its result.
    pub(crate) async fn work(
        &mut self,
        thread: ThreadId,
        entry: Option<&CoreEntry>,
        work: Work<T>,
    ) -> wasmtime::Result<Result<(), Error>> {
        self.begin(thread)?;
        let entry = match entry {
            Some(entry) => Some((self.function(&entry.enter)?, self.function(&entry.leave)?)),
            None => None,
        };
        let calls = self.calls.clone();
        let mut store = self.store.as_context_mut();
        let call = pin!(async {
            let Some((enter, leave)) = entry else {
                return WorkError::separate(work(store).await);
            };
            let context = enter.typed::<(), u32>(&store)?.call_async(&mut store, ()).await?;
            let result = WorkError::separate(work(store.as_context_mut()).await)?;
            leave.typed::<u32, ()>(&store)?.call_async(&mut store, context).await?;
            Ok(result)
        });
        calls.during(call).await
    }

    /// A function that the run-time module exports.
    pub(crate) fn function(&mut self, export: &str) -> wasmtime::Result<Func> {
        let function = self.instance.get_func(&mut self.store, export);
        function.ok_or_else(|| lacks(export))
    }
}
