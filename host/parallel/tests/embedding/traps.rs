//! Traps, exits and panics of guest threads and host functions: the embedder gets an error, and its process continues.

use weft_parallel::Error;

use crate::support::{Program, Running, WORKERS, call, component, engine, functions, trap, until, watched};

/// Ways to fail by number, in `$fail`, called by `$inner`; ways to be busy meanwhile, in `$busy`. The entry `run` has
/// children be busy, and then fails or spawns a child that fails and is busy itself.
const CODE: &str = r#"
    (func $overflow (type $unary) (param $n i32) (result i32)
        (i32.add (call $overflow (i32.add (local.get $n) (i32.const 1))) (i32.const 1)))
    (func $nothing (type $void))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $failing_child) (ref.func $busy))
    (func $fail (type $start) (param $how i32)
        (if (i32.eq (local.get $how) (i32.const 0)) (then unreachable))
        (if (i32.eq (local.get $how) (i32.const 1)) (then (drop (i32.div_s (i32.const 1) (i32.const 0)))))
        (if (i32.eq (local.get $how) (i32.const 2)) (then (drop (i32.load (i32.const -4)))))
        (if (i32.eq (local.get $how) (i32.const 3)) (then (drop (call $overflow (i32.const 0)))))
        (if (i32.eq (local.get $how) (i32.const 4)) (then (drop (call $spawn (i32.const 7) (i32.const 0)))))
        (if (i32.eq (local.get $how) (i32.const 5)) (then (call_indirect $table (type $void) (i32.const 7))))
        (if (i32.eq (local.get $how) (i32.const 6)) (then (call_indirect $table (type $void) (i32.const 0))))
        (if (i32.eq (local.get $how) (i32.const 7)) (then
            (drop (memory.atomic.wait32 (i32.const 65) (i32.const 0) (i64.const -1)))))
        (if (i32.eq (local.get $how) (i32.const 8)) (then (call $fail_in_host)))
        (if (i32.eq (local.get $how) (i32.const 9)) (then (call $exit (i32.const 42))))
        (if (i32.eq (local.get $how) (i32.const 10)) (then (call $exit_async (i32.const -42))))
        (if (i32.eq (local.get $how) (i32.const 11)) (then (call $panic)))
        (if (i32.eq (local.get $how) (i32.const 12)) (then (call $panic_async))))
    (func $fail_in_host (type $void) (call $refuse))
    (func $inner (type $start) (param $how i32) (call $fail (local.get $how)))
    (func $failing_child (type $start) (param $how i32)
        (call $log (call $index))
        (call $inner (local.get $how)))
    (func $busy (type $start) (param $how i32)
        (call $finish)
        (if (i32.eq (local.get $how) (i32.const 0)) (then
            (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1)))))
        (if (i32.eq (local.get $how) (i32.const 1)) (then
            (loop $spin (br_if $spin (i32.eqz (i32.atomic.load (i32.const 64)))))))
        (if (i32.eq (local.get $how) (i32.const 2)) (then (drop (call $receive (i32.const 7)))))
        (if (i32.eq (local.get $how) (i32.const 3)) (then
            (loop $yield (call $yield) (br_if $yield (i32.eqz (i32.atomic.load (i32.const 64)))))))
        (if (i32.eq (local.get $how) (i32.const 4)) (then
            (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const 0x7fffffffffffffff))))))
    (func $entry (export "run") (type $start2) (param $how i32) (param $busy i32)
        (drop (call $spawn (i32.const 1) (local.get $busy)))
        (drop (call $spawn (i32.const 1) (local.get $busy)))
        (drop (call $spawn (i32.const 1) (local.get $busy)))
        (call $join (i32.const 3))
        (call $log (call $index))
        (call $inner (local.get $how)))
    (func (export "run-child") (type $start2) (param $how i32) (param $busy i32)
        (drop (call $spawn (i32.const 1) (local.get $busy)))
        (drop (call $spawn (i32.const 1) (local.get $busy)))
        (call $join (i32.const 2))
        (drop (call $spawn (i32.const 0) (local.get $how)))
        (call $busy (local.get $busy)))
    (type $start2 (shared (func (param i32 i32))))
    (func (export "add") (type $binary) (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
"#;

const EXPORTS: &[(&str, &str)] = &[
    ("run", "(param \"how\" s32) (param \"busy\" s32)"),
    ("run-child", "(param \"how\" s32) (param \"busy\" s32)"),
    ("add", "(param \"a\" s32) (param \"b\" s32) (result s32)"),
];

/// By number of `$fail`: what the message contains and the innermost functions.
const TRAPS: [(&str, &[&str]); 9] = [
    ("unreachable", &["fail", "inner"]),
    ("divide by zero", &["fail", "inner"]),
    ("out of bounds", &["fail", "inner"]),
    ("stack", &["overflow", "overflow"]),
    ("uninitialized", &["fail", "inner"]),
    ("uninitialized", &["fail", "inner"]),
    ("type mismatch", &["fail", "inner"]),
    ("align", &["fail", "inner"]),
    ("the host function refuses", &["fail_in_host", "fail", "inner"]),
];
const EXITS: [(i32, i32); 2] = [(9, 42), (10, -42)];
const PANICS: [i32; 2] = [11, 12];
const BUSY: std::ops::Range<i32> = 0..5;

fn text() -> String {
    Program {
        code: CODE,
        exports: EXPORTS,
        ..Program::default()
    }
    .text()
}

#[test]
fn the_error_names_thread_trap_and_functions() {
    watched(|| {
        let engine = engine(2);
        let component = component(&engine, &text());
        for (how, (message, innermost)) in (0..).zip(TRAPS) {
            for (entry, outermost) in [("run", "entry"), ("run-child", "failing_child")] {
                let program = Running::new(&component);
                let trap = trap(program.call(entry, &[how, 0]));
                let text = trap.message();
                assert!(text.contains(message), "`{text}` instead of `{message}`");
                let functions = functions(&trap);
                assert!(
                    functions.starts_with(innermost),
                    "{functions:?} instead of {innermost:?}"
                );
                // A very deep backtrace may have been cut.
                assert!(how == 3 || functions.ends_with(&["inner", outermost]), "{functions:?}");
                let [(thread, index)] = program.host.log()[..] else {
                    panic!("one thread fails: {:?}", program.host.log());
                };
                assert_eq!(trap.thread(), Some(thread));
                assert_eq!(i64::from(thread), i64::from(index));
                assert!(trap.to_string().contains(&thread.to_string()), "{trap}");
                assert!(trap.to_string().contains(text), "{trap}");
            }
        }
    });
}

#[test]
fn backtraces_are_demangled() {
    // Each parameter of this function is a function that takes the one before twice.
    let parameter = |number: u32| {
        let digit = char::from_digit(2 * number, 36).expect("a digit").to_ascii_uppercase();
        format!("PFvS{digit}_S{digit}_E")
    };
    let endless = "_Z1fPFvvE".to_owned() + &(0..18).map(parameter).collect::<String>();
    let code = format!(
        "(func $_RNvNtCs6tBTu2KQ5p_4core9panicking5panic (type $void) unreachable)
        (func $_ZN4core3fmt5write17h0123456789abcdefE (type $void)
            (call $_RNvNtCs6tBTu2KQ5p_4core9panicking5panic))
        (func ${endless} (type $void) (call $_ZN4core3fmt5write17h0123456789abcdefE))
        (func $_ZN5space3fooEibc (export \"run\") (type $void) (call ${endless}))"
    );
    watched(move || {
        let program = Running::start(&engine(1), &code, &[("run", "")]);
        let trap = trap(program.call("run", &[]));
        let expected = [
            "core::panicking::panic",
            "core::fmt::write",
            &endless,
            "space::foo(int, bool, char)",
        ];
        assert_eq!(functions(&trap), expected);
        assert_eq!(trap.message(), "wasm trap: wasm `unreachable` instruction executed");
    });
}

#[test]
fn every_way_to_fail_ends_threads_that_are_busy_in_every_way() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let component = component(&engine, &text());
            for how in 0..13 {
                for busy in BUSY {
                    for entry in ["run", "run-child"] {
                        let program = Running::new(&component);
                        let outcome = program.call(entry, &[how, busy]);
                        let failing = program.host.log()[0].0;
                        check(how, failing, &outcome);
                        // Each later call gives the same.
                        check(how, failing, &program.call("add", &[1, 2]));
                        let Running { instance, host } = program;
                        instance.end().expect("no worker");
                        assert_eq!(
                            std::sync::Arc::strong_count(&host),
                            1,
                            "nothing uses the host state any more"
                        );
                    }
                }
            }
            // And the engine runs on.
            let program = Running::new(&component);
            assert_eq!(program.call("add", &[1, 2]).expect("no trap"), 3);
        }
    });
}

