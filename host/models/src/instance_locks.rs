//! Claims about the exclusive locks of component instances: one call at a time holds a lock, no call waits for ever for
//! a free lock, and a call gets a deadlock error exactly if no thread is left that could continue.

use crate::limits::budget::Budget;
use crate::threads::states::Resumed;
use crate::threads::thread_id::{MAX_INDEX, ThreadId};
use crate::threads::thread_table::{Deadlock, ThreadTables};
use futures_lite::future::poll_once;
use shuttle::future::block_on;
use shuttle::sync::atomic::{AtomicU32, Ordering};
use shuttle::thread::{self, JoinHandle};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Waker};
use weft_lower::plan::{HomeIndex, ThreadTableIndex};

const TABLE: ThreadTableIndex = ThreadTableIndex(0);
const HOME: HomeIndex = HomeIndex(0);

fn tables() -> Arc<ThreadTables> {
    Arc::new(ThreadTables::new(1, 3, 8, MAX_INDEX, &Arc::new(Budget)))
}

/// A guest thread of the table, on a thread of the model.
fn guest<F, R>(tables: &Arc<ThreadTables>, id: ThreadId, body: F) -> JoinHandle<R>
where
    F: AsyncFnOnce(&Arc<ThreadTables>) -> R + Send + 'static,
    R: Send + 'static,
{
    let tables = Arc::clone(tables);
    thread::spawn(move || {
        let result = block_on(async {
            let started = poll_fn(|cx| {
                tables.started(id, cx.waker());
                Poll::Ready(())
            });
            started.await;
            body(&tables).await
        });
        tables.remove(id);
        result
    })
}

/// Waits until another thread resumes this one.
async fn suspend(tables: &ThreadTables, thread: ThreadId) -> Result<(), Deadlock> {
    tables.suspend(thread);
    tables.resumption(thread).await
}

/// Resumes a thread as soon as it is suspended.
async fn resume(tables: &ThreadTables, thread: ThreadId) {
    loop {
        match tables.resume(thread) {
            Ok(Resumed::Parked(waker)) => return waker.into_iter().for_each(Waker::wake),
            Ok(Resumed::New(_)) => panic!("it was never suspended before it ran"),
            Err(_) => shuttle::future::yield_now().await,
        }
    }
}

/// A call of the host holds a lock and suspends itself. Each of `waiters` threads holds a lock too, and waits for the one before. The
/// thread of the call learns that nobody will resume it; when it has released the lock, the others go on.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_chain_of_locks_behind_a_suspended_call_is_a_deadlock(waiters: u32) {
    let tables = tables();
    let call = tables.add_call(TABLE).expect("there is room");
    let held = tables.try_lock_home(HOME, Some(call)).expect("it is free");
    let waiting: Vec<_> = (0..waiters)
        .map(|number| {
            let id = tables.add(TABLE).expect("there is room");
            let own = tables.try_lock_home(HomeIndex(number + 1), Some(id));
            guest(&tables, id, async move |tables| {
                drop(tables.lock_home(HomeIndex(number), Some(id)).await);
                drop(own);
            })
        })
        .collect();
    let of_call = guest(&tables, call, async move |tables| {
        let outcome = suspend(tables, call).await;
        drop(held);
        outcome
    });
    assert!(matches!(of_call.join(), Ok(Err(_))), "the call's thread has to trap");
    waiting
        .into_iter()
        .for_each(|waiting| waiting.join().expect("it gets the lock"));
}

/// A thread waits for a lock, gets it when the holder ends, and resumes the thread of the call. The tables report no deadlock, in any
/// order of these steps and with any number of other waiters.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_thread_that_gets_a_lock_is_not_stuck(others: u32) {
    let tables = tables();
    let call = tables.add_call(TABLE).expect("there is room");
    let [holder, waiter] = [(); 2].map(|()| tables.add(TABLE).expect("there is room"));
    let held = tables.try_lock_home(HOME, Some(holder)).expect("it is free");
    let waiting = guest(&tables, waiter, async move |tables| {
        let held = tables.lock_home(HOME, Some(waiter)).await;
        resume(tables, call).await;
        drop(held);
    });
    for _ in 0..others {
        let other = tables.add(TABLE).expect("there is room");
        guest(&tables, other, async move |tables| {
            drop(tables.lock_home(HOME, Some(other)).await);
        });
    }
    guest(&tables, holder, async move |_| drop(held));
    let of_call = guest(&tables, call, async move |tables| suspend(tables, call).await);
    assert_eq!(of_call.join().expect("no panic"), Ok(()));
    waiting.join().expect("it gets the lock");
}

/// The host waits for a lock while the thread of another call is suspended, and the last thread that runs releases the lock. If the host
/// then calls, its call can resume the other one. If it no longer waits, there is a deadlock.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_call_that_is_about_to_begin_is_not_stuck(calls: bool) {
    let tables = tables();
    let suspended = tables.add_call(TABLE).expect("there is room");
    let holder = tables.add(TABLE).expect("there is room");
    let held = tables.try_lock_home(HOME, Some(holder)).expect("it is free");
    let mut wait = Box::pin(tables.lock_home(HOME, None));
    assert!(block_on(poll_once(&mut wait)).is_none(), "another holds it");
    guest(&tables, holder, async move |_| drop(held));
    let of_tables = Arc::clone(&tables);
    let host = thread::spawn(move || {
        if calls {
            let held = block_on(wait);
            let call = of_tables.add_call(TABLE).expect("there is room");
            held.begin(call);
            block_on(resume(&of_tables, suspended));
            // In the same order as the runtime: the store goes back after the thread has left.
            of_tables.remove(call);
            drop(held);
        }
    });
    let of_call = guest(&tables, suspended, async move |tables| suspend(tables, suspended).await);
    assert_eq!(of_call.join().expect("no panic").is_ok(), calls);
    host.join().expect("no panic");
}

