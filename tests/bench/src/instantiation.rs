//! Instantiating small components from an `InstancePre`, compared with Wasmtime's `InstancePre` of the same core
//! module.
//!
//! Both sides make an instance and drop it, over and over. Neither calls it.

use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit};
use anyhow::{Result, anyhow};
use std::time::{Duration, Instant};
use wasmtime::{Linker as PlainLinker, Module, Store};
use weft_parallel::{Component, Config, Engine, Linker};

const ROUNDS: usize = 15;
const TIMES: u32 = 1000;

/// A goal of the project.
const OVERHEAD: Target = Target::AtMost(4.0);

/// What is instantiated: its name in the table, and what its core module has beside the function.
const MODULES: [(&str, &str); 3] = [
    ("no memory", ""),
    ("a memory", r#"(memory 1 16) (data (i32.const 0) "some text")"#),
    (
        "a shared memory",
        r#"(memory 1 16 shared) (data (i32.const 0) "some text")"#,
    ),
];

fn module(items: &str) -> String {
    format!(
        r#"(module {items}
            (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))"#
    )
}

fn component(items: &str) -> String {
    let module = module(items).replacen("(module", "(core module $m", 1);
    format!(
        r#"(component
            {module}
            (core instance $i (instantiate $m))
            (func (export "add") (param "a" s32) (param "b" s32) (result s32) (canon lift (core func $i "add"))))"#
    )
}

fn plainly<V>(result: wasmtime::Result<V>) -> Result<V> {
    result.map_err(|error| anyhow!("{error:#}"))
}

/// What [`TIMES`] of them take.
fn timed(mut make: impl FnMut() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    for _ in 0..TIMES {
        make()?;
    }
    Ok(start.elapsed())
}

/// See the module.
///
/// # Errors
///
/// A module cannot be instantiated.
pub fn measure() -> Result<Vec<Row>> {
    let engine = Engine::new(&Config::new())?;
    let mut config = wasmtime::Config::new();
    let plain = plainly(wasmtime::Engine::new(config.shared_memory(true)))?;
    let mut rows = Vec::new();
    for (name, items) in MODULES {
        let prepared = Component::new(&engine, component(items).as_bytes())?;
        let prepared = Linker::<()>::new(&engine).instantiate_pre(&prepared)?;
        let text = module(items);
        let plain_pre = plainly(Module::new(&plain, weft_lower::to_binary(text.as_bytes())?))?;
        let plain_pre = plainly(PlainLinker::new(&plain).instantiate_pre(&plain_pre))?;
        let contenders: &mut [Contender<'_>] = &mut [
            Box::new(|| {
                timed(|| {
                    prepared.instantiate(())?;
                    Ok(())
                })
            }),
            Box::new(|| {
                timed(|| {
                    plainly(plain_pre.instantiate(Store::new(&plain, ())))?;
                    Ok(())
                })
            }),
        ];
        let rounds = Rounds::run(ROUNDS, contenders)?.per(TIMES);
        rows.extend([
            Row::new(format!("{name}: weft"), Unit::Time, rounds.times(0)),
            Row::new(format!("{name}: Wasmtime"), Unit::Time, rounds.times(1)),
            Row::new("    weft / Wasmtime", Unit::Ratio, rounds.ratio(0, 1)).with_target(OVERHEAD),
        ]);
    }
    Ok(rows)
}
