//! Calls of a component's exported function `add: func(a: s32, b: s32) -> s32`, against Wasmtime's component runtime.
//!
//! Both sides call through typed functions. weft's function is shared, so its calls can overlap: the same calls are also made by two
//! threads of the host at once, and the throughput of both is held against that of one. Wasmtime's component has the same code without
//! `shared`.

use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit};
use anyhow::{Result, anyhow};
use std::time::{Duration, Instant};
use wasmtime::Store;
use weft_parallel::{Component, Config, Engine, Linker, TypedFunc};

const ROUNDS: usize = 15;
const CALLS: u32 = 100_000;

/// A goal of the project.
const OVERHEAD: Target = Target::AtMost(2.0);
/// A goal of the project.
const SPEED_UP: Target = Target::AtLeast(1.9);

type Add<T> = TypedFunc<T, (i32, i32), (i32,)>;

fn text(shared: bool) -> String {
    let func = "(func (param i32 i32) (result i32))";
    let ty = if shared {
        format!("(shared {func})")
    } else {
        func.to_owned()
    };
    format!(
        r#"(component
            (core module $m
                (type $add {ty})
                (func (export "add") (type $add) (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
            (core instance $i (instantiate $m))
            (func (export "add") (param "a" s32) (param "b" s32) (result s32) (canon lift (core func $i "add"))))"#
    )
}

/// See the module.
///
/// # Errors
///
/// A component does not run.
pub fn measure() -> Result<Vec<Row>> {
    let engine = Engine::new(&Config::new())?;
    let component = Component::new(&engine, text(true).as_bytes())?;
    let instance = Linker::new(&engine).instantiate(&component, ())?;
    let add = instance.get_typed_func::<(i32, i32), (i32,)>(&["add"])?;

    let plain = wasmtime::Engine::default();
    let component = plainly(wasmtime::component::Component::new(
        &plain,
        weft_lower::to_binary(text(false).as_bytes())?,
    ))?;
    let mut store = Store::new(&plain, ());
    let plain = plainly(wasmtime::component::Linker::new(&plain).instantiate(&mut store, &component))?;
    let plain = plainly(plain.get_typed_func::<(i32, i32), (i32,)>(&mut store, "add"))?;

    let contenders: &mut [Contender<'_>] = &mut [
        Box::new(|| one(&add)),
        Box::new(|| two(&add)),
        Box::new(|| {
            timed(|n| {
                let (sum,) = plainly(plain.call(&mut store, (n, 1)))?;
                Ok(sum)
            })
        }),
    ];
    let rounds = Rounds::run(ROUNDS, contenders)?.per(CALLS);
    let time = |name: &str, contender| Row::new(name.to_owned(), Unit::Time, rounds.times(contender));
    let ratio = |name: &str, more, less| Row::new(name.to_owned(), Unit::Ratio, rounds.ratio(more, less));
    Ok(vec![
        time("weft, one thread of the host", 0),
        time("weft, two threads of the host, per call of both", 1),
        time("Wasmtime's component runtime", 2),
        ratio("weft / Wasmtime", 0, 2).with_target(OVERHEAD),
        ratio("throughput of two threads / of one", 0, 1).with_target(SPEED_UP),
    ])
}

/// Wasmtime's errors do not convert by themselves.
fn plainly<V>(result: wasmtime::Result<V>) -> Result<V> {
    result.map_err(|error| anyhow!("{error:#}"))
}

/// The time of [`CALLS`] calls, by one thread.
fn one<T: Send + Sync + 'static>(add: &Add<T>) -> Result<Duration> {
    timed(|n| {
        let (sum,) = add.call((n, 1))?;
        Ok(sum)
    })
}

/// The time of as many calls, by two threads at once: half of what each takes for its own.
fn two<T: Send + Sync + 'static>(add: &Add<T>) -> Result<Duration> {
    let times = std::thread::scope(|scope| {
        let callers = [(); 2].map(|()| scope.spawn(|| one(add)));
        callers.map(|caller| caller.join().map_err(|_| anyhow!("a caller panicked")))
    });
    let [first, second] = times;
    Ok((first?? + second??) / 4)
}

fn timed(mut add: impl FnMut(i32) -> Result<i32>) -> Result<Duration> {
    let start = Instant::now();
    for n in 0..CALLS as i32 {
        let sum = add(n)?;
        anyhow::ensure!(sum == n + 1, "{n} + 1 is not {sum}");
    }
    Ok(start.elapsed())
}
