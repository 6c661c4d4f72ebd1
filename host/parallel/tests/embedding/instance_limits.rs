//! Limits of single instances: instances of one component, in one engine, have different limits.

use std::time::Duration;

use weft_parallel::{Component, EndReason, Engine, Error, InstanceLimits, Linker, Val};

use crate::end_handle::{BUSY, start_with};
use crate::support::{Program, Running, WORKERS, component, engine, engine_with, linker, watched};

fn limits(choose: impl FnOnce(&mut InstanceLimits) -> &mut InstanceLimits) -> InstanceLimits {
    let mut limits = InstanceLimits::new();
    choose(&mut limits);
    limits
}

/// `spawn` starts a thread that waits for ever, and gives its index. `grow` grows the memory.
const CODE: &str = r#"
    (func $wait (type $start) (param i32)
        (drop (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $wait))
    (func (export "spawn") (type $get) (result i32) (call $spawn (i32.const 0) (i32.const 0)))
    (func (export "grow") (type $unary) (param i32) (result i32) (memory.grow (local.get 0)))
"#;

fn instance(engine: &Engine, limits: &InstanceLimits) -> Result<Running, Error> {
    let program = Program {
        code: CODE,
        exports: &[("spawn", "(result s32)"), ("grow", "(param \"by\" s32) (result s32)")],
        memory: "1 1000",
        ..Program::default()
    };
    let host = crate::support::Host::new();
    let component = component(engine, &program.text());
    let instance = linker(engine).instantiate_with(&component, host.clone(), limits)?;
    Ok(Running { instance, host })
}

#[test]
fn instances_of_one_engine_have_different_numbers_of_threads() {
    watched(|| {
        // An instance may have more than the configuration says, too.
        let engine = engine_with(2, |config| {
            config.max_threads(3);
        });
        for (limit, spawned) in [(None, 2), (Some(2), 1), (Some(6), 5)] {
            let limits = limits(|limits| match limit {
                Some(limit) => limits.max_threads(limit),
                None => limits,
            });
            let running = instance(&engine, &limits).expect("an instance");
            let spawn = || running.call("spawn", &[]).expect("no trap");
            // The thread of the call counts.
            assert_eq!((0..10).filter(|_| spawn() != 0).count(), spawned, "{limit:?}");
        }
        let none = limits(|limits| limits.max_threads(0));
        assert!(matches!(instance(&engine, &none), Err(Error::Limit(_))));
    });
}

#[test]
fn instances_of_one_engine_have_different_amounts_of_memory() {
    watched(|| {
        let engine = engine(2);
        let small = instance(&engine, &limits(|limits| limits.max_memory(1 << 20))).expect("an instance");
        let large = instance(&engine, &limits(|limits| limits.max_memory(64 << 20))).expect("an instance");
        assert_eq!(small.call("grow", &[100]).expect("no trap"), -1);
        assert_eq!(large.call("grow", &[100]).expect("no trap"), 1);
        assert_eq!(
            small.call("grow", &[1]).expect("no trap"),
            1,
            "the other's pages do not count"
        );
        match instance(&engine, &limits(|limits| limits.max_memory(1024))) {
            Err(Error::Limit(message)) => assert!(message.contains("`InstanceLimits::max_memory`"), "{message}"),
            other => panic!("{:?}", other.err()),
        }
    });
}

/// A table of four elements that grows. If `shared`, it is one that all threads share, and which the program writes.
fn with_table(shared: bool) -> String {
    let (prefix, reference) = match shared {
        true => ("shared", "(ref null (shared func))"),
        false => ("", "funcref"),
    };
    let null = match shared {
        true => "(ref.null (shared func))",
        false => "(ref.null func)",
    };
    let ty = match shared {
        true => "(shared (func (param i32) (result i32)))",
        false => "(func (param i32) (result i32))",
    };
    format!(
        r#"(component
            (core module $m
                (type $grow {ty})
                (table $table {prefix} 4 100 {reference})
                (func (export "grow") (type $grow) (param $by i32) (result i32)
                    (table.grow $table {null} (local.get $by))))
            (core instance $i (instantiate $m))
            (func (export "grow") (param "by" s32) (result s32) (canon lift (core func $i "grow"))))"#
    )
}

