//! Ten thousand threads that are all blocked in `memory.atomic.wait32`: their memory, the processor time that they use, and
//! how long it takes to create and to release them.
//!
//! The threads have no stack in linear memory, so the resident memory is what the host spends on each of them. It is
//! measured only in the first round, in a process that has done nothing else: afterwards, the allocator has memory in
//! reserve.

use crate::guest::{self, Guest, Host};
use crate::{Figures, Row, Target, Unit, machine};
use anyhow::Result;
use std::thread::sleep;
use std::time::{Duration, Instant};
use weft_parallel::Instance;

pub(crate) const PROGRAM: &[u8] = include_bytes!("../programs/blocked.wat");
const THREADS: i32 = 10_000;
const ROUNDS: usize = 3;
const SECOND: Duration = Duration::from_secs(1);
/// After this time, all threads that will block have done so, and workers no longer look for work.
const SETTLED: Duration = Duration::from_millis(200);

/// Goals of the project. The goal cannot be 0, because waking up for this measurement also takes some time.
const MEMORY: Target = Target::AtMost(20_000.0);
const LOAD: Target = Target::AtMost(0.001);

/// See the module.
///
/// # Errors
///
/// The program does not run, or the system does not tell.
pub fn measure() -> Result<Vec<Row>> {
    let program = Guest::new(&guest::engine(machine::processors())?, PROGRAM)?;
    let (mut created, mut released) = (Vec::new(), Vec::new());
    let (mut memory, mut load) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let instance = program.instantiate(&[])?;
        let before = machine::resident_memory()?;
        created.push(timed(&instance, "start", &[THREADS, 0])?);
        if round == 0 {
            sleep(SETTLED);
            let bytes = machine::resident_memory()?.saturating_sub(before);
            memory.push(bytes as f64 / f64::from(THREADS));
            let used = machine::processor_time();
            sleep(SECOND);
            load.push((machine::processor_time() - used).as_secs_f64() / SECOND.as_secs_f64());
        }
        released.push(timed(&instance, "release", &[])?);
    }
    Ok(vec![
        Row::new("resident memory of each", Unit::Size, Figures::of(&memory)).with_target(MEMORY),
        Row::new("processor time used while blocked", Unit::Load, Figures::of(&load)).with_target(LOAD),
        Row::new("time to create all", Unit::Time, Figures::of_durations(&created)),
        Row::new("time to release all", Unit::Time, Figures::of_durations(&released)),
    ])
}

fn timed(instance: &Instance<Host>, export: &str, arguments: &[i32]) -> Result<Duration> {
    let start = Instant::now();
    guest::call(instance, export, arguments)?;
    Ok(start.elapsed())
}
