//! A call to a component instance that has its own home, as the caller sees it.
//!
//! The caller's store holds this value from the call's beginning to its end. The concrete type names the type of a
//! store's data, so a store can hold it only as a trait object, like
//! [`ThreadControl`](super::thread_control::ThreadControl).

use crate::state::context::SavedContext;
use crate::threads::call_chain::CallChain;
use std::future::Future;
use wasmtime::Val;
use weft_lower::plan::HomeIndex;

/// See the module. The value is dropped without [`end`](Self::end) only if the program has ended.
pub(crate) trait ExclusiveCall: Send + Sync {
    /// Where the call runs.
    fn home(&self) -> HomeIndex;

    /// This call and the calls that wait for it.
    fn calls(&self) -> CallChain;

    /// Calls a function of the run-time module in the home. The caller's context slots are copied there and back, and
    /// the flag whether the instance may be left is copied there.
    fn call<'a>(
        &'a mut self,
        export: &'a str,
        context: SavedContext,
        may_leave: bool,
        arguments: &'a [Val],
        results: &'a mut [Val],
    ) -> Box<dyn Future<Output = wasmtime::Result<SavedContext>> + Send + 'a>;

    /// Ends the call, so that the next one can begin.
    fn end(self: Box<Self>);
}
