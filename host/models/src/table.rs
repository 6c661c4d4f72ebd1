//! The thread table: of two threads that resume a third one exactly one does, a switch is one step, and a call whose threads
//! are all suspended ends.

use crate::limits::budget::Budget;
use crate::threads::start::Start;
use crate::threads::states::Resumed;
use crate::threads::thread_id::MAX_INDEX;
use crate::threads::thread_table::ThreadTables;
use shuttle::future::block_on;
use shuttle::thread;
use std::sync::Arc;
use std::task::Waker;
use weft_lower::plan::ThreadTableIndex;

const TABLE: ThreadTableIndex = ThreadTableIndex(0);

fn table() -> Arc<ThreadTables> {
    Arc::new(ThreadTables::new(1, 3, 8, MAX_INDEX, &Arc::new(Budget)))
}

/// Two threads resume a third one at once. One of them does, and gets what it takes to start it.
///
/// # Panics
///
/// The claim does not hold.
pub fn one_of_two_resumes_a_thread() {
    let table = table();
    let index = table.add_suspended(TABLE, Start(7)).expect("there is room");
    let resumers = [(); 2].map(|()| {
        let table = Arc::clone(&table);
        thread::spawn(move || match table.resume(index) {
            Ok(Resumed::New(start)) => {
                assert_eq!(start, Start(7));
                1
            }
            Ok(Resumed::Parked(_)) => panic!("it has never run"),
            Err(_) => 0,
        })
    });
    let resumed = resumers.map(|resumer| resumer.join().unwrap_or(2));
    assert_eq!(resumed.iter().sum::<u32>(), 1);
}

/// A thread suspends itself while another resumes it as soon as it can. The first one continues.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_resumption_is_not_lost() {
    let table = table();
    let sleeper = table.add(TABLE).expect("there is room");
    let resumer = table.add(TABLE).expect("there is room");
    let of_sleeper = Arc::clone(&table);
    let sleeping = thread::spawn(move || {
        block_on(async {
            let started = std::future::poll_fn(|cx| {
                of_sleeper.started(sleeper, cx.waker());
                std::task::Poll::Ready(())
            });
            started.await;
            of_sleeper.suspend(sleeper);
            of_sleeper.resumption(sleeper).await
        })
    });
    loop {
        match table.resume(sleeper) {
            Ok(Resumed::Parked(waker)) => {
                waker.into_iter().for_each(Waker::wake);
                break;
            }
            Ok(Resumed::New(_)) => panic!("it was never suspended before it ran"),
            Err(_) => thread::yield_now(),
        }
    }
    assert!(matches!(sleeping.join(), Ok(Ok(()))));
    table.remove(resumer);
}

/// Two threads of a call suspend themselves at once, and no thread is left to resume them. The call's thread learns of it.
///
/// # Panics
///
/// The claim does not hold.
pub fn a_deadlock_is_found() {
    let table = table();
    let call = table.add_call(TABLE).expect("there is room");
    let other = table.add(TABLE).expect("there is room");
    let suspend = |index| {
        let table = Arc::clone(&table);
        move || {
            block_on(async {
                let started = std::future::poll_fn(|cx| {
                    table.started(index, cx.waker());
                    std::task::Poll::Ready(())
                });
                started.await;
                table.suspend(index);
                table.resumption(index).await
            })
        }
    };
    let of_call = thread::spawn(suspend(call));
    // The other one stays suspended for ever, so no thread waits for its end.
    table.suspend(other);
    assert!(matches!(of_call.join(), Ok(Err(_))), "the call's thread has to trap");
}
