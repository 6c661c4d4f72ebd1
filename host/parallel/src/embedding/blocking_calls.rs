//! Host functions that block: they run on an OS thread for such calls, while the guest thread waits, and does what they ask of its store.

use crate::state::slice::begin_time_slice;
use crate::state::thread::{BlockingCaller, Thread};
use crate::system::blocking::unblock;
use futures_lite::future::or;
use std::pin::pin;
use wasmtime::{AsContextMut, StoreContextMut};
use weft_lower::plan::ImportIndex;

/// What happens first.
enum Event<R, Q> {
    Returned(R),
    Asked(Q),
}

/// Calls a host function that blocks, for the guest thread of this store, which called it through an import of a host module or, if there is
/// none, on component values.
pub(super) async fn call<T: Send + Sync + 'static, R: Send + 'static>(
    mut store: StoreContextMut<'_, Thread<T>>,
    called: Option<ImportIndex>,
    function: impl FnOnce(BlockingCaller<T>) -> R + Send + 'static,
) -> R {
    let (caller, requests) = store.data().for_blocking(called);
    let calls = caller.calls.clone();
    let mut call = pin!(unblock(move || calls.enter(|| function(caller))));
    let result = loop {
        let returned = async { Event::Returned(call.as_mut().await) };
        let asked = async { Event::Asked(requests.recv().await) };
        match or(returned, asked).await {
            Event::Returned(result) => break result,
            Event::Asked(Ok(request)) => request(store.as_context_mut()).await,
            // It has dropped the caller, and can ask for nothing more.
            Event::Asked(Err(_)) => break call.as_mut().await,
        }
    };
    begin_time_slice(&mut store);
    result
}
