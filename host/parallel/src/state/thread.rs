//! The data of a guest thread's store, and the views that host functions have of it.

use crate::error::{Error, Outcome, printable, trap};
use crate::interruption::Interrupts;
use crate::limits::host_memory::MemoryAccount;
use crate::limits::store_account::StoreAccount;
use crate::log;
use crate::memory::guest_memory::GuestMemory;
use crate::state::borrows::{Borrows, HasBorrows};
use crate::state::context::{ContextSlots, HasContext};
use crate::state::destructor::Destructor;
use crate::state::exclusive::ExclusiveCall;
use crate::state::host_memory::HasHostImport;
use crate::state::instance_state;
use crate::state::leaving::{HasMayLeave, MayLeave};
use crate::state::pending_result::PendingResult;
use crate::state::program;
use crate::state::slice::{HasSlice, SliceStart};
use crate::state::store_options::StoreOptions;
use crate::state::thread_control::ThreadControl;
use crate::threads::call_chain::CallChain;
use crate::threads::start::StartFunction;
use crate::threads::thread_id::ThreadId;
use async_channel::{Receiver, Sender};
use rustc_hash::{FxHashMap, FxHashSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::debug;
use wasmtime::{Global, StoreContextMut, Table};
use weft_abi::{ResourceAny, ResourceType};
use weft_lower::plan::{FunctionHandle, HomeIndex, ImportIndex, ThreadTableIndex};

/// The view that a host function has of the guest thread that calls it.
///
/// This is Wasmtime's type, so its documentation applies: [`Caller::data`](wasmtime::Caller::data) returns the
/// [`Thread`].
pub type Caller<'a, T> = wasmtime::Caller<'a, Thread<T>>;

/// What the threads of an instance share.
pub(crate) type InstanceState<T> = instance_state::InstanceState<T, Thread<T>>;

/// What all instances of a component and a linker have in common.
pub(crate) type Program<T> = program::Program<Thread<T>>;

/// The longest name of a thread in bytes.
const LONGEST_NAME: usize = 64;

/// A guest thread, as host functions see it.
pub struct Thread<T: 'static> {
    pub(crate) instance: Arc<InstanceState<T>>,
    /// Starts and resumes other threads of the instance.
    pub(crate) control: Box<dyn ThreadControl>,
    /// The store's part of the instance's budget.
    pub(crate) account: StoreAccount,
    /// The host functions' part of the instance's budget.
    host_account: MemoryAccount,
    /// The thread whose code runs.
    pub(crate) id: ThreadId,
    /// The threads on the same fiber that wait for this thread in calls to other component instances, outermost first.
    callers: Vec<ThreadId>,
    /// Whether code of this store has named a thread.
    named: AtomicBool,
    /// The calls in progress to component instances with their own homes, outermost first.
    pub(crate) exclusive: Vec<Box<dyn ExclusiveCall>>,
    /// The home, if the store is one.
    pub(crate) home: Option<HomeIndex>,
    pub(crate) slice: SliceStart,
    /// Whether the component instance may be left.
    pub(crate) may_leave: MayLeave,
    /// The handles that calls between component instances have borrowed.
    pub(crate) borrows: Borrows,
    /// The destructors of resource types, by the plan's index. `None` until one is needed.
    pub(crate) destructors: Vec<Option<Destructor<Thread<T>>>>,
    /// The store's instance of the run-time module. `None` before the instantiation, while no guest code runs.
    pub(crate) module: Option<wasmtime::Instance>,
    /// The global that says through which import a host function is called.
    pub(crate) host_import: Option<Global>,
    pub(crate) context: ContextSlots,
    /// The items of the store that canonical options name, by the plan's index. `None` until they are needed.
    pub(crate) options: Vec<Option<Arc<StoreOptions>>>,
    /// What waits for memory while the run-time module calls `realloc`.
    pub(crate) pending_result: Option<PendingResult<Thread<T>>>,
    /// This store's copies of the tables that threads are started from, by their number in the instance.
    pub(crate) start_tables: Vec<Table>,
    /// The functions in those tables that were checked and may start a thread.
    pub(crate) fit_to_start: FxHashSet<StartFunction>,
    /// The handles of this store's functions, by address. Empty until one is needed.
    pub(crate) handles: FxHashMap<usize, FunctionHandle>,
}

