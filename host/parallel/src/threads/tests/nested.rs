//! Tests of threads of several component instances: their own tables, and calls on the caller's fiber.

use super::*;

const OTHER: ThreadTableIndex = ThreadTableIndex(1);

fn tables(limit: u32) -> ThreadTables {
    ThreadTables::new(2, 3, limit, MAX_INDEX, &Budget::new(u64::MAX))
}

fn other(index: u32) -> ThreadId {
    ThreadId { table: OTHER, index }
}

// rule: IDX-04 IDX-07
#[test]
fn each_table_has_indices_of_its_own() {
    let tables = tables(9);
    assert_eq!([tables.add(TABLE), tables.add(OTHER)], [Ok(thread(1)), Ok(other(1))]);
    assert_eq!(tables.add_suspended(OTHER, start(0)), Ok(other(2)));
    assert_eq!(tables.resume(thread(2)).err(), Some(ResumeError::Unknown(2)));
    tables.remove(other(1));
    assert_eq!([tables.add(TABLE), tables.add(OTHER)], [Ok(thread(2)), Ok(other(1))]);
    assert_ne!(thread(1).number(), other(1).number());
}

#[test]
fn the_limit_counts_fibers_of_all_tables() {
    let tables = tables(2);
    let (caller, _) = running(&tables);
    assert_eq!(tables.add_nested(caller, OTHER), Ok(other(1)));
    assert_eq!(tables.add(OTHER), Ok(other(2)));
    assert_eq!([tables.add(TABLE), tables.add(OTHER)], [Err(NoThread::Limit); 2]);
    assert_eq!(tables.add_nested(caller, OTHER), Ok(other(3)));
    tables.remove(other(1));
    assert_eq!(tables.add(OTHER), Err(NoThread::Limit), "the fiber is still there");
    tables.remove(other(2));
    assert_eq!(tables.add(OTHER), Ok(other(2)));
}

#[test]
fn a_nested_thread_is_resumed_by_its_own_index_and_wakes_its_fiber() {
    let tables = tables(9);
    running(&tables);
    let (caller, wake_ups) = running(&tables);
    let nested = tables.add_nested(caller, OTHER).expect("room");
    tables.suspend(nested);
    assert_eq!(tables.resume(caller).err(), Some(ResumeError::NotSuspended));
    assert_eq!(tables.running_fiber(nested), Ok(None));
    assert_eq!(is_resumed(&tables, nested), None);
    wake(tables.resume(nested).expect("suspended"));
    assert_eq!((wake_ups.count(), is_resumed(&tables, nested)), (1, Some(Ok(()))));
    assert_eq!(tables.running_fiber(nested), Ok(Some(caller)));
}

#[test]
fn a_call_that_is_suspended_in_another_instance_is_a_deadlock() {
    let tables = tables(9);
    let call = tables.add_call(TABLE).expect("room");
    let wake_ups = run(&tables, call);
    let (worker, _) = running(&tables);
    let nested = tables.add_nested(call, OTHER).expect("room");
    let of_worker = tables.add_nested(worker, OTHER).expect("room");
    tables.suspend(nested);
    assert_eq!((is_resumed(&tables, nested), wake_ups.count()), (None, 0));
    tables.suspend(of_worker);
    assert_eq!(
        (is_resumed(&tables, nested), wake_ups.count()),
        (Some(Err(Deadlock)), 1)
    );
    assert_eq!(is_resumed(&tables, of_worker), None);
}

#[test]
fn the_end_wakes_fibers_that_are_in_calls_and_lets_no_call_begin() {
    let tables = tables(9);
    let (caller, wake_ups) = running(&tables);
    let nested = tables.add_nested(caller, OTHER).expect("room");
    tables.suspend(nested);
    tables.close();
    assert!(wake_ups.count() > 0);
    assert_eq!(tables.add_nested(caller, OTHER), Err(NoThread::Ended));
    // The fiber is dropped in the midst of the call.
    let mut empty = pin!(tables.empty());
    block_on(async {
        assert_eq!(poll_once(&mut empty).await, None);
        tables.remove(caller);
        assert_eq!(poll_once(&mut empty).await, Some(()));
    });
}
