//! Tests of the state machine without guests: forced interleavings here, and races in `races`.

mod nested;
mod races;

use super::start::tests::start;
use super::states::*;
use super::thread_id::*;
use super::thread_table::*;
use crate::limits::budget::Budget;
use futures_lite::future::{block_on, poll_once};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Wake, Waker};
use weft_lower::plan::ThreadTableIndex;

/// The table for tests that need only one.
const TABLE: ThreadTableIndex = ThreadTableIndex(0);

fn thread(index: u32) -> ThreadId {
    ThreadId { table: TABLE, index }
}

fn table(limit: u32) -> ThreadTables {
    ThreadTables::new(1, 3, limit, MAX_INDEX, &Budget::new(u64::MAX))
}

/// Counts how often it wakes.
#[derive(Default)]
struct WakeUps(AtomicU32);

impl Wake for WakeUps {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl WakeUps {
    fn count(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A running thread, and a count of its wake-ups.
fn running(table: &ThreadTables) -> (ThreadId, Arc<WakeUps>) {
    let index = table.add(TABLE).expect("room");
    (index, run(table, index))
}

fn run(table: &ThreadTables, index: ThreadId) -> Arc<WakeUps> {
    let wake_ups = Arc::new(WakeUps::default());
    table.started(index, &Waker::from(Arc::clone(&wake_ups)));
    wake_ups
}

fn wake(resumed: Resumed) {
    match resumed {
        Resumed::Parked(Some(waker)) => waker.wake(),
        Resumed::Parked(None) => panic!("the thread has not run"),
        Resumed::New(start) => panic!("the thread has not run: {start:?}"),
    }
}

fn is_suspended(table: &ThreadTables, index: ThreadId) -> Result<bool, ResumeError> {
    table.running_fiber(index).map(|fiber| fiber.is_none())
}

fn is_resumed(table: &ThreadTables, index: ThreadId) -> Option<Result<(), Deadlock>> {
    block_on(poll_once(table.resumption(index)))
}

#[test]
fn indices_start_at_one_and_the_one_freed_last_is_reused_first() {
    let table = table(9);
    assert_eq!(
        [table.add(TABLE), table.add(TABLE), table.add(TABLE)],
        [Ok(thread(1)), Ok(thread(2)), Ok(thread(3))]
    );
    table.remove(thread(1));
    table.remove(thread(2));
    assert_eq!(
        [table.add_suspended(TABLE, start(0)), table.add(TABLE)],
        [Ok(thread(2)), Ok(thread(1))]
    );
    assert_eq!(table.add_call(TABLE), Ok(thread(4)));
}

#[test]
fn the_limit_counts_live_threads_and_suspended_ones_too() {
    let table = table(2);
    assert_eq!(
        [table.add(TABLE), table.add_suspended(TABLE, start(0))],
        [Ok(thread(1)), Ok(thread(2))]
    );
    assert_eq!(table.add(TABLE), Err(NoThread::Limit));
    assert_eq!(table.add_suspended(TABLE, start(0)), Err(NoThread::Limit));
    assert_eq!(table.add_call(TABLE), Err(NoThread::Limit));
    table.remove(thread(1));
    assert_eq!(table.add(TABLE), Ok(thread(1)));
}

// rule: IDX-09 SPAWN-IND-18
#[test]
fn no_index_is_above_the_greatest() {
    let table = ThreadTables::new(1, 3, u32::MAX, 3, &Budget::new(u64::MAX));
    assert_eq!(
        [table.add(TABLE), table.add_suspended(TABLE, start(0)), table.add(TABLE)],
        [Ok(thread(1)), Ok(thread(2)), Ok(thread(3))]
    );
    assert_eq!(table.add(TABLE), Err(NoThread::Index));
    assert_eq!(table.add_suspended(TABLE, start(0)), Err(NoThread::Index));
    table.remove(thread(1));
    assert_eq!(
        [table.add(TABLE), table.add(TABLE)],
        [Ok(thread(1)), Err(NoThread::Index)]
    );
}

#[test]
fn what_is_no_thread_cannot_be_resumed() {
    let table = table(9);
    let (index, _) = running(&table);
    table.remove(index);
    for index in [0, index.index, 2, u32::MAX] {
        assert_eq!(table.resume(thread(index)).err(), Some(ResumeError::Unknown(index)));
        assert_eq!(is_suspended(&table, thread(index)), Err(ResumeError::Unknown(index)));
    }
}

#[test]
fn a_new_thread_can_be_resumed_once_and_starts() {
    let table = table(9);
    running(&table);
    let new = table.add_suspended(TABLE, start(7)).expect("room");
    assert_eq!(is_suspended(&table, new), Ok(true));
    assert!(matches!(table.resume(new), Ok(Resumed::New(found)) if found == start(7)));
    assert_eq!(is_suspended(&table, new), Ok(false));
    assert_eq!(table.resume(new).err(), Some(ResumeError::NotSuspended));
}

#[test]
fn only_a_suspended_thread_can_be_resumed() {
    let table = table(9);
    let not_yet = table.add(TABLE).expect("room");
    let (running, wake_ups) = running(&table);
    for index in [not_yet, running] {
        assert_eq!(table.resume(index).err(), Some(ResumeError::NotSuspended));
        assert_eq!(table.switch(running, index).err(), Some(ResumeError::NotSuspended));
    }
    assert_eq!(
        is_suspended(&table, running),
        Ok(false),
        "a switch that failed suspends nobody"
    );
    table.suspend(running);
    assert_eq!(is_resumed(&table, running), None);
    wake(table.resume(running).expect("suspended"));
    assert_eq!((wake_ups.count(), is_resumed(&table, running)), (1, Some(Ok(()))));
    assert_eq!(table.resume(running).err(), Some(ResumeError::NotSuspended));
}

#[test]
fn a_wake_up_that_is_no_resumption_is_not_seen() {
    let table = table(9);
    running(&table);
    let (index, _) = running(&table);
    table.suspend(index);
    let mut resumption = pin!(table.resumption(index));
    block_on(async {
        assert_eq!(poll_once(&mut resumption).await, None);
        assert_eq!(poll_once(&mut resumption).await, None);
        wake(table.resume(index).expect("suspended"));
        assert_eq!(poll_once(&mut resumption).await, Some(Ok(())));
    });
}

#[test]
fn a_resumption_between_suspension_and_wait_is_not_lost() {
    let table = table(9);
    running(&table);
    let (index, wake_ups) = running(&table);
    table.suspend(index);
    wake(table.resume(index).expect("suspended"));
    assert_eq!((wake_ups.count(), is_resumed(&table, index)), (1, Some(Ok(()))));
}

#[test]
fn a_switch_changes_both_at_once() {
    let table = table(9);
    let ((one, _), (other, _)) = (running(&table), running(&table));
    table.suspend(other);
    wake(table.switch(one, other).expect("suspended"));
    assert_eq!(
        (is_resumed(&table, one), is_resumed(&table, other)),
        (None, Some(Ok(())))
    );
    // The target may switch back before the first one waits.
    wake(table.switch(other, one).expect("suspended"));
    assert_eq!(
        (is_resumed(&table, one), is_resumed(&table, other)),
        (Some(Ok(())), None)
    );
}

#[test]
fn a_thread_cannot_switch_to_itself() {
    let table = table(9);
    let (index, _) = running(&table);
    assert_eq!(table.switch(index, index).err(), Some(ResumeError::NotSuspended));
}

/// A program with the thread of a call.
fn with_call() -> (ThreadTables, ThreadId, Arc<WakeUps>) {
    let table = table(9);
    let implicit = table.add_call(TABLE).expect("room");
    let wake_ups = run(&table, implicit);
    (table, implicit, wake_ups)
}

#[test]
fn a_call_that_is_suspended_alone_is_a_deadlock() {
    let (table, implicit, _) = with_call();
    table.suspend(implicit);
    assert_eq!(is_resumed(&table, implicit), Some(Err(Deadlock)));
    assert_eq!(table.resume(implicit).err(), Some(ResumeError::NotSuspended));
}

/// The thread that traps is active again until it ends. Then the other one is alone.
#[test]
fn of_two_calls_that_are_suspended_the_first_traps() {
    let table = table(9);
    let [first, second] = [(); 2].map(|()| table.add_call(TABLE).expect("room"));
    table.suspend(first);
    table.suspend(second);
    assert_eq!(is_resumed(&table, first), Some(Err(Deadlock)));
    assert_eq!(is_suspended(&table, first), Ok(false));
    assert_eq!(is_resumed(&table, second), None);
    table.remove(first);
    assert_eq!(is_resumed(&table, second), Some(Err(Deadlock)));
}

#[test]
fn a_deadlock_that_is_over_does_not_count() {
    let (table, call, _) = with_call();
    table.suspend(call);
    assert_eq!(is_resumed(&table, call), Some(Err(Deadlock)));
    table.remove(call);
    let [suspended, running] = [(); 2].map(|()| table.add_call(TABLE).expect("room"));
    table.suspend(suspended);
    assert_eq!(is_resumed(&table, suspended), None, "the other one may resume it");
    table.remove(running);
    assert_eq!(is_resumed(&table, suspended), Some(Err(Deadlock)));
}

#[test]
fn threads_that_were_never_resumed_do_not_help_a_call() {
    let (table, implicit, _) = with_call();
    table.add_suspended(TABLE, start(0)).expect("room");
    table.suspend(implicit);
    assert_eq!(is_resumed(&table, implicit), Some(Err(Deadlock)));
}

#[test]
fn the_last_thread_to_be_suspended_wakes_the_call() {
    let (table, implicit, wake_ups) = with_call();
    let (other, _) = running(&table);
    table.suspend(implicit);
    assert_eq!((is_resumed(&table, implicit), wake_ups.count()), (None, 0));
    table.suspend(other);
    assert_eq!(
        (is_resumed(&table, implicit), wake_ups.count()),
        (Some(Err(Deadlock)), 1)
    );
}

#[test]
fn the_last_active_thread_to_end_wakes_the_call() {
    let (table, implicit, wake_ups) = with_call();
    let ((other, _), (suspended, _)) = (running(&table), running(&table));
    table.suspend(implicit);
    table.suspend(suspended);
    assert_eq!((is_resumed(&table, implicit), wake_ups.count()), (None, 0));
    table.remove(other);
    assert_eq!(
        (is_resumed(&table, implicit), wake_ups.count()),
        (Some(Err(Deadlock)), 1)
    );
}

#[test]
fn threads_that_are_suspended_while_no_call_waits_are_no_deadlock() {
    let (table, implicit, _) = with_call();
    let (other, wake_ups) = running(&table);
    table.suspend(other);
    table.remove(implicit);
    assert_eq!((is_resumed(&table, other), wake_ups.count()), (None, 0));
    // The next call gets another index, and can resume the suspended thread.
    assert_eq!(table.add_call(TABLE), Ok(implicit));
    let wake_up = run(&table, implicit);
    wake(table.switch(implicit, other).expect("suspended"));
    assert_eq!(
        (is_resumed(&table, other), is_resumed(&table, implicit)),
        (Some(Ok(())), None)
    );
    table.remove(other);
    assert_eq!(
        (is_resumed(&table, implicit), wake_up.count()),
        (Some(Err(Deadlock)), 1)
    );
}

#[test]
fn a_closed_table_keeps_those_that_run_and_wakes_them() {
    let table = table(9);
    let ((one, woken), (parked, parked_woken)) = (running(&table), running(&table));
    let new = table.add_suspended(TABLE, start(0)).expect("room");
    table.suspend(parked);
    table.close();
    assert_eq!((woken.count(), parked_woken.count()), (1, 1));
    assert_eq!(table.resume(new).err(), Some(ResumeError::Unknown(new.index)));
    assert_eq!(table.add(TABLE), Err(NoThread::Ended));
    assert_eq!(table.add_suspended(TABLE, start(0)), Err(NoThread::Ended));
    let mut empty = pin!(table.empty());
    block_on(async {
        assert_eq!(poll_once(&mut empty).await, None);
        table.remove(one);
        assert_eq!(poll_once(&mut empty).await, None);
        table.remove(parked);
        assert_eq!(poll_once(&mut empty).await, Some(()));
    });
}

#[test]
fn a_closed_table_of_new_threads_is_empty() {
    let table = table(9);
    for _ in 0..3 {
        table.add_suspended(TABLE, start(0)).expect("room");
    }
    let mut empty = pin!(table.empty());
    block_on(async {
        assert_eq!(poll_once(&mut empty).await, None);
        table.close();
        assert_eq!(poll_once(&mut empty).await, Some(()));
    });
}
