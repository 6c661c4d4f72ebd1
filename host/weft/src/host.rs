//! What a host function sees of its caller, on either runtime.

use crate::cooperative::calls::Chain;
use crate::cooperative::state::{Host, State, host_of};
use std::sync::Arc;
use weft_abi::{ResourceAny, ResourceType};
use weft_parallel::guest::{AsContext, Context as GuestContext, Exports};

/// What a host function on component values gets of the guest thread that calls it.
pub struct ThreadContext<'a, T: Send + Sync + 'static>(Context<'a, T>);

enum Context<'a, T: Send + Sync + 'static> {
    Parallel(weft_parallel::ThreadContext<'a, T>),
    Cooperative(wasmtime::StoreContextMut<'a, State>),
}

/// A guest thread: see [`ThreadContext::data`].
pub struct Thread<'a, T: Send + Sync + 'static>(View<'a, T>);

enum View<'a, T: Send + Sync + 'static> {
    Parallel(weft_parallel::Thread<'a, T>),
    Cooperative(&'a State),
}

impl<'a, T: Send + Sync + 'static> ThreadContext<'a, T> {
    pub(crate) fn parallel(context: weft_parallel::ThreadContext<'a, T>) -> Self {
        ThreadContext(Context::Parallel(context))
    }

    pub(crate) fn cooperative(context: wasmtime::StoreContextMut<'a, State>) -> Self {
        ThreadContext(Context::Cooperative(context))
    }

    /// The guest thread.
    pub fn data(&self) -> Thread<'_, T> {
        Thread(match &self.0 {
            Context::Parallel(context) => View::Parallel(context.data()),
            Context::Cooperative(context) => View::Cooperative(context.data()),
        })
    }

    /// The embedder's state, one for all threads of the program.
    pub fn host(&self) -> &T {
        self.data().host()
    }
}

impl<T: Send + Sync + 'static> AsContext for ThreadContext<'_, T> {
    fn context(&mut self) -> GuestContext<'_> {
        match &mut self.0 {
            Context::Parallel(context) => context.context(),
            Context::Cooperative(_) => GuestContext::none(),
        }
    }
}

impl<T: Send + Sync + 'static> AsContext for &BlockingCaller<T> {
    fn context(&mut self) -> GuestContext<'_> {
        match &self.0 {
            Blocking::Parallel(caller) => GuestContext::of_caller(caller),
            Blocking::Cooperative { .. } => GuestContext::none(),
        }
    }
}

impl<T: Send + Sync + 'static> Clone for Thread<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Thread<'_, T> {}

impl<T: Send + Sync + 'static> Clone for View<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for View<'_, T> {}

impl<'a, T: Send + Sync + 'static> Thread<'a, T> {
    /// What the program's core module exports: functions, memories and tables, by name. None on the cooperative runtime, on which a
    /// component hides its core modules.
    pub fn core_exports(self) -> Option<Exports> {
        match self.0 {
            View::Parallel(thread) => Some(thread.core_exports()),
            View::Cooperative(_) => None,
        }
    }

    /// The embedder's state, one for all threads of the program.
    pub fn host(self) -> &'a T {
        match self.0 {
            View::Parallel(thread) => thread.host(),
            View::Cooperative(state) => host_of(&state.host),
        }
    }

    /// The thread's index in the component instance's thread table, which `thread.index` returns. `None` on the cooperative runtime, which
    /// does not report it.
    pub fn index(self) -> Option<u32> {
        match self.0 {
            View::Parallel(thread) => Some(thread.index()),
            View::Cooperative(_) => None,
        }
    }

    /// Creates a handle that owns a resource of the host's resource type for `R`, to return from a host function or to pass to a call.
    ///
    /// # Errors
    ///
    /// There is no such resource type; or there is no memory for another handle.
    pub fn new_resource<R: 'static>(self, rep: u32) -> wasmtime::Result<ResourceAny> {
        self.new_resource_of(ResourceType::host::<R>(), rep)
    }

    /// Creates a handle as [`Self::new_resource`] does, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::new_resource`].
    pub fn new_resource_of(self, ty: ResourceType, rep: u32) -> wasmtime::Result<ResourceAny> {
        match self.0 {
            View::Parallel(thread) => thread.new_resource_of(ty, rep),
            View::Cooperative(state) => Ok(state.handles.make(ty, rep)?),
        }
    }

    /// The representation of a resource of the host's resource type for `R`.
    ///
    /// # Errors
    ///
    /// The resource has another type or belongs to another program, or the handle was passed on.
    pub fn resource_rep<R: 'static>(self, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.resource_rep_of(ResourceType::host::<R>(), resource)
    }

    /// The representation of a resource, as [`Self::resource_rep`] returns it, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::resource_rep`].
    pub fn resource_rep_of(self, ty: ResourceType, resource: ResourceAny) -> wasmtime::Result<u32> {
        match self.0 {
            View::Parallel(thread) => thread.resource_rep_of(ty, resource),
            View::Cooperative(state) => Ok(state.handles.rep(resource, ty)?),
        }
    }

    /// Takes a resource of the host's resource type for `R` out of its handle, which must own it, and returns its representation. weft does
    /// not call the destructor.
    ///
    /// # Errors
    ///
    /// The resource is borrowed or lent, has another type, or belongs to another program; or the handle was passed on.
    pub fn take_resource<R: 'static>(self, resource: ResourceAny) -> wasmtime::Result<u32> {
        self.take_resource_of(ResourceType::host::<R>(), resource)
    }

    /// Takes a resource out of its handle as [`Self::take_resource`] does, of any resource type of the host.
    ///
    /// # Errors
    ///
    /// Those of [`Self::take_resource`].
    pub fn take_resource_of(self, ty: ResourceType, resource: ResourceAny) -> wasmtime::Result<u32> {
        match self.0 {
            View::Parallel(thread) => thread.take_resource_of(ty, resource),
            View::Cooperative(state) => Ok(state.handles.take(resource, ty)?),
        }
    }
}

