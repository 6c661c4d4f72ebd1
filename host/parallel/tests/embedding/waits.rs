//! `memory.atomic.wait32`, `wait64` and `notify`: results, counts, order, traps.

use crate::support::{Program, Running, WORKERS, component, engine, trap, until, watched};

/// `wait32`, `wait64` and `notify` by address; `waiter` threads wait for 0 at their argument, for ever, and log the result.
const CODE: &str = r#"
    (type $wait32 (shared (func (param i32 i32 i64) (result i32))))
    (type $wait64 (shared (func (param i32 i64 i64) (result i32))))
    (func (export "wait32") (type $wait32) (param $address i32) (param $expected i32) (param $timeout i64) (result i32)
        (memory.atomic.wait32 (local.get $address) (local.get $expected) (local.get $timeout)))
    (func (export "wait64") (type $wait64) (param $address i32) (param $expected i64) (param $timeout i64) (result i32)
        (memory.atomic.wait64 (local.get $address) (local.get $expected) (local.get $timeout)))
    (func (export "notify") (type $binary) (param $address i32) (param $count i32) (result i32)
        (memory.atomic.notify (local.get $address) (local.get $count)))
    (func (export "store") (type $void2) (param $address i32) (param $value i32)
        (i32.atomic.store (local.get $address) (local.get $value)))
    (type $void2 (shared (func (param i32 i32))))
    (func $waiter32 (type $start) (param $address i32)
        (call $finish)
        (call $log (memory.atomic.wait32 (local.get $address) (i32.const 0) (i64.const -1))))
    (func $waiter64 (type $start) (param $address i32)
        (call $finish)
        (call $log (memory.atomic.wait64 (local.get $address) (i64.const 0) (i64.const 0x7fffffffffffffff))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $waiter32) (ref.func $waiter64))
    (func (export "spawn") (type $binary) (param $function i32) (param $address i32) (result i32)
        (call $spawn (local.get $function) (local.get $address)))
"#;

const EXPORTS: &[(&str, &str)] = &[
    (
        "wait32",
        "(param \"address\" s32) (param \"expected\" s32) (param \"timeout\" s64) (result s32)",
    ),
    (
        "wait64",
        "(param \"address\" s32) (param \"expected\" s64) (param \"timeout\" s64) (result s32)",
    ),
    ("notify", "(param \"address\" s32) (param \"count\" s32) (result s32)"),
    ("store", "(param \"address\" s32) (param \"value\" s32)"),
    ("spawn", "(param \"function\" s32) (param \"address\" s32) (result s32)"),
];

const NOT_EQUAL: i32 = 1;
const TIMED_OUT: i32 = 2;

impl Running {
    fn wait(&self, name: &str, address: i32, expected: i64, timeout: i64) -> Result<i32, weft_parallel::Error> {
        use weft_parallel::Val::{S32, S64};
        let expected = match name {
            "wait32" => S32(i32::try_from(expected).expect("32 bits")),
            _ => S64(expected),
        };
        match self.func(name).call(&[S32(address), expected, S64(timeout)])? {
            Some(S32(result)) => Ok(result),
            other => panic!("not a wait's result: {other:?}"),
        }
    }

    fn notify(&self, address: i32, count: i32) -> i32 {
        self.call("notify", &[address, count]).expect("no trap")
    }

    fn spawn_waiter(&self, function: i32, address: i32) {
        assert_ne!(self.call("spawn", &[function, address]).expect("no trap"), 0);
    }
}

fn start(workers: usize) -> Running {
    Running::start(&engine(workers), CODE, EXPORTS)
}

