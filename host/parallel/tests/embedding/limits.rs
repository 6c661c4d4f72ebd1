//! The total of a program's memories, tables and threads is limited, and so is each thread's stack.

use std::fmt::Write;

use weft_parallel::{Component, Engine, Error, Instance, Linker, Val};

use crate::support::{Program, Running, component, engine, engine_with, trap, watched};

const PAGE: u64 = 65_536;

/// Many memories and tables of one module, and functions that grow them all and count those that grew.
fn unshared(memories: usize, tables: usize, element: &str) -> String {
    let (mut items, mut code) = (String::new(), String::new());
    for index in 0..memories {
        writeln!(items, "(memory $m{index} 0)").expect("a string");
        writeln!(code, "(call $count (memory.grow $m{index} (local.get $by)))").expect("a string");
    }
    for index in 0..tables {
        writeln!(items, "(table $t{index} 0 {element})").expect("a string");
        writeln!(
            code,
            "(call $count (table.grow $t{index} (ref.null {element}) (local.get $by)))"
        )
        .expect("a string");
    }
    let code = code
        .replace("ref.null funcref", "ref.null func")
        .replace("ref.null externref", "ref.null extern");
    format!(
        r#"(component
            (core module $m
                {items}
                (global $grown (mut i32) (i32.const 0))
                (func $count (param i32)
                    (if (i32.ne (local.get 0) (i32.const -1))
                        (then (global.set $grown (i32.add (global.get $grown) (i32.const 1))))))
                (func (export "grow") (param $by i32) (result i32)
                    (global.set $grown (i32.const 0))
                    {code}
                    (global.get $grown)))
            (core instance $i (instantiate $m))
            (func (export "grow") (param "by" s32) (result s32) (canon lift (core func $i "grow"))))"#
    )
}

fn bounded(bytes: u64) -> Engine {
    engine_with(2, |config| {
        config.max_memory(bytes);
    })
}

fn instance(engine: &Engine, text: &str) -> Instance<()> {
    let component = Component::new(engine, text.as_bytes()).unwrap_or_else(|error| panic!("{error:?}"));
    Linker::new(engine).instantiate(&component, ()).expect("an instance")
}

fn grow(instance: &Instance<()>, by: i32) -> i32 {
    match instance.get_func(&["grow"]).expect("a function").call(&[Val::S32(by)]) {
        Ok(Some(Val::S32(grown))) => grown,
        other => panic!("{other:?}"),
    }
}

#[test]
fn unshared_memories_and_tables_count_together() {
    watched(|| {
        let engine = bounded(1 << 20);
        assert_eq!(grow(&instance(&engine, &unshared(0, 30, "funcref")), 100_000_000), 0);
        // Eight bytes an element: 16 of 64 KiB, and what a program has beyond its limit is less than one.
        assert_eq!(grow(&instance(&engine, &unshared(0, 30, "funcref")), 8192), 16);
        assert_eq!(grow(&instance(&engine, &unshared(0, 30, "externref")), 8192), 16);
        assert_eq!(grow(&instance(&engine, &unshared(30, 0, "")), 1), 16);
        assert_eq!(grow(&instance(&engine, &unshared(30, 0, "")), 17), 0);
        let both = instance(&engine, &unshared(10, 1, "funcref"));
        assert_eq!(grow(&both, 1), 11);
        assert_eq!(
            grow(&both, 1),
            7,
            "six memories and the table, which grows by eight bytes"
        );
        assert_eq!(grow(&both, 0), 11);
        // The next program has a budget of its own, and what this one had is given back.
        for _ in 0..50 {
            assert_eq!(grow(&instance(&engine, &unshared(30, 0, "")), 1), 16);
        }
    });
}

#[test]
fn what_an_instance_needs_to_start_is_refused_by_the_name_of_the_limit() {
    watched(|| {
        for items in [
            "(memory 17)",
            "(memory 9) (memory 9)",
            "(table 200000 funcref)",
            "(memory 9 9 shared) (memory 9 9 shared)",
            "(memory 9 9 shared) (memory 9)",
            "(memory 17 17 shared)",
        ] {
            let engine = bounded(16 * PAGE);
            let text = format!("(component (core module $m {items}) (core instance (instantiate $m)))");
            let component = Component::new(&engine, text.as_bytes()).expect("a valid component");
            match Linker::new(&engine).instantiate(&component, ()).err() {
                Some(Error::Limit(message)) => assert!(message.contains("`--max-memory`"), "{message}"),
                other => panic!("{items}: {other:?}"),
            }
            let roomy = bounded(40 * PAGE);
            instance(&roomy, &text);
        }
    });
}

#[test]
fn shared_memories_count_together() {
    watched(|| {
        let text = r#"(component
            (core module $m
                (memory $a 1 100 shared) (memory $b 1 100 shared)
                (func (export "grow") (param $by i32) (result i32)
                    (i32.add
                        (i32.ne (memory.grow $a (local.get $by)) (i32.const -1))
                        (i32.ne (memory.grow $b (local.get $by)) (i32.const -1)))))
            (core instance $i (instantiate $m))
            (func (export "grow") (param "by" s32) (result s32) (canon lift (core func $i "grow"))))"#;
        let program = instance(&bounded(16 * PAGE), text);
        assert_eq!(grow(&program, 8), 1);
        assert_eq!(grow(&program, 3), 2);
        assert_eq!(grow(&program, 1), 0);
        assert_eq!(grow(&program, 0), 2);
        assert_eq!(grow(&program, 1 << 20), 0);
    });
}

