//! One call of a WASI 0.2 function, and the resources that it receives and returns.

use crate::base::ctx::WasiCtx;
use crate::base::errno::{Errno, Result};
use std::sync::Arc;
use weft_parallel::{MemoryAccount, MemoryCharge, Resource, Thread};

/// How many bytes a call may allocate in the host without a charge. The charge for the thread covers them.
const UNCHARGED: usize = 4096;

/// The charge for a resource beside its own size: its table entries, and the host's objects for it.
const RESOURCE: usize = 128;

/// One call of a WASI function.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) ctx: &'a WasiCtx,
    pub(crate) account: &'a MemoryAccount,
}

impl<'a> Call<'a> {
    pub(crate) fn new(thread: Thread<'a, WasiCtx>) -> Self {
        Call {
            ctx: thread.host(),
            account: thread.memory_account(),
        }
    }

    /// The resource that a handle refers to.
    ///
    /// # Errors
    ///
    /// It refers to nothing any more, because another thread dropped it after this call began.
    pub(crate) fn get<R: Send + Sync + 'static>(&self, resource: &Resource<R>) -> wasmtime::Result<Arc<R>> {
        let found = self.ctx.resources.get(resource.rep());
        found.ok_or_else(|| wasmtime::Error::msg("another thread dropped the resource during the call"))
    }

    /// Makes a resource.
    ///
    /// # Errors
    ///
    /// The program's memory has no room for it.
    pub(crate) fn push<R: Send + Sync + 'static>(&self, object: R) -> wasmtime::Result<Resource<R>> {
        self.push_shared(Arc::new(object))
    }

    /// Makes a resource of an object that has other users.
    pub(crate) fn push_shared<R: Send + Sync + 'static>(&self, object: Arc<R>) -> wasmtime::Result<Resource<R>> {
        let charge = self.account.charge((RESOURCE + size_of::<R>()) as u64);
        let charge = charge
            .ok_or_else(|| wasmtime::Error::msg("the program's memory limit has no room for another WASI resource"))?;
        let rep = self.ctx.resources.insert(object, charge);
        let rep = rep.ok_or_else(|| wasmtime::Error::msg("no index is left for another WASI resource"))?;
        Ok(Resource::new_own(rep))
    }

    /// Charges the host's allocations for the call to the program's memory.
    pub(crate) fn charge(&self, bytes: usize) -> Result<Option<MemoryCharge>> {
        match bytes > UNCHARGED {
            true => self.account.charge(bytes as u64).map(Some).ok_or(Errno::NoMem),
            false => Ok(None),
        }
    }
}