#[test]
fn a_wait_says_why_it_returns() {
    watched(|| {
        let program = start(2);
        program.call("store", &[64, -5]).expect("no trap");
        program.call("store", &[68, -1]).expect("no trap");
        let wait = |name, address, expected, timeout| program.wait(name, address, expected, timeout).expect("no trap");
        for timeout in [i64::MIN, -1, 0, 1, 1_000_000, i64::MAX] {
            assert_eq!(wait("wait32", 64, 5, timeout), NOT_EQUAL);
            assert_eq!(
                wait("wait64", 64, 0xffff_fffb, timeout),
                NOT_EQUAL,
                "only the lower half is equal"
            );
        }
        for timeout in [0, 1, 1_000, 1_000_000] {
            assert_eq!(wait("wait32", 64, -5, timeout), TIMED_OUT);
            assert_eq!(wait("wait64", 64, -5, timeout), TIMED_OUT);
        }
    });
}

#[test]
fn a_notify_wakes_as_many_as_it_says() {
    watched(|| {
        for workers in WORKERS {
            let program = start(workers);
            assert_eq!(program.notify(64, -1), 0, "nobody waits");
            for function in [0, 1, 0, 1, 0] {
                program.spawn_waiter(function, 64);
            }
            // One at a time, until two have been there to be woken.
            let mut woken = 0;
            until_counted(&mut woken, 2, || program.notify(64, 1));
            until(|| program.host.log().len() == 2);
            assert_eq!(program.notify(64, 0), 0);
            assert_eq!(
                program.notify(68, -1),
                0,
                "another address, although the eight bytes at 64 overlap it"
            );
            until_counted(&mut woken, 5, || program.notify(64, -1));
            until(|| program.host.log().len() == 5);
            assert_eq!(woken, 5);
            assert_eq!(program.host.sorted_values(), [0; 5], "all were notified");
            assert_eq!(program.notify(64, -1), 0, "all are gone");
        }
    });
}

/// Adds results of `notify` to `woken` until there are `expected`.
fn until_counted(woken: &mut i32, expected: i32, notify: impl Fn() -> i32) {
    while *woken < expected {
        *woken += notify();
        std::thread::yield_now();
    }
    assert_eq!(*woken, expected);
}

#[test]
fn a_wait_that_was_over_is_not_counted_again() {
    watched(|| {
        for workers in WORKERS {
            let program = start(workers);
            for _ in 0..50 {
                assert_eq!(program.wait("wait32", 64, 0, 1_000).expect("no trap"), TIMED_OUT);
                assert_eq!(program.notify(64, -1), 0);
            }
        }
    });
}

#[test]
fn who_waited_first_is_woken_first() {
    watched(|| {
        // With one worker, a thread that was seen to count up has gone on to its wait.
        const CODE: &str = r#"
            (func $waiter (type $start) (param $number i32)
                (call $finish)
                (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1)))
                (call $log (local.get $number)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $waiter))
            (func (export "run") (type $void) (local $n i32)
                (loop $each
                    (drop (call $spawn (i32.const 0) (local.get $n)))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (call $join (local.get $n))
                    (br_if $each (i32.ne (local.get $n) (i32.const 20))))
                (if (i32.ne (memory.atomic.notify (i32.const 64) (i32.const 3)) (i32.const 3)) (then unreachable)))
            (func (export "rest") (type $get) (memory.atomic.notify (i32.const 64) (i32.const -1)))
        "#;
        let program = Running::start(&engine(1), CODE, &[("run", ""), ("rest", "(result s32)")]);
        program.call("run", &[]).expect("three are woken");
        until(|| program.host.log().len() == 3);
        let values =
            |program: &Running| -> Vec<i32> { program.host.log().into_iter().map(|(_, value)| value).collect() };
        let mut first = values(&program);
        first.sort_unstable();
        assert_eq!(first, [0, 1, 2]);
        assert_eq!(program.call("rest", &[]).expect("no trap"), 17);
        until(|| program.host.log().len() == 20);
    });
}

