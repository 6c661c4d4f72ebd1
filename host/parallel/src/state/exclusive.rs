//! A call of a component instance that has a home of its own, as its caller sees it.
//!
//! The store of the caller holds it from the call's beginning to its end. The type of the home's stores names the type of a store's
//! data, so this is an interface, as [`ThreadControl`](super::thread_control::ThreadControl) is.

use crate::state::context::SavedContext;
use crate::threads::call_chain::CallChain;
use std::future::Future;
use wasmtime::Val;
use weft_lower::plan::HomeIndex;

/// See the module. If it is dropped before its end, the program has ended.
pub(crate) trait ExclusiveCall: Send + Sync {
    /// Where the call runs.
    fn home(&self) -> HomeIndex;

    /// The call with those that wait for it.
    fn calls(&self) -> CallChain;

    /// Calls a function that the run-time module exports, there. The context slots of the caller go along, and what they are
    /// afterwards comes back; the flag that says whether the instance may be left goes along.
    fn call<'a>(
        &'a mut self,
        export: &'a str,
        context: SavedContext,
        may_leave: bool,
        arguments: &'a [Val],
        results: &'a mut [Val],
    ) -> Box<dyn Future<Output = wasmtime::Result<SavedContext>> + Send + 'a>;

    /// Ends the call: the next one can begin.
    fn end(self: Box<Self>);
}