/// `spawn` starts children that wait for ever, until there is no room, and gives their number.
const WAITING: &str = "(func $child (type $start) (param i32)
        (call $finish)
        (drop (call $receive (i32.const 0))))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func (export \"spawn\") (type $unary) (param $most i32) (result i32) (local $n i32)
        (block $full
            (loop $each
                (br_if $full (i32.eq (local.get $n) (local.get $most)))
                (br_if $full (i32.eqz (call $spawn (i32.const 0) (i32.const 0))))
                (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br $each)))
        (call $join (local.get $n))
        (local.get $n))";

const WAITING_EXPORTS: &[(&str, &str)] = &[("spawn", "(param \"most\" s32) (result s32)")];

/// A program of [`WAITING`], each thread of which has what `items` defines.
fn waiting(items: &str) -> String {
    let program = Program {
        code: WAITING,
        exports: WAITING_EXPORTS,
        memory: "1 1",
        ..Program::default()
    };
    let unshared = format!("(component (core module $unshared {items}) (core instance (instantiate $unshared))");
    program.text().replacen("(component", &unshared, 1)
}

#[test]
fn threads_count_with_all_that_each_of_them_has() {
    watched(|| {
        let engine = bounded(101 * PAGE);
        let spawn = |items: &str| {
            let running = Running::new(&component(&engine, &waiting(items)));
            running.call("spawn", &[1_000_000]).expect("the last spawn gives 0")
        };
        // The shared memory takes one page, and so does each thread's own, the first one's too.
        let with_memories = spawn("(memory 1)");
        assert!(
            (75..=80).contains(&with_memories),
            "{with_memories} threads with 80 KiB each"
        );
        let with_tables = spawn("(table 8192 funcref)");
        assert!(
            (75..=80).contains(&with_tables),
            "{with_tables} threads with 80 KiB each"
        );
        let alone = spawn("");
        assert!((380..=405).contains(&alone), "{alone} threads with 16 KiB each");
        // Each time anew: ended threads give back what they had.
        for _ in 0..5 {
            assert_eq!(spawn("(memory 1)"), with_memories);
        }
    });
}

#[test]
fn threads_count_with_the_records_of_what_their_module_has() {
    watched(|| {
        let engine = bounded(101 * PAGE);
        let threads = |functions: usize| {
            let running = Running::new(&component(&engine, &waiting(&"(func)".repeat(functions))));
            running.call("spawn", &[1_000_000]).expect("the last spawn gives 0")
        };
        // 32 bytes for each function, the first ones are free.
        let with_records = threads(2048 + 64);
        assert!(
            (75..=80).contains(&with_records),
            "{with_records} threads with 80 KiB each"
        );
    });
}

#[test]
fn workers_without_a_thread_give_their_memory_to_what_grows() {
    watched(|| {
        const CODE: &str = "(func $child (type $start) (param i32) (call $finish))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export \"run\") (type $unary) (param $pages i32) (result i32) (local $n i32)
                (loop $each
                    (if (call $spawn (i32.const 0) (i32.const 0))
                        (then (local.set $n (i32.add (local.get $n) (i32.const 1))) (br $each))))
                (call $join (local.get $n))
                ;; The last ones are about to end.
                (loop $again
                    (call $yield)
                    (br_if $again (i32.eq (memory.grow (local.get $pages)) (i32.const -1))))
                (local.get $n))";
        let program = Program {
            code: CODE,
            exports: &[("run", "(param \"pages\" s32) (result s32)")],
            memory: "1 64",
            ..Program::default()
        };
        // So many threads fill the budget, or as many as it takes until it is full for a moment.
        let engine = bounded(64 * PAGE);
        let running = Running::new(&component(&engine, &program.text()));
        assert!(running.call("run", &[60]).expect("no trap") > 100);
    });
}

/// Recurses so many times, with a frame of some 50 bytes each.
const RECURSION: &str = "(func $deep (type $unary) (param $n i32) (result i32)
        (if (result i32) (local.get $n)
            (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $n) (i32.const 1)))))
            (else (i32.const 0))))
    (func $child (type $start) (param $n i32)
        (call $log (call $deep (local.get $n)))
        (call $finish))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func (export \"run\") (type $unary) (param $n i32) (result i32) (call $deep (local.get $n)))
    (func (export \"spawn\") (type $start) (param $n i32)
        (drop (call $spawn (i32.const 0) (local.get $n)))
        (call $join (i32.const 1)))";

const RECURSION_EXPORTS: &[(&str, &str)] = &[
    ("run", "(param \"n\" s32) (result s32)"),
    ("spawn", "(param \"n\" s32)"),
];

#[test]
fn every_thread_recurses_as_deeply_as_its_stack_allows() {
    watched(|| {
        let program = Running::start(&engine(2), RECURSION, RECURSION_EXPORTS);
        assert_eq!(program.call("run", &[100_000]).expect("8 MiB"), 100_000);
        program.call("spawn", &[100_000]).expect("8 MiB");
        assert_eq!(program.host.sorted_values(), [100_000]);
        let small = engine_with(2, |config| {
            config.max_wasm_stack(256 << 10);
        });
        for (name, engine, n) in [
            ("run", engine(2), 10_000_000),
            ("spawn", engine(2), 10_000_000),
            ("run", small.clone(), 100_000),
            ("spawn", small.clone(), 100_000),
        ] {
            let program = Running::start(&engine, RECURSION, RECURSION_EXPORTS);
            let trap = trap(program.call(name, &[n]));
            assert_eq!(trap.code(), Some(weft_parallel::wasmtime::Trap::StackOverflow));
            assert!(trap.message().contains("`--max-wasm-stack`"), "{}", trap.message());
        }
        let program = Running::start(&small, RECURSION, RECURSION_EXPORTS);
        assert_eq!(program.call("run", &[1000]).expect("256 KiB"), 1000);
    });
}
