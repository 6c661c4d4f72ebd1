//! What a store of the cooperative runtime has.

use super::handles::HandleTable;
use std::sync::Arc;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use weft_parallel::StoreAccount;

/// The data of a store. Host functions share the embedder's state.
pub(crate) struct State<T> {
    pub(crate) host: Arc<T>,
    pub(crate) handles: Arc<HandleTable>,
    pub(crate) account: StoreAccount,
    wasi: WasiCtx,
    resources: ResourceTable,
}

impl<T> State<T> {
    pub(crate) fn new(host: Arc<T>, handles: Arc<HandleTable>, account: StoreAccount, wasi: WasiCtx) -> Self {
        State {
            host,
            handles,
            account,
            wasi,
            resources: ResourceTable::new(),
        }
    }
}

impl<T: Send + Sync> WasiView for State<T> {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.resources,
        }
    }
}
