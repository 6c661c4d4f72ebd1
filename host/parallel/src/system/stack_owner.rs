//! Whose the stack is that the engine takes.
//!
//! **Problem.** The engine asks for a stack without saying for which store, and what a stack takes is to be charged to the program that
//! uses it. **Here**, code of a store runs in an [`Owned`] future. A stack that the engine takes while that is polled is its owner's,
//! until the engine drops the stack.
//!
//! **Rejected:** asking which stack an address is on, in each host function (the deepest use may be between two of them).

use pin_project_lite::pin_project;
use std::cell::RefCell;
use std::future::Future;
use std::mem;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

thread_local! {
    static OWNER: RefCell<Option<Arc<dyn StackOwner>>> = const { RefCell::new(None) };
}

/// What uses stacks.
pub(crate) trait StackOwner: Send + Sync {
    /// The stack is its own from now on. False if its limit does not allow that.
    fn took(&self, stack: Range<usize>) -> bool;

    /// The engine switches to a fiber on one of its stacks.
    fn switched(&self);

    /// The stack is no longer its own. Gives how many bytes from its top on are known to have been touched.
    fn gave_back(&self, stack: &Range<usize>) -> usize;

    /// Its code has run on its stacks.
    fn ran(&self);
}

/// Whose stacks those are that the engine takes now.
pub(crate) fn current() -> Option<Arc<dyn StackOwner>> {
    // An OS thread that is ending runs no guest.
    OWNER.try_with(|owner| owner.borrow().clone()).ok().flatten()
}

pin_project! {
    /// See the module.
    pub(crate) struct Owned<F> {
        #[pin]
        call: F,
        // While the call is polled, what was the owner before.
        owner: Option<Arc<dyn StackOwner>>,
    }
}

impl<F> Owned<F> {
    pub(crate) fn new(owner: Arc<dyn StackOwner>, call: F) -> Self {
        Owned {
            call,
            owner: Some(owner),
        }
    }
}

impl<F: Future> Future for Owned<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let turn = Turn::begin(this.owner);
        let progress = this.call.poll(cx);
        drop(turn);
        if let Some(owner) = this.owner {
            owner.ran();
        }
        progress
    }
}

/// While it lives, the owner is the current one. It ends also when the call panics.
struct Turn<'a>(&'a mut Option<Arc<dyn StackOwner>>);

impl<'a> Turn<'a> {
    fn begin(owner: &'a mut Option<Arc<dyn StackOwner>>) -> Self {
        swap(owner);
        Turn(owner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        swap(self.0);
    }
}

fn swap(owner: &mut Option<Arc<dyn StackOwner>>) {
    // An OS thread that is ending runs no guest.
    let _ = OWNER.try_with(|current| mem::swap(&mut *current.borrow_mut(), owner));
}
