//! Instructions on whole arrays, and `table.grow`: long ones have the same effect as short ones.

use std::fmt::Write;

use weft_parallel::wasmtime::Trap;
use weft_parallel::{Error, Instance, Linker, Val};

use crate::support::{component, engine, engine_with, trap, watched};

/// How many numbers of 16 bits there are, and how many references.
const LENGTH: usize = 40_000;

fn content() -> Vec<u16> {
    (0..LENGTH)
        .map(|position| (position / 7 * 31 % 65_521) as u16)
        .collect()
}

/// Of the references in the segment, each third is null.
fn is_null(position: usize) -> bool {
    position.is_multiple_of(3)
}

/// As the module computes it of an array.
fn hash(numbers: impl IntoIterator<Item = u16>) -> i32 {
    numbers.into_iter().fold(0, |hash: i32, number| {
        hash.wrapping_mul(31).wrapping_add(i32::from(number))
    })
}

fn program() -> Instance<()> {
    let engine = engine(2);
    let mut data = String::new();
    for byte in content().into_iter().flat_map(u16::to_le_bytes) {
        write!(data, "\\{byte:02x}").expect("a string");
    }
    let element = |position| {
        if is_null(position) {
            "(ref.null func)"
        } else {
            "(ref.func $hash)"
        }
    };
    let elements: String = (0..LENGTH).map(element).collect();
    let mut exports = String::new();
    for name in [
        "fill",
        "copy",
        "copy-other",
        "init",
        "new",
        "new-data",
        "new-elem",
        "init-elem",
        "null",
    ] {
        writeln!(
            exports,
            r#"(func (export "{name}") (param "a" s32) (param "b" s32) (param "c" s32) (result s32)
                (canon lift (core func $i "{name}")))"#
        )
        .expect("a string");
    }
    let text = format!(
        r#"(component
            (core module $m
                (type $numbers (array (mut i16)))
                (type $references (array (mut funcref)))
                (data $data "{data}")
                (elem $elements funcref {elements})
                (elem declare func $hash)
                (func $content (result (ref $numbers))
                    (array.new_data $numbers $data (i32.const 0) (i32.const {LENGTH})))
                (func $hash (param $x (ref null $numbers)) (result i32) (local $i i32) (local $hash i32)
                    (block $end
                        (loop $next
                            (br_if $end (i32.eq (local.get $i) (array.len (local.get $x))))
                            (local.set $hash (i32.add
                                (i32.mul (local.get $hash) (i32.const 31))
                                (array.get_u $numbers (local.get $x) (local.get $i))))
                            (local.set $i (i32.add (local.get $i) (i32.const 1)))
                            (br $next)))
                    (local.get $hash))
                ;; Of ones where references are null, and zeros.
                (func $nulls (param $x (ref null $references)) (result i32) (local $i i32) (local $hash i32)
                    (block $end
                        (loop $next
                            (br_if $end (i32.eq (local.get $i) (array.len (local.get $x))))
                            (local.set $hash (i32.add
                                (i32.mul (local.get $hash) (i32.const 31))
                                (ref.is_null (array.get $references (local.get $x) (local.get $i)))))
                            (local.set $i (i32.add (local.get $i) (i32.const 1)))
                            (br $next)))
                    (local.get $hash))
                (func (export "fill") (param i32 i32 i32) (result i32) (local $x (ref null $numbers))
                    (local.set $x (call $content))
                    (array.fill $numbers (local.get $x) (local.get 0) (local.get 1) (local.get 2))
                    (call $hash (local.get $x)))
                (func (export "copy") (param i32 i32 i32) (result i32) (local $x (ref null $numbers))
                    (local.set $x (call $content))
                    (array.copy $numbers $numbers
                        (local.get $x) (local.get 0) (local.get $x) (local.get 1) (local.get 2))
                    (call $hash (local.get $x)))
                (func (export "copy-other") (param i32 i32 i32) (result i32) (local $x (ref null $numbers))
                    (local.set $x (call $content))
                    (array.copy $numbers $numbers
                        (local.get $x) (local.get 0) (call $content) (local.get 1) (local.get 2))
                    (call $hash (local.get $x)))
                (func (export "init") (param i32 i32 i32) (result i32) (local $x (ref null $numbers))
                    (local.set $x (call $content))
                    (array.init_data $numbers $data
                        (local.get $x) (local.get 0) (i32.mul (local.get 1) (i32.const 2)) (local.get 2))
                    (call $hash (local.get $x)))
                (func (export "new") (param i32 i32 i32) (result i32)
                    (call $hash (array.new $numbers (local.get 1) (local.get 2))))
                (func (export "new-data") (param i32 i32 i32) (result i32)
                    (call $hash (array.new_data $numbers $data (i32.mul (local.get 1) (i32.const 2)) (local.get 2))))
                (func (export "new-elem") (param i32 i32 i32) (result i32)
                    (call $nulls (array.new_elem $references $elements (local.get 1) (local.get 2))))
                (func (export "init-elem") (param i32 i32 i32) (result i32) (local $x (ref null $references))
                    (local.set $x (array.new_default $references (i32.const {LENGTH})))
                    (array.init_elem $references $elements (local.get $x) (local.get 0) (local.get 1) (local.get 2))
                    (call $nulls (local.get $x)))
                (func (export "null") (param i32 i32 i32) (result i32)
                    (array.fill $numbers (ref.null $numbers) (local.get 0) (local.get 1) (local.get 2))
                    (i32.const 0)))
            (core instance $i (instantiate $m))
            {exports})"#
    );
    let component = component(&engine, &text);
    Linker::new(&engine).instantiate(&component, ()).expect("an instance")
}

