//! Bulk instructions: long ones are interrupted, and have the same effect as short ones.

use std::sync::{Arc, OnceLock};

use weft_parallel::{BlockingCaller, Config, Engine, Linker, Val};

use crate::support::{Host, Program, Running, WORKERS, component, engine, engine_with, linker, trap, watched};

/// The view of the memory that a test keeps, also when the program has ended.
type View = Arc<OnceLock<BlockingCaller<Arc<Host>>>>;

/// `keep` gives the test a view of the memory.
fn start(engine: &Engine, program: &Program<'_>) -> (Running, View) {
    let component = component(engine, &program.text());
    let view = View::default();
    let kept = Arc::clone(&view);
    let mut linker: Linker<Arc<Host>> = linker(engine);
    let keep = move |caller: BlockingCaller<Arc<Host>>, (): ()| drop(kept.set(caller));
    linker
        .module("host")
        .func_wrap_blocking("keep", keep)
        .expect("a new name");
    let host = Host::new();
    let instance = linker.instantiate(&component, host.clone()).expect("an instance");
    (Running { instance, host }, view)
}

fn bytes(view: &View, address: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let view = view.get().expect("the program has called `keep`");
    let memory = view.memory().expect("a memory");
    memory.read(address, &mut bytes).expect("in bounds");
    bytes
}

/// A gigabyte.
const PAGES: i32 = 16_384;
const SIZE: u64 = 65_536 * PAGES as u64;

/// One thread writes to all of the memory by one instruction. Another, which is spawned before it, sees the first of that and ends the
/// program.
fn is_interrupted(instruction: &str) {
    let code = format!(
        r#"(elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $end))
        (func $end (type $start) (param i32)
            (loop $again
                (br_if $again (i32.eqz (i32.atomic.load8_u (i32.const 0)))))
            (unreachable))
        (func (export "write") (type $start) (param $count i32)
            (call $keep)
            (drop (call $spawn (i32.const 0) (i32.const 0)))
            {instruction}
            ;; Nobody comes here.
            (loop $for_ever (br $for_ever)))"#
    );
    for workers in WORKERS {
        let program = Program {
            code: &code,
            exports: &[("write", "(param \"count\" s32)")],
            imports: &[("keep", "")],
            memory: "16384 16384",
        };
        let (program, view) = start(&engine(workers), &program);
        let trapped = trap(program.call("write", &[PAGES << 16]));
        assert_eq!(trapped.code(), Some(wasmtime::Trap::UnreachableCodeReached));
        assert_eq!(bytes(&view, 0, 1), [1], "it had begun");
        assert_eq!(bytes(&view, SIZE / 2 - 1, 1), [0], "it was not over");
    }
}

#[test]
fn a_long_fill_is_interrupted() {
    watched(|| is_interrupted("(memory.fill (i32.const 0) (i32.const 1) (local.get $count))"));
}

/// The second half begins and ends with a byte that is to be the first, and the last, of the first half.
#[test]
fn a_long_copy_is_interrupted() {
    watched(|| {
        is_interrupted(
            "(i32.store8 (i32.const 0x20000000) (i32.const 1))
            (i32.store8 (i32.const 0x3fffffff) (i32.const 1))
            (memory.copy (i32.const 0) (i32.const 0x20000000) (i32.shr_u (local.get $count) (i32.const 1)))",
        );
    });
}

/// By counts that the compiler knows as well.
#[test]
fn a_long_fill_of_a_constant_is_interrupted() {
    watched(|| is_interrupted("(memory.fill (i32.const 0) (i32.const 1) (i32.const 0x3fffffff))"));
}

const LENGTH: usize = 16 * 65_536;

fn content() -> Vec<u8> {
    (0..LENGTH).map(|position| (position / 7 * 31 % 251) as u8).collect()
}

/// A program of one memory, with a second that holds a copy of its content, and what each instruction does to a copy here.
fn with_content() -> (Running, View) {
    let data: String = content().iter().map(|byte| format!("\\{byte:02x}")).collect();
    let code = format!(
        r#"(data $content "{data}")
        (func (export "reset") (type $void)
            (call $keep)
            (memory.init $content (i32.const 0) (i32.const 0) (i32.const {LENGTH})))
        (func (export "fill") (type $ternary) (param i32 i32 i32) (result i32)
            (memory.fill (local.get 0) (local.get 1) (local.get 2)) (i32.const 0))
        (func (export "copy") (type $ternary) (param i32 i32 i32) (result i32)
            (memory.copy (local.get 0) (local.get 1) (local.get 2)) (i32.const 0))
        (func (export "init") (type $ternary) (param i32 i32 i32) (result i32)
            (memory.init $content (local.get 0) (local.get 1) (local.get 2)) (i32.const 0))"#
    );
    const OPERANDS: &str = "(param \"a\" s32) (param \"b\" s32) (param \"c\" s32) (result s32)";
    let program = Program {
        code: &code,
        exports: &[
            ("reset", ""),
            ("fill", OPERANDS),
            ("copy", OPERANDS),
            ("init", OPERANDS),
        ],
        imports: &[("keep", "")],
        memory: "16 16",
    };
    start(&engine_with(2, |_: &mut Config| {}), &program)
}

/// Operands around chunks, whatever their size: places, and counts.
const PLACES: [usize; 7] = [0, 1, 1_000, 65_536, 65_537, 300_000, LENGTH / 2];
const COUNTS: [usize; 8] = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_001, LENGTH / 2];

