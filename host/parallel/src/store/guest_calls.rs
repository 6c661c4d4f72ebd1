//! Calls into a store's guest. weft can interrupt each call, and counts the stack that it uses.

use crate::limits::stack_use::StoreStacks;
use crate::store::interruption::StoreInterruption;
use std::future::Future;
use std::sync::Arc;

/// See the module. Clones belong to the same store.
#[derive(Clone)]
pub(crate) struct GuestCalls {
    interruption: StoreInterruption,
    stacks: Arc<StoreStacks>,
}

impl GuestCalls {
    pub(crate) fn new(interruption: StoreInterruption, stacks: Arc<StoreStacks>) -> Self {
        GuestCalls { interruption, stacks }
    }

    /// The store serves this thread from now on.
    pub(crate) fn serve(&self, thread: u32) {
        self.stacks.serve(thread);
    }

    /// Runs a future that uses the store and calls the guest.
    pub(crate) async fn during<F: Future>(&self, call: F) -> F::Output {
        self.stacks.during(self.interruption.during(call)).await
    }
}
