//! Guest code that computes: on weft compared with plain Wasmtime without epochs, and on two threads compared with one.
//!
//! All run the same module, and must produce the same result. Two OS threads that each run half of the work on plain
//! Wasmtime, in instances that share nothing, show how much the machine's second processor can contribute. They cannot
//! take work from each other as the threads on weft do, so a core that does something else for a while costs them more.
//!
//! Each round runs another copy of the module, in which the functions lie elsewhere: see `placement.rs`.

use crate::guest::{self, Guest};
use crate::placement::placements;
use crate::plain::Plain;
use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, machine};
use anyhow::{Context, Result, ensure};
use std::sync::Barrier;
use std::time::{Duration, Instant};

const PROGRAM: &[u8] = include_bytes!("../../programs/kernels.wasm");
/// Each placement runs as often as the others.
const ROUNDS: usize = 16;

/// The kernels, and how many pieces of work take some hundred milliseconds.
const KERNELS: [(&str, u32); 10] = [
    ("lcg", 100_000),
    ("rand", 60_000),
    ("table", 24_000),
    ("snprintf", 60_000),
    ("mandelbrot", 3_000),
    ("mutex", 8_000),
    ("fib", 12_000),
    ("blackscholes", 30_000),
    ("exp-log", 30_000),
    ("matrix", 300),
];

/// Goals of the project.
const OVERHEAD: Target = Target::AtMost(1.03);
const SPEED_UP: Target = Target::AtLeast(1.9);

/// See the module.
///
/// # Errors
///
/// A kernel does not run, or gives different results.
pub fn measure() -> Result<Vec<Row>> {
    let programs = Programs::new()?;
    let mut rows = Vec::new();
    for (name, count) in KERNELS {
        let one = arguments(name, 1, count);
        let one = one.each_ref().map(String::as_str);
        let expected = programs.plain[0].run(&one)?.1;
        let on_weft = |weft: &Guest, threads| {
            let (time, output) = on_weft(weft, name, threads, count)?;
            ensure!(output == expected, "`{name}` gives another result on {threads} threads");
            Ok(time)
        };
        // Each contender runs once in each round, so all run the same copy.
        let [mut weft_1, mut weft_2] = [(); 2].map(|()| programs.weft.iter().cycle());
        let [mut plain_1, mut plain_2] = [(); 2].map(|()| programs.plain.iter().cycle());
        let contenders: &mut [Contender<'_>] = &mut [
            Box::new(|| on_weft(next(&mut weft_1)?, 1)),
            Box::new(|| on_weft(next(&mut weft_2)?, 2)),
            Box::new(|| Ok(next(&mut plain_1)?.run(&one)?.0)),
            Box::new(|| halves_on_plain(next(&mut plain_2)?, name, count)),
        ];
        let rounds = Rounds::run(ROUNDS, contenders)?;
        let ratio = |what: &str, more, less| Row::new(format!("{what}, {name}"), Unit::Ratio, rounds.ratio(more, less));
        rows.push(Row::new(format!("weft, 1 thread, {name}"), Unit::Time, rounds.times(0)));
        rows.push(ratio("weft / plain Wasmtime", 0, 2).with_target(OVERHEAD));
        rows.push(ratio("weft, 1 thread / 2 threads", 0, 1).with_target(SPEED_UP));
        rows.push(ratio("plain Wasmtime, 1 thread / 2 instances on 2 threads", 2, 3));
    }
    Ok(rows)
}

/// The copies of the module, compiled.
struct Programs {
    weft: Vec<Guest>,
    plain: Vec<Plain>,
}

impl Programs {
    fn new() -> Result<Self> {
        let engine = guest::engine(machine::processors())?;
        let copies = placements(PROGRAM)?;
        Ok(Programs {
            weft: copies
                .iter()
                .map(|copy| Guest::new(&engine, copy))
                .collect::<Result<_>>()?,
            plain: copies.iter().map(|copy| Plain::new(copy)).collect::<Result<_>>()?,
        })
    }
}

/// The copy for the next round.
fn next<'a, P>(copies: &mut impl Iterator<Item = &'a P>) -> Result<&'a P> {
    copies.next().context("there is no copy of the module")
}

fn arguments(kernel: &str, threads: u32, count: u32) -> [String; 4] {
    [
        "kernels".to_owned(),
        kernel.to_owned(),
        threads.to_string(),
        count.to_string(),
    ]
}

/// Two instances run half of the work each, side by side.
fn halves_on_plain(plain: &Plain, kernel: &str, count: u32) -> Result<Duration> {
    let arguments = arguments(kernel, 1, count / 2);
    let both_ready = Barrier::new(2);
    let half = || {
        both_ready.wait();
        plain.run(&arguments.each_ref().map(String::as_str))
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(half);
        let begin = Instant::now();
        half()?;
        match other.join() {
            Ok(other) => other?,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        Ok(begin.elapsed())
    })
}

fn on_weft(program: &Guest, kernel: &str, threads: u32, count: u32) -> Result<(Duration, Vec<u8>)> {
    let arguments = arguments(kernel, threads, count);
    let instance = program.instantiate(&arguments.each_ref().map(String::as_str))?;
    let output = instance.host().output();
    let start = Instant::now();
    guest::run(instance)?;
    Ok((start.elapsed(), output.contents()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_and_any_number_of_threads_give_the_same() -> Result<()> {
        let programs = Programs::new()?;
        for (name, _) in KERNELS {
            let one = arguments(name, 1, 6);
            let expected = programs.plain[0].run(&one.each_ref().map(String::as_str))?.1;
            for (weft, plain) in programs.weft.iter().zip(&programs.plain) {
                assert_eq!(plain.run(&one.each_ref().map(String::as_str))?.1, expected, "`{name}`");
                for threads in [1, 2, 5] {
                    let output = on_weft(weft, name, threads, 6)?.1;
                    assert_eq!(output, expected, "`{name}` on {threads} threads");
                }
            }
        }
        Ok(())
    }
}