fn check(how: i32, thread: u32, outcome: &Result<i32, Error>) {
    match outcome {
        Err(Error::Trap(trap)) => {
            assert!(how < 9, "{how}: {trap}");
            assert_eq!(trap.thread(), Some(thread));
        }
        Err(Error::Exit(code)) => assert!(EXITS.contains(&(how, *code)), "{how}: {code}"),
        Err(Error::HostPanic(panicked)) => {
            assert!(PANICS.contains(&how), "{how}");
            assert_eq!(*panicked, Some(thread));
        }
        other => panic!("{how}: {other:?}"),
    }
}

#[test]
fn other_programs_of_the_engine_go_on() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            let component = component(&engine, &text());
            let witness = Running::new(&component);
            for how in 0..13 {
                let failing = Running::new(&component);
                failing.call("run-child", &[how, 1]).expect_err("it fails");
                assert_eq!(witness.call("add", &[how, 1]).expect("no trap"), how + 1);
            }
        }
    });
}

#[test]
fn calls_that_wait_for_their_turn_get_the_error_too() {
    watched(|| {
        const CODE: &str = r#"
            (func (export "block") (type $void)
                (call $send (i32.const 0) (i32.const 0))
                (drop (call $receive (i32.const 1)))
                unreachable)"#;
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("block", "")]);
            let callers: Vec<_> = (0..4)
                .map(|_| {
                    let block = program.func("block");
                    std::thread::spawn(move || call(&block, &[]))
                })
                .collect();
            program.host.receive(0);
            program.host.send(1, 0);
            let threads: Vec<_> = callers
                .into_iter()
                .map(|caller| trap(caller.join().expect("no panic")).thread())
                .collect();
            assert!(threads.iter().all(|thread| *thread == threads[0]), "{threads:?}");
        }
    });
}

