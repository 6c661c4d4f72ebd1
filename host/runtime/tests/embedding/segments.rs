//! Data segments that one thread drops are dropped for all.

use crate::support::{Running, engine, trap, until, watched};

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