/// A lock is released while two threads wait, and another takes it before the first of them does, if `missed`. The first one gives up. The
/// second one gets the lock.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_wait_that_is_given_up_passes_the_lock_on(missed: bool) {
    let tables = tables();
    let [holder, first, second] = [(); 3].map(|()| tables.add(TABLE).expect("there is room"));
    let held = tables.try_lock_home(HOME, Some(holder)).expect("it is free");
    let [mut first, mut second] = [first, second].map(|thread| Box::pin(tables.lock_home(HOME, Some(thread))));
    assert!(block_on(poll_once(&mut first)).is_none() && block_on(poll_once(&mut second)).is_none());
    drop(held);
    if missed {
        let again = tables.try_lock_home(HOME, Some(holder)).expect("it is free");
        assert!(block_on(poll_once(&mut first)).is_none(), "it comes too late");
        drop(again);
        assert!(tables.try_lock_home(HOME, Some(holder)).is_none(), "it is handed over");
    }
    drop(first);
    assert!(block_on(poll_once(&mut second)).is_some());
}

/// A call takes a released lock before the one that waits for it, and suspends itself. The other one waits again, so nobody is left that
/// could resume the call.
///
/// # Panics
///
/// The claim does not hold.
pub fn one_that_has_missed_the_lock_is_stuck_again(is_host: bool) {
    let tables = tables();
    let call = tables.add_call(TABLE).expect("there is room");
    let held = tables.try_lock_home(HOME, Some(call)).expect("it is free");
    let waiter = (!is_host).then(|| tables.add(TABLE).expect("there is room"));
    let mut wait = Box::pin(tables.lock_home(HOME, waiter));
    assert!(block_on(poll_once(&mut wait)).is_none());
    drop(held);
    let held = tables.try_lock_home(HOME, Some(call)).expect("it is free");
    assert!(block_on(poll_once(&mut wait)).is_none(), "it comes too late");
    tables.suspend(call);
    assert!(block_on(poll_once(tables.resumption(call))).is_some_and(|outcome| outcome.is_err()));
    drop(held);
}

/// The thread of a call has ended, and the call holds its lock still. That is no deadlock for the suspended thread of another call. It is one
/// when the lock is free.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_call_without_its_thread_is_not_stuck() {
    let tables = tables();
    let [ended, suspended] = [(); 2].map(|()| tables.add_call(TABLE).expect("there is room"));
    let held = tables.try_lock_home(HOME, Some(ended)).expect("it is free");
    tables.suspend(suspended);
    tables.remove(ended);
    assert!(block_on(poll_once(tables.resumption(suspended))).is_none());
    drop(held);
    assert!(block_on(poll_once(tables.resumption(suspended))).is_some_and(|outcome| outcome.is_err()));
}

/// A call of the host takes a lock, begins its thread, and suspends itself.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_call_that_has_begun_can_be_stuck() {
    let tables = tables();
    let held = tables.try_lock_home(HOME, None).expect("it is free");
    let call = tables.add_call(TABLE).expect("there is room");
    held.begin(call);
    tables.suspend(call);
    assert!(block_on(poll_once(tables.resumption(call))).is_some_and(|outcome| outcome.is_err()));
}

/// A thread that no call runs holds a lock and suspends itself. A call waits for another thread, which waits for the lock; or the host waits
/// for the lock, and no call is in progress. The suspended thread traps.
///
/// # Panics
///
/// The claim does not hold.
pub fn the_thread_at_the_end_of_a_chain_of_locks_traps(is_host: bool) {
    let tables = tables();
    let suspended = tables.add(TABLE).expect("there is room");
    let held = tables.try_lock_home(HOME, Some(suspended)).expect("it is free");
    let mut waits = Vec::new();
    let mut wait = |home, thread| {
        let mut wait = Box::pin(tables.lock_home(home, thread));
        assert!(block_on(poll_once(&mut wait)).is_none(), "another holds it");
        waits.push(wait);
    };
    let own = match is_host {
        true => {
            wait(HOME, None);
            None
        }
        false => {
            let between = tables.add(TABLE).expect("there is room");
            let own = tables.try_lock_home(HomeIndex(1), Some(between));
            wait(HOME, Some(between));
            wait(HomeIndex(1), Some(tables.add_call(TABLE).expect("there is room")));
            own
        }
    };
    tables.suspend(suspended);
    assert!(block_on(poll_once(tables.resumption(suspended))).is_some_and(|outcome| outcome.is_err()));
    drop((waits, own, held));
}

/// Threads take one lock in turn, and some give up before they have it. No two hold it, and each that waits gets it.
///
/// # Panics
///
/// The claim does not hold.
pub fn one_at_a_time_holds_a_lock(threads: u32) {
    let (tables, holders) = (tables(), Arc::new(AtomicU32::new(0)));
    let threads: Vec<_> = (0..threads)
        .map(|number| {
            let id = tables.add(TABLE).expect("there is room");
            let holders = Arc::clone(&holders);
            guest(&tables, id, async move |tables| {
                if number % 2 == 1 {
                    let mut wait = pin!(tables.lock_home(HOME, Some(id)));
                    drop(poll_once(&mut wait).await);
                }
                let held = tables.lock_home(HOME, Some(id)).await;
                assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0, "another holds it");
                holders.fetch_sub(1, Ordering::SeqCst);
                drop(held);
            })
        })
        .collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().expect("it gets the lock"));
    assert!(tables.try_lock_home(HOME, None).is_some(), "nobody holds it");
}
