//! The data of a guest thread's store, and the views that host functions have of it.

use crate::error::trap;
use crate::interruption::Interrupts;
use crate::limits::budget::StoreAccount;
use crate::limits::host_memory::MemoryAccount;
use crate::memory::guest_memory::GuestMemory;
use crate::state::borrows::{Borrows, HasBorrows};
use crate::state::context::ContextSlots;
use crate::state::destructor::Destructor;
use crate::state::exclusive::ExclusiveCall;
use crate::state::instance_state;
use crate::state::leaving::{HasMayLeave, MayLeave};
use crate::state::program;
use crate::state::slice::{HasSlice, SliceStart};
use crate::state::store_options::StoreOptions;
use crate::state::thread_control::ThreadControl;
use crate::threads::call_chain::CallChain;
use crate::threads::start::StartFunction;
use crate::threads::thread_id::ThreadId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use wasmtime::Table;
use weft_abi::ResourceAny;
use weft_lower::plan::{FunctionHandle, HomeIndex, ThreadTableIndex};

/// The view that a host function has of the guest thread that calls it.
///
/// It is Wasmtime's own caller, so what is known of that one holds here: [`Caller::data`](wasmtime::Caller::data) gives
/// the [`Thread`].
pub type Caller<'a, T> = wasmtime::Caller<'a, Thread<T>>;

/// What the threads of an instance share.
pub(crate) type InstanceState<T> = instance_state::InstanceState<T, Thread<T>>;

/// What its instances have in common.
pub(crate) type Program<T> = program::Program<Thread<T>>;

/// A guest thread, as host functions see it.
pub struct Thread<T: 'static> {
    pub(crate) instance: Arc<InstanceState<T>>,
    /// Starts and resumes other threads of the instance.
    pub(crate) control: Box<dyn ThreadControl>,
    /// What the store is charged to the instance's budget.
    pub(crate) account: StoreAccount,
    /// What host functions are charged to the instance's budget.
    host_account: MemoryAccount,
    /// The thread whose code runs.
    pub(crate) id: ThreadId,
    /// The threads that wait for it in calls of other component instances, on the same fiber, outermost first.
    callers: Vec<ThreadId>,
    /// The calls in progress of component instances that have homes of their own, outermost first.
    pub(crate) exclusive: Vec<Box<dyn ExclusiveCall>>,
    /// The home that the store is, if it is one.
    pub(crate) home: Option<HomeIndex>,
    pub(crate) slice: SliceStart,
    /// Whether the component instance may be left.
    pub(crate) may_leave: MayLeave,
    /// What calls between component instances have borrowed.
    pub(crate) borrows: Borrows,
    /// The destructors of resource types, by the plan's index, as far as they were needed.
    pub(crate) destructors: Vec<Option<Destructor<Thread<T>>>>,
    /// The store's instance of the run-time module. None before it is instantiated, when no guest code runs.
    pub(crate) module: Option<wasmtime::Instance>,
    pub(crate) context: ContextSlots,
    /// The store's items that canonical options name, by the plan's index, as far as they were needed.
    pub(crate) options: Vec<Option<Arc<StoreOptions>>>,
    /// This store's copies of the tables that threads are started from, by their number in the instance.
    pub(crate) start_tables: Vec<Table>,
    /// Which functions of those tables were found fit to start a thread.
    pub(crate) fit_to_start: FxHashSet<StartFunction>,
    /// The handles of this store's functions, by address. Empty until one is asked for.
    pub(crate) handles: FxHashMap<usize, FunctionHandle>,
}

