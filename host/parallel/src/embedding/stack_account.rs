//! The stacks of a store that weft did not make: one of Wasmtime's component runtime, where threads take turns.
//!
//! **Problem.** In Wasmtime's component runtime, one future runs all threads of a program, and returns only when all of
//! them wait. Until then, threads that hand over to each other can touch any number of stacks. **Here**, weft also
//! scans the stacks at two other points: when Wasmtime takes another stack, which can fail, and when it switches to a
//! fiber, because it then asks for the fiber's guard page.
//!
//! weft charges [`THREAD`] for each stack, and what is touched beyond that as [`stack_use`](crate::limits::stack_use)
//! describes. At the limit, Wasmtime gets no more stacks, and the future ends.
//!
//! **Rejected:** charging whole stacks. With the default of 8 MiB, a machine of 16 GiB would have room for a thousand threads.

use crate::error::{Error, Trap};
use crate::limits::budget::{Budget, THREAD};
use crate::limits::stack_use::{StackOverBudget, StackUse, StoreStacks};
use crate::limits::store_account::StoreAccount;
use crate::system::stack_owner::{Owned, StackOwner};
use pin_project_lite::pin_project;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

/// Counts the stacks of a Wasmtime store against the limit of its [`StoreAccount`](crate::StoreAccount).
///
/// This works if Wasmtime gets its stacks from weft ([`configure_stacks`](crate::configure_stacks)).
#[derive(Clone)]
pub struct StackAccount(Arc<FiberStacks>);

struct FiberStacks {
    budget: Arc<Budget>,
    program: Arc<StackUse>,
    stacks: Arc<StoreStacks>,
    exhausted: Arc<OnceLock<StackOverBudget>>,
}

impl StoreAccount {
    /// Also counts the stacks of the store while its code runs in [`StackAccount::during`].
    pub fn stacks(&self) -> StackAccount {
        StackAccount::new(self.budget())
    }
}

impl StackAccount {
    fn new(budget: &Arc<Budget>) -> Self {
        // The size of a stack does not matter here: the clock bounds what is touched between two scans.
        let program = StackUse::new(budget, usize::MAX);
        let exhausted = Arc::<OnceLock<_>>::default();
        let found = Arc::clone(&exhausted);
        program.when_exhausted(move |_, over| {
            // The first error says why the program ends.
            let _ = found.set(over);
        });
        StackAccount(Arc::new(FiberStacks {
            budget: Arc::clone(budget),
            stacks: StoreStacks::new(&program, 0),
            program,
            exhausted,
        }))
    }

    /// Runs a future with code of the store, and counts the store's stacks.
    ///
    /// # Errors
    ///
    /// The stacks take more memory than the limit allows. After that, do not call functions of the store any more.
    pub fn during<F: Future>(&self, call: F) -> impl Future<Output = Result<F::Output, Error>> {
        During {
            call: Owned::new(Arc::clone(&self.0) as Arc<dyn StackOwner>, call),
            exhausted: Arc::clone(&self.0.exhausted),
        }
    }
}

impl FiberStacks {
    fn is_exhausted(&self) -> bool {
        self.exhausted.get().is_some()
    }
}

impl StackOwner for FiberStacks {
    fn took(&self, stack: Range<usize>) -> bool {
        self.ran();
        if self.is_exhausted() {
            return false;
        }
        if let Err(over) = self.budget.take(THREAD) {
            let _ = self.exhausted.set(StackOverBudget::of_new_stack(over));
            return false;
        }
        self.stacks.took(stack)
    }

    fn switched(&self) {
        self.ran();
    }

    fn gave_back(&self, stack: &Range<usize>) -> usize {
        let touched = self.stacks.gave_back(stack);
        // A stack that was refused is not in the account.
        if touched > 0 {
            self.budget.give_back(THREAD);
        }
        touched
    }

    fn ran(&self) {
        self.program.ran();
    }
}

pin_project! {
    struct During<F> {
        #[pin]
        call: Owned<F>,
        exhausted: Arc<OnceLock<StackOverBudget>>,
    }
}

impl<F: Future> Future for During<F> {
    type Output = Result<F::Output, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let progress = this.call.poll(cx);
        match this.exhausted.get() {
            Some(over) => Poll::Ready(Err(Error::Trap(Trap::from(wasmtime::Error::new(*over))))),
            None => progress.map(Ok),
        }
    }
}
