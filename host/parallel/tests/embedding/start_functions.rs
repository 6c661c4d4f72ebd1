//! The functions that threads start with: references, tables that change, 64-bit arguments and indices, and functions of a declared type.

use crate::support::{Program, Running, WORKERS, component, engine, functions, trap, until, watched};
use weft_parallel::{Component, Engine, Linker, Val, wasmtime};

#[test]
fn a_thread_starts_with_a_reference() {
    watched(|| {
        const CODE: &str = "(func $one (type $start) (param $argument i32)
                (call $log (local.get $argument))
                (call $finish))
            (func $other (type $start) (param $argument i32)
                (call $log (i32.mul (local.get $argument) (i32.const -1)))
                (call $finish))
            (elem declare (ref null (shared func)) (ref.func $one) (ref.func $other))
            (func (export \"run\") (type $start) (param $rounds i32) (local $n i32) (local $index i32)
                (loop $each
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (local.set $index (call $spawn_ref
                        (select (result (ref null $start))
                            (ref.func $one) (ref.func $other) (i32.and (local.get $n) (i32.const 1)))
                        (local.get $n)))
                    (if (i32.lt_u (local.get $index) (i32.const 2)) (then unreachable))
                    (br_if $each (i32.ne (local.get $n) (local.get $rounds))))
                (call $join (local.get $rounds)))";
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CODE, &[("run", "(param \"rounds\" s32)")]);
            program.call("run", &[200]).expect("no trap");
            let mut expected: Vec<i32> = (1..=200).map(|n| if n % 2 == 1 { n } else { -n }).collect();
            expected.sort_unstable();
            assert_eq!(program.host.sorted_values(), expected);
        }
    });
}

#[test]
fn no_thread_starts_with_a_null_reference() {
    watched(|| {
        const CODE: &str = "(func $entry (export \"run\") (type $get)
            (call $spawn_ref (ref.null $start) (i32.const 0)))";
        let program = Running::start(&engine(2), CODE, &[("run", "(result s32)")]);
        let trap = trap(program.call("run", &[]));
        assert_eq!(trap.code(), Some(wasmtime::Trap::NullReference));
        assert_eq!(functions(&trap), ["entry"]);
    });
}

