//! The data of a store of the cooperative runtime.
//!
//! The embedder's state is a `dyn Any` there, and host functions downcast it. So the stores of all embedders have one
//! type, and Wasmtime's WASI is compiled once, in this crate.

use super::handles::HandleTable;
use super::memory_use::MemoryUse;
use std::any::Any;
use std::sync::Arc;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use weft_parallel::StoreAccount;

/// The embedder's state.
pub(crate) type Host = Arc<dyn Any + Send + Sync>;

/// The embedder's state with its real type.
pub(crate) fn host_of<T: 'static>(host: &Host) -> &T {
    match host.downcast_ref() {
        Some(host) => host,
        None => unreachable!("a linker makes instances with states of its own type"),
    }
}

/// The data of a store. Host functions share the embedder's state.
pub(crate) struct State {
    pub(crate) host: Host,
    pub(crate) handles: Arc<HandleTable>,
    pub(crate) account: StoreAccount,
    wasi: WasiCtx,
    resources: ResourceTable,
    memory_use: Arc<MemoryUse>,
}

impl Drop for State {
    fn drop(&mut self) {
        self.memory_use.add(&self.account);
    }
}

impl State {
    pub(crate) fn new(
        host: Host,
        handles: Arc<HandleTable>,
        account: StoreAccount,
        wasi: WasiCtx,
        memory_use: &Arc<MemoryUse>,
    ) -> Self {
        State {
            host,
            handles,
            account,
            wasi,
            resources: ResourceTable::new(),
            memory_use: Arc::clone(memory_use),
        }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.resources,
        }
    }
}