/// What a blocking host function gets of the guest thread that calls it. It keeps the embedder's state alive, even after the program has
/// ended.
pub struct BlockingCaller<T: 'static>(Blocking<T>);

enum Blocking<T: 'static> {
    Parallel(weft_parallel::BlockingCaller<T>),
    Cooperative { host: Host, calls: Chain },
}

impl<T: 'static> BlockingCaller<T> {
    pub(crate) fn parallel(caller: weft_parallel::BlockingCaller<T>) -> Self {
        BlockingCaller(Blocking::Parallel(caller))
    }

    pub(crate) fn cooperative(state: &State) -> Self {
        BlockingCaller(Blocking::Cooperative {
            host: Arc::clone(&state.host),
            calls: Chain::current(),
        })
    }

    /// What the program's core module exports: functions, memories and tables, by name. None on the cooperative runtime, on which a
    /// component hides its core modules.
    pub fn core_exports(&self) -> Option<Exports> {
        match &self.0 {
            Blocking::Parallel(caller) => Some(caller.core_exports()),
            Blocking::Cooperative { .. } => None,
        }
    }

    /// Runs a host function that blocks, on its thread.
    pub(crate) fn run<R>(self, call: impl FnOnce(Self) -> R) -> R {
        let calls = match &self.0 {
            // The parallel runtime has done it.
            Blocking::Parallel(_) => return call(self),
            Blocking::Cooperative { calls, .. } => calls.clone(),
        };
        calls.blocking(|| call(self))
    }

    /// The embedder's state, one for all threads of the program.
    pub fn host(&self) -> &T {
        match &self.0 {
            Blocking::Parallel(caller) => caller.host(),
            Blocking::Cooperative { host, .. } => host_of(host),
        }
    }

    /// The thread's index in the component instance's thread table. `None` on the cooperative runtime, which does not report it.
    pub fn index(&self) -> Option<u32> {
        match &self.0 {
            Blocking::Parallel(caller) => Some(caller.index()),
            Blocking::Cooperative { .. } => None,
        }
    }
}
