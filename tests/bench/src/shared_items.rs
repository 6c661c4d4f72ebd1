//! Calls through shared tables and accesses of shared globals, against the same code without `shared` on plain Wasmtime.
//!
//! A table or global that no code writes must cost as much as on plain Wasmtime. One that code writes is in a memory.
//! The called functions do next to nothing, so checks for interruption at the start of each function and loop matter
//! too. The goals compare with plain Wasmtime without such checks; the table also has the ratio to Wasmtime with them.

use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, guest, machine};
use anyhow::{Result, anyhow};
use std::time::{Duration, Instant};
use wasmtime::{Config, Engine, Instance, Module, Store};
use weft_parallel::{Component, Func, Linker, Val};

const PROGRAM: &str = include_str!("../programs/shared_items.wat");
const ROUNDS: usize = 9;
const ITERATIONS: i32 = 20_000_000;
/// What is exported, and whether it touches only what nothing writes.
const EXPORTS: [(&str, bool); 4] = [
    ("fixed-table", true),
    ("written-table", false),
    ("constant-global", true),
    ("written-global", false),
];

/// Goals of the project: for what nothing writes, and for what is written.
const FIXED: Target = Target::AtMost(1.05);
const WRITTEN: Target = Target::AtMost(1.5);

/// See the module.
///
/// # Errors
///
/// The program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let engine = guest::engine(machine::processors())?;
    let component = Component::new(&engine, component().as_bytes())?;
    let instance = Linker::new(&engine).instantiate(&component, ())?;
    let mut rows = Vec::new();
    for (name, is_fixed) in EXPORTS {
        let function = instance
            .get_func(&[name])
            .ok_or_else(|| anyhow!("there is no `{name}`"))?;
        let (mut plain, mut interrupted) = (Plain::new(name, false)?, Plain::new(name, true)?);
        let contenders: &mut [Contender<'_>] = &mut [
            Box::new(|| timed(|| on_weft(&function, ITERATIONS))),
            Box::new(|| timed(|| plain.run(ITERATIONS))),
            Box::new(|| timed(|| interrupted.run(ITERATIONS))),
        ];
        let rounds = Rounds::run(ROUNDS, contenders)?;
        let ratio = |what, less| Row::new(format!("weft / {what}, {name}"), Unit::Ratio, rounds.ratio(0, less));
        rows.push(ratio("plain Wasmtime", 1).with_target(if is_fixed { FIXED } else { WRITTEN }));
        rows.push(ratio("with epochs", 2));
    }
    Ok(rows)
}

fn timed(run: impl FnOnce() -> Result<i32>) -> Result<Duration> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed())
}

fn component() -> String {
    let lift = |(name, _): &(&str, bool)| {
        format!("(func (export \"{name}\") (param \"n\" s32) (result s32) (canon lift (core func $m \"{name}\")))\n")
    };
    let lifts = EXPORTS.iter().map(lift).collect::<String>();
    let module = PROGRAM.replacen("(module", "(core module $m", 1);
    format!("(component\n{module}\n(core instance $m (instantiate $m))\n{lifts})")
}

fn on_weft(function: &Func<()>, iterations: i32) -> Result<i32> {
    match function.call(&[Val::S32(iterations)])? {
        Some(Val::S32(sum)) => Ok(sum),
        other => Err(anyhow!("it gave {other:?}")),
    }
}

/// The program without `shared`, on Wasmtime with its defaults.
struct Plain {
    store: Store<()>,
    run: wasmtime::TypedFunc<i32, i32>,
}

impl Plain {
    /// With `epochs`, its code looks whether it is to be interrupted, as weft's does.
    fn new(name: &str, epochs: bool) -> Result<Self> {
        let binary = weft_lower::to_binary(unshared().as_bytes())?.into_owned();
        let instantiate = || {
            let engine = Engine::new(Config::new().epoch_interruption(epochs))?;
            let mut store = Store::new(&engine, ());
            if epochs {
                store.set_epoch_deadline(1);
            }
            let instance = Instance::new(&mut store, &Module::new(&engine, &binary)?, &[])?;
            let run = instance.get_typed_func(&mut store, name)?;
            Ok(Plain { store, run })
        };
        instantiate().map_err(|error: wasmtime::Error| anyhow!("{error:#}"))
    }

    fn run(&mut self, iterations: i32) -> Result<i32> {
        let sum = self.run.call(&mut self.store, iterations);
        sum.map_err(|error| anyhow!("{error:#}"))
    }
}

fn unshared() -> String {
    let pairs = [
        ("(ref null (shared func))", "funcref"),
        (
            "(shared (func (param i32) (result i32)))",
            "(func (param i32) (result i32))",
        ),
        ("(shared (func))", "(func)"),
        ("(shared mut i32)", "(mut i32)"),
        ("(shared i32)", "i32"),
        (" shared 4 4", " 4 4"),
    ];
    let replace = |text: String, (shared, plain): (&str, &str)| text.replace(shared, plain);
    pairs.into_iter().fold(PROGRAM.to_owned(), replace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::ensure;

    #[test]
    fn both_engines_give_the_same() -> Result<()> {
        let engine = guest::engine(machine::processors())?;
        let component = Component::new(&engine, component().as_bytes())?;
        let instance = Linker::new(&engine).instantiate(&component, ())?;
        for (name, _) in EXPORTS {
            let function = instance
                .get_func(&[name])
                .ok_or_else(|| anyhow!("there is no `{name}`"))?;
            let (shared, plain) = (on_weft(&function, 1000)?, Plain::new(name, false)?.run(1000)?);
            ensure!(shared == plain, "`{name}`: {shared} and {plain}");
        }
        Ok(())
    }
}
