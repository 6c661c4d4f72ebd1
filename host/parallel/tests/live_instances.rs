//! Counts the memory mappings of a live instance. This test is a process of its own, in which nothing else
//! maps memory.
#![cfg(target_os = "linux")]

use std::fs;

use weft_parallel::{Component, Config, Engine, Instance, InstanceLimits, InstancePre, Linker, Val};

/// A component whose core module has these items beside `next`, which counts its calls where `count` says.
fn prepared(engine: &Engine, items: &str, count: &str) -> InstancePre<()> {
    let text = format!(
        r#"(component
            (core module $m
                {items}
                (func (export "next") (result i32) {count}))
            (core instance $i (instantiate $m))
            (func (export "next") (result s32) (canon lift (core func $i "next"))))"#
    );
    let component = Component::new(engine, text.as_bytes()).expect("a valid component");
    Linker::new(engine)
        .instantiate_pre(&component)
        .expect("it imports nothing")
}

const IN_A_GLOBAL: (&str, &str) = (
    "(global $n (mut i32) (i32.const 7))",
    "(global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)",
);
const IN_A_SHARED_MEMORY: (&str, &str) = (
    r#"(memory 1 16 shared) (data (i32.const 8) "\07")"#,
    "(i32.add (i32.atomic.rmw.add (i32.const 8) (i32.const 1)) (i32.const 1))",
);
/// The host counts the threads that wait.
const NOTIFYING: (&str, &str) = (
    r#"(memory 1 16 shared) (data (i32.const 8) "\07")"#,
    "(drop (memory.atomic.notify (i32.const 0) (i32.const 1)))
     (i32.add (i32.atomic.rmw.add (i32.const 8) (i32.const 1)) (i32.const 1))",
);

fn next(instance: &Instance<()>) -> i32 {
    match instance.get_func(&["next"]).expect("it is exported").call(&[]) {
        Ok(Some(Val::S32(number))) => number,
        other => panic!("{other:?}"),
    }
}

fn mappings() -> usize {
    let maps = fs::read_to_string("/proc/self/maps").expect("Linux has it");
    maps.lines().count()
}

/// Whether the system can mark pages of a mapping as guards, so that stacks take no mappings of their own: Linux 6.13.
fn has_guards() -> bool {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").expect("Linux has it");
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= (6_u32, 13_u32),
        other => panic!("{release}: {other:?}"),
    }
}

/// Makes and calls so many, and checks that each takes at most `most` mappings, its stack not counted.
fn check(kind: (&str, &str), number: usize, most: usize) {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let prepared = prepared(&engine, kind.0, kind.1);
    // What is made once, for whichever instance comes first.
    assert_eq!(next(&prepared.instantiate(()).expect("an instance")), 8);
    let before = mappings();
    let instances = (0..number).map(|_| prepared.instantiate(()));
    let instances = Vec::from_iter(instances.map(|instance| instance.expect("an instance")));
    for instance in &instances {
        assert_eq!([next(instance), next(instance)], [8, 9]);
    }
    // The OS threads of an earlier engine may take theirs along meanwhile.
    let taken = mappings().saturating_sub(before);
    let stacks = if has_guards() { 0 } else { 2 };
    // Some are of the allocator's, and of slabs of stacks.
    let expected = (most + stacks) * number + number / 20 + 50;
    assert!(
        taken <= expected,
        "{number} instances of {kind:?} take {taken} mappings"
    );
}

/// One after the other, because each looks at all mappings of the process.
#[test]
fn live_instances_take_few_mappings() {
    for (kind, most) in [(IN_A_GLOBAL, 0), (IN_A_SHARED_MEMORY, 2), (NOTIFYING, 2)] {
        check(kind, 500, most);
    }
}

#[test]
#[ignore = "it takes a gigabyte of memory"]
fn thirty_thousand_instances_live_at_once() {
    for kind in [IN_A_GLOBAL, IN_A_SHARED_MEMORY, NOTIFYING] {
        if has_guards() {
            check(kind, 30_000, 2);
        }
    }
}

/// The last of the mappings are for those that have few.
#[test]
#[ignore = "it takes all mappings of the process"]
fn an_instance_that_finds_no_mappings_is_an_error_that_says_so() {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let many = "(memory 1 1 shared) ".repeat(20);
    let prepared = prepared(&engine, &many, "(i32.const 8)");
    let mut instances = Vec::new();
    let error = loop {
        match prepared.instantiate_with((), &InstanceLimits::new()) {
            Ok(instance) => instances.push(instance),
            Err(error) => break error,
        }
    };
    let message = error.to_string();
    assert!(matches!(error, weft_parallel::Error::Limit(_)), "{message}");
    assert!(message.contains("vm.max_map_count"), "{message}");
    assert!(instances.len() > 1000, "{} instances", instances.len());
    instances.iter().for_each(|instance| assert_eq!(next(instance), 8));
    instances.pop();
    prepared.instantiate(()).expect("there is room again");
}
