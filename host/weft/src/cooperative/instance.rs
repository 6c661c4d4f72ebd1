//! An instance on the cooperative runtime. Its calls take turns at its store.

use super::calls::{Chain, caught, unless, without_panic};
use super::component::Cooperative;
use super::ending::Ending;
use super::handles::{Content, HandleTable};
use super::imports::end_lends;
use super::memory_use::MemoryUse;
use super::processor_time::{TimeLimit, measured};
use super::state::{Host, State};
use super::values::{Passed, check, of_engine, resource_of_engine, resource_to_engine, take_back, to_engine};
use async_lock::Mutex;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::AbortHandle;
use wasmtime::component::{self as engine, Instance, InstancePre};
use wasmtime::{Store, UpdateDeadline};
use wasmtime_wasi::WasiCtx;
use weft_abi::{ResourceAny, ResourceType, Val};
use weft_cooperative::__shared::{Described, Description};
use weft_cooperative::{MAX_THREADS, TokioHandle, call_error, guest_error, tokio_handle};
use weft_parallel::__shared::Limiter;
use weft_parallel::{EndReason, Error, StackAccount, StoreAccount};

/// The least memory that a thread takes, in bytes.
const THREAD: u64 = 16 << 10;

/// How many handles an instance can have beside its threads. Wasmtime counts threads and resources together.
const OTHER_HANDLES: usize = 64;

/// How many bytes the values of a call can always take.
const VALUES_OF_ANY_CALL: usize = 32 << 10;

/// What an instance may use.
pub(crate) struct Limits {
    pub(crate) memory: u64,
    pub(crate) table_elements: u64,
    pub(crate) threads: Option<u32>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) processor_time: Option<Duration>,
    pub(crate) limiter: Limiter,
    /// Whether the code has checks, and splits long instructions.
    pub(crate) interruptible: bool,
}

/// A component whose imports have been found.
#[derive(Clone)]
pub(crate) struct Linked {
    pub(crate) component: Cooperative,
    pub(crate) ready: InstancePre<State>,
    /// The host's resource types. Wasmtime knows each by its position.
    pub(crate) types: Vec<ResourceType>,
}

/// See the module.
pub(crate) struct Running {
    number: u64,
    pub(crate) host: Host,
    pub(crate) handles: Arc<HandleTable>,
    pub(crate) exported: Arc<Exported>,
    pub(crate) ending: Arc<Ending>,
    /// `None` after the instance has ended.
    live: Mutex<Option<Live>>,
    /// Counts the stacks of the threads.
    stacks: StackAccount,
    timer: Option<AbortHandle>,
    time_limit: Option<TimeLimit>,
}

/// The functions and resource types that an instance exports.
pub(crate) struct Exported {
    pub(crate) component: Cooperative,
    pub(crate) described: Described,
    /// The functions' types, in the component's order.
    pub(crate) signatures: Vec<Description>,
    /// The exported resource types, in the component's order.
    pub(crate) resources: Vec<engine::ResourceType>,
}

impl Exported {
    /// The exports of an instance. Only the instance knows the resource types that its component defines.
    fn of(component: &Cooperative, store: &mut Store<State>, instance: &Instance) -> Result<Self, Error> {
        let (mut described, mut signatures) = (Described::default(), Vec::new());
        for export in component.exports.iter() {
            let function = instance.get_func(&mut *store, export.index);
            let function = function.ok_or_else(|| Error::NoExport(export.path.join("#")))?;
            let signature = described.add(&function.ty(&*store));
            signatures.push(signature.map_err(|error| Error::Link(error.to_string()))?);
        }
        let resources = component.resources.iter().map(|export| {
            let ty = instance.get_resource(&mut *store, export.index);
            ty.ok_or_else(|| Error::NoExport(export.path.join("#")))
        });
        Ok(Exported {
            component: component.clone(),
            described,
            signatures,
            resources: resources.collect::<Result<_, Error>>()?,
        })
    }

    /// The name of a function in messages: its path, joined by `#`.
    pub(crate) fn name(&self, export: usize) -> String {
        self.component.exports[export].path.join("#")
    }
}

/// The store of an instance that runs.
struct Live {
    store: Store<State>,
    instance: Instance,
}

type Entered<'a, R> = Pin<Box<dyn Future<Output = Result<R, Error>> + Send + 'a>>;

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            timer.abort();
        }
    }
}

/// Ends the instance if the future of its call is dropped: Wasmtime cannot continue such a call.
struct EndIfDropped<'a>(Option<&'a Ending>);

impl Drop for EndIfDropped<'_> {
    fn drop(&mut self) {
        if let Some(ending) = self.0 {
            let reason = "the future of a call was dropped, and the cooperative runtime cannot continue the call";
            ending.end(Error::EndedBy(EndReason::Host(reason.into())));
        }
    }
}