impl<T: 'static> Thread<T> {
    /// The data of a new store, for which `prepaid` bytes are charged already.
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
            exclusive: Vec::new(),
            home: None,
            slice: SliceStart::default(),
            may_leave: MayLeave::Here(true),
            borrows: Borrows::default(),
            destructors: Vec::new(),
            module: None,
            context: ContextSlots::default(),
            options: Vec::new(),
            start_tables: Vec::new(),
            fit_to_start: FxHashSet::default(),
            handles: FxHashMap::default(),
        }
    }

    /// The embedder's state, one for all threads of the program.
    pub fn host(&self) -> &T {
        &self.instance.host
    }

    /// The thread's index in the component instance's thread table: what `thread.index` gives.
    pub fn index(&self) -> u32 {
        self.id.index
    }

    /// Makes it another thread: the store serves that one from now on.
    pub(crate) fn become_thread(&mut self, id: ThreadId) {
        (self.id, self.callers) = (id, Vec::new());
    }

    /// Begins a call of a component instance with a thread table of its own: code runs as a new thread of that instance.
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

    /// The calls that wait for what the thread does next: those that poll it, and the exclusive calls that it has begun.
    pub(crate) fn calls(&self) -> CallChain {
        let innermost = self.exclusive.last();
        innermost.map_or_else(CallChain::current, |call| call.calls())
    }

    /// The number of the thread's instance, which tells the instances of a process apart in the log.
    pub fn instance_number(&self) -> u64 {
        self.instance.number
    }

    /// The memory that the component passes to the host modules that it imports.
    ///
    /// # Errors
    ///
    /// The component passes none.
    pub fn memory(&self) -> wasmtime::Result<GuestMemory<'_>> {
        host_memory(&self.instance)
    }

    /// Makes a handle that owns a resource of the type that `R` stands for: a result of a host function, or an argument of a call.
    ///
    /// # Errors
    ///
    /// The component imports no such resource type; or there is no memory for another handle.
    pub fn new_resource<R: 'static>(&self, rep: u32) -> wasmtime::Result<ResourceAny> {
        self.instance.resources.make::<R>(rep)
    }

    /// The representation of a resource of the type that `R` stands for.
    ///
    /// # Errors
    ///
    /// The resource is of another type or program, or the handle was passed on.
    pub fn resource_rep<R: 'static>(&self, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.instance.resources.rep::<R>(resource)
    }

    /// Takes a resource of the type that `R` stands for out of its handle, which must own it. The host disposes of it: the
    /// destructor is not called.
    ///
    /// # Errors
    ///
    /// The resource is borrowed, lent, or of another type or program, or the handle was passed on.
    pub fn take_resource<R: 'static>(&self, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.instance.resources.take::<R>(resource)
    }

    /// The memory that the program may use. A host function charges what it allocates for the guest.
    pub fn memory_account(&self) -> &MemoryAccount {
        &self.host_account
    }

    /// The view of it for a host function that blocks.
    pub(crate) fn for_blocking(&self) -> BlockingCaller<T> {
        BlockingCaller {
            instance: Arc::clone(&self.instance),
            index: self.index(),
            calls: CallChain::current(),
        }
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
/// It keeps the program's memory and the embedder's state alive, also when the program has ended.
pub struct BlockingCaller<T: 'static> {
    instance: Arc<InstanceState<T>>,
    index: u32,
    /// The calls that wait for the host function.
    pub(crate) calls: CallChain,
}

impl<T: 'static> BlockingCaller<T> {
    /// The embedder's state, one for all threads of the program.
    pub fn host(&self) -> &T {
        &self.instance.host
    }

    /// The thread's index in the component instance's thread table: what `thread.index` gives.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The memory that the component passes to the host modules that it imports.
    ///
    /// # Errors
    ///
    /// The component passes none.
    pub fn memory(&self) -> wasmtime::Result<GuestMemory<'_>> {
        host_memory(&self.instance)
    }
}

fn host_memory<T: 'static>(instance: &InstanceState<T>) -> wasmtime::Result<GuestMemory<'_>> {
    match instance.host_memory() {
        Some(memory) => Ok(GuestMemory::new(memory)),
        None => Err(wasmtime::Error::msg(
            "the component passes no memory to its host modules: pass one in the arguments of the module that uses it",
        )),
    }
}
