//! The views that host functions have of the guest thread that calls them.

use super::guest::{AsContext, Context, Exports};
use super::state::{HostState, Place};
use crate::limits::host_memory::MemoryAccount;
use crate::memory::guest_memory::GuestMemory;
use crate::state::host_memory::called_import;
use crate::state::thread::{self, Thread as ThreadData};
use wasmtime::{AsContextMut, StoreContextMut};
use weft_abi::{ResourceAny, ResourceType};
use weft_lower::plan::ImportIndex;

/// The data of a guest thread's store.
pub(crate) type StoreData = ThreadData<HostState>;

/// A guest thread, as host functions see it.
pub struct Thread<'a, T: 'static> {
    data: &'a StoreData,
    place: Place<T>,
    /// The import of a host module through which the host function was called, if the component passes several memories.
    called: Option<ImportIndex>,
}

impl<T: 'static> Clone for Thread<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Thread<'_, T> {}

impl<'a, T: 'static> Thread<'a, T> {
    /// What the program's core module exports: functions, memories and tables, by name.
    pub fn core_exports(&self) -> Exports {
        Exports::new(&self.data.instance.component)
    }

    /// The embedder's state, one for all threads of the program.
    #[inline]
    pub fn host(&self) -> &'a T {
        self.place.find(self.data.host())
    }

    /// The thread's index in the component instance's thread table: what `thread.index` gives.
    pub fn index(&self) -> u32 {
        self.data.index()
    }

    /// The number of the thread's instance in this process. The log shows it.
    pub fn instance_number(&self) -> u64 {
        self.data.instance_number()
    }

    /// The memory that the component passes to the host module whose function runs. If the component passes the same memory to all
    /// host modules that it imports, all host functions get that memory, including those on component values.
    ///
    /// # Errors
    ///
    /// The component passes none; or it passes several to its host modules, and the function that runs is on component values.
    pub fn memory(&self) -> wasmtime::Result<GuestMemory<'a>> {
        self.data.memory(self.called)
    }

    /// Creates a handle that owns a resource of the host's resource type for `R`, to return from a host function or to pass to a call.
    ///
    /// # Errors
    ///
    /// The component imports no such resource type; or there is no memory for another handle.
    pub fn new_resource<R: 'static>(&self, rep: u32) -> wasmtime::Result<ResourceAny> {
        self.new_resource_of(ResourceType::host::<R>(), rep)
    }

    /// Creates a handle as [`Self::new_resource`] does, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::new_resource`].
    pub fn new_resource_of(&self, ty: ResourceType, rep: u32) -> wasmtime::Result<ResourceAny> {
        self.data.new_resource(ty, rep)
    }

    /// The representation of a resource of the host's resource type for `R`.
    ///
    /// # Errors
    ///
    /// The resource has another type or belongs to another program, or the handle was passed on.
    pub fn resource_rep<R: 'static>(&self, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.resource_rep_of(ResourceType::host::<R>(), resource)
    }

    /// The representation of a resource, as [`Self::resource_rep`] returns it, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::resource_rep`].
    pub fn resource_rep_of(&self, ty: ResourceType, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.data.resource_rep(ty, resource)
    }

    /// Takes a resource of the host's resource type for `R` out of its handle, which must own it, and returns its representation. weft does
    /// not call the destructor.
    ///
    /// # Errors
    ///
    /// The resource is borrowed or lent, has another type, or belongs to another program; or the handle was passed on.
    pub fn take_resource<R: 'static>(&self, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.take_resource_of(ResourceType::host::<R>(), resource)
    }

    /// Takes a resource out of its handle as [`Self::take_resource`] does, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::take_resource`].
    pub fn take_resource_of(&self, ty: ResourceType, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.data.take_resource(ty, resource)
    }

    /// Names the thread. Errors of traps ([`Trap::thread_name`](crate::Trap::thread_name)) and the log show the name, cut after 64 bytes. A call
    /// of an export begins without one.
    pub fn set_name(&self, name: &str) {
        self.data.set_name(name);
    }

    /// The account of the memory that the program can use. A host function can charge what it allocates for the guest.
    pub fn memory_account(&self) -> &'a MemoryAccount {
        self.data.memory_account()
    }
}

/// What a host function of a core module gets of the guest thread that calls it: see [`HostModule`](crate::HostModule).
pub struct Caller<'a, T: 'static> {
    caller: wasmtime::Caller<'a, StoreData>,
    place: Place<T>,
    called: Option<ImportIndex>,
}

impl<'a, T: 'static> Caller<'a, T> {
    #[inline]
    pub(super) fn new(mut caller: wasmtime::Caller<'a, StoreData>, place: Place<T>) -> Self {
        let called = called_import(&mut caller);
        Caller { caller, place, called }
    }

    /// The thread.
    #[inline]
    pub fn data(&self) -> Thread<'_, T> {
        Thread {
            data: self.caller.data(),
            place: self.place,
            called: self.called,
        }
    }
}

impl<T: Send + Sync + 'static> AsContext for Caller<'_, T> {
    fn context(&mut self) -> Context<'_> {
        Context::of_thread(self.caller.as_context_mut())
    }
}

impl<T: Send + Sync + 'static> AsContext for ThreadContext<'_, T> {
    fn context(&mut self) -> Context<'_> {
        Context::of_thread(self.store.as_context_mut())
    }
}

impl<T: Send + Sync + 'static> AsContext for &BlockingCaller<T> {
    fn context(&mut self) -> Context<'_> {
        self.guest_context()
    }
}

/// What a host function on component values gets of the guest thread that calls it: see [`LinkerInstance`](crate::LinkerInstance).
pub struct ThreadContext<'a, T: 'static> {
    store: StoreContextMut<'a, StoreData>,
    place: Place<T>,
}

impl<'a, T: 'static> ThreadContext<'a, T> {
    #[inline]
    pub(super) fn new(store: StoreContextMut<'a, StoreData>, place: Place<T>) -> Self {
        ThreadContext { store, place }
    }

    /// The thread.
    #[inline]
    pub fn data(&self) -> Thread<'_, T> {
        Thread {
            data: self.store.data(),
            place: self.place,
            called: None,
        }
    }
}

/// What a [blocking host function](crate::HostModule::func_wrap_blocking) gets of the guest thread that calls it.
///
/// It keeps the program's memory and the embedder's state alive, even after the program has ended.
pub struct BlockingCaller<T: 'static> {
    caller: thread::BlockingCaller<HostState>,
    place: Place<T>,
}

impl<T: 'static> BlockingCaller<T> {
    pub(super) fn new(caller: thread::BlockingCaller<HostState>, place: Place<T>) -> Self {
        BlockingCaller { caller, place }
    }

    pub(super) fn guest_context(&self) -> Context<'_> {
        Context::of_blocking(&self.caller)
    }

    /// The embedder's state, one for all threads of the program.
    pub fn host(&self) -> &T {
        self.place.find(self.caller.host())
    }

    /// What the program's core module exports: functions, memories and tables, by name.
    pub fn core_exports(&self) -> Exports {
        Exports::new(&self.caller.state().component)
    }

    /// The thread's index in the component instance's thread table: what `thread.index` gives.
    pub fn index(&self) -> u32 {
        self.caller.index()
    }

    /// The memory that the component passes to the host module, as [`Thread::memory`] gives it.
    ///
    /// # Errors
    ///
    /// Those of [`Thread::memory`].
    pub fn memory(&self) -> wasmtime::Result<GuestMemory<'_>> {
        self.caller.memory()
    }
}
