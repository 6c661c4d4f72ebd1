//! Claims about the handle tables: if two threads drop one handle, exactly one succeeds; a lent handle stays; no index
//! is assigned twice.

use crate::handles::HandleError;
use crate::handles::scope::{Lends, Scope};
use crate::handles::table::{HandleTable, MAX_INDEX, Removed};
use shuttle::sync::Mutex;
use shuttle::thread;
use std::sync::Arc;

fn table(limit: u32) -> Arc<HandleTable<u32>> {
    Arc::new(HandleTable::new(limit))
}

/// Two threads drop one handle at once. Exactly one succeeds, and the other gets an error.
///
/// # Panics
///
/// The claim does not hold.
pub fn one_of_two_drops_a_handle() {
    let table = table(MAX_INDEX);
    let index = table.insert_own(0, 42).expect("there is room");
    let droppers = [(); 2].map(|()| {
        let table = Arc::clone(&table);
        thread::spawn(move || table.remove(index, &0))
    });
    let outcomes = droppers.map(|dropper| dropper.join().expect("no thread panics"));
    let removed = Ok(Removed { rep: 42, owned: true });
    let unknown = Err(HandleError::Unknown(index));
    assert!(outcomes == [removed.clone(), unknown.clone()] || outcomes == [unknown, removed]);
    assert_eq!(table.insert_own(0, 43), Ok(index), "the index is free");
}

/// One thread lends a handle to a call and another one drops it. Either the call keeps the handle until it ends, or the lend fails.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_lent_handle_is_not_dropped() {
    let table = table(MAX_INDEX);
    let index = table.insert_own(0, 42).expect("there is room");
    let of_dropper = Arc::clone(&table);
    let dropper = thread::spawn(move || of_dropper.remove(index, &0).is_ok());
    let mut lends = Lends::new();
    let lent = table.lend(index, &0, &mut lends);
    if lent.is_ok() {
        assert!(table.get(index, &0).is_ok(), "it is there during the call");
    }
    table.unlend(&mut lends);
    let dropped = dropper.join().expect("no thread panics");
    assert!(lent.is_ok() || dropped, "somebody had it");
    // The lend has ended, so it can be dropped if it was not.
    assert_eq!(table.remove(index, &0).is_ok(), !dropped);
}

/// Two threads of the callee drop the two handles that a call borrowed. Then the call may end.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_call_ends_without_handles_that_others_drop() {
    let table = table(MAX_INDEX);
    let scope = Arc::new(Scope::new());
    let droppers = [1, 2].map(|rep| {
        let index = table.insert_borrow(0, rep, &scope).expect("there is room");
        let table = Arc::clone(&table);
        thread::spawn(move || table.remove(index, &0).is_ok())
    });
    assert!(droppers.map(|dropper| dropper.join().unwrap_or(false)) == [true; 2]);
    assert_eq!(scope.finish(), Ok(()));
}

/// Threads add and drop handles at once. Each finds its own handle under its index, and the remaining handles have
/// different indices.
///
/// # Panics
///
/// The claim does not hold.
pub fn no_two_handles_have_one_index(threads: u32, rounds: u32) {
    let table = table(MAX_INDEX);
    let kept = Arc::new(Mutex::new(Vec::new()));
    let threads = Vec::from_iter((0..threads).map(|thread| {
        let (table, kept) = (Arc::clone(&table), Arc::clone(&kept));
        thread::spawn(move || {
            for round in 0..rounds {
                let rep = thread * rounds + round;
                let dropped = table.insert_own(0, rep).expect("there is room");
                let stays = table.insert_own(0, rep).expect("there is room");
                assert_eq!(table.remove(dropped, &0), Ok(Removed { rep, owned: true }));
                kept.lock().expect("no thread panics").push(stays);
            }
        })
    }));
    for thread in threads {
        thread.join().expect("no thread panics");
    }
    let mut kept = kept.lock().expect("no thread panics").clone();
    let count = kept.len();
    kept.sort_unstable();
    kept.dedup();
    assert_eq!(kept.len(), count);
}

/// Two threads use a table that has room for as many handles as they have at once. Neither is told that it is full.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_full_table_gives_out_what_is_free() {
    let table = table(2);
    let threads = [(); 2].map(|()| {
        let table = Arc::clone(&table);
        thread::spawn(move || {
            for _ in 0..2 {
                let index = table.insert_own(0, 0).expect("there is room");
                table.remove(index, &0).expect("it is there");
            }
        })
    });
    for thread in threads {
        thread.join().expect("no thread panics");
    }
}