fn call(program: &Instance<()>, name: &str, operands: [usize; 3]) -> Result<Option<Val>, Error> {
    let operands = operands.map(|operand| Val::S32(operand as i32));
    program.get_func(&[name]).expect("exported").call(&operands)
}

/// Operands around chunks: places, and counts.
const PLACES: [usize; 4] = [0, 1, 9_000, LENGTH / 2];
const COUNTS: [usize; 5] = [0, 1, 8_192, 8_193, LENGTH / 2];

#[test]
fn long_instructions_on_arrays_do_what_short_ones_do() {
    watched(|| {
        let program = program();
        let check = |name: &str, operands: [usize; 3], expected: i32| {
            let result = call(&program, name, operands).expect("no trap");
            assert_eq!(result, Some(Val::S32(expected)), "{name} {operands:?}");
        };
        for count in COUNTS {
            check("new", [0, 9, count], hash(vec![9; count]));
            for to in PLACES {
                let mut filled = content();
                filled[to..to + count].fill(9);
                check("fill", [to, 9, count], hash(filled));
                check(
                    "new-data",
                    [0, to, count],
                    hash(content()[to..to + count].iter().copied()),
                );
                check(
                    "new-elem",
                    [0, to, count],
                    hash((to..to + count).map(|at| u16::from(is_null(at)))),
                );
                for from in PLACES {
                    let mut copied = content();
                    copied.copy_within(from..from + count, to);
                    let copied = hash(copied);
                    for name in ["copy", "copy-other", "init"] {
                        check(name, [to, from, count], copied);
                    }
                    let mut nulls = vec![1; LENGTH];
                    for (at, null) in (from..).zip(&mut nulls[to..to + count]) {
                        *null = u16::from(is_null(at));
                    }
                    check("init-elem", [to, from, count], hash(nulls));
                }
            }
        }
    });
}