#[test]
fn a_failing_start_function_fails_the_instantiation() {
    watched(|| {
        let engine = engine(2);
        for how in 0..13 {
            let code = format!("{CODE} (func $begin (type $void) (call $inner (i32.const {how}))) (start $begin)");
            let program = Program {
                code: &code,
                exports: EXPORTS,
                ..Program::default()
            };
            let component = component(&engine, &program.text());
            let host = crate::support::Host::new();
            match crate::support::linker(&engine)
                .instantiate(&component, host.clone())
                .err()
            {
                Some(Error::Trap(trap)) => {
                    assert!(how < 9, "{how}: {trap}");
                    // A very deep backtrace may have been cut.
                    assert!(how == 3 || functions(&trap).contains(&"begin"), "{trap:?}");
                }
                Some(Error::Exit(code)) => assert!(EXITS.contains(&(how, code)), "{how}: {code}"),
                Some(Error::HostPanic(_)) => assert!(PANICS.contains(&how), "{how}"),
                other => panic!("{how}: {other:?}"),
            }
            until(|| std::sync::Arc::strong_count(&host) == 1);
        }
    });
}

#[test]
fn an_exception_that_nothing_catches_is_a_trap() {
    watched(|| {
        // The first throws on the call's thread, the second on a thread that it starts; the third is caught.
        const CODE: &str = "(tag $error (type $start))
            (func $throws (type $start) (param $n i32) (throw $error (local.get $n)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $throws))
            (func $entry (export \"throw\") (type $start) (param $n i32) (call $throws (local.get $n)))
            (func (export \"throw-in-child\") (type $start) (param $n i32)
                (drop (call $spawn (i32.const 0) (local.get $n)))
                (drop (call $receive (i32.const 7))))
            (func (export \"catch\") (type $unary) (param $n i32) (result i32)
                (block $caught (result i32)
                    (try_table (catch $error $caught) (call $throws (local.get $n)))
                    (i32.const 0)))";
        let exports = [
            ("throw", "(param \"n\" s32)"),
            ("throw-in-child", "(param \"n\" s32)"),
            ("catch", "(param \"n\" s32) (result s32)"),
        ];
        for workers in WORKERS {
            let engine = engine(workers);
            let program = Running::start(&engine, CODE, &exports);
            assert_eq!(program.call("catch", &[7]).expect("no trap"), 7);
            let trap = trap(program.call("throw", &[7]));
            assert_eq!((trap.thread(), trap.message()), (Some(1), "uncaught exception"));
            assert_eq!(functions(&trap)[..2], ["throws", "entry"]);
            let program = Running::start(&engine, CODE, &exports);
            let trap = crate::support::trap(program.call("throw-in-child", &[7]));
            assert_eq!((trap.thread(), trap.message()), (Some(2), "uncaught exception"));
            assert_eq!(functions(&trap), ["throws"]);
        }
    });
}
