//! What a command does after its `run` has returned: waits for its tasks, and notices if they are stuck.
//!
//! **Problem.** Wasmtime reports a deadlock only while it waits for the result of a call. After `run` has returned, the
//! event loop has no result to wait for. If then all threads are suspended and no host function can wake one, the event
//! loop waits forever.
//!
//! **Here**, we count how often the event loop polls the future that we run in it. If one poll of the event loop does
//! nothing else, there are three cases:
//!
//! | the event loop | polls our future |
//! |---|---|
//! | is in a host function that a guest called | not at all |
//! | waits for a host function that works in the background | once |
//! | has nothing that it could wait for | twice, the second time in case its own work has woken our future |
//!
//! So whenever the event loop waits, we poll it again, and look at the count.
//!
//! **Rejected:** a call of a function that never returns, during which Wasmtime looks for deadlocks (the call counts as
//! one of the tasks that we wait for, and needs a component of ours in the program's store).

use crate::Error;
use crate::call::call_error;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use wasmtime::{Store, Trap};

/// How often the event loop polls our future if it has nothing to wait for.
const POLLS_WHEN_STUCK: u32 = 2;

/// How many polls in a row must show that the event loop is stuck. One is not enough: another OS thread may have made a
/// future ready and not yet have called its waker. Then that poll did some work, and its count says nothing.
const CONFIRMATIONS: u32 = 3;

/// Waits until all implicit threads of the store have ended. An async function may continue after it has returned its
/// result.
pub(crate) async fn finish<T: Send>(store: &mut Store<T>) -> Result<(), Error> {
    let polls = AtomicU32::new(0);
    let finished = store.run_concurrent(async |accessor| {
        let ended = poll_fn(|context| {
            polls.fetch_add(1, Ordering::Relaxed);
            accessor.poll_no_interesting_tasks(context)
        });
        ended.await;
    });
    let mut finished = pin!(finished);
    let outcome = poll_fn(|context| {
        let (poll, mut woken) = poll_noticing(finished.as_mut(), context);
        if poll.is_ready() {
            return poll;
        }
        // That poll may have done work. The next ones do nothing, unless something has become ready in the meantime.
        for _ in 0..CONFIRMATIONS {
            if woken {
                return Poll::Pending;
            }
            polls.store(0, Ordering::Relaxed);
            let poll;
            (poll, woken) = poll_noticing(finished.as_mut(), context);
            if poll.is_ready() || polls.load(Ordering::Relaxed) != POLLS_WHEN_STUCK {
                return poll;
            }
        }
        match woken {
            true => Poll::Pending,
            false => Poll::Ready(Err(Trap::AsyncDeadlock.into())),
        }
    });
    outcome.await.map_err(call_error)
}

/// Polls a future, and says whether its waker was called meanwhile.
fn poll_noticing<F: Future>(future: Pin<&mut F>, context: &Context<'_>) -> (Poll<F::Output>, bool) {
    let noticed = Arc::new(Noticed {
        called: AtomicBool::new(false),
        outer: context.waker().clone(),
    });
    let waker = Waker::from(Arc::clone(&noticed));
    let poll = future.poll(&mut Context::from_waker(&waker));
    (poll, noticed.called.load(Ordering::SeqCst))
}

/// A waker that remembers whether it was called.
struct Noticed {
    called: AtomicBool,
    outer: Waker,
}

impl Wake for Noticed {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.called.store(true, Ordering::SeqCst);
        self.outer.wake_by_ref();
    }
}
