//! Calls and values of a component with parallel threads, against the same component without threads on Wasmtime's component runtime.
//!
//! Both sides run the same text: see `component_calls.wat`. On weft, calls are made by a parallel thread, and the memory is shared:
//! bytes are copied in a way that allows other threads to write them. Each side has its host functions in both forms: with Rust types,
//! and on dynamic values.

use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit};
use anyhow::{Context, Result, anyhow};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};
use wasmtime::component::{
    Component as TheirComponent, Instance as TheirInstance, Linker as TheirLinker, Val as Theirs,
};
use wasmtime::{Config as TheirConfig, Engine as TheirEngine, Store, StoreContextMut};
use weft_parallel::{Component, Config, Engine, Instance, Linker, ThreadContext, Val};

const PROGRAM: &str = include_str!("../programs/component_calls.wat");
const ROUNDS: usize = 15;
const CALLS: u32 = 100_000;
/// What each of eight threads calls: so much that a tenth of a millisecond until the second worker begins hardly counts.
const PARALLEL_CALLS: u32 = 1_000_000;
const LENGTH: usize = 1_000_000;

/// A measurement: an export, and how many calls it makes.
struct Case {
    export: &'static str,
    name: &'static str,
    calls: u32,
    /// Whether the export takes a number of threads too.
    has_threads: bool,
    /// Of the ratio of the times, weft's to Wasmtime's: where host functions have Rust types, and where they take dynamic values.
    targets: [Option<Target>; 2],
}

const CASES: [Case; 6] = [
    Case {
        export: "adds",
        name: "host function, two numbers",
        calls: CALLS,
        has_threads: true,
        targets: [Some(Target::AtMost(1.5)), Some(Target::AtMost(1.5))],
    },
    Case {
        export: "others",
        name: "function of another component",
        calls: CALLS,
        has_threads: true,
        targets: [Some(Target::AtMost(1.2)), None],
    },
    Case {
        export: "take-bytes",
        name: "1 MB of bytes to the host",
        calls: 20,
        has_threads: false,
        targets: [Some(Target::AtMost(1.25)), Some(Target::AtMost(1.25))],
    },
    Case {
        export: "give-bytes",
        name: "1 MB of bytes to the guest",
        calls: 20,
        has_threads: false,
        targets: [Some(Target::AtMost(1.25)), Some(Target::AtMost(1.25))],
    },
    Case {
        export: "take-text",
        name: "1 MB of text to the host",
        calls: 20,
        has_threads: false,
        targets: [Some(Target::AtMost(1.25)), Some(Target::AtMost(1.25))],
    },
    Case {
        export: "give-text",
        name: "1 MB of text to the guest",
        calls: 20,
        has_threads: false,
        targets: [Some(Target::AtMost(1.25)), Some(Target::AtMost(1.25))],
    },
];

/// How host functions are defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Typed,
    Dynamic,
}

/// See the module.
///
/// # Errors
///
/// The program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (form, position) in [(Form::Typed, 0), (Form::Dynamic, 1)] {
        let ours = ours(1, form)?;
        let mut theirs = Plain::new(form)?;
        let words = match form {
            Form::Typed => "",
            Form::Dynamic => ", dynamic",
        };
        for case in &CASES {
            if form == Form::Dynamic && case.export == "others" {
                continue;
            }
            let contenders: &mut [Contender<'_>] = &mut [
                Box::new(|| timed(|| call(&ours, case.export, &case.numbers(1, case.calls)))),
                Box::new(|| timed(|| theirs.call(case.export, &case.numbers(1, case.calls)))),
            ];
            let rounds = Rounds::run(ROUNDS, contenders)?.per(case.calls);
            let name = format!("{}{words}", case.name);
            rows.push(Row::new(format!("{name}: weft"), Unit::Time, rounds.times(0)));
            rows.push(Row::new(format!("{name}: Wasmtime"), Unit::Time, rounds.times(1)));
            let ratio = Row::new("    weft / Wasmtime", Unit::Ratio, rounds.ratio(0, 1));
            rows.push(match case.targets[position] {
                Some(target) => ratio.with_target(target),
                None => ratio,
            });
        }
    }
    rows.extend(scaling()?);
    Ok(rows)
}

/// Eight threads call a host function on one worker, and on two.
fn scaling() -> Result<Vec<Row>> {
    let (one, two) = (ours(1, Form::Typed)?, ours(2, Form::Typed)?);
    let run = |instance: &Instance<()>| -> Result<Duration> {
        let start = Instant::now();
        call(instance, "adds", &[8, PARALLEL_CALLS])?;
        Ok(start.elapsed())
    };
    let rounds = Rounds::run(ROUNDS, &mut [Box::new(|| run(&one)), Box::new(|| run(&two))])?.per(8 * PARALLEL_CALLS);
    Ok(vec![
        Row::new("host function from 8 threads: 1 worker", Unit::Time, rounds.times(0)),
        Row::new("host function from 8 threads: 2 workers", Unit::Time, rounds.times(1)),
        Row::new("    1 worker / 2 workers", Unit::Ratio, rounds.ratio(0, 1)).with_target(Target::AtLeast(1.9)),
    ])
}

impl Case {
    /// The arguments of the export.
    fn numbers(&self, threads: u32, calls: u32) -> Vec<u32> {
        match self.has_threads {
            true => vec![threads, calls],
            false => vec![calls],
        }
    }
}

/// What the calls take.
fn timed(run: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed())
}

/// The text for weft, or for Wasmtime.
fn program(has_threads: bool) -> String {
    let text = PROGRAM.replace(if has_threads { ";;weft " } else { ";;plain " }, "");
    match has_threads {
        true => text
            .replace("@f", "(shared")
            .replace("@e", ")")
            .replace("@shared", "shared"),
        false => text.replace("@f", "").replace("@e", "").replace("@shared", ""),
    }
}

