//! How long one tenant's request takes while another tenant keeps many threads.
//!
//! A request makes an instance of a prepared component and calls a function that needs about a millisecond of processor time, on an engine with
//! two workers. The other tenant's threads spin, yield, call a host function in a loop, or wait; or two of its threads call a host
//! function that sleeps, which holds a worker as long as it does: with one such thread, the other worker is left.
//!
//! The targets are for what a request takes more than on an idle engine. On a machine that does other things, too, the figures are upper
//! bounds.

use crate::machine::processor_time;
use crate::{Figures, Row, Target, Unit};
use anyhow::{Result, ensure};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};
use weft_parallel::{Caller, Component, Config, Engine, Instance, InstancePre, Linker, Val, yield_now};

const WORKERS: NonZeroUsize = NonZeroUsize::new(2).expect("not zero");

/// How many requests there are in each case.
const REQUESTS: usize = 300;

/// How many threads the other tenant has.
const THREADS: i32 = 1_000;

/// How much processor time a request needs.
const WORK: Duration = Duration::from_millis(1);

/// How long a host function sleeps.
const SLEEP: Duration = Duration::from_millis(20);

/// A goal of the project, in seconds.
const MEDIAN: Target = Target::AtMost(5e-3);
/// A goal of the project, in seconds.
const PERCENTILE_99: Target = Target::AtMost(50e-3);

/// A thread spins, yields, calls a host function, one that sleeps, or waits.
const BUSY: &str = r#"(module
    (import "env" "memory" (memory 1 1 shared))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "bench" "yield" (func $yield))
    (import "bench" "call" (func $call))
    (import "bench" "sleep" (func $sleep))
    (func (export "wasi_thread_start") (param i32 i32)
        (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
        (loop $again
            (if (i32.eq (local.get 1) (i32.const 1)) (then (call $yield)))
            (if (i32.eq (local.get 1) (i32.const 2)) (then (call $call)))
            (if (i32.eq (local.get 1) (i32.const 3)) (then (call $sleep)))
            (if (i32.eq (local.get 1) (i32.const 4))
                (then (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))
            (br $again)))
    (func (export "start") (param $how i32) (param $count i32)
        (loop $next
            (if (i32.lt_s (call $spawn (local.get $how)) (i32.const 0)) (then (unreachable)))
            (local.set $count (i32.sub (local.get $count) (i32.const 1)))
            (br_if $next (local.get $count))))
    (func (export "running") (result i32) (i32.atomic.load (i32.const 0))))"#;

const REQUEST: &str = r#"(module
    (import "env" "memory" (memory 1 1 shared))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (func (export "wasi_thread_start") (param i32 i32) (drop (call $spawn (i32.const 0))))
    (func (export "work") (param $rounds i32) (result i32) (local $sum i32)
        (loop $next
            (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 1664525)) (local.get $rounds)))
            (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
            (br_if $next (local.get $rounds)))
        (local.get $sum)))"#;

/// What the other tenant's threads do. The program takes the number as its argument.
const CASES: [(&str, i32, i32); 6] = [
    ("1,000 threads spin", 0, THREADS),
    ("1,000 threads yield", 1, THREADS),
    ("1,000 threads call the host", 2, THREADS),
    ("1,000 threads wait", 4, THREADS),
    ("one thread's host function sleeps", 3, 1),
    ("2 threads spin", 0, 2),
];

/// See the module.
///
/// # Errors
///
/// A program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let engine = Engine::new(Config::new().workers(WORKERS))?;
    let requests = Requests::new(&engine)?;
    let idle = requests.times()?;
    let (median, _) = idle;
    let mut rows = vec![Row::new("idle: median", Unit::Time, Figures::of(&[median]))];
    for (name, how, threads) in CASES {
        let busy = start(&engine, how, threads)?;
        let (median, late) = requests.times()?;
        engine.block_on(busy.end_async())?;
        let more = |name: String, value: f64, of_idle: f64, target| {
            Row::new(name, Unit::Time, Figures::of(&[value - of_idle])).with_target(target)
        };
        rows.push(more(format!("{name}: median, more"), median, idle.0, MEDIAN));
        rows.push(more(format!("{name}: 99th percentile"), late, idle.0, PERCENTILE_99));
    }
    Ok(rows)
}

/// An instance of the other tenant's, all of whose threads run.
fn start(engine: &Engine, how: i32, threads: i32) -> Result<Instance<()>> {
    let mut linker = Linker::new(engine);
    let mut bench = linker.module("bench");
    bench.func_wrap_async("yield", |_: Caller<'_, ()>, (): ()| Box::new(yield_now()))?;
    bench.func_wrap("call", |_: Caller<'_, ()>| {})?;
    bench.func_wrap("sleep", |_: Caller<'_, ()>| std::thread::sleep(SLEEP))?;
    let instance = linker.instantiate(&component(engine, BUSY)?, ())?;
    crate::guest::call(&instance, "start", &[how, threads])?;
    while crate::guest::call(&instance, "running", &[])? != Some(Val::S32(threads)) {}
    Ok(instance)
}

fn component(engine: &Engine, module: &str) -> Result<Component> {
    let module = weft_lower::to_binary(module.as_bytes())?;
    Ok(Component::new(engine, &weft_adapt::adapt(&module)?)?)
}

/// The requests of one tenant.
struct Requests {
    engine: Engine,
    prepared: InstancePre<()>,
    /// How often the function's loop runs.
    rounds: i32,
}

impl Requests {
    fn new(engine: &Engine) -> Result<Self> {
        let mut requests = Requests {
            engine: engine.clone(),
            prepared: Linker::new(engine).instantiate_pre(&component(engine, REQUEST)?)?,
            rounds: 1 << 20,
        };
        // The least counts: there is something to make for the first time, and the engine's other OS threads may run.
        let mut used = Duration::MAX;
        for _ in 0..5 {
            let before = processor_time();
            requests.one()?;
            used = used.min(processor_time() - before);
        }
        ensure!(!used.is_zero(), "the processor time of this process does not pass");
        requests.rounds = (f64::from(requests.rounds) * WORK.as_secs_f64() / used.as_secs_f64()) as i32;
        Ok(requests)
    }

    fn one(&self) -> Result<Duration> {
        let start = Instant::now();
        self.engine.block_on(async {
            let instance = self.prepared.instantiate_async(()).await?;
            let work = instance.get_typed_func::<(i32,), (i32,)>(&["work"])?;
            work.call_async((self.rounds,)).await
        })??;
        Ok(start.elapsed())
    }

    /// The median and the 99th percentile, in seconds.
    fn times(&self) -> Result<(f64, f64)> {
        let times = (0..REQUESTS).map(|_| Ok(self.one()?.as_secs_f64()));
        let mut times = times.collect::<Result<Vec<_>>>()?;
        times.sort_by(f64::total_cmp);
        Ok((times[REQUESTS / 2], times[REQUESTS * 99 / 100]))
    }
}
