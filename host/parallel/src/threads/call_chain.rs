//! Which calls wait for which, to refuse a call that would wait for itself.
//!
//! An [`InstanceId`] identifies a [home](crate::lifecycle::exclusive), the store of component instances that have
//! unshared state. A call from one component instance to another is in the chain if it takes an exclusive lock.
//!
//! Problem: calls that use unshared state of one instance run one at a time. If a host function calls an export of the
//! instance that called it, it waits for the end of the outer call, which waits for the host function. The same happens
//! if calls of other instances come between the two, or if two instances call each other at the same time.
//!
//! So each call knows the calls that wait for it: those whose threads poll its future. While the thread of a call is
//! polled, a thread-local holds the chain, so all that it polls finds the chain, host functions included. A blocking
//! host function runs on another OS thread and takes the chain along. A thread that the guest has spawned is in no
//! call: a call of its instance may well end while the thread waits.
//!
//! If a call finds its instance in another call, it adds what it waits for to a global list, unless following the list
//! shows that it would wait for itself.
//!
//! Rejected: refusing a call whenever the instance is in a call (another thread's call will end).

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

thread_local! {
    static CURRENT: RefCell<CallChain> = const { RefCell::new(CallChain(None)) };
}

/// A call and the calls that wait for it, innermost first.
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
    /// The identity of a value that only this instance owns.
    pub(crate) fn of<T>(owned: &Arc<T>) -> Self {
        InstanceId(Arc::as_ptr(owned).addr())
    }
}

impl CallChain {
    /// The chain of the code that calls this.
    pub(crate) fn current() -> Self {
        CURRENT.with_borrow(Self::clone)
    }

    /// A call of `instance` for which the calls of `self` wait.
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

    /// Announces that the calls of `self` wait until `instance` is in no call. Call this before the wait, and keep the
    /// result until it is over. Returns `None` if the wait would never end.
    pub(crate) fn wait_for(&self, instance: InstanceId) -> Option<WaitGuard> {
        if self.0.is_none() {
            // Nothing waits for the caller in turn.
            return Some(WaitGuard(None));
        }
        let mut waits = waits();
        let mut reached = vec![instance];
        let mut next = 0;
        while let Some(instance) = reached.get(next).copied() {
            if self.contains(instance) {
                return None;
            }
            for wait in waits.iter().filter(|wait| wait.calls.contains(instance)) {
                if !reached.contains(&wait.instance) {
                    reached.push(wait.instance);
                }
            }
            next += 1;
        }
        let wait = Arc::new(PendingWait {
            calls: self.clone(),
            instance,
        });
        waits.push(Arc::clone(&wait));
        Some(WaitGuard(Some(wait)))
    }

    /// Makes this the current chain whenever `future` is polled.
    pub(crate) async fn during<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| self.enter(|| future.as_mut().poll(cx))).await
    }

    /// Makes this the current chain while `body` runs.
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

/// `calls` wait until `instance` is in no call.
struct PendingWait {
    calls: CallChain,
    instance: InstanceId,
}

static WAITS: Mutex<Vec<Arc<PendingWait>>> = Mutex::new(Vec::new());

fn waits() -> MutexGuard<'static, Vec<Arc<PendingWait>>> {
    WAITS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// See [`CallChain::wait_for`].
pub(crate) struct WaitGuard(Option<Arc<PendingWait>>);

impl Drop for WaitGuard {
    fn drop(&mut self) {
        if let Some(over) = &self.0 {
            waits().retain(|wait| !Arc::ptr_eq(wait, over));
        }
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
    fn who_would_wait_for_itself_does_not_wait() {
        let (a, b, c) = (Arc::new(()), Arc::new(()), Arc::new(()));
        let [a, b, c] = [&a, &b, &c].map(InstanceId::of);
        let [in_a, in_b, in_c] = [a, b, c].map(|instance| CallChain::default().call(instance));
        assert!(in_a.wait_for(a).is_none());
        let a_for_b = in_a.wait_for(b).expect("nothing waits for it");
        let b_for_c = in_b.wait_for(c).expect("it does not wait for any of these");
        assert!(in_c.wait_for(a).is_none() && in_c.wait_for(b).is_none());
        // Neither calls that wait for the same call nor calls that no call waits for are in the chain.
        assert!(in_a.wait_for(c).is_some() && CallChain::default().wait_for(a).is_some());
        drop(a_for_b);
        assert!(in_c.wait_for(a).is_some());
        drop(b_for_c);
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