#[test]
fn instances_of_one_engine_have_tables_of_different_sizes() {
    watched(|| {
        let engine = engine(2);
        for shared in [false, true] {
            let component = Component::new(&engine, with_table(shared).as_bytes()).expect("valid");
            let start = |elements: Option<u64>| {
                let limits = limits(|limits| match elements {
                    Some(elements) => limits.max_table_elements(elements),
                    None => limits,
                });
                Linker::new(&engine).instantiate_with(&component, (), &limits)
            };
            for (limit, grown) in [(None, 4), (Some(10), 4), (Some(9), -1)] {
                let instance = start(limit).expect("an instance");
                let grow = instance.get_func(&["grow"]).expect("exported");
                let result = grow.call(&[Val::S32(6)]).expect("no trap");
                assert_eq!(result, Some(Val::S32(grown)), "shared: {shared}, limit: {limit:?}");
            }
            match start(Some(3)) {
                Err(Error::Limit(message)) => {
                    assert!(
                        message.contains("4 elements") && message.contains("each is 3"),
                        "{message}"
                    );
                }
                other => panic!("shared: {shared}: {:?}", other.err()),
            }
        }
    });
}

/// Has all threads of an instance be busy until it ends, and gives the error.
fn run_until_it_ends(engine: &Engine, how: i32, limits: &InstanceLimits) -> Error {
    let running = match start_with(engine, limits) {
        Ok(running) => running,
        Err(error) => return error,
    };
    let outcome = match running.call("spawn", &[how]) {
        Ok(_) => running.call("busy", &[how]),
        Err(error) => Err(error),
    };
    let error = outcome.expect_err("it is busy for ever");
    let again = running.call("busy", &[how]).expect_err("it has ended");
    assert_eq!(error.to_string(), again.to_string(), "the error stays");
    for _ in 0..2 {
        running.host.send(6, 0);
    }
    error
}

#[test]
fn an_instance_ends_at_its_deadline_whatever_its_threads_do() {
    watched(|| {
        for workers in WORKERS {
            let engine = engine(workers);
            for how in BUSY {
                for time in [Duration::ZERO, Duration::from_millis(10)] {
                    let error = run_until_it_ends(&engine, how, &limits(|limits| limits.deadline(time)));
                    match &error {
                        Error::EndedBy(EndReason::Deadline(deadline)) => assert_eq!(*deadline, time),
                        other => panic!("{how}: {other:?}"),
                    }
                    assert!(error.to_string().contains("`InstanceLimits::deadline`"), "{error}");
                }
            }
        }
    });
}

#[test]
fn an_instance_between_two_calls_ends_at_its_deadline_too() {
    watched(|| {
        let limits = limits(|limits| limits.deadline(Duration::from_millis(5)));
        let outcome = instance(&engine(2), &limits).map(|running| {
            loop {
                if let Err(error) = running.call("grow", &[0]) {
                    return error;
                }
            }
        });
        let error = outcome.unwrap_or_else(|error| error);
        assert!(matches!(error, Error::EndedBy(EndReason::Deadline(_))), "{error:?}");
    });
}

#[test]
fn a_deadline_that_does_not_come_changes_nothing() {
    watched(|| {
        for time in [Duration::from_secs(3600), Duration::MAX] {
            let running = instance(&engine(2), &limits(|limits| limits.deadline(time))).expect("an instance");
            assert_eq!(running.call("grow", &[1]).expect("no trap"), 1);
        }
    });
}

#[test]
fn an_instance_that_has_used_its_processor_time_ends() {
    watched(|| {
        let time = Duration::from_millis(5);
        for workers in WORKERS {
            let engine = engine(workers);
            let other = instance(&engine, &InstanceLimits::new()).expect("an instance");
            // Computing, in a bulk instruction, and yielding.
            for how in [0, 3, 4] {
                let error = run_until_it_ends(&engine, how, &limits(|limits| limits.max_processor_time(time)));
                match &error {
                    Error::EndedBy(EndReason::ProcessorTime(limit)) => assert_eq!(*limit, time),
                    other => panic!("{how}: {other:?}"),
                }
                assert!(
                    error.to_string().contains("`InstanceLimits::max_processor_time`"),
                    "{error}"
                );
            }
            assert_eq!(other.call("grow", &[0]).expect("another instance lives on"), 1);
        }
    });
}

#[test]
fn the_processor_time_of_short_calls_adds_up() {
    watched(|| {
        let limits = limits(|limits| limits.max_processor_time(Duration::from_millis(2)));
        let running = instance(&engine(2), &limits).expect("an instance");
        let error = loop {
            if let Err(error) = running.call("grow", &[0]) {
                break error;
            }
        };
        assert!(
            matches!(error, Error::EndedBy(EndReason::ProcessorTime(_))),
            "{error:?}"
        );
    });
}
