//! Races, repeated many times, with OS threads in place of guest threads. Each invariant must hold whichever thread is
//! first.

use super::*;
use crate::watchdog::ends;
use std::sync::Barrier;
use std::sync::atomic::AtomicBool;

/// Wakes an OS thread that plays a guest thread.
struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Plays thread `index` on this thread.
fn play(table: &ThreadTables, index: ThreadId) {
    table.started(index, &Waker::from(Arc::new(Unpark(std::thread::current()))));
}

/// Waits as a suspended thread does.
fn wait(table: &ThreadTables, index: ThreadId) -> Result<(), Deadlock> {
    loop {
        match is_resumed(table, index) {
            Some(result) => return result,
            None => std::thread::park(),
        }
    }
}

#[test]
fn of_many_that_resume_a_thread_exactly_one_does() {
    ends(|| {
        const RESUMERS: u32 = 4;
        const ROUNDS: u32 = 3_000;
        let table = table(99);
        let (barrier, resumed) = (Barrier::new(RESUMERS as usize + 1), AtomicU32::new(0));
        let target = table.add(TABLE).expect("room");
        table.add(TABLE).expect("room");
        std::thread::scope(|scope| {
            for _ in 0..RESUMERS {
                scope.spawn(|| {
                    for _ in 0..ROUNDS {
                        barrier.wait();
                        match table.resume(target) {
                            Ok(waiting) => {
                                resumed.fetch_add(1, Ordering::SeqCst);
                                wake(waiting);
                            }
                            Err(error) => assert_eq!(error, ResumeError::NotSuspended),
                        }
                        barrier.wait();
                    }
                });
            }
            play(&table, target);
            for round in 1..=ROUNDS {
                table.suspend(target);
                barrier.wait();
                assert_eq!(wait(&table, target), Ok(()));
                barrier.wait();
                assert_eq!(resumed.load(Ordering::SeqCst), round);
            }
        });
    });
}

#[test]
fn a_resumption_that_races_with_the_suspension_is_refused_or_seen() {
    const TIMES: u32 = 30_000;
    ends(|| {
        let table = table(9);
        let target = table.add(TABLE).expect("room");
        table.add(TABLE).expect("room");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut resumed = 0;
                while resumed < TIMES {
                    match table.resume(target) {
                        Ok(waiting) => {
                            resumed += 1;
                            wake(waiting);
                        }
                        Err(error) => assert_eq!(error, ResumeError::NotSuspended),
                    }
                }
            });
            play(&table, target);
            // The thread continues as often as it was resumed, and not once more.
            for _ in 0..TIMES {
                table.suspend(target);
                assert_eq!(wait(&table, target), Ok(()));
            }
        });
        assert_eq!(is_suspended(&table, target), Ok(false));
    });
}

#[test]
fn two_threads_switch_to_each_other_for_long_and_one_runs_at_a_time() {
    ends(|| {
        const TIMES: u32 = 20_000;
        let table = table(9);
        let (one, other) = (table.add(TABLE).expect("room"), table.add(TABLE).expect("room"));
        // A third one is active all the time.
        table.add(TABLE).expect("room");
        table.suspend(other);
        let (runs, finished, turns) = (AtomicBool::new(false), AtomicBool::new(false), AtomicU32::new(0));
        let switch = |mine, theirs| {
            assert!(!runs.swap(true, Ordering::SeqCst), "two run");
            turns.fetch_add(1, Ordering::SeqCst);
            runs.store(false, Ordering::SeqCst);
            wake(table.switch(mine, theirs).expect("the other one is suspended"));
            assert_eq!(wait(&table, mine), Ok(()));
        };
        let ready = Barrier::new(2);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                play(&table, other);
                ready.wait();
                assert_eq!(wait(&table, other), Ok(()));
                while !finished.load(Ordering::SeqCst) {
                    switch(other, one);
                }
            });
            play(&table, one);
            ready.wait();
            (0..TIMES).for_each(|_| switch(one, other));
            finished.store(true, Ordering::SeqCst);
            wake(table.resume(other).expect("it has switched to this one"));
        });
        assert_eq!(turns.into_inner(), 2 * TIMES);
    });
}

#[test]
fn a_deadlock_is_found_whoever_is_last_and_only_then() {
    ends(|| {
        const ROUNDS: u32 = 2_000;
        const THREADS: u32 = 3;
        for _ in 0..ROUNDS {
            let table = table(9);
            let implicit = table.add_call(TABLE).expect("room");
            let others: Vec<_> = (0..THREADS).map(|_| table.add(TABLE).expect("room")).collect();
            let left = AtomicU32::new(THREADS);
            std::thread::scope(|scope| {
                let (table, left) = (&table, &left);
                for other in others {
                    scope.spawn(move || {
                        left.fetch_sub(1, Ordering::SeqCst);
                        match other.index % 2 {
                            0 => table.suspend(other),
                            _ => table.remove(other),
                        }
                    });
                }
                play(table, implicit);
                table.suspend(implicit);
                assert_eq!(wait(table, implicit), Err(Deadlock));
                assert_eq!(left.load(Ordering::SeqCst), 0, "another was active");
            });
        }
    });
}
