//! Which calls wait for which, so that a call that waits for itself is an error.
//!
//! Problem: calls of one instance do not overlap. A host function that calls an export of the instance whose call it runs
//! in waits until that call is over, which waits for the host function; and so it is if there is a call of another instance,
//! or several, between the two.
//!
//! So each call knows the calls that wait for it. Those are the ones whose threads, when they are polled, poll its future. The
//! thread of a call makes the call known to what it polls, host functions included, by a thread-local; a blocking host
//! function, which runs on another OS thread, takes it along. A thread that the guest has spawned is in no call: that of
//! its instance may well end while it waits.
//!
//! Rejected: asking whether the instance is in a call at all (another thread's call will end); looking for cycles of
//! waiting when a lock is taken (what a spawned thread waits for is not known, so it would find no more).

use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    static CURRENT: RefCell<CallChain> = const { RefCell::new(CallChain(None)) };
}

/// A call with those that wait for it, innermost first.
#[derive(Clone, Default)]
pub(crate) struct CallChain(Option<Arc<Call>>);

struct Call {
    instance: InstanceId,
    caller: CallChain,
}

/// Tells one instance from all others that live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InstanceId(usize);

impl InstanceId {
    /// The identity of what the instance owns alone.
    pub(crate) fn of<T>(owned: &Arc<T>) -> Self {
        InstanceId(Arc::as_ptr(owned).addr())
    }
}

impl CallChain {
    /// What is being called where this is called.
    pub(crate) fn current() -> Self {
        CURRENT.with_borrow(Self::clone)
    }

    /// A call of this instance for which these wait.
    pub(crate) fn call(self, instance: InstanceId) -> Self {
        let caller = self;
        CallChain(Some(Arc::new(Call { instance, caller })))
    }

    /// Whether one of the calls is of this instance.
    pub(crate) fn contains(&self, instance: InstanceId) -> bool {
        let mut chain = self;
        while let Some(call) = &chain.0 {
            if call.instance == instance {
                return true;
            }
            chain = &call.caller;
        }
        false
    }

    /// Makes it the current one for as long as `body` runs.
    pub(crate) fn enter<R>(&self, body: impl FnOnce() -> R) -> R {
        struct Restore(CallChain);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.set(std::mem::take(&mut self.0));
            }
        }
        let _restore = Restore(CURRENT.replace(self.clone()));
        body()
    }
}

#[cfg(test)]
mod tests {
    use super::{CallChain, InstanceId};
    use std::sync::Arc;

    #[test]
    fn a_chain_contains_all_calls_that_wait() {
        let (a, b, c) = (Arc::new(()), Arc::new(()), Arc::new(()));
        let [a, b, c] = [&a, &b, &c].map(InstanceId::of);
        let chain = CallChain::default().call(a).call(b);
        assert_eq!([a, b, c].map(|instance| chain.contains(instance)), [true, true, false]);
    }

    #[test]
    fn the_chain_outside_is_current_again_behind_the_one_inside() {
        let (a, b) = (Arc::new(()), Arc::new(()));
        let [a, b] = [&a, &b].map(InstanceId::of);
        CallChain::default().call(a).enter(|| {
            let inside = CallChain::default().enter(|| CallChain::current().contains(a));
            assert!(!inside);
            let outside = CallChain::current();
            assert_eq!((outside.contains(a), outside.contains(b)), (true, false));
        });
        assert!(!CallChain::current().contains(a));
    }
}