impl<T: 'static> Thread<T> {
    /// The data of a new store, for which `prepaid` bytes were already charged.
    pub(crate) fn new(
        instance: &Arc<InstanceState<T>>,
        control: Box<dyn ThreadControl>,
        id: ThreadId,
        prepaid: u64,
    ) -> Self {
        Thread {
            instance: Arc::clone(instance),
            control,
            account: StoreAccount::of_thread(&instance.budget, prepaid),
            host_account: MemoryAccount::of(&instance.budget),
            id,
            callers: Vec::new(),
            named: AtomicBool::new(false),
            exclusive: Vec::new(),
            home: None,
            slice: SliceStart::default(),
            may_leave: MayLeave::Here(true),
            borrows: Borrows::default(),
            destructors: Vec::new(),
            module: None,
            host_import: None,
            context: ContextSlots::default(),
            options: Vec::new(),
            pending_result: None,
            start_tables: Vec::new(),
            fit_to_start: FxHashSet::default(),
            handles: FxHashMap::default(),
        }
    }

    /// The embedder's state, one for all threads of the program.
    pub fn host(&self) -> &T {
        &self.instance.host
    }

    /// The thread's index in the component instance's thread table: what `thread.index` returns.
    pub fn index(&self) -> u32 {
        self.id.index
    }

    /// Makes the store serve another thread from now on.
    pub(crate) fn become_thread(&mut self, id: ThreadId) {
        (self.id, self.callers) = (id, Vec::new());
    }

    /// Begins a call to a component instance with its own thread table. Its code runs as a new thread of that instance.
    pub(crate) fn enter_instance(&mut self, table: ThreadTableIndex) -> wasmtime::Result<()> {
        let thread = self.instance.threads.add_nested(self.id, table)?;
        self.callers.push(std::mem::replace(&mut self.id, thread));
        Ok(())
    }

    /// Ends the call that began last.
    pub(crate) fn exit_instance(&mut self) -> wasmtime::Result<()> {
        let caller = self.callers.pop();
        let caller = caller.ok_or_else(|| trap("a call ends that has not begun"))?;
        let thread = std::mem::replace(&mut self.id, caller);
        self.instance.threads.remove(thread);
        Ok(())
    }

    /// The calls that wait for what the thread does next: those that poll the thread, and the exclusive calls that it
    /// has begun.
    pub(crate) fn calls(&self) -> CallChain {
        let innermost = self.exclusive.last();
        innermost.map_or_else(CallChain::current, |call| call.calls())
    }

    /// Names the thread. Errors, traps and the log show the name: its first [`LONGEST_NAME`] bytes, or a little less.
    pub fn set_name(&self, name: &str) {
        let end = (0..=LONGEST_NAME.min(name.len()))
            .rev()
            .find(|end| name.is_char_boundary(*end));
        let name = printable(&name[..end.unwrap_or(0)]);
        let (instance, thread) = (self.instance_number(), self.index());
        debug!(target: log::THREADS, instance, thread, name, "named");
        self.named.store(true, Ordering::Relaxed);
        self.instance.threads.set_name(self.id, Some(Arc::from(name)));
    }

    /// Takes the thread's name away, if this store has given it one.
    pub(crate) fn forget_name(&mut self) {
        if std::mem::take(self.named.get_mut()) {
            self.instance.threads.set_name(self.id, None);
        }
    }

    /// The number of the thread's instance. It identifies the instance in the log of the process.
    pub fn instance_number(&self) -> u64 {
        self.instance.number
    }

    /// The memory for a host function that was called through this import, as
    /// [`HostMemory::find`](super::host_memory::HostMemory::find) gives it.
    pub(crate) fn memory(&self, called: Option<ImportIndex>) -> wasmtime::Result<GuestMemory<'_>> {
        self.instance.host_memory(called).map(GuestMemory::new)
    }

    /// Makes a handle that owns a resource of a type of the host, for the result of a host function or the argument of a
    /// call.
    ///
    /// # Errors
    ///
    /// The component imports no such resource type, or there is no memory for another handle.
    pub fn new_resource(&self, ty: ResourceType, rep: u32) -> wasmtime::Result<ResourceAny> {
        self.instance.resources.make(ty, rep)
    }

    /// The representation of a resource of a type of the host.
    ///
    /// # Errors
    ///
    /// The resource is of another type or program, or the handle was passed on.
    pub fn resource_rep(&self, ty: ResourceType, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.instance.resources.rep(ty, resource)
    }

    /// Takes a resource of a type of the host out of its handle, which must own it. The caller then disposes of the
    /// resource: its destructor is not called.
    ///
    /// # Errors
    ///
    /// The resource is borrowed, lent, or of another type or program, or the handle was passed on.
    pub fn take_resource(&self, ty: ResourceType, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.instance.resources.take(ty, resource)
    }

    /// The account of the memory that the program may use. A host function charges to it what it allocates for the
    /// guest.
    pub fn memory_account(&self) -> &MemoryAccount {
        &self.host_account
    }

    /// The view of this thread for a host function that blocks, and was called through this import.
    pub(crate) fn for_blocking(&self, called: Option<ImportIndex>) -> (BlockingCaller<T>, Receiver<Request<T>>) {
        let (requests, receiver) = async_channel::bounded(1);
        let caller = BlockingCaller {
            instance: Arc::clone(&self.instance),
            index: self.index(),
            called,
            calls: CallChain::current(),
            requests,
        };
        (caller, receiver)
    }
}