#[test]
fn long_instructions_on_arrays_trap_where_short_ones_do() {
    watched(|| {
        for (name, operands, code) in [
            ("fill", [LENGTH - 20_000, 9, 20_001], Trap::ArrayOutOfBounds),
            ("fill", [1, 9, u32::MAX as usize], Trap::ArrayOutOfBounds),
            ("fill", [u32::MAX as usize, 9, 20_000], Trap::ArrayOutOfBounds),
            ("copy", [0, LENGTH - 20_000, 20_001], Trap::ArrayOutOfBounds),
            ("copy", [LENGTH - 20_000, 0, 20_001], Trap::ArrayOutOfBounds),
            ("init", [LENGTH - 20_000, 0, 20_001], Trap::ArrayOutOfBounds),
            ("init", [0, LENGTH - 20_000, 20_001], Trap::MemoryOutOfBounds),
            ("new-data", [0, LENGTH - 20_000, 20_001], Trap::MemoryOutOfBounds),
            ("new-data", [0, 0, u32::MAX as usize], Trap::MemoryOutOfBounds),
            ("new-elem", [0, LENGTH - 20_000, 20_001], Trap::TableOutOfBounds),
            ("init-elem", [0, LENGTH - 20_000, 20_001], Trap::TableOutOfBounds),
            ("init-elem", [LENGTH - 20_000, 0, 20_001], Trap::ArrayOutOfBounds),
            ("null", [0, 9, 20_000], Trap::NullReference),
        ] {
            let trapped = trap(call(&program(), name, operands));
            assert_eq!(trapped.code(), Some(code), "{name} {operands:?}");
        }
    });
}

/// A table that one module defines and another, which knows less of its maximum, grows as well.
const GROWING: &str = r#"(component
    (core module $owner
        (table $t (export "t") 10 200000 funcref)
        (func $f)
        (elem declare func $f)
        (func (export "grow") (param $by i32) (result i32)
            (table.grow $t (ref.func $f) (local.get $by)))
        (func (export "size") (result i32) (table.size $t))
        (func (export "nulls") (result i32) (local $i i32) (local $nulls i32)
            (loop $next
                (local.set $nulls (i32.add (local.get $nulls) (ref.is_null (table.get $t (local.get $i)))))
                (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (table.size $t))))
            (local.get $nulls)))
    (core module $other
        (import "" "t" (table $t 1 funcref))
        (table $wide i64 0 externref)
        (func (export "grow") (param $by i32) (result i32)
            (table.grow $t (ref.null func) (local.get $by)))
        (func (export "wide") (param $by i32) (result i32)
            (i32.wrap_i64 (table.grow $wide (ref.null extern) (i64.extend_i32_s (local.get $by))))))
    (core instance $owner (instantiate $owner))
    (core instance $other (instantiate $other (with "" (instance (export "t" (table $owner "t"))))))
    (func (export "grow") (param "by" s32) (result s32) (canon lift (core func $owner "grow")))
    (func (export "grow-other") (param "by" s32) (result s32) (canon lift (core func $other "grow")))
    (func (export "wide") (param "by" s32) (result s32) (canon lift (core func $other "wide")))
    (func (export "size") (result s32) (canon lift (core func $owner "size")))
    (func (export "nulls") (result s32) (canon lift (core func $owner "nulls"))))"#;

#[test]
fn tables_grow_by_many_elements_as_by_few() {
    watched(|| {
        let engine = engine_with(2, |config| {
            config.max_memory(2 << 20);
        });
        let component = component(&engine, GROWING);
        let program = Linker::new(&engine).instantiate(&component, ()).expect("an instance");
        let call = |name: &str, operands: &[Val]| match program.get_func(&[name]).expect("exported").call(operands) {
            Ok(Some(Val::S32(result))) => result,
            other => panic!("{name}: {other:?}"),
        };
        let grow = |name: &str, by: i32| call(name, &[Val::S32(by)]);
        assert_eq!(grow("grow", 70_000), 10);
        assert_eq!(grow("grow-other", 65_537), 70_010);
        assert_eq!(call("size", &[]), 135_547);
        assert_eq!(
            call("nulls", &[]),
            10 + 65_537,
            "the first, and those that the other module added"
        );
        // Beyond the maximum of the table, which the other module does not know.
        for name in ["grow", "grow-other"] {
            for by in [65_536, 66_000, 1_000_000, -1] {
                assert_eq!(grow(name, by), -1, "{name} {by}");
            }
        }
        // Beyond the limit of memory: nothing has grown then.
        assert_eq!(grow("wide", 200_000), -1);
        assert_eq!(grow("wide", -1), -1);
        assert_eq!(grow("wide", 100_000), 0);
        assert_eq!(grow("wide", 0), 100_000);
        assert_eq!(grow("wide", 80_000), -1);
        assert_eq!(call("size", &[]), 135_547);
        assert_eq!(grow("grow", 0), 135_547);
    });
}
