//! Who owns a stack that Wasmtime takes.
//!
//! **Problem.** Wasmtime asks for a stack without saying for which store, but weft must charge a stack's memory to the
//! program that uses it. **Here**, code of a store runs in an [`Owned`] future. If Wasmtime takes a stack while that
//! future is polled, the stack belongs to the future's owner until Wasmtime drops it.
//!
//! **Rejected:** looking up the current stack by address in each host function (the deepest use may be between two host
//! calls).

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

/// A user of stacks.
pub(crate) trait StackOwner: Send + Sync {
    /// The owner owns the stack from now on. Returns false if its limit does not allow that.
    fn took(&self, stack: Range<usize>) -> bool;

    /// Wasmtime switches to a fiber on one of the owner's stacks.
    fn switched(&self);

    /// The owner no longer owns the stack. Returns how many bytes from its top on are known to have been touched.
    fn gave_back(&self, stack: &Range<usize>) -> usize;

    /// The owner's code has run on its stacks.
    fn ran(&self);
}

/// The owner of the stacks that Wasmtime takes now.
pub(crate) fn current() -> Option<Arc<dyn StackOwner>> {
    // An OS thread that is ending runs no guest.
    OWNER.try_with(|owner| owner.borrow().clone()).ok().flatten()
}

pin_project! {
    /// See the module.
    pub(crate) struct Owned<F> {
        #[pin]
        call: F,
        // The owner. While the call is polled, this is the previous owner instead.
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

/// While this lives, the owner is the current one. A guard, so that it also ends when the call panics.
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