impl<T: 'static> HasContext for Thread<T> {
    fn context(&self) -> &ContextSlots {
        &self.context
    }
}

impl<T: 'static> HasHostImport for Thread<T> {
    fn host_import(&self) -> Option<Global> {
        self.host_import
    }
}

impl<T: 'static> HasBorrows for Thread<T> {
    fn borrows(&mut self) -> &mut Borrows {
        &mut self.borrows
    }
}

impl<T: 'static> HasMayLeave for Thread<T> {
    fn may_leave(&mut self) -> &mut MayLeave {
        &mut self.may_leave
    }
}

impl<T: 'static> HasSlice for Thread<T> {
    fn slice(&mut self) -> &mut SliceStart {
        &mut self.slice
    }

    fn interrupts(&self) -> &Interrupts {
        self.instance.engine().interrupts()
    }
}

/// The view that a [blocking host function](crate::HostModule::func_wrap_blocking) has of the guest thread that calls it.
///
/// It keeps the program's memory and the embedder's state alive, even after the program has ended.
pub struct BlockingCaller<T: 'static> {
    instance: Arc<InstanceState<T>>,
    index: u32,
    /// The import through which the host function was called.
    called: Option<ImportIndex>,
    /// The calls that wait for the host function.
    pub(crate) calls: CallChain,
    /// What the guest thread does for the host function while it waits for it.
    requests: Sender<Request<T>>,
}

/// A request to a guest thread: something to do with its store.
pub(crate) type Request<T> =
    Box<dyn for<'a> FnOnce(StoreContextMut<'a, Thread<T>>) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> + Send>;

impl<T: 'static> BlockingCaller<T> {
    /// Asks the guest thread, which drops the request if it ends.
    pub(crate) fn request(&self, request: Request<T>) -> async_channel::Send<'_, Request<T>> {
        self.requests.send(request)
    }

    /// How the program has ended, whose guest thread is gone.
    pub(crate) fn ended(&self) -> Error {
        self.instance.outcome().map_or(Error::Ended, Outcome::error)
    }

    /// What the threads of the program share.
    pub(crate) fn state(&self) -> &InstanceState<T> {
        &self.instance
    }

    /// The embedder's state, one for all threads of the program.
    pub fn host(&self) -> &T {
        &self.instance.host
    }

    /// The thread's index in the component instance's thread table: what `thread.index` returns.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The memory of the host function.
    pub(crate) fn memory(&self) -> wasmtime::Result<GuestMemory<'_>> {
        self.instance.host_memory(self.called).map(GuestMemory::new)
    }
}