fn ours(workers: usize, form: Form) -> Result<Instance<()>> {
    let mut config = Config::new();
    config.workers(NonZeroUsize::new(workers).context("there is a worker")?);
    let engine = Engine::new(&config)?;
    let component = Component::new(&engine, program(true).as_bytes())?;
    let mut linker = Linker::new(&engine);
    let mut host = linker.instance("host")?;
    let bytes = vec![7_u8; LENGTH];
    let text = "a".repeat(LENGTH);
    match form {
        Form::Typed => {
            host.func_wrap("add", |_: ThreadContext<'_, ()>, (a, b): (u32, u32)| {
                Ok((a.wrapping_add(b),))
            })?;
            host.func_wrap("take-bytes", |_, (_bytes,): (Vec<u8>,)| Ok(()))?;
            host.func_wrap("give-bytes", move |_, (): ()| Ok((bytes.clone(),)))?;
            host.func_wrap("take-text", |_, (_text,): (String,)| Ok(()))?;
            host.func_wrap("give-text", move |_, (): ()| Ok((text.clone(),)))?;
        }
        Form::Dynamic => {
            let bytes = Val::List(bytes.into_iter().map(Val::U8).collect());
            let text = Val::String(text);
            host.func_new("add", |_, arguments| match arguments {
                [Val::U32(a), Val::U32(b)] => Ok(Some(Val::U32(a.wrapping_add(*b)))),
                _ => Ok(None),
            })?;
            host.func_new("take-bytes", |_, _| Ok(None))?;
            host.func_new("give-bytes", move |_, _| Ok(Some(bytes.clone())))?;
            host.func_new("take-text", |_, _| Ok(None))?;
            host.func_new("give-text", move |_, _| Ok(Some(text.clone())))?;
        }
    }
    let instance = linker.instantiate(&component, ())?;
    call(&instance, "init", &[])?;
    Ok(instance)
}

/// Calls an export.
fn call(instance: &Instance<()>, export: &str, numbers: &[u32]) -> Result<()> {
    let function = instance.get_func(&[export]).context("the export is missing")?;
    let numbers: Vec<_> = numbers.iter().copied().map(Val::U32).collect();
    function.call(&numbers)?;
    Ok(())
}

/// The component on Wasmtime.
struct Plain {
    store: Store<()>,
    instance: TheirInstance,
}

impl Plain {
    fn new(form: Form) -> Result<Self> {
        let text = program(false);
        let binary = weft_lower::to_binary(text.as_bytes())?;
        let mut plain = Plain::linked(&binary, form).map_err(|error| anyhow!("{error:#}"))?;
        plain.call("init", &[])?;
        Ok(plain)
    }

    fn linked(binary: &[u8], form: Form) -> wasmtime::Result<Self> {
        // As weft's engine: code that can be interrupted.
        let mut config = TheirConfig::new();
        config.epoch_interruption(true);
        let engine = TheirEngine::new(&config)?;
        let component = TheirComponent::new(&engine, binary)?;
        let mut linker = TheirLinker::<()>::new(&engine);
        let mut host = linker.instance("host")?;
        let bytes = vec![7_u8; LENGTH];
        let text = "a".repeat(LENGTH);
        match form {
            Form::Typed => {
                host.func_wrap("add", |_, (a, b): (u32, u32)| Ok((a.wrapping_add(b),)))?;
                host.func_wrap("take-bytes", |_: StoreContextMut<'_, ()>, (_bytes,): (Vec<u8>,)| Ok(()))?;
                host.func_wrap("give-bytes", move |_, (): ()| Ok((bytes.clone(),)))?;
                host.func_wrap("take-text", |_, (_text,): (String,)| Ok(()))?;
                host.func_wrap("give-text", move |_, (): ()| Ok((text.clone(),)))?;
            }
            Form::Dynamic => {
                let bytes = Theirs::List(bytes.into_iter().map(Theirs::U8).collect());
                let text = Theirs::String(text);
                host.func_new("add", |_, _, arguments, results| {
                    if let [Theirs::U32(a), Theirs::U32(b)] = arguments {
                        results[0] = Theirs::U32(a.wrapping_add(*b));
                    }
                    Ok(())
                })?;
                host.func_new("take-bytes", |_, _, _, _| Ok(()))?;
                host.func_new("give-bytes", move |_, _, _, results| {
                    results[0] = bytes.clone();
                    Ok(())
                })?;
                host.func_new("take-text", |_, _, _, _| Ok(()))?;
                host.func_new("give-text", move |_, _, _, results| {
                    results[0] = text.clone();
                    Ok(())
                })?;
            }
        }
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(1);
        let instance = linker.instantiate(&mut store, &component)?;
        Ok(Plain { store, instance })
    }

    fn call(&mut self, export: &str, numbers: &[u32]) -> Result<()> {
        let function = self.instance.get_func(&mut self.store, export);
        let function = function.context("the export is missing")?;
        let numbers: Vec<_> = numbers.iter().copied().map(Theirs::U32).collect();
        let called = function.call(&mut self.store, &numbers, &mut []);
        called.map_err(|error| anyhow!("{error:#}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_works_on_both_sides() -> Result<()> {
        for form in [Form::Typed, Form::Dynamic] {
            let ours = ours(2, form)?;
            let mut theirs = Plain::new(form)?;
            for case in &CASES {
                call(&ours, case.export, &case.numbers(8, 3))?;
                theirs.call(case.export, &case.numbers(8, 3))?;
            }
        }
        Ok(())
    }
}
