//! The data of a store of the cooperative runtime.
//!
//! The embedder's state is a `dyn Any` there, and host functions downcast it. So the stores of all embedders have one
//! type, and Wasmtime's WASI is compiled once, in this crate.

use super::handles::HandleTable;
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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
    /// Where the engine counts what an instance has used.
    memory_peak: Arc<AtomicU64>,
}

impl Drop for State {
    fn drop(&mut self) {
        self.memory_peak.fetch_max(self.account.peak(), Ordering::Relaxed);
    }
}

impl State {
    pub(crate) fn new(
        host: Host,
        handles: Arc<HandleTable>,
        account: StoreAccount,
        wasi: WasiCtx,
        memory_peak: &Arc<AtomicU64>,
    ) -> Self {
        State {
            host,
            handles,
            account,
            wasi,
            resources: ResourceTable::new(),
            memory_peak: Arc::clone(memory_peak),
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
