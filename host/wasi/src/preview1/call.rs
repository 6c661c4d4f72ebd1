//! What the body of a function gets: the context, and the memory of the guest that calls.

use super::buffers::Buffers;
use crate::base::ctx::WasiCtx;
use crate::base::errno::{Errno, Result};
use crate::base::rights::Rights;
use crate::base::table::Open;
use std::sync::Arc;
use weft_parallel::{GuestMemory, MemoryAccount, MemoryCharge, Thread};

/// The longest path that a program may name, in bytes: Linux's `PATH_MAX`.
const MAX_PATH: u32 = 4096;

/// How many bytes a call may take of the host without a charge: what a thread is charged covers them.
const UNCHARGED: usize = 4096;

/// One call of a WASI function.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) ctx: &'a WasiCtx,
    pub(crate) memory: GuestMemory<'a>,
    pub(crate) account: &'a MemoryAccount,
}

impl<'a> Call<'a> {
    pub(crate) fn new(thread: Thread<'a, WasiCtx>) -> wasmtime::Result<Self> {
        Ok(Call {
            ctx: thread.host(),
            memory: thread.memory()?,
            account: thread.memory_account(),
        })
    }

    /// Finds a place for an answer bad before the call has an effect.
    pub(crate) fn check_answer(&self, address: u32, length: u32) -> Result<()> {
        Ok(self.memory.check(address.into(), length.into())?)
    }

    /// The descriptor that `fd` names now, for an operation that needs these rights.
    pub(crate) fn descriptor(&self, fd: u32, needed: Rights) -> Result<Arc<Open>> {
        self.ctx.table.get_for(fd, needed)
    }

    /// Copies an array of `iovec` or `ciovec` out of guest memory.
    pub(crate) fn buffers(&self, address: u32, count: u32) -> Result<Buffers<'a>> {
        let mut buffers = Buffers::copy_in(self.memory, address, count, self.ctx.limits.transfer)?;
        buffers.charge = self.charge(buffers.total())?;
        Ok(buffers)
    }

    /// Charges what the host allocates for the call to the program's memory.
    pub(crate) fn charge(&self, bytes: usize) -> Result<Option<MemoryCharge>> {
        match bytes > UNCHARGED {
            true => self.account.charge(bytes as u64).map(Some).ok_or(Errno::NoMem),
            false => Ok(None),
        }
    }

    /// Copies a path out of guest memory. Preview 1's strings are UTF-8.
    pub(crate) fn path(&self, address: u32, length: u32) -> Result<String> {
        if length > MAX_PATH {
            return Err(Errno::NameTooLong);
        }
        let mut bytes = vec![0; length as usize];
        self.memory.read(address.into(), &mut bytes)?;
        if bytes.is_empty() {
            return Err(Errno::NoEnt);
        }
        if bytes.contains(&0) {
            return Err(Errno::Inval);
        }
        String::from_utf8(bytes).map_err(|_| Errno::IlSeq)
    }
}