impl Running {
    /// Makes an instance.
    pub(crate) async fn instantiate(
        linked: &Linked,
        host: Host,
        wasi: WasiCtx,
        limits: &Limits,
        memory_use: &Arc<MemoryUse>,
    ) -> Result<Self, Error> {
        let Linked {
            component,
            ready,
            types,
        } = linked;
        let engine = component.component.engine();
        let handles = Arc::new(HandleTable::new(types.clone()));
        let ending = Arc::new(Ending::new(engine));
        let timer = limits.deadline.map(|time| watch(&ending, time)).transpose()?;
        let time_limit = limits.processor_time.map(|time| TimeLimit::new(&ending, time));
        let account = StoreAccount::of_instance(limits.memory, limits.table_elements, limits.limiter.clone());
        let stacks = account.stacks();
        let state = State::new(Arc::clone(&host), Arc::clone(&handles), account, wasi, memory_use);
        let mut store = new_store(engine, state, limits, &ending);
        let chain = Chain::current();
        let made = stacks.during(ready.instantiate_async(&mut store));
        let made = chain.run(unless(ending.ended(), caught(made)));
        let made = made
            .await?
            .and_then(|made| made)
            .and_then(|made| made)
            .and_then(|made| {
                made.map_err(|error| {
                    let error = guest_error("cannot instantiate the component", error);
                    ending.outcome().unwrap_or(error)
                })
            });
        let instance = made.inspect_err(|_| timer.iter().for_each(AbortHandle::abort))?;
        store.data_mut().account.finish_instantiation();
        if limits.interruptible {
            store.data_mut().account.grow_tables_in_steps();
        }
        let exported = Exported::of(component, &mut store, &instance)?;
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Ok(Running {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            host,
            handles,
            exported: Arc::new(exported),
            ending,
            live: Mutex::new(Some(Live { store, instance })),
            stacks,
            timer,
            time_limit,
        })
    }

    /// Waits until no call is in progress, and then runs something with the store. `name` describes it.
    async fn enter<R>(
        &self,
        name: impl FnOnce() -> String,
        body: impl for<'a> FnOnce(&'a mut Live) -> Entered<'a, R>,
    ) -> Result<R, Error> {
        let chain = Chain::current();
        if chain.contains(self.number) {
            return Err(Error::Reentrant(name()));
        }
        let mut place = unless(self.ending.ended(), self.live.lock()).await?;
        if let Some(error) = self.ending.outcome() {
            return Err(error);
        }
        let Some(live) = place.as_mut() else {
            return Err(Error::Ended);
        };
        let mut guard = EndIfDropped(Some(&self.ending));
        let counted = measured(self.time_limit.clone(), caught(self.stacks.during(body(live))));
        let counted = async {
            let outcome = counted.await.and_then(|outcome| outcome);
            outcome.and_then(|outcome| outcome).and_then(|outcome| outcome)
        };
        let outcome = chain.call(self.number).run(unless(self.ending.ended(), counted)).await;
        guard.0 = None;
        let error = match outcome? {
            Ok(Ok(result)) => return Ok(result),
            // The call has not begun.
            Ok(Err(error @ (Error::Arguments(_) | Error::Resource(_) | Error::NotACommand))) => return Err(error),
            Ok(Err(error)) | Err(error) => error,
        };
        // Only the first error counts. This one may be its consequence.
        self.ending.end(error.clone());
        without_panic(|| *place = None);
        Err(self.ending.outcome().unwrap_or(error))
    }

    /// Calls an export with values.
    pub(crate) async fn call(&self, export: usize, arguments: Vec<Val>) -> Result<Option<Val>, Error> {
        let exported = &self.exported;
        let types = &exported.described.types;
        let func = &types[exported.signatures[export].func];
        let resource = |index| exported.described.resource(index);
        let passed = check(types, func, &arguments, &self.handles, resource);
        let passed = passed.map_err(|error| Error::Arguments(error.to_string()))?;
        let (index, handles) = (exported.component.exports[export].index, &self.handles);
        let name = || exported.name(export);
        let has_result = func.result.is_some();
        let called = self.enter(name, |live| {
            let handles = Arc::clone(handles);
            Box::pin(call(live, index, arguments, passed, handles, has_result))
        });
        called.await
    }

    /// Runs a command, and returns the exit status.
    pub(crate) async fn run(&self) -> Result<i32, Error> {
        let name = || "run".to_owned();
        let run = self.enter(name, |live| {
            let Live { store, instance } = live;
            Box::pin(weft_cooperative::run(store, instance))
        });
        match run.await {
            // A host function's exit, while something else ended the program.
            Err(Error::Exit(code)) => Ok(code),
            outcome => outcome,
        }
    }

    /// Ends the instance, and waits until its threads are gone.
    pub(crate) async fn end(&self) {
        self.ending.end(Error::Ended);
        // A call in progress gives the store back soon.
        self.live.lock().await.take();
    }

    /// Destroys a resource, and releases the handle.
    pub(crate) async fn resource_drop(&self, resource: ResourceAny) -> Result<(), Error> {
        if let Some(error) = self.ending.outcome() {
            return Err(error);
        }
        match self.handles.get(resource)? {
            // The host disposes of its own resources.
            Content::Host { .. } => Ok(self.handles.remove(resource).map(drop)?),
            Content::Guest(_) => {
                let name = || "destructor of a resource".to_owned();
                let handles = Arc::clone(&self.handles);
                let entered = self.enter(name, move |live| {
                    Box::pin(async move {
                        // If the future is dropped before this begins, the handle remains valid.
                        let Content::Guest(resource) = handles.remove(resource)? else {
                            return Ok(());
                        };
                        let dropped = resource.resource_drop_async(&mut live.store).await;
                        dropped.map_err(call_error)
                    })
                });
                entered.await
            }
        }
    }
}

