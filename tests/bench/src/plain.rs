//! Programs as plain Wasmtime runs them: with its own defaults, shared memory, and stubs for WASI.
//!
//! The engine has no epochs and no fibers, waits are Wasmtime's own, and mutable globals are globals. So the additional
//! time of the same code on weft is the cost of everything that weft does to it.

use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;
use std::time::{Duration, Instant};
use wasmtime::{Cache, CacheConfig, Caller, Config, Engine, Linker, Module, SharedMemory, Store};

const STUBS: &[u8] = include_bytes!("../programs/wasi_stubs.wat");

/// A module of the wasi-threads ABI and the stubs, compiled.
pub(crate) struct Plain {
    engine: Engine,
    module: Module,
    stubs: Module,
}

/// What the stubs use.
struct Host {
    arguments: Vec<u8>,
    output: Vec<u8>,
    status: Option<i32>,
}

impl Plain {
    pub(crate) fn new(module: &[u8]) -> Result<Self> {
        let stubs = weft_lower::to_binary(STUBS)?;
        let compile = || {
            let engine = Engine::new(Config::new().shared_memory(true))?;
            Ok(Plain {
                module: Module::new(&engine, module)?,
                stubs: Module::new(&engine, stubs)?,
                engine,
            })
        };
        compile().map_err(engine_error)
    }

    /// Runs a command. Returns how long it ran, and what it wrote.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<(Duration, Vec<u8>)> {
        let arguments = arguments.iter().flat_map(|a| a.bytes().chain([0])).collect();
        let host = Host {
            arguments,
            output: Vec::new(),
            status: None,
        };
        let mut store = Store::new(&self.engine, host);
        let instance = self.instantiate(&mut store)?;
        let start = instance
            .get_typed_func::<(), ()>(&mut store, "_start")
            .map_err(engine_error)?;
        let begin = Instant::now();
        let result = start.call(&mut store, ());
        let time = begin.elapsed();
        let host = store.into_data();
        match (result, host.status) {
            (_, Some(0)) | (Ok(()), None) => Ok((time, host.output)),
            (_, Some(status)) => bail!("the program ended with status {status}"),
            (Err(error), None) => Err(engine_error(error)),
        }
    }

    fn instantiate(&self, store: &mut Store<Host>) -> Result<wasmtime::Instance> {
        let memory = self.module.imports().find_map(|import| import.ty().memory().cloned());
        let memory = memory.context("the program imports no memory")?;
        let link = || {
            let memory = SharedMemory::new(&self.engine, memory)?;
            let mut linker = Linker::new(&self.engine);
            linker.define(&mut *store, "env", "memory", memory)?;
            define(&mut linker)?;
            linker.module(&mut *store, "wasi_snapshot_preview1", &self.stubs)?;
            linker.instantiate(&mut *store, &self.module)
        };
        link().map_err(engine_error)
    }
}

/// A module of the wasi-threads ABI that uses no WASI, with the folder of a cache.
pub(crate) struct PlainStart {
    module: Vec<u8>,
    cache: CacheConfig,
}

impl PlainStart {
    pub(crate) fn new(module: Vec<u8>, folder: &Path) -> Self {
        let mut cache = CacheConfig::new();
        cache.with_directory(folder);
        PlainStart { module, cache }
    }

    /// How long it takes from nothing to the end of the program.
    pub(crate) fn time(&self) -> Result<Duration> {
        let begin = Instant::now();
        self.run().map_err(engine_error)?;
        Ok(begin.elapsed())
    }

    fn run(&self) -> wasmtime::Result<()> {
        let mut config = Config::new();
        config.shared_memory(true).cache(Some(Cache::new(self.cache.clone())?));
        let engine = Engine::new(&config)?;
        let module = Module::new(&engine, &self.module)?;
        let memory = module.imports().find_map(|import| import.ty().memory().cloned());
        let memory = memory.ok_or_else(|| wasmtime::Error::msg("the program imports no memory"))?;
        let mut store = Store::new(&engine, ());
        let mut linker = Linker::new(&engine);
        linker.define(&store, "env", "memory", SharedMemory::new(&engine, memory)?)?;
        linker.func_wrap("wasi", "thread-spawn", |_argument: i32| -1)?;
        let instance = linker.instantiate(&mut store, &module)?;
        instance
            .get_typed_func::<(), ()>(&mut store, "_start")?
            .call(&mut store, ())
    }
}

fn define(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap("bench", "arguments", |caller: Caller<'_, Host>| {
        caller.data().arguments.iter().filter(|byte| **byte == 0).count() as i32
    })?;
    linker.func_wrap("bench", "arguments-size", |caller: Caller<'_, Host>| {
        caller.data().arguments.len() as i32
    })?;
    linker.func_wrap("bench", "argument-byte", |caller: Caller<'_, Host>, index: i32| {
        let byte = caller.data().arguments.get(index as usize);
        let byte = byte.ok_or_else(|| wasmtime::Error::msg("there is no such argument"))?;
        wasmtime::Result::Ok(i32::from(*byte))
    })?;
    linker.func_wrap("bench", "output-byte", |mut caller: Caller<'_, Host>, byte: i32| {
        caller.data_mut().output.push(byte as u8);
    })?;
    linker.func_wrap(
        "wasi_snapshot_preview1",
        "proc_exit",
        |mut caller: Caller<'_, Host>, status: i32| -> wasmtime::Result<()> {
            caller.data_mut().status = Some(status);
            Err(wasmtime::Error::msg("the program exits"))
        },
    )?;
    linker.func_wrap("wasi", "thread-spawn", |_argument: i32| -1)?;
    Ok(())
}

/// The error of an engine with all its causes.
fn engine_error(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:#}")
}
