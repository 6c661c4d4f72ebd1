//! Calls of host functions with Rust types, against the same calls by core types.
//!
//! Both sides run the same loop in a core module. By core types, the host function is in a host module and reads text from the guest's
//! memory itself.

use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, guest, machine};
use anyhow::Result;
use std::hint::black_box;
use std::time::{Duration, Instant};
use weft_parallel::{Caller, Component, Engine, Instance, Linker, ThreadContext, TypedFunc};

const ROUNDS: usize = 15;
const TIMES: u32 = 500_000;

/// A goal of the project.
const OVERHEAD: Target = Target::AtMost(1.2);

/// What is called: the export that calls it, and what the table calls it.
const CALLS: [(&str, &str); 2] = [("numbers", "two numbers"), ("text", "16 bytes of text")];

/// A component that calls each import as often as it is told to. `after` defines `$host`, which has the core functions `numbers` and
/// `text`, from the imports in `before`.
fn program(before: &str, after: &str) -> String {
    let run = |name: &str, call: &str| {
        format!(
            r#"(func (export "{name}") (param $times i32)
                (loop $again
                    {call}
                    (local.set $times (i32.sub (local.get $times) (i32.const 1)))
                    (br_if $again (local.get $times))))"#
        )
    };
    let numbers = run("numbers", "(drop (call $numbers (local.get $times) (i32.const 2)))");
    let text = run("text", "(call $text (i32.const 64) (i32.const 16))");
    format!(
        r#"(component
            {before}
            (core module $libc (memory (export "memory") 1 1 shared) (data (i32.const 64) "sixteen bytes .."))
            (core instance $libc (instantiate $libc))
            {after}
            (core module $main
                (import "host" "numbers" (func $numbers (param i32 i32) (result i32)))
                (import "host" "text" (func $text (param i32 i32)))
                {numbers}
                {text})
            (core instance $main (instantiate $main (with "host" (instance $host))))
            (func (export "numbers") (param "times" u32) (canon lift (core func $main "numbers")))
            (func (export "text") (param "times" u32) (canon lift (core func $main "text"))))"#
    )
}

/// The imports are component functions.
fn with_rust_types(engine: &Engine) -> Result<Instance<()>> {
    let mut linker = Linker::<()>::new(engine);
    let mut root = linker.root();
    root.func_wrap("numbers", |_: ThreadContext<'_, ()>, (a, b): (u32, u32)| {
        Ok((add(a, b),))
    })?;
    root.func_wrap("text", |_: ThreadContext<'_, ()>, (text,): (String,)| {
        black_box(text);
        Ok(())
    })?;
    let program = program(
        r#"(import "numbers" (func $numbers (param "a" u32) (param "b" u32) (result u32)))
        (import "text" (func $text (param "text" string)))"#,
        r#"(core func $numbers (canon lower (func $numbers)))
        (core func $text (canon lower (func $text) (memory (core memory $libc "memory"))))
        (core instance $host (export "numbers" (func $numbers)) (export "text" (func $text)))"#,
    );
    Ok(linker.instantiate(&Component::new(engine, program.as_bytes())?, ())?)
}

/// The imports are functions of a core module.
fn with_core_types(engine: &Engine) -> Result<Instance<()>> {
    let mut linker = Linker::<()>::new(engine);
    let mut host = linker.module("host");
    host.func_wrap("numbers", |_: Caller<'_, ()>, a: u32, b: u32| add(a, b))?;
    host.func_wrap(
        "text",
        |caller: Caller<'_, ()>, at: u32, length: u32| -> wasmtime::Result<()> {
            let mut bytes = vec![0; length as usize];
            caller.data().memory()?.read(at.into(), &mut bytes)?;
            black_box(String::from_utf8(bytes)?);
            Ok(())
        },
    )?;
    let program = program(
        r#"(import "host" (core module $host
            (import "env" "memory" (memory 1 1 shared))
            (export "numbers" (func (param i32 i32) (result i32)))
            (export "text" (func (param i32 i32)))))"#,
        r#"(core instance $host (instantiate $host (with "env" (instance $libc))))"#,
    );
    Ok(linker.instantiate(&Component::new(engine, program.as_bytes())?, ())?)
}

/// What the host does with numbers. It is not inlined on either side.
#[inline(never)]
fn add(a: u32, b: u32) -> u32 {
    black_box(a).wrapping_add(b)
}

fn function(instance: &Instance<()>, name: &str) -> Result<TypedFunc<(), (u32,), ()>> {
    Ok(instance.get_typed_func(&[name])?)
}

/// What [`TIMES`] calls take.
fn timed(function: &TypedFunc<(), (u32,), ()>) -> Result<Duration> {
    let start = Instant::now();
    function.call((TIMES,))?;
    Ok(start.elapsed())
}

/// See the module.
///
/// # Errors
///
/// The program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let engine = guest::engine(machine::processors())?;
    let (rust, core) = (with_rust_types(&engine)?, with_core_types(&engine)?);
    let mut rows = Vec::new();
    for (export, name) in CALLS {
        let (rust, core) = (function(&rust, export)?, function(&core, export)?);
        let contenders: &mut [Contender<'_>] = &mut [Box::new(|| timed(&rust)), Box::new(|| timed(&core))];
        let rounds = Rounds::run(ROUNDS, contenders)?.per(TIMES);
        rows.extend([
            Row::new(format!("{name}: Rust types"), Unit::Time, rounds.times(0)),
            Row::new(format!("{name}: core types"), Unit::Time, rounds.times(1)),
            Row::new("    Rust types / core types", Unit::Ratio, rounds.ratio(0, 1)).with_target(OVERHEAD),
        ]);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_works_on_both_sides() -> Result<()> {
        let engine = guest::engine(machine::processors())?;
        for instance in [with_rust_types(&engine)?, with_core_types(&engine)?] {
            for (export, _) in CALLS {
                function(&instance, export)?.call((3,))?;
            }
        }
        Ok(())
    }
}
