//! Calls of WASI functions on one thread, against the preview 1 of wasmtime-wasi, which cannot be shared by threads.
//!
//! Both sides run the same text with one call in a loop, in code that checks for interruption. wasmtime-wasi may block
//! the thread that it runs on, which saves it a second thread for each access to a file. It is linked in both of its
//! ways, with functions that block and with functions that suspend a fiber, and weft is compared with the faster one
//! for each call. Its memory is not shared, so it reads and writes files without a copy. weft's memory is shared, as in
//! every program with threads.

use crate::guest::{self, Guest, Host};
use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, machine};
use anyhow::{Result, anyhow};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use wasmtime::{Config, Engine, Module, Store, TypedFunc};
use wasmtime_wasi::FsPerms;
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use weft_parallel::Instance;

const PROGRAM: &[u8] = include_bytes!("../programs/wasi_calls.wat");
const ROUNDS: usize = 15;
/// More than any export reads or writes in one go.
const FILE: usize = 44 << 20;

/// A goal of the project.
const OVERHEAD: Target = Target::AtMost(1.3);

/// A call that is measured.
struct Call {
    export: &'static str,
    name: &'static str,
    times: i32,
    target: Option<Target>,
}

impl Call {
    const fn new(export: &'static str, name: &'static str, times: i32, target: Option<Target>) -> Self {
        Call {
            export,
            name,
            times,
            target,
        }
    }
}

const CALLS: [Call; 11] = [
    Call::new("write-small", "fd_write, 16 bytes", 20_000, Some(OVERHEAD)),
    Call::new("write-large", "fd_write, 4 KiB", 10_000, Some(OVERHEAD)),
    Call::new("clock-monotonic", "clock_time_get, monotonic", 200_000, Some(OVERHEAD)),
    Call::new("clock-realtime", "clock_time_get, realtime", 200_000, Some(OVERHEAD)),
    Call::new("read-small", "fd_read, 16 bytes", 20_000, None),
    Call::new("read-large", "fd_read, 4 KiB", 10_000, None),
    Call::new("pread-large", "fd_pread, 4 KiB", 10_000, None),
    Call::new("open-close", "path_open and fd_close", 2_000, None),
    Call::new("readdir", "fd_readdir, 4 entries", 2_000, None),
    Call::new("random", "random_get, 16 bytes", 20_000, None),
    Call::new("poll", "poll_oneoff of a clock, now", 10_000, None),
];

/// See the module.
///
/// # Errors
///
/// The program does not run.
pub fn measure() -> Result<Vec<Row>> {
    let dir = directory(FILE)?;
    let weft = on_weft(dir.path())?;
    let mut rows = Vec::new();
    for call in CALLS {
        let mut blocking = Plain::new(dir.path(), call.export, Linking::Blocking)?;
        let mut suspending = Plain::new(dir.path(), call.export, Linking::Suspending)?;
        let contenders: &mut [Contender<'_>] = &mut [
            Box::new(|| timed(call.times, |times| guest::call(&weft, call.export, &[times]).map(drop))),
            Box::new(|| timed(call.times, |times| blocking.run(times))),
            Box::new(|| timed(call.times, |times| suspending.run(times))),
        ];
        let rounds = Rounds::run(ROUNDS, contenders)?.per(call.times.unsigned_abs());
        let time =
            |who: &str, contender| Row::new(format!("{}: {who}", call.name), Unit::Time, rounds.times(contender));
        let ratio = Row::new(
            "    weft / the faster one",
            Unit::Ratio,
            rounds.ratio(0, rounds.faster(1, 2)),
        );
        rows.extend([
            time("weft", 0),
            time("wasmtime-wasi, blocking", 1),
            time("wasmtime-wasi, suspending", 2),
            match call.target {
                Some(target) => ratio.with_target(target),
                None => ratio,
            },
        ]);
    }
    Ok(rows)
}

/// What so many calls take.
fn timed(times: i32, run: impl FnOnce(i32) -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    run(times)?;
    Ok(start.elapsed())
}

fn directory(length: usize) -> Result<TempDir> {
    let dir = TempDir::new()?;
    fs::write(dir.path().join("file"), vec![b'x'; length])?;
    fs::write(dir.path().join("other"), "")?;
    Ok(dir)
}

fn on_weft(dir: &Path) -> Result<Instance<Host>> {
    let engine = guest::engine(machine::processors())?;
    Guest::new(&engine, PROGRAM)?.instantiate_on(Host::with_dir(dir)?)
}

/// How wasmtime-wasi is linked.
#[derive(Clone, Copy)]
enum Linking {
    /// `add_to_linker_sync`.
    Blocking,
    /// `add_to_linker_async`, on a runtime that has this thread only.
    Suspending,
}

/// The program on Wasmtime, with wasmtime-wasi.
struct Plain {
    store: Store<WasiP1Ctx>,
    function: TypedFunc<i32, ()>,
    runtime: Option<Runtime>,
}

impl Plain {
    fn new(dir: &Path, export: &str, linking: Linking) -> Result<Self> {
        let runtime = match linking {
            Linking::Blocking => None,
            Linking::Suspending => Some(Builder::new_current_thread().enable_all().build()?),
        };
        let binary = weft_lower::to_binary(PROGRAM)?;
        let instantiate = || {
            let engine = Engine::new(Config::new().epoch_interruption(true))?;
            let module = Module::new(&engine, &binary)?;
            let mut linker = wasmtime::Linker::new(&engine);
            let wasi = wasmtime_wasi::WasiCtxBuilder::new()
                .allow_blocking_current_thread(true)
                .preopened_dir(dir, "/", FsPerms::ReadWrite)?
                .build_p1();
            let mut store = Store::new(&engine, wasi);
            store.set_epoch_deadline(1);
            let instance = match &runtime {
                None => {
                    p1::add_to_linker_sync(&mut linker, |wasi| wasi)?;
                    linker.instantiate(&mut store, &module)?
                }
                Some(runtime) => {
                    p1::add_to_linker_async(&mut linker, |wasi| wasi)?;
                    runtime.block_on(linker.instantiate_async(&mut store, &module))?
                }
            };
            let function = instance.get_typed_func(&mut store, export)?;
            Ok((store, function))
        };
        let (store, function) = instantiate().map_err(|error: wasmtime::Error| anyhow!("{error:#}"))?;
        Ok(Plain {
            store,
            function,
            runtime,
        })
    }

    fn run(&mut self, times: i32) -> Result<()> {
        let result = match &self.runtime {
            Some(runtime) => runtime.block_on(self.function.call_async(&mut self.store, times)),
            None => self.function.call(&mut self.store, times),
        };
        result.map_err(|error| anyhow!("{error:#}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_works_on_both_sides() -> Result<()> {
        let dir = directory(1 << 20)?;
        let weft = on_weft(dir.path())?;
        for call in CALLS {
            guest::call(&weft, call.export, &[3])?;
            for linking in [Linking::Blocking, Linking::Suspending] {
                Plain::new(dir.path(), call.export, linking)?.run(3)?;
            }
        }
        Ok(())
    }
}