#[test]
fn long_instructions_do_what_short_ones_do() {
    watched(|| {
        let (program, view) = with_content();
        let check = |name: &str, operands: [usize; 3], expected: &[u8]| {
            program.call("reset", &[]).expect("no trap");
            let operands = operands.map(|operand| operand as i32);
            program.call(name, &operands).expect("no trap");
            assert!(bytes(&view, 0, LENGTH) == expected, "{name} {operands:?}");
        };
        for to in PLACES {
            for count in COUNTS {
                let mut filled = content();
                filled[to..to + count].fill(9);
                check("fill", [to, 9, count], &filled);
                for from in PLACES {
                    let mut copied = content();
                    copied.copy_within(from..from + count, to);
                    check("copy", [to, from, count], &copied);
                    // The content that the segment has is that of the memory.
                    check("init", [to, from, count], &copied);
                }
            }
        }
    });
}

#[test]
fn what_is_out_of_bounds_traps_and_writes_nothing() {
    watched(|| {
        for (name, operands) in [
            ("fill", [LENGTH - 200_000, 9, 200_001]),
            ("fill", [1, 9, u32::MAX as usize]),
            ("fill", [u32::MAX as usize, 9, 200_000]),
            ("copy", [0, LENGTH - 200_000, 200_001]),
            ("copy", [LENGTH - 200_000, 0, 200_001]),
            ("copy", [1, 0, LENGTH]),
            ("copy", [0, 0, LENGTH + 1]),
            ("init", [0, 1, LENGTH]),
            ("init", [LENGTH - 200_000, 0, 200_001]),
            ("init", [0, u32::MAX as usize, 200_001]),
        ] {
            let (program, view) = with_content();
            program.call("reset", &[]).expect("no trap");
            let trapped = trap(program.call(name, &operands.map(|operand| operand as i32)));
            assert_eq!(
                trapped.code(),
                Some(wasmtime::Trap::MemoryOutOfBounds),
                "{name} {operands:?}"
            );
            let functions = crate::support::functions(&trapped);
            assert_eq!(functions.len(), 1, "it traps where it is: {functions:?}");
            assert!(bytes(&view, 0, LENGTH) == content(), "{name} {operands:?}");
        }
    });
}

/// Memories of 64 bits, unshared ones, and tables, with counts beyond a chunk.
const OTHERS: &str = r#"(component
    (core module $m
        (memory $shared i64 4 4 shared)
        (memory $own 4)
        (table $a 40000 externref)
        (table $b 50000 funcref)
        (func $f)
        (elem declare func $f)
        (func (export "memories") (param $count i32) (result i32)
            (memory.fill $shared (i64.const 1) (i32.const 5) (i64.extend_i32_u (local.get $count)))
            (memory.copy $own $shared (i32.const 3) (i64.const 0) (local.get $count))
            (memory.copy $own $own (i32.const 4) (i32.const 3) (local.get $count))
            (memory.copy $shared $shared (i64.const 0) (i64.const 1) (i64.extend_i32_u (local.get $count)))
            ;; The first is the 0 in front of all fives, the others are the last, and what is behind it.
            (i32.or
                (i32.or
                    (i32.load8_u $own (i32.const 4))
                    (i32.shl (i32.load8_u $own (i32.add (local.get $count) (i32.const 3))) (i32.const 8)))
                (i32.or
                    (i32.shl (i32.load8_u $own (i32.add (local.get $count) (i32.const 4))) (i32.const 16))
                    (i32.shl (i32.load8_u $shared (i64.const 0)) (i32.const 24)))))
        (func (export "tables") (param $count i32) (result i32)
            (local $found i32) (local $index i32)
            (table.fill $b (i32.const 1) (ref.func $f) (local.get $count))
            (table.copy $b $b (i32.const 3) (i32.const 0) (local.get $count))
            (table.fill $a (i32.const 0) (ref.null extern) (local.get $count))
            (loop $again
                (local.set $found (i32.add (local.get $found) (ref.is_null (table.get $b (local.get $index)))))
                (local.set $index (i32.add (local.get $index) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $index) (i32.add (local.get $count) (i32.const 4)))))
            ;; Null are the first, the fourth, which is a copy of it, and the last.
            (local.get $found)))
    (core instance $i (instantiate $m))
    (func (export "memories") (param "count" s32) (result s32) (canon lift (core func $i "memories")))
    (func (export "tables") (param "count" s32) (result s32) (canon lift (core func $i "tables"))))"#;

#[test]
fn other_memories_and_tables_have_long_instructions_too() {
    watched(|| {
        let engine = engine(2);
        let component = component(&engine, OTHERS);
        let call = |name: &str, count: i32| {
            let instance = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
            let function = instance.get_func(&[name]).expect("exported");
            function.call(&[Val::S32(count)])
        };
        // Fives: at the last of the copy, and at the first of the shared memory.
        assert_eq!(call("memories", 100).expect("no trap"), Some(Val::S32(0x0500_0500)));
        assert_eq!(call("memories", 200_000).expect("no trap"), Some(Val::S32(0x0500_0500)));
        assert_eq!(call("tables", 39_000).expect("no trap"), Some(Val::S32(3)));
        let trapped = trap(call("tables", 40_001));
        assert_eq!(trapped.code(), Some(wasmtime::Trap::TableOutOfBounds));
    });
}
