//! The stacks of a store that is not weft's own: those of Wasmtime's component runtime, where threads take turns.
//!
//! **Problem.** There, one future runs all threads of a program, and returns only when all of them wait. Until then, threads that hand over to
//! each other can touch any number of stacks. **Here**, weft looks at the stacks also where the engine takes another one, which can fail, and
//! where it switches to a fiber: it asks for the fiber's guard page then.
//!
//! Each stack is charged [`THREAD`], and what is touched beyond that as [`stack_use`](crate::limits::stack_use) says. When the limit is met,
//! the engine gets no stack any more, and the future ends.
//!
//! **Rejected:** charging whole stacks. With the default of 8 MiB, a machine of 16 GiB would have room for a thousand threads.

use crate::error::{Error, Trap};
use crate::limits::budget::{Budget, StoreAccount, THREAD};
use crate::limits::stack_use::{StackOverBudget, StackUse, StoreStacks};
use crate::system::stack_owner::{Owned, StackOwner};
use pin_project_lite::pin_project;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

/// Counts the stacks of one of the engine's stores against the limit of its [`StoreAccount`](crate::StoreAccount).
///
/// weft counts stacks if the engine takes them from weft ([`configure_stacks`](crate::configure_stacks)).
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
        // Whatever the size of a stack is: the clock bounds what is touched between two looks.
        let program = StackUse::new(budget, usize::MAX);
        let exhausted = Arc::<OnceLock<_>>::default();
        let found = Arc::clone(&exhausted);
        program.when_exhausted(move |_, over| {
            // The first one says why the program ends.
            let _ = found.set(over);
        });
        StackAccount(Arc::new(FiberStacks {
            budget: Arc::clone(budget),
            stacks: StoreStacks::new(&program, 0),
            program,
            exhausted,
        }))
    }

    /// Runs code of the store, and counts its stacks.
    ///
    /// # Errors
    ///
    /// The stacks take more memory than the limit allows. After that, no function of the store can be called any more.
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
        // Nothing is known of one that was refused.
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
