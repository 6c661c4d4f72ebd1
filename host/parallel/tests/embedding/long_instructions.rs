//! Instructions on unshared tables and on arrays: other threads run in the middle of long ones.
//!
//! One worker runs two threads. The first executes one long instruction. The second counts how often it gets its turn,
//! and yields. If the first could not be interrupted within the instruction, the second would run at most once before
//! it and once after it.

use std::time::Duration;

use weft_parallel::Interruption;

use crate::support::{Program, Running, component, engine_with, watched};

/// How often the other thread runs, if the instruction is interrupted in the middle, at least twice.
const TURNS: i32 = 4;

/// The machine may be so fast, or its timer so late, that an instruction is over too soon. Then the next one counts.
const ATTEMPTS: usize = 100;

/// How many elements the instructions write.
const COUNT: usize = 4_000_000;

const TYPES: &str = "(type $plain (func))
    (type $run (func (param i32) (result i32)))
    (type $numbers (array (mut i32)))
    (type $words (array (mut i64)))
    (type $constants (array i16))
    (type $references (array (mut externref)))
    (type $functions (array (mut funcref)))
    (type $not_null (array (ref $numbers)))";

/// `prepare` runs before each attempt, outside of what is counted.
fn is_interrupted(interruption: Interruption, prepare: &str, instruction: &str) {
    let code = format!(
        r#"{TYPES}
        (table $own 0 funcref)
        (table $externals {COUNT} externref)
        (elem (table $table) (i32.const 0) (ref null (shared func)) (ref.func $count))
        (elem declare func $f)
        (func $f (type $plain))
        (func $count (type $start) (param i32)
            (loop $again
                (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
                (drop (call $yield_thread))
                (br $again)))
        (func (export "start") (type $void)
            (drop (call $spawn (i32.const 0) (i32.const 0))))
        (func (export "run") (type $run) (param $number i32) (result i32)
            (local $before i32)
            (local $x (ref null $numbers)) (local $y (ref null $numbers))
            (local $r (ref null $references)) (local $s (ref null $references))
            {prepare}
            (local.set $before (i32.atomic.load (i32.const 8)))
            {instruction}
            (i32.sub (i32.atomic.load (i32.const 8)) (local.get $before)))"#
    );
    let program = Program {
        code: &code,
        exports: &[("start", ""), ("run", "(param \"number\" s32) (result s32)")],
        ..Program::default()
    };
    let engine = engine_with(1, |config| {
        config.interruption(interruption);
        config.time_slice(Duration::from_micros(200));
    });
    let program = Running::new(&component(&engine, &program.text()));
    program.call("start", &[]).expect("no trap");
    let turns = (0..ATTEMPTS).map(|_| program.call("run", &[COUNT as i32]).expect("no trap"));
    let most = turns.take_while(|turns| *turns < TURNS).count();
    assert!(most < ATTEMPTS, "`{instruction}` is not interrupted");
}

const BOTH: [Interruption; 2] = [Interruption::Signal, Interruption::Epochs];

#[test]
fn instructions_on_long_tables_are_interrupted() {
    watched(|| {
        for interruption in BOTH {
            for (prepare, instruction) in [
                (
                    "",
                    // Two million elements by which the table grows take a while, and the table has room for all attempts.
                    "(drop (table.grow $own (ref.func $f) (i32.div_u (local.get $number) (i32.const 2))))",
                ),
                (
                    "",
                    "(table.fill $externals (i32.const 0) (ref.null extern) (local.get $number))",
                ),
                (
                    "",
                    "(table.copy $externals $externals (i32.const 1) (i32.const 0)
                        (i32.sub (local.get $number) (i32.const 1)))",
                ),
            ] {
                is_interrupted(interruption, prepare, instruction);
            }
        }
    });
}

#[test]
fn instructions_on_long_arrays_are_interrupted() {
    watched(|| {
        let numbers = "(local.set $x (array.new_default $numbers (local.get $number)))";
        let two = "(local.set $x (array.new_default $numbers (local.get $number)))
            (local.set $y (array.new_default $numbers (local.get $number)))";
        let references = "(local.set $r (array.new_default $references (local.get $number)))";
        for interruption in BOTH {
            for (prepare, instruction) in [
                (
                    numbers,
                    "(array.fill $numbers (local.get $x) (i32.const 0) (i32.const 7) (local.get $number))",
                ),
                (
                    references,
                    "(array.fill $references (local.get $r) (i32.const 0) (ref.null extern) (local.get $number))",
                ),
                (
                    two,
                    "(array.copy $numbers $numbers
                        (local.get $x) (i32.const 0) (local.get $y) (i32.const 0) (local.get $number))",
                ),
                (
                    references,
                    "(array.copy $references $references
                        (local.get $r) (i32.const 1) (local.get $r) (i32.const 0)
                        (i32.sub (local.get $number) (i32.const 1)))",
                ),
            ] {
                is_interrupted(interruption, prepare, instruction);
            }
        }
    });
}

/// The engine writes a new array in a loop of its own, which has no checks for [`Interruption::Epochs`].
#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn the_making_of_a_long_array_is_interrupted() {
    watched(|| {
        for instruction in [
            "(drop (array.new $numbers (i32.const 0) (local.get $number)))",
            "(drop (array.new $words (i64.const 7) (local.get $number)))",
            "(drop (array.new $constants (i32.const 0x0707) (local.get $number)))",
            "(drop (array.new $functions (ref.func $f) (local.get $number)))",
            "(drop (array.new $not_null (array.new_fixed $numbers 0) (local.get $number)))",
            "(drop (array.new_default $numbers (local.get $number)))",
            "(drop (array.new_default $words (local.get $number)))",
            "(drop (array.new_default $constants (local.get $number)))",
            "(drop (array.new_default $references (local.get $number)))",
        ] {
            is_interrupted(Interruption::Signal, "", instruction);
        }
    });
}