fn new_store(engine: &wasmtime::Engine, state: State, limits: &Limits, ending: &Arc<Ending>) -> Store<State> {
    let by_memory = usize::try_from(limits.memory / THREAD).unwrap_or(usize::MAX);
    let threads = limits
        .threads
        .map_or(by_memory, |threads| by_memory.min(threads as usize));
    let mut store = Store::new(engine, state);
    store.set_max_component_handles(threads.saturating_add(OTHER_HANDLES).min(MAX_THREADS));
    let values = usize::try_from(limits.memory).unwrap_or(usize::MAX);
    store.set_hostcall_fuel(values.max(VALUES_OF_ANY_CALL).min(store.hostcall_fuel()));
    store.limiter(|state| &mut state.account);
    let ending = Arc::clone(ending);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| match ending.outcome() {
        None => Ok(UpdateDeadline::Continue(1)),
        Some(_) => Ok(UpdateDeadline::Interrupt),
    });
    store
}

/// Ends the instance at its deadline.
fn watch(ending: &Arc<Ending>, time: Duration) -> Result<AbortHandle, Error> {
    let TokioHandle::Driven(tokio) = tokio_handle()? else {
        return Err(Error::Engine {
            context: "cannot set the deadline",
            message: "the system refuses to start another OS thread".to_owned(),
        });
    };
    let ending = Arc::downgrade(ending);
    let watched = async move {
        tokio::time::sleep(time).await;
        if let Some(ending) = ending.upgrade() {
            ending.end(Error::EndedBy(EndReason::Deadline(time)));
        }
    };
    Ok(tokio.spawn(watched).abort_handle())
}

/// Calls an export, and runs all threads of the store until it has returned.
async fn call(
    live: &mut Live,
    index: wasmtime::component::ComponentExportIndex,
    arguments: Vec<Val>,
    passed: Passed,
    handles: Arc<HandleTable>,
    has_result: bool,
) -> Result<Option<Val>, Error> {
    let Live { store, instance } = live;
    let function = instance.get_func(&mut *store, index);
    let function = function.ok_or_else(|| Error::Engine {
        context: "cannot call the function",
        message: "Wasmtime does not find the export".to_owned(),
    })?;
    let mut lent = Vec::new();
    let mut give = |handle| {
        let resource = resource_to_engine(handle, &passed, &handles, &mut *store)?;
        let is_lent = passed.get(&handle) == Some(&false);
        if is_lent && handles.position(resource.ty()).is_some() {
            lent.push(resource);
        }
        Ok(resource)
    };
    let arguments = arguments.into_iter().map(|value| to_engine(value, &mut give));
    let arguments: Vec<_> = arguments
        .collect::<wasmtime::Result<_>>()
        // Another thread of the host took a handle after it was checked.
        .map_err(|error| Error::Arguments(error.to_string()))?;
    let mut results = vec![wasmtime::component::Val::Bool(false); usize::from(has_result)];
    let called = function.call_async(&mut *store, &arguments, &mut results).await;
    called.map_err(call_error)?;
    for resource in lent {
        take_back(resource, &mut *store).map_err(call_error)?;
    }
    end_lends(&passed, &handles);
    let result = results.pop().map(|value| {
        of_engine(value, &mut |resource| {
            resource_of_engine(resource, &handles, &mut *store)
        })
    });
    result.transpose().map_err(call_error)
}