/// A table that threads change: `put` writes an element; the functions log 100, 200 and so on plus the argument.
const CHANGED: &str = "(func $one (type $start) (param $argument i32)
        (call $log (i32.add (i32.const 100) (local.get $argument)))
        (call $finish))
    (func $two (type $start) (param $argument i32)
        (call $log (i32.add (i32.const 200) (local.get $argument)))
        (call $finish))
    (func $nullary (type $void))
    (elem declare (ref null (shared func)) (ref.func $one) (ref.func $two) (ref.func $nullary))
    (func $put (export \"put\") (type $start2) (param $index i32) (param $function i32)
        (table.set $table (local.get $index)
            (select (result (ref null (shared func)))
                (ref.func $one)
                (select (result (ref null (shared func)))
                    (ref.func $two)
                    (select (result (ref null (shared func)))
                        (ref.func $nullary)
                        (ref.null (shared func))
                        (i32.eq (local.get $function) (i32.const 3)))
                    (i32.eq (local.get $function) (i32.const 2)))
                (i32.eq (local.get $function) (i32.const 1)))))
    (type $start2 (shared (func (param i32 i32))))
    (func $entry (export \"spawn\") (type $binary) (param $index i32) (param $argument i32) (result i32)
        (call $spawn (local.get $index) (local.get $argument)))
    (func (export \"new\") (type $binary) (param $index i32) (param $argument i32) (result i32)
        (call $new (local.get $index) (local.get $argument)))
    (func (export \"resume\") (type $start) (param $thread i32) (call $resume_later (local.get $thread)))";

const CHANGED_EXPORTS: &[(&str, &str)] = &[
    ("put", "(param \"index\" s32) (param \"function\" s32)"),
    ("spawn", "(param \"index\" s32) (param \"argument\" s32) (result s32)"),
    ("new", "(param \"index\" s32) (param \"argument\" s32) (result s32)"),
    ("resume", "(param \"thread\" s32)"),
];

#[test]
fn threads_start_with_what_a_table_holds_when_they_are_made() {
    watched(|| {
        for workers in WORKERS {
            let program = Running::start(&engine(workers), CHANGED, CHANGED_EXPORTS);
            let call = |name, arguments: [i32; 2]| program.call(name, &arguments).expect("no trap");
            call("put", [3, 1]);
            call("spawn", [3, 1]);
            until(|| program.host.sorted_values() == [101]);
            let new = call("new", [3, 2]);
            call("put", [3, 2]);
            program.call("resume", &[new]).expect("suspended");
            call("spawn", [3, 3]);
            until(|| program.host.sorted_values() == [101, 102, 203]);
            call("put", [3, 0]);
            until(|| program.host.sorted_values() == [101, 102, 203]);
        }
    });
}

#[test]
fn an_element_that_changes_is_checked_each_time() {
    watched(|| {
        let engine = engine(2);
        for name in ["spawn", "new"] {
            let cases = [
                (3, 0, wasmtime::Trap::IndirectCallToNull),
                (3, 3, wasmtime::Trap::BadSignature),
                (8, 1, wasmtime::Trap::TableOutOfBounds),
                (-1, 1, wasmtime::Trap::TableOutOfBounds),
            ];
            for (index, function, expected) in cases {
                let program = Running::start(&engine, CHANGED, CHANGED_EXPORTS);
                program.call("put", &[3, 1]).expect("no trap");
                program.call(name, &[3, 0]).expect("no trap");
                program.call("put", &[3, function]).expect("no trap");
                let trap = trap(program.call(name, &[index, 0]));
                assert_eq!(trap.code(), Some(expected));
            }
        }
    });
}

#[test]
fn a_table_that_grows_gives_new_threads_what_was_added() {
    watched(|| {
        // Each child adds an element, and spawns a thread from it at once; and all elements are spawned from at the end.
        let code = format!(
            "{CHANGED} (func $grows (type $start) (param $n i32) (local $index i32)
                (local.set $index (table.grow $table (ref.func $one) (i32.const 1)))
                (if (i32.lt_s (local.get $index) (i32.const 8)) (then unreachable))
                (if (i32.eqz (call $spawn (local.get $index) (local.get $n))) (then unreachable)))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $grows))
            (func (export \"run\") (type $start) (param $threads i32) (local $n i32)
                (loop $each
                    (drop (call $spawn (i32.const 0) (local.get $n)))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if $each (i32.ne (local.get $n) (local.get $threads))))
                (call $join (local.get $threads))
                (if (i32.ne (table.size $table) (i32.add (local.get $threads) (i32.const 8))) (then unreachable))
                (if (i32.ne (table.grow $table (ref.func $one) (i32.const 1000)) (i32.const -1)) (then unreachable)))"
        );
        for workers in WORKERS {
            let program = Program {
                code: &code,
                exports: &[("run", "(param \"threads\" s32)")],
                ..Program::default()
            };
            let text = program.text().replace("shared 8 8 (ref", "shared 8 500 (ref");
            let program = Running::new(&component(&engine(workers), &text));
            program.call("run", &[300]).expect("no trap");
            assert_eq!(program.host.sorted_values(), (100..400).collect::<Vec<_>>());
        }
    });
}

/// Threads that take an `i64`, from a table with indices of type `index`. A thread adds its argument to the cell at 8.
fn wide_component(engine: &Engine, index: &str) -> Component {
    const TEXT: &str = "(component
        (core module $state
            (memory (export \"memory\") 1 1 shared)
            (table (export \"table\") shared INDEX 4 4 (ref null (shared func))))
        (core instance $state (instantiate $state))
        (core type $start (shared (func (param i64))))
        (core func $spawn (canon thread.spawn-indirect $start (core table $state \"table\")))
        (core func $new (canon thread.new-indirect $start (core table $state \"table\")))
        (core func $spawn_ref (canon thread.spawn-ref $start))
        (core func $resume (canon thread.resume-later))
        (core module $main
            (type $start (shared (func (param i64))))
            (type $narrow (shared (func (param i32))))
            (type $from_table (shared (func (param INDEX i64) (result i32))))
            (type $from_ref (shared (func (param (ref null $start) i64) (result i32))))
            (import \"state\" \"memory\" (memory 1 1 shared))
            (import \"state\" \"table\" (table $table shared INDEX 4 4 (ref null (shared func))))
            (import \"\" \"spawn\" (func $spawn (type $from_table)))
            (import \"\" \"new\" (func $new (type $from_table)))
            (import \"\" \"spawn_ref\" (func $spawn_ref (type $from_ref)))
            (import \"\" \"resume\" (func $resume (type $narrow)))
            (func $add (type $start) (param $argument i64)
                (drop (i64.atomic.rmw.add (i32.const 8) (local.get $argument)))
                (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
                (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
            (func $is_narrow (type $narrow) (param i32))
            (elem (table $table) (INDEX.const 1) (ref null (shared func)) (ref.func $add) (ref.func $is_narrow))
            (type $run (shared (func (param i32 i64 i64) (result i64))))
            (func (export \"run\") (type $run) (param $how i32) (param $index i64) (param $argument i64) (result i64)
                (i32.atomic.store (i32.const 0) (i32.const 0))
                (i64.atomic.store (i32.const 8) (i64.const 0))
                (if (i32.eq (local.get $how) (i32.const 0)) (then
                    (drop (call $spawn CUT (local.get $argument)))))
                (if (i32.eq (local.get $how) (i32.const 1)) (then
                    (call $resume (call $new CUT (local.get $argument)))))
                (if (i32.eq (local.get $how) (i32.const 2)) (then
                    (drop (call $spawn_ref (ref.func $add) (local.get $argument)))))
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
                (i64.atomic.load (i32.const 8))))
        (core instance $main (instantiate $main
            (with \"state\" (instance $state))
            (with \"\" (instance
                (export \"spawn\" (func $spawn)) (export \"new\" (func $new))
                (export \"spawn_ref\" (func $spawn_ref)) (export \"resume\" (func $resume))))))
        (func (export \"run\") (param \"how\" s32) (param \"index\" s64) (param \"argument\" s64) (result s64)
            (canon lift (core func $main \"run\"))))";
    let cut = match index {
        "i32" => "(i32.wrap_i64 (local.get $index))",
        _ => "(local.get $index)",
    };
    let text = TEXT.replace("INDEX", index).replace("CUT", cut);
    Component::new(engine, text.as_bytes()).expect("a component")
}

#[test]
fn an_argument_of_64_bits_is_passed_unchanged() {
    watched(|| {
        for (workers, index) in WORKERS.into_iter().zip(["i32", "i64", "i32"]) {
            let engine = engine(workers);
            let component = wide_component(&engine, index);
            let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
            let run = instance.get_func(&["run"]).expect("exported");
            for argument in [i64::MIN, -1, 0, 1, 1 << 32, 0x1234_5678_9abc_def0, i64::MAX] {
                for how in 0..3 {
                    let sum = run.call(&[Val::S32(how), Val::S64(1), Val::S64(argument)]);
                    assert_eq!(sum.expect("no trap"), Some(Val::S64(argument)), "{how}");
                }
            }
        }
    });
}

#[test]
fn what_cannot_take_an_argument_of_64_bits_starts_no_thread() {
    watched(|| {
        let engine = engine(2);
        let cases = [
            ("i32", 4, wasmtime::Trap::TableOutOfBounds),
            ("i32", -1, wasmtime::Trap::TableOutOfBounds),
            ("i32", 0, wasmtime::Trap::IndirectCallToNull),
            ("i32", 2, wasmtime::Trap::BadSignature),
            ("i64", 4, wasmtime::Trap::TableOutOfBounds),
            ("i64", -1, wasmtime::Trap::TableOutOfBounds),
            // Cut to 32 bits it would be right.
            ("i64", 1 << 32 | 1, wasmtime::Trap::TableOutOfBounds),
            ("i64", 0, wasmtime::Trap::IndirectCallToNull),
            ("i64", 2, wasmtime::Trap::BadSignature),
        ];
        for (ty, index, expected) in cases {
            let component = wide_component(&engine, ty);
            for how in 0..2 {
                let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
                let run = instance.get_func(&["run"]).expect("exported");
                let trap = trap(run.call(&[Val::S32(how), Val::S64(index), Val::S64(0)]));
                assert_eq!(trap.code(), Some(expected), "{ty} {index}");
            }
        }
    });
}

/// A component whose threads start with functions of type `$open`, which is not final; the table holds one each of `$open`,
/// of a declared subtype, and of the final type of the same shape.
fn declared_component(engine: &Engine) -> Component {
    const TEXT: &str = "(component
        (core module $state
            (memory (export \"memory\") 1 1 shared)
            (table (export \"table\") shared 4 4 (ref null (shared func))))
        (core instance $state (instantiate $state))
        (core type $open (sub (shared (func (param i32)))))
        (core func $spawn (canon thread.spawn-indirect $open (core table $state \"table\")))
        (core module $main
            (type $open (sub (shared (func (param i32)))))
            (type $below (sub $open (shared (func (param i32)))))
            (type $final (shared (func (param i32))))
            (type $spawn (shared (func (param i32 i32) (result i32))))
            (import \"state\" \"memory\" (memory 1 1 shared))
            (import \"state\" \"table\" (table $table shared 4 4 (ref null (shared func))))
            (import \"\" \"spawn\" (func $spawn (type $spawn)))
            (func $finish (type $final) (param $argument i32)
                (i32.atomic.store (i32.const 0) (local.get $argument))
                (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
            (func $of_open (type $open) (param i32) (call $finish (i32.const 1)))
            (func $of_below (type $below) (param i32) (call $finish (i32.const 2)))
            (elem (table $table) (i32.const 0) (ref null (shared func))
                (ref.func $of_open) (ref.func $of_below) (ref.func $finish))
            (type $run (shared (func (param i32) (result i32))))
            (func (export \"run\") (type $run) (param $index i32) (result i32)
                (i32.atomic.store (i32.const 0) (i32.const 0))
                (drop (call $spawn (local.get $index) (i32.const 0)))
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
                (i32.atomic.load (i32.const 0))))
        (core instance $main (instantiate $main
            (with \"state\" (instance $state))
            (with \"\" (instance (export \"spawn\" (func $spawn))))))
        (func (export \"run\") (param \"index\" s32) (result s32) (canon lift (core func $main \"run\"))))";
    Component::new(engine, TEXT.as_bytes()).expect("a component")
}

#[test]
fn types_match_by_declaration_and_not_by_shape() {
    watched(|| {
        let engine = engine(2);
        let component = declared_component(&engine);
        let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
        let run = instance.get_func(&["run"]).expect("exported");
        for (index, gives) in [(0, 1), (1, 2)] {
            let result = run.call(&[Val::S32(index)]).expect("the type or a subtype");
            assert_eq!(result, Some(Val::S32(gives)));
        }
        let trap = trap(run.call(&[Val::S32(2)]));
        assert_eq!(trap.code(), Some(wasmtime::Trap::BadSignature));
    });
}

/// A table with 64-bit indices that threads change: `grow` gives the length before, `spawn` starts what an element holds.
const CHANGED_64: &str = "(component
    (core module $state
        (memory (export \"memory\") 1 1 shared)
        (table (export \"table\") shared i64 1 3 (ref null (shared func))))
    (core instance $state (instantiate $state))
    (core type $start (shared (func (param i32))))
    (core func $spawn (canon thread.spawn-indirect $start (core table $state \"table\")))
    (core module $main
        (type $start (shared (func (param i32))))
        (type $spawn (shared (func (param i64 i32) (result i32))))
        (type $get (shared (func (param i64) (result i64))))
        (import \"state\" \"memory\" (memory 1 1 shared))
        (import \"state\" \"table\" (table $table shared i64 1 3 (ref null (shared func))))
        (import \"\" \"spawn\" (func $spawn (type $spawn)))
        (func $finish (type $start) (param $argument i32)
            (i32.atomic.store (i32.const 0) (local.get $argument))
            (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
        (elem declare (ref null (shared func)) (ref.func $finish))
        (func (export \"grow\") (type $get) (param $by i64) (result i64)
            (table.grow $table (ref.func $finish) (local.get $by)))
        (func (export \"spawn\") (type $get) (param $index i64) (result i64)
            (i32.atomic.store (i32.const 0) (i32.const 0))
            (drop (call $spawn (local.get $index) (i32.const 5)))
            (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
            (i64.extend_i32_u (i32.atomic.load (i32.const 0)))))
    (core instance $main (instantiate $main
        (with \"state\" (instance $state))
        (with \"\" (instance (export \"spawn\" (func $spawn))))))
    (func (export \"grow\") (param \"by\" s64) (result s64) (canon lift (core func $main \"grow\")))
    (func (export \"spawn\") (param \"index\" s64) (result s64) (canon lift (core func $main \"spawn\"))))";

#[test]
fn a_table_with_indices_of_64_bits_grows() {
    watched(|| {
        let engine = engine(2);
        let component = Component::new(&engine, CHANGED_64.as_bytes()).expect("a component");
        let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
        let call = |name, argument| {
            let function = instance.get_func(&[name]).expect("exported");
            function.call(&[Val::S64(argument)])
        };
        for (by, before) in [(3, -1), (1 << 32, -1), (-1, -1), (1, 1), (1, 2), (1, -1), (0, 3)] {
            assert_eq!(call("grow", by).expect("no trap"), Some(Val::S64(before)), "{by}");
        }
        for index in [1, 2] {
            assert_eq!(call("spawn", index).expect("no trap"), Some(Val::S64(5)));
        }
        let trap = trap(call("spawn", 1 << 32 | 1));
        assert_eq!(trap.code(), Some(wasmtime::Trap::TableOutOfBounds));
    });
}
