//! The scheduler's sleep and wake protocol, the wait queues, the thread table, the exclusive locks and the handle tables under a model
//! checker.
//!
//! **Problem.** A lost wake-up makes a program hang once in a million runs. **Here**, the runtime's own source files
//! are compiled with the primitives of [shuttle], which runs all threads on one OS thread and chooses, at each access
//! of an atomic or a lock, which thread continues. If a worker sleeps while work is queued, no thread can run, and
//! shuttle reports a deadlock with the schedule that led to it. `tests/` has a test for each claim.
//!
//! The protocol uses sequentially consistent operations, and shuttle explores only those. So it cannot check weaker
//! orderings where the sources name one.
//!
//! Time is modelled: each reading of the clock advances it by a constant, and a sleep with a timeout may end
//! at any moment. The model trusts the queues of crossbeam-deque and the tasks of async-task: each of their operations
//! is one step.
//!
//! **Rejected:** loom (it does not model sequentially consistent accesses, on which the protocol relies); separate
//! models (they would still pass when the sources change).

#![expect(dead_code, reason = "the runtime uses more of its files than the models do")]

pub mod bursts;
pub mod handle_table;
pub mod instance_locks;
pub mod table;
pub mod waiting;

pub mod scheduler;
mod sync;

/// Of the runtime's `limits` the thread table needs a place's cost and the error. There is always room here.
mod limits {
    pub(crate) mod budget {
        pub(crate) struct Budget;

        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error("no room")]
        pub(crate) struct OverBudget;

        impl Budget {
            pub(crate) fn take_at_once(&self, _: u64) -> Result<(), OverBudget> {
                Ok(())
            }
        }
    }

    pub(crate) mod room {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error(transparent)]
        pub(crate) struct NoRoom(#[from] super::budget::OverBudget);
    }
}

mod threads;

#[path = "../../parallel/src/memory/waiter_counts.rs"]
mod waiter_counts;
#[path = "../../parallel/src/memory/waiters.rs"]
mod waiters;

/// The handle tables are of another crate, whose plain types they share.
#[path = "../../abi/src/handles"]
mod handles {
    pub(crate) use weft_abi::HandleError;

    mod free_indices;
    pub(crate) mod scope;
    pub(crate) mod table;
}
