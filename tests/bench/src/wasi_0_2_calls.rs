//! Calls of WASI 0.2 from one thread, against wasmtime-wasi, which one thread at a time can use.
//!
//! Both sides run the same text with one call in a loop. On weft the memory is shared, as that of every program with
//! threads is, so what calls read and write is copied in a way that allows other threads to write it. wasmtime-wasi may
//! block the thread that it runs on. It is linked in both of its ways, and weft is compared with the faster one for
//! each call.

use crate::rounds::{Contender, Rounds};
use crate::{Row, Target, Unit, guest, machine};
use anyhow::{Result, anyhow};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use wasmtime::component::{Component as TheirComponent, Linker as TheirLinker, ResourceTable, TypedFunc as TheirFunc};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::{FsPerms, WasiCtx as TheirCtx, WasiCtxView, WasiView, p2};
use weft_parallel::{Component, Instance, Linker};
use weft_wasi::{DirPerms, FilePerms, WasiCtx, WasiCtxBuilder};

const PROGRAM: &str = include_str!("../programs/wasi_0_2_calls.wat");
const ROUNDS: usize = 15;
/// More than any export reads or writes in one go.
const FILE: usize = 44 << 20;

/// A goal of the project.
const OVERHEAD: Target = Target::AtMost(1.1);

/// What is called: the export that calls it, what the table calls it, and how often it is called in one go.
const CALLS: [(&str, &str, u32); 8] = [
    ("monotonic", "monotonic-clock.now", 200_000),
    ("wall", "wall-clock.now", 200_000),
    ("random-u64", "get-random-u64", 100_000),
    ("random-bytes", "get-random-bytes, 16 bytes", 50_000),
    ("read", "descriptor.read, 4 KiB", 10_000),
    ("write", "descriptor.write, 4 KiB", 10_000),
    ("stream-read", "input-stream.blocking-read, 4 KiB", 10_000),
    ("stream-write", "output-stream.blocking-write-and-flush, 4 KiB", 10_000),
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
    for (export, name, times) in CALLS {
        let ours = weft.get_typed_func::<(u32,), ()>(&[export])?;
        let mut blocking = Plain::new(dir.path(), export, Linking::Blocking)?;
        let mut suspending = Plain::new(dir.path(), export, Linking::Suspending)?;
        let contenders: &mut [Contender<'_>] = &mut [
            Box::new(|| timed(times, |times| Ok(ours.call((times,))?))),
            Box::new(|| timed(times, |times| blocking.run(times))),
            Box::new(|| timed(times, |times| suspending.run(times))),
        ];
        let rounds = Rounds::run(ROUNDS, contenders)?.per(times);
        let time = |who: &str, contender| Row::new(format!("{name}: {who}"), Unit::Time, rounds.times(contender));
        let ratio = rounds.ratio(0, rounds.faster(1, 2));
        rows.extend([
            time("weft", 0),
            time("wasmtime-wasi, blocking", 1),
            time("wasmtime-wasi, suspending", 2),
            Row::new("    weft / the faster one", Unit::Ratio, ratio).with_target(OVERHEAD),
        ]);
    }
    Ok(rows)
}

/// What so many calls take.
fn timed(times: u32, run: impl FnOnce(u32) -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    run(times)?;
    Ok(start.elapsed())
}

fn directory(length: usize) -> Result<TempDir> {
    let dir = TempDir::new()?;
    fs::write(dir.path().join("file"), vec![b'x'; length])?;
    Ok(dir)
}

fn on_weft(dir: &Path) -> Result<Instance<WasiCtx>> {
    let engine = guest::engine(machine::processors())?;
    let component = Component::new(&engine, PROGRAM.replace("@shared", "shared").as_bytes())?;
    let mut linker = Linker::new(&engine);
    weft_wasi::add_to_linker(&mut linker, |wasi: &WasiCtx| wasi)?;
    let wasi = WasiCtxBuilder::new()
        .preopened_dir(dir, "/", DirPerms::all(), FilePerms::all())?
        .build()?;
    Ok(linker.instantiate(&component, wasi)?)
}

/// How wasmtime-wasi is linked.
#[derive(Clone, Copy)]
enum Linking {
    /// `add_to_linker_sync`.
    Blocking,
    /// `add_to_linker_async`, on a runtime that has this thread only.
    Suspending,
}

/// The state of the program on Wasmtime.
struct State {
    wasi: TheirCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// The program on Wasmtime, with wasmtime-wasi.
struct Plain {
    store: Store<State>,
    function: TheirFunc<(u32,), ()>,
    runtime: Option<Runtime>,
}

impl Plain {
    fn new(dir: &Path, export: &str, linking: Linking) -> Result<Self> {
        let runtime = match linking {
            Linking::Blocking => None,
            Linking::Suspending => Some(Builder::new_current_thread().enable_all().build()?),
        };
        let text = PROGRAM.replace("@shared", "");
        let binary = weft_lower::to_binary(text.as_bytes())?;
        let instantiate = || {
            let engine = Engine::new(Config::new().epoch_interruption(true))?;
            let component = TheirComponent::new(&engine, &binary)?;
            let mut linker = TheirLinker::new(&engine);
            let wasi = TheirCtx::builder()
                .allow_blocking_current_thread(true)
                .preopened_dir(dir, "/", FsPerms::ReadWrite)?
                .build();
            let table = ResourceTable::new();
            let mut store = Store::new(&engine, State { wasi, table });
            store.set_epoch_deadline(1);
            let instance = match &runtime {
                None => {
                    p2::add_to_linker_sync(&mut linker)?;
                    linker.instantiate(&mut store, &component)?
                }
                Some(runtime) => {
                    p2::add_to_linker_async(&mut linker)?;
                    runtime.block_on(linker.instantiate_async(&mut store, &component))?
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

    fn run(&mut self, times: u32) -> Result<()> {
        let result = match &self.runtime {
            Some(runtime) => runtime.block_on(self.function.call_async(&mut self.store, (times,))),
            None => self.function.call(&mut self.store, (times,)),
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
        for (export, _, _) in CALLS {
            weft.get_typed_func::<(u32,), ()>(&[export])?.call((3,))?;
            for linking in [Linking::Blocking, Linking::Suspending] {
                Plain::new(dir.path(), export, linking)?.run(3)?;
            }
        }
        Ok(())
    }
}