#[test]
fn misaligned_and_out_of_bounds_accesses_trap() {
    watched(|| {
        let engine = engine(2);
        let program = Program {
            code: CODE,
            exports: EXPORTS,
            ..Program::default()
        };
        let component = component(&engine, &program.text());
        let traps = |reason: &str, call: &dyn Fn(&Running) -> Result<i32, weft_parallel::Error>| {
            let trap = trap(call(&Running::new(&component)));
            assert!(
                trap.message().contains(reason),
                "{} instead of {reason}",
                trap.message()
            );
        };
        for address in [65, 66, 67] {
            traps("align", &|program| program.wait("wait32", address, 0, 0));
            traps("align", &|program| program.wait("wait32", address, 1, 0));
            traps("align", &|program| program.call("notify", &[address, 0]));
        }
        for address in [65, 66, 68, 71] {
            traps("align", &|program| program.wait("wait64", address, 0, 0));
        }
        for address in [65_536, 131_072, i32::MAX - 3, i32::MIN, -4] {
            traps("out of bounds", &|program| program.wait("wait32", address, 0, 0));
            traps("out of bounds", &|program| program.wait("wait32", address, 1, -1));
            traps("out of bounds", &|program| program.call("notify", &[address, 0]));
        }
        for address in [65_536, i32::MAX - 7, -8] {
            traps("out of bounds", &|program| program.wait("wait64", address, 0, 0));
        }
        let program = Running::new(&component);
        assert_eq!(program.wait("wait32", 65_532, 0, 0).expect("inside"), TIMED_OUT);
        assert_eq!(program.wait("wait64", 65_528, 0, 0).expect("inside"), TIMED_OUT);
        assert_eq!(program.notify(65_532, 1), 0);
    });
}

#[test]
fn the_static_offset_is_added_without_wrapping_round() {
    watched(|| {
        const CODE: &str = r#"
            (func (export "wait") (type $unary) (param $address i32) (result i32)
                (memory.atomic.wait32 offset=6 (local.get $address) (i32.const 0) (i64.const 0)))
            (func (export "wait-far") (type $unary) (param $address i32) (result i32)
                (memory.atomic.wait32 offset=0xfffffff8 (local.get $address) (i32.const 0) (i64.const 0)))
            (func (export "wait-wide") (type $unary) (param $address i32) (result i32)
                (memory.atomic.wait64 offset=16 (local.get $address) (i64.const 0) (i64.const 0)))
            (func (export "notify") (type $unary) (param $address i32) (result i32)
                (memory.atomic.notify offset=6 (local.get $address) (i32.const 1)))
            (func (export "notify-far") (type $unary) (param $address i32) (result i32)
                (memory.atomic.notify offset=0xfffffff8 (local.get $address) (i32.const 1)))
            (func $waiter (type $start) (param $address i32)
                (call $log (memory.atomic.wait32 offset=6 (local.get $address) (i32.const 0) (i64.const -1))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $waiter))
            (func (export "spawn") (type $unary) (param $address i32) (result i32)
                (call $spawn (i32.const 0) (local.get $address)))
        "#;
        const NAMES: [&str; 6] = ["wait", "wait-far", "wait-wide", "notify", "notify-far", "spawn"];
        let exports = NAMES.map(|name| (name, "(param \"address\" s32) (result s32)"));
        let engine = engine(2);
        let program = Program {
            code: CODE,
            exports: &exports,
            ..Program::default()
        };
        let component = component(&engine, &program.text());
        for (name, address, reason) in [
            ("wait", 64, "align"),
            ("notify", 64, "align"),
            ("wait", -6, "out of bounds"),
            ("wait", -2, "out of bounds"),
            ("notify", -6, "out of bounds"),
            ("notify", -2, "out of bounds"),
            ("wait", 65_530, "out of bounds"),
            ("notify", 65_530, "out of bounds"),
            ("wait-far", 8, "out of bounds"),
            ("wait-far", 72, "out of bounds"),
            ("notify-far", 8, "out of bounds"),
            ("notify-far", 72, "out of bounds"),
            ("wait-wide", -16, "out of bounds"),
            ("wait-wide", -8, "out of bounds"),
            ("wait-wide", 68, "align"),
        ] {
            let trap = trap(Running::new(&component).call(name, &[address]));
            assert!(trap.message().contains(reason), "{name} {address}: {}", trap.message());
        }
        let program = Running::new(&component);
        assert_eq!(program.call("wait", &[66]).expect("aligned and inside"), TIMED_OUT);
        assert_eq!(program.call("wait", &[65_526]).expect("the last four bytes"), TIMED_OUT);
        assert_eq!(
            program.call("wait-wide", &[65_512]).expect("the last eight bytes"),
            TIMED_OUT
        );
        program.call("spawn", &[66]).expect("no trap");
        until_counted(&mut 0, 1, || program.call("notify", &[66]).expect("no trap"));
        until(|| program.host.sorted_values() == [0]);
    });
}

