//! Data segments that one thread drops are dropped for all.

use crate::support::{Running, component, engine, engine_with, trap, until, watched};
use weft_parallel::{Interruption, Linker, Val};

/// Data segments are a module's, and a module's instance is one for all threads.
#[test]
fn a_dropped_segment_is_dropped_for_all_threads() {
    watched(|| {
        const CODE: &str = r#"
            (data $passive "efgh")
            (func (export "drop") (type $void) (data.drop $passive))
            (func (export "copy") (type $start) (param $bytes i32)
                (memory.init $passive (i32.const 128) (i32.const 0) (local.get $bytes)))
            (func $child (type $start) (param $bytes i32)
                (drop (call $receive (i32.const 0)))
                (memory.init $passive (i32.const 128) (i32.const 0) (local.get $bytes))
                (call $log (i32.load (i32.const 128))))
            (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
            (func (export "spawn") (type $unary) (param $bytes i32) (result i32)
                (call $spawn (i32.const 0) (local.get $bytes)))
        "#;
        const EXPORTS: &[(&str, &str)] = &[
            ("drop", ""),
            ("copy", "(param \"bytes\" s32)"),
            ("spawn", "(param \"bytes\" s32) (result s32)"),
        ];
        let engine = engine(2);
        let program = || Running::start(&engine, CODE, EXPORTS);

        let whole = program();
        whole.call("spawn", &[4]).expect("no trap");
        whole.host.send(0, 0);
        until(|| whole.host.sorted_values() == [i32::from_le_bytes(*b"efgh")]);

        let dropped = program();
        dropped.call("spawn", &[4]).expect("no trap");
        dropped.call("drop", &[]).expect("no trap");
        dropped
            .call("copy", &[0])
            .expect("nothing to copy is inside of nothing");
        dropped.host.send(0, 0);
        until(|| dropped.call("copy", &[0]).is_err() || !dropped.host.log().is_empty());
        assert_eq!(
            dropped.host.log(),
            [],
            "the child has copied what its parent had dropped"
        );
        trap(dropped.call("copy", &[0]));
    });
}

/// A thread that copies from a segment which was copied into the memory at instantiation.
const ACTIVE: &str = r#"
    (data $active (i32.const 64) "abcd")
    (func (export "copy") (type $start) (param $bytes i32)
        (memory.init $active (i32.const 128) (i32.const 0) (local.get $bytes)))
    (func $child (type $start) (param $bytes i32)
        (memory.init $active (i32.const 128) (i32.const 0) (local.get $bytes))
        (call $log (i32.const 1)))
    (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $child))
    (func (export "spawn") (type $unary) (param $bytes i32) (result i32)
        (call $spawn (i32.const 0) (local.get $bytes)))
"#;
const ACTIVE_EXPORTS: &[(&str, &str)] = &[
    ("copy", "(param \"bytes\" s32)"),
    ("spawn", "(param \"bytes\" s32) (result s32)"),
];

#[test]
fn an_active_segment_is_dropped_once_it_has_been_copied() {
    watched(|| {
        let engine = engine(2);
        let program = Running::start(&engine, ACTIVE, ACTIVE_EXPORTS);
        program
            .call("copy", &[0])
            .expect("nothing to copy is inside of nothing");
        program.call("spawn", &[0]).expect("no trap");
        until(|| program.host.sorted_values() == [1]);
        trap(program.call("copy", &[1]));
    });
}

#[test]
fn an_active_segment_is_dropped_for_all_threads() {
    watched(|| {
        let program = Running::start(&engine(2), ACTIVE, ACTIVE_EXPORTS);
        program.call("spawn", &[1]).expect("no trap");
        until(|| program.call("copy", &[0]).is_err() || !program.host.log().is_empty());
        assert_eq!(program.host.log(), [], "the child has copied what was dropped");
    });
}

/// Code runs while the segments of unshared memories and tables are copied. It checks epochs like all other code.
#[test]
fn unshared_segments_are_copied_where_code_checks_epochs() {
    let engine = engine_with(1, |config| {
        config.interruption(Interruption::Epochs);
    });
    let text = r#"(component
        (core module $m
            (memory 1)
            (table 2 funcref)
            (data (i32.const 8) "\07\00\00\00")
            (elem (i32.const 1) $seven)
            (func $seven (result i32) (i32.load (i32.const 8)))
            (func (export "seven") (result i32) (call_indirect (result i32) (i32.const 1))))
        (core instance $one (instantiate $m))
        (core instance $two (instantiate $m))
        (func (export "one") (result u32) (canon lift (core func $one "seven")))
        (func (export "two") (result u32) (canon lift (core func $two "seven"))))"#;
    let linker = Linker::<()>::new(&engine);
    let instance = linker.instantiate(&component(&engine, text), ()).expect("an instance");
    for export in ["one", "two"] {
        let function = instance.get_func(&[export]).expect("exported");
        assert_eq!(function.call(&[]).expect("no trap"), Some(Val::U32(7)));
    }
}
