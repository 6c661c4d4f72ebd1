//! Tests that interrupt guests by ticks, at arbitrary instructions.

use super::*;
use futures_lite::future::yield_now;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const TICK: Duration = Duration::from_micros(20);

/// The kernels, with arguments that make them run for some milliseconds.
const KERNELS: [(&str, i32); 10] = [
    ("integers", 200_000),
    ("floats", 200_000),
    ("calls", 20_000),
    ("tail_calls", 200_003),
    ("exceptions", 300),
    ("vectors", 200_000),
    ("memory_instructions", 255),
    ("atomics", 50_000),
    ("tables", 20_000),
    ("objects", 10_000),
];

/// Ticks while `body` runs, even if it fails.
fn while_ticking<R>(interrupter: &Interrupter, body: impl FnOnce() -> R) -> R {
    struct Done<'a>(&'a AtomicBool);
    impl Drop for Done<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                thread::sleep(TICK);
                interrupter.interrupt(|group| group == 1);
            }
        });
        let _done = Done(&done);
        body()
    })
}

#[test]
fn guests_that_move_between_threads_come_to_what_they_come_to_alone() {
    static PAUSES: AtomicU64 = AtomicU64::new(0);
    let kernels = Kernels::new(DEFAULT_SIGNAL, |_| {
        Box::new(async {
            PAUSES.fetch_add(1, Ordering::Relaxed);
            yield_now().await;
            Ok(())
        })
    });
    // On a busy machine, few ticks fall into one round.
    for _ in 0..100 {
        for (name, argument) in KERNELS {
            run_eight(&kernels, name, argument);
        }
        if PAUSES.load(Ordering::Relaxed) > 100 {
            return;
        }
    }
    panic!("there were {} pauses", PAUSES.load(Ordering::Relaxed));
}

/// Eight guests run a kernel in turn on two threads.
fn run_eight(kernels: &Kernels, name: &str, argument: i32) {
    let expected = alone(name, argument);
    let mut guests: Vec<_> = (0..8).map(|_| kernels.guest()).collect();
    type Call<'a> = Pin<Box<dyn Future<Output = wasmtime::Result<i64>> + Send + 'a>>;
    let calls = guests.iter_mut().enumerate().map(|(index, guest)| {
        let kernel = guest
            .instance
            .get_typed_func::<i32, i64>(&mut guest.store, name)
            .unwrap();
        let Guest { store, target, .. } = guest;
        let call = async move { target.interruptible(kernel.call_async(store, argument)).await };
        (index, Box::pin(call) as Call<'_>)
    });
    let queue: Mutex<VecDeque<(usize, Call<'_>)>> = Mutex::new(calls.collect());
    let left = AtomicUsize::new(8);
    let results = Mutex::new(Vec::new());
    let work = || {
        while left.load(Ordering::SeqCst) > 0 {
            let next = queue.lock().unwrap().pop_front();
            let Some((index, mut call)) = next else {
                thread::yield_now();
                continue;
            };
            match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Pending => queue.lock().unwrap().push_back((index, call)),
                Poll::Ready(result) => {
                    results
                        .lock()
                        .unwrap()
                        .push(result.map_err(|error| format!("{error:?}")));
                    left.fetch_sub(1, Ordering::SeqCst);
                }
            }
        }
    };
    while_ticking(&kernels.interrupter, || {
        thread::scope(|scope| {
            scope.spawn(work);
            work();
        });
    });
    assert!(
        results
            .into_inner()
            .unwrap()
            .iter()
            .all(|result| *result == expected.result),
        "{name}"
    );
    drop(queue);
    for mut guest in guests {
        assert!(guest.memory() == expected.memory, "{name}");
    }
}

#[test]
fn traps_race_with_ticks() {
    let kernels = Kernels::new(DEFAULT_SIGNAL, |_| {
        Box::new(async {
            yield_now().await;
            Ok(())
        })
    });
    while_ticking(&kernels.interrupter, || {
        for (name, argument) in [
            ("overflow", 0),
            ("overflow_of_large_frames", 0),
            ("out_of_bounds", 0),
            ("division_by_zero", 1000),
            ("unreachable", 12),
            ("error_of_the_host", 12),
            ("uncaught", 4),
        ] {
            let expected = alone(name, argument);
            assert!(expected.result.is_err());
            for _ in 0..200 {
                let outcome = kernels.guest().run(name, argument, |poll| while !poll() {});
                assert!(outcome == expected, "{name}: {:?}", outcome.result);
            }
        }
    });
}

/// If the pause returns an error, or the call is dropped while it waits, a guest ends that would not end by itself.
#[test]
fn endless_guests_end() {
    static ENDS: AtomicBool = AtomicBool::new(false);
    let kernels = Kernels::new(DEFAULT_SIGNAL, |_| {
        Box::new(async {
            yield_now().await;
            match ENDS.load(Ordering::SeqCst) {
                true => Err(wasmtime::Error::msg("ended from outside")),
                false => Ok(()),
            }
        })
    });
    while_ticking(&kernels.interrupter, || {
        for name in ["spin", "spin_in_the_host"] {
            ENDS.store(false, Ordering::SeqCst);
            let mut polls = 0;
            let outcome = kernels.guest().run(name, 0, |poll| {
                while !poll() {
                    polls += 1;
                    ENDS.store(polls >= 20, Ordering::SeqCst);
                }
            });
            let error = outcome.result.unwrap_err();
            // The kernels have no names. Still, the backtrace contains the interrupted one.
            assert!(
                error.contains("ended from outside") && error.contains("wasm function"),
                "{name}: {error}"
            );
            ENDS.store(false, Ordering::SeqCst);
            let mut guest = kernels.guest();
            let kernel = guest
                .instance
                .get_typed_func::<i32, i64>(&mut guest.store, name)
                .unwrap();
            let mut call = Box::pin(guest.target.interruptible(kernel.call_async(&mut guest.store, 0)));
            assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            drop(call);
        }
    });
}

/// A guest of another group is not interrupted.
#[test]
fn only_wanted_groups_are_interrupted() {
    static PAUSES: AtomicU64 = AtomicU64::new(0);
    let kernels = Kernels::new(DEFAULT_SIGNAL, |_| {
        PAUSES.fetch_add(1, Ordering::SeqCst);
        Box::new(async { Ok(()) })
    });
    let done = AtomicBool::new(false);
    let asked = AtomicU64::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                kernels.interrupter.interrupt(|group| {
                    assert_eq!(group, 1);
                    asked.fetch_add(1, Ordering::SeqCst);
                    false
                });
            }
        });
        while asked.load(Ordering::SeqCst) < 10 {
            kernels.guest().run("integers", 10_000, |poll| while !poll() {});
        }
        done.store(true, Ordering::SeqCst);
    });
    assert_eq!(PAUSES.load(Ordering::SeqCst), 0);
}