#[test]
fn many_waiters_leave_one_worker_free() {
    watched(|| {
        let program = start(1);
        for _ in 0..500 {
            program.spawn_waiter(0, 64);
        }
        until_counted(&mut 0, 500, || program.notify(64, -1));
        until(|| program.host.sorted_values() == [0; 500]);
    });
}

#[test]
fn timed_out_and_notified_waiters_add_up() {
    watched(|| {
        // Each of 100 threads waits 20 times, very shortly, and logs how often it was notified; notifies count likewise.
        const CODE: &str = r#"
            (func $waiter (type $start) (param $rounds i32)
                (loop $again
                    (if (i32.eqz (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const 20000)))
                        (then (drop (i32.atomic.rmw.add (i32.const 128) (i32.const 1)))))
                    (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $waiter))
            (func (export "run") (type $void) (local $n i32) (local $woken i32)
                (local.set $n (i32.const 100))
                (loop $each
                    (drop (call $spawn (i32.const 0) (i32.const 20)))
                    (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (loop $again
                    (local.set $woken (i32.add (local.get $woken)
                        (memory.atomic.notify (i32.const 64) (i32.const 3))))
                    (call $yield)
                    (br_if $again (i32.ne (i32.atomic.load (i32.const 0)) (i32.const 100))))
                (call $log (local.get $woken))
                (call $log (i32.atomic.load (i32.const 128))))
        "#;
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "")]);
            program.call("run", &[]).expect("no trap");
            let counts = program.host.sorted_values();
            assert_eq!(counts[0], counts[1], "{workers} workers: notifies' and waits' count");
        }
    });
}

#[test]
fn a_mutex_of_waits_excludes_and_loses_no_wake_up() {
    watched(|| {
        // The usual mutex: 0 is free, 1 is locked, 2 is locked with waiters. It guards a counter that is not atomic.
        const CODE: &str = r#"
            (func $lock (type $void)
                (if (i32.atomic.rmw.cmpxchg (i32.const 64) (i32.const 0) (i32.const 1)) (then
                    (loop $again
                        (if (i32.atomic.rmw.xchg (i32.const 64) (i32.const 2)) (then
                            (drop (memory.atomic.wait32 (i32.const 64) (i32.const 2) (i64.const -1)))
                            (br $again)))))))
            (func $unlock (type $void)
                (if (i32.eq (i32.atomic.rmw.xchg (i32.const 64) (i32.const 0)) (i32.const 2)) (then
                    (drop (memory.atomic.notify (i32.const 64) (i32.const 1))))))
            (func $worker (type $start) (param $rounds i32) (local $value i32)
                (loop $again
                    (call $lock)
                    (local.set $value (i32.load (i32.const 128)))
                    (if (i32.eqz (i32.and (local.get $rounds) (i32.const 15))) (then (call $yield)))
                    (i32.store (i32.const 128) (i32.add (local.get $value) (i32.const 1)))
                    (call $unlock)
                    (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
                (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $worker))
            (func (export "run") (type $get) (local $n i32)
                (i32.atomic.store (i32.const 0) (i32.const 0))
                (i32.store (i32.const 128) (i32.const 0))
                (local.set $n (i32.const 8))
                (loop $each
                    (drop (call $spawn (i32.const 0) (i32.const 200)))
                    (br_if $each (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (call $join (i32.const 8))
                (i32.load (i32.const 128)))
        "#;
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "(result s32)")]);
            for _ in 0..20 {
                assert_eq!(program.call("run", &[]).expect("no trap"), 1600, "{workers} workers");
            }
        }
    });
}
